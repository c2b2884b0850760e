"""Real Word files of the public set: read, drafted, proved. Skipped where the set is absent."""

import pytest

from nep.apps.organization.tests.scene import NOW
from nep.apps.procedures import queries, services
from nep.apps.procedures.models import WordImport
from nep.apps.procedures.rules.table import from_process, to_process
from nep.foundation.files import queries as files
from nep.foundation.files.models import StoredFile

FILES = ("QT-01_1.001806.docx", "QT-12_1.009645.docx", "QD-1582-UBND-Bac-Ninh.docx")


@pytest.fixture
def folder(real_data):
    place = real_data / "quy_trinh_docx"
    if not place.is_dir():
        pytest.skip("không có quy trình Word thật")
    return place


@pytest.mark.parametrize("name", FILES)
def test_a_real_file_becomes_drafts_whose_proof_asks_only_what_is_open(agency, folder, name):
    data = (folder / name).read_bytes()
    drafted = services.procedure_import(actor=agency.actor("lan"), file=name, data=data, now=NOW)

    assert drafted
    for one in drafted:
        assert one.revision_id, one.refusal
        page = queries.procedure_page(revision_id=one.revision_id, agency_id=agency.agency_id)
        table = page.draft.table
        assert from_process(to_process(table)) == table
        report = queries.proof(
            agency_id=agency.agency_id, draft=page.draft, tthc=page.tthc, today=NOW.date()
        )
        assert {error.code for error in report.errors} <= {
            "role_unmapped", "unit_ambiguous", "limit_missing", "merged_time", "role_missing", "tthc_code_missing",
        }  # fmt: skip
        assert files.read(page.revision.original_file_id) == data


def test_a_file_with_lists_only_makes_no_draft(agency, folder):
    name = "QD-1513-UBND-Bac-Ninh_chi-co-danh-muc.docx"
    drafted = services.procedure_import(
        actor=agency.actor("lan"), file=name, data=(folder / name).read_bytes(), now=NOW
    )

    assert drafted == ()


def test_the_worker_reads_an_upload_and_a_second_run_changes_nothing(agency, folder):
    uploads = [(name, (folder / name).read_bytes()) for name in FILES[:2]]
    batch = services.word_upload(actor=agency.actor("lan"), uploads=uploads, now=NOW)
    for row in WordImport.objects.all():
        services.word_read(import_id=row.id, now=NOW)
    services.word_read(import_id=row.id, now=NOW)
    lines = queries.import_lines(agency_id=agency.agency_id, batch=batch)

    assert [line.state for line in lines] == ["read", "read"]
    assert all(line.done == line.total > 0 for line in lines)
    made = services.word_drafts_create(actor=agency.actor("lan"), batch=batch, choices={}, now=NOW)
    again = services.word_drafts_create(actor=agency.actor("lan"), batch=batch, choices={}, now=NOW)
    assert [len(drafted) for _name, drafted in made] == [1, 1]
    assert again == ()


def test_a_file_without_procedures_leaves_nothing_behind(agency, folder):
    name = "QD-1513-UBND-Bac-Ninh_chi-co-danh-muc.docx"
    broken = (folder / FILES[0]).read_bytes()[:4000]
    services.word_upload(
        actor=agency.actor("lan"),
        uploads=[(name, (folder / name).read_bytes()), ("hong.docx", broken)],
        now=NOW,
    )
    for row in WordImport.objects.all():
        services.word_read(import_id=row.id, now=NOW)

    states = WordImport.objects.order_by("id").values_list("state", "upload", "file_id")
    assert list(states) == [("done", None, None), ("refused", None, None)]
    assert not StoredFile.objects.exists()


def test_the_batch_page_asks_and_then_drafts(agency, folder, client):
    name = FILES[1]
    batch = services.word_upload(
        actor=agency.actor("lan"), uploads=[(name, (folder / name).read_bytes())], now=NOW
    )
    row = WordImport.objects.get()
    agency.sign_in(client, "lan")
    address = f"/quy-trinh/nhap-tu-word/{batch}/"
    waiting = client.get(address).content.decode()
    services.word_read(import_id=row.id, now=NOW)
    read = client.get(address).content.decode()
    text = queries.import_lines(agency_id=agency.agency_id, batch=batch)[0].report["procedures"][0][
        "responsible"
    ][0]
    client.post(
        f"{address}tao-ban-thao/",
        {f"nhan-{row.id}-0": "1", f"ngay-{row.id}-0": "working_day", "text": [text],
         "role": ["MC/reception"]},
    )  # fmt: skip
    drafted = queries.import_lines(agency_id=agency.agency_id, batch=batch)[0].report["drafted"]
    steps = queries.step_table(drafted[0]["revision_id"])

    assert 'id="tien-do"' in waiting
    assert f"ngay-{row.id}-0" in read
    assert {step.limit_unit for step in steps} == {"working_day"}
    assert steps[0].role == "MC/reception"
