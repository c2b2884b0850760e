"""From what was read to drafts, through the service."""

import io
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import docx
import pytest
from django.urls import reverse

from nep.apps.documents.models import Revision
from nep.apps.organization.tests.scene import NOW
from nep.apps.procedures import queries, services
from nep.apps.procedures.models import Definition, Procedure, Tthc, WordImport
from nep.apps.procedures.rules.word import (
    DocumentData,
    ImportedFile,
    ImportedProcedure,
    ImportedStep,
)
from nep.apps.procedures.tests.scene import (
    begun,
    draft,
    hours,
    published,
)
from nep.foundation.files.models import StoredFile
from nep.foundation.outbox.services import enqueue
from nep.foundation.outbox.worker import work_once
from nep.kernel.errors import Refusal


def imported(*steps: ImportedStep, name="Cấp giấy phép", code="1.009645", **more) -> ImportedFile:
    return ImportedFile(
        "quy trinh.docx",
        True,
        procedures=(ImportedProcedure(code, code, name, "", steps, **more),),
        document=DocumentData(code="QT-07", issue="02", required_papers=("Đơn đề nghị",)),
    )


def word_step(order: int, unit: str = "ngày làm việc", who: str = "Phòng Kế hoạch"):
    return ImportedStep(
        order, f"Bước {order}", "", f"Việc {order}", who, f"1 {unit}", Decimal(8), unit, ""
    )


def word_file(code: str, unit: str) -> bytes:
    """Return a Word file with one procedure of two steps."""
    document = docx.Document()
    document.add_heading(f"QUY TRÌNH CẤP GIẤY {code}", 1)
    document.add_paragraph(f"Mã thủ tục: {code}. Thời hạn: 02 {unit}.")
    rows = (
        ("Bước", "Trình tự", "Trách nhiệm", "Thời gian"),
        ("Bước 1", "Tiếp nhận", "Bộ phận một cửa", f"1 {unit}"),
        ("Bước 2", "Ký", "Lãnh đạo", f"1 {unit}"),
    )
    table = document.add_table(rows=len(rows), cols=4)
    for line, row in zip(table.rows, rows, strict=True):
        for cell, text in zip(line.cells, row, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def run_import(agency, read: ImportedFile, choices=None):
    kept = StoredFile.objects.create(
        agency_id=agency.agency_id, stored_by=None, stored_at=NOW, name=read.file,
        content_type="application/octet-stream", size=1, sha256="0" * 64,
    )  # fmt: skip
    return services.procedure_import(
        actor=agency.actor("lan"), file=read.file, data=b"", imported=read, choices=choices,
        file_id=kept.id, now=NOW,
    )  # fmt: skip


def test_an_import_makes_tthc_document_and_draft_with_the_original(agency):
    read = imported(
        word_step(1), word_step(2), declared_total_hours=Decimal(16),
        declared_total_unit="ngày làm việc", sum_matches_declared=True,
    )  # fmt: skip
    (made,) = run_import(agency, read)

    page = queries.procedure_page(revision_id=made.revision_id, agency_id=agency.agency_id)
    assert (page.revision.code, page.revision.issue) == ("QT-07", "02")
    assert page.revision.original_file_id is not None
    assert page.tthc.limit_words == "2 ngày làm việc"
    assert [paper.name for paper in page.tthc.papers] == ["Đơn đề nghị"]
    report = queries.proof(
        agency_id=agency.agency_id, draft=page.draft, tthc=page.tthc, today=NOW.date()
    )
    assert [one.code for one in report.errors] == ["role_unmapped"]


def test_what_was_mapped_once_is_known_at_the_next_import(agency):
    services.role_mapping_keep(
        actor=agency.actor("lan"), text="PHÒNG kế hoạch", role="PKH/specialist", now=NOW
    )
    (made,) = run_import(agency, imported(word_step(1)))

    assert queries.step_table(made.revision_id)[0].role == "PKH/specialist"


def test_an_open_kind_of_day_stays_open_until_it_is_answered(agency):
    (left,) = run_import(agency, imported(word_step(1, "ngày")))
    (answered,) = run_import(
        agency,
        imported(word_step(1, "ngày"), code="1.000009", name="Khác"),
        choices={0: services.Choice(day_unit="calendar_day")},
    )

    open_page = queries.procedure_page(revision_id=left.revision_id, agency_id=agency.agency_id)
    assert open_page.draft.table.steps[0].fact("ask") == "unit"
    assert queries.step_table(answered.revision_id)[0].limit_unit == "calendar_day"


def test_one_answer_about_days_holds_for_all_that_have_none_of_their_own(agency, client):
    uploads = [(f"{number}.docx", word_file(f"1.00000{number}", "ngày")) for number in (1, 2, 3)]
    batch = services.word_upload(actor=agency.actor("lan"), uploads=uploads, now=NOW)
    rows = list(WordImport.objects.order_by("id"))
    for row in rows:
        services.word_read(import_id=row.id, now=NOW)
    agency.sign_in(client, "lan")
    asked = client.get(reverse("procedures:word_batch", args=[batch])).content.decode()

    wanted = {f"nhan-{row.id}-0": "1" for row in rows}
    own = {f"ngay-{rows[1].id}-0": "calendar_day", f"ngay-{rows[2].id}-0": "sau"}
    client.post(
        reverse("procedures:word_drafts", args=[batch]),
        {"ngay": "working_day", **wanted, **own},
    )

    assert "3 quy trình ghi “ngày”" in asked
    lines = queries.import_lines(agency_id=agency.agency_id, batch=batch)
    made = [line.report["drafted"][0]["revision_id"] for line in lines]
    assert [queries.step_table(one)[0].limit_unit for one in made[:2]] == [
        "working_day", "calendar_day",
    ]  # fmt: skip
    left = queries.procedure_page(revision_id=made[2], agency_id=agency.agency_id)
    assert left.draft.table.steps[0].fact("ask") == "unit"


def test_a_file_sent_in_is_read_before_what_nobody_waits_for(agency):
    for _ in range(9):
        enqueue("không ai chờ", {}, at=NOW - timedelta(days=1))
    uploads = [("a.docx", word_file("1.000001", "ngày"))]
    services.word_upload(actor=agency.actor("lan"), uploads=uploads, now=NOW)

    work_once(now=NOW, limit=1)

    assert WordImport.objects.get().state == "read"


def test_a_second_import_of_a_procedure_in_force_becomes_its_next_revision(agency):
    made = published(agency)
    (again,) = run_import(agency, imported(word_step(1)))

    assert again.procedure_id == made.procedure_id
    assert Revision.objects.get(pk=again.revision_id).amendment == "01"
    assert Definition.objects.count() == 2


def test_a_procedure_still_in_draft_is_left_alone_and_said_so(agency):
    begun(agency)
    (again,) = run_import(agency, imported(word_step(1)))

    assert again.revision_id is None
    assert "Hãy làm tiếp bản đó" in again.refusal


def test_a_refused_file_leaves_nothing(agency):
    read = ImportedFile("x.docx", False)

    with pytest.raises(Refusal):
        run_import(agency, read)
    assert not Tthc.objects.exists()


def test_two_tables_of_one_tthc_become_two_cases(agency):
    one = imported(word_step(1))
    read = replace(one, procedures=one.procedures * 2)
    made = run_import(agency, read)

    assert len({drafted.procedure_id for drafted in made}) == 2
    assert sorted(Procedure.objects.values_list("variant", flat=True)) == ["", "(bảng 2)"]


def test_steps_keep_their_limits(agency):
    made = begun(agency, content=draft())

    assert queries.step_table(made.revision_id)[0].limit_amount == hours(4).amount
