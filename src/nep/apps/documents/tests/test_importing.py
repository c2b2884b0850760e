"""Bringing in folders and archives: rows read, refused, changed; twice; attacks; killed."""

import html
import io
import zipfile
from datetime import date, datetime

import pytest
from django.urls import reverse
from python_calamine import load_workbook

from nep.apps.documents import queries, rules, services
from nep.apps.documents.models import Document, ImportBatch, ImportedRow, LifeEntry, Revision
from nep.apps.documents.tests.importing import PDF, laid, many, row, sheet, word, zipped
from nep.apps.documents.tests.make import secretary
from nep.apps.organization.tests.scene import NOW
from nep.foundation.outbox.worker import drain
from nep.kernel.errors import Forbidden, Refusal

TODAY = date(2026, 12, 10)
FILES = {
    "Danh mục tài liệu.xlsx": sheet(
        row("BM-01.01", "Danh mục tài liệu", "BM-01.01.pdf", parent="QT-01"),
        row("QT-01", "Kiểm soát tài liệu", "QT/QT-01.docx", kind="Quy trình", unit="PKH"),
        row("CS-01", "Chính sách chất lượng", "CS-01.docx", state="Dự thảo", effective=""),
        above=2,
    ),
    "QT/QT-01.docx": word("Kiểm soát tài liệu"),
    "CS-01.docx": word("Chính sách"),
    "BM-01.01.pdf": PDF,
}


@pytest.fixture
def manager(agency):
    return agency.actor(secretary(agency))


def bring(actor, files: dict[str, bytes], *, is_dry: bool = False, name: str = "kho.zip"):
    source = services.archive_source(name, io.BytesIO(zipped(files)))
    for _progress in services.import_run(actor=actor, source=source, is_dry=is_dry, now=NOW):
        pass
    return queries.latest_batch(agency_id=actor.agency_id, source_key=source.key, is_dry=is_dry)


def refused(facts) -> dict[str, str]:
    return {one.path: one.code for one in queries.refused_rows(batch_id=facts.id)}


# The sheet


@pytest.mark.parametrize(
    ("heads", "expected"),
    [
        (("STT", "Mã số", "Tên tài liệu", "Lần BH", "Ngày ban hành", "Tệp"),
         {"code": 1, "title": 2, "issue": 3, "effective": 4, "file": 5}),
        (("MÃ HIỆU", "TÊN", "File", "Người phê duyệt", "Mức độ mật", "Phòng"),
         {"code": 0, "title": 1, "file": 2, "approver": 3, "level": 4, "unit": 5}),
        (("Tên tệp", "Mã tài liệu", "Tên tài liệu", "Ngày hiệu lực (dd/mm/yyyy)"),
         {"file": 0, "code": 1, "title": 2, "effective": 3}),
    ],
)  # fmt: skip
def test_columns_are_proposed_by_their_heads(heads, expected):
    assert rules.propose_columns(heads) == expected


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        ({"code": "QT-01", "effective": datetime(2026, 1, 5)}, ("system_procedure", "01", "00")),
        ({"code": "X", "kind": "Biểu mẫu", "issue": 3.0, "effective": "5/1/2026"},
         ("form", "03", "00")),
        ({"code": "ST-1", "issue": "02/01", "effective": "05-01-2026"}, ("manual", "02", "01")),
        ({"code": "9", "issue": "Lần 2, sửa đổi 3", "effective": "2026-01-05"},
         ("other", "02", "03")),
    ],
)  # fmt: skip
def test_a_row_is_read_as_people_write_it(cells, wanted):
    found = rules.read_row(rules.SheetRow(2, {"title": "T", **cells}), path="a.pdf", today=TODAY)

    assert (found.kind, found.issue, found.amendment) == wanted
    assert (found.effective_from, found.is_draft) == (date(2026, 1, 5), False)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Khác", "other"), ("KH", "plan"), ("Kế hoạch năm", "plan"), ("Mẫu", "form"),
        ("Biểu mẫu", "form"), ("QT", "system_procedure"), ("Quy chế", "other"),
        ("Chính sách", "policy"), ("hướng dẫn công việc", "instruction"),
    ],
)  # fmt: skip
def test_the_kind_is_read_in_words_or_in_its_short_form(text, kind):
    cells = {"code": "X-1", "title": "T", "kind": text}

    assert rules.read_row(rules.SheetRow(2, cells), path="a.pdf", today=TODAY).kind == kind


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"title": "T"}, "code_missing"),
        ({"code": "A"}, "title_missing"),
        ({"code": "A", "title": "T", "effective": "32/13/2026"}, "effective_unread"),
        ({"code": "A", "title": "T", "effective": "05/01/2027"}, "effective_future"),
        ({"code": "A", "title": "T", "state": "Hiệu lực"}, "effective_missing"),
        ({"code": "A", "title": "T", "state": "Đã hủy"}, "state_unread"),
        ({"code": "A", "title": "T", "level": "Tuyệt mật"}, "level_secret"),
        ({"code": "A", "title": "T", "level": "cấp 3"}, "level_unknown"),
        ({"code": "A", "title": "T", "kind": "Bản đồ"}, "kind_unread"),
        ({"code": "A", "title": "T", "kind": "Quy trình nội bộ"}, "kind_has_own_page"),
        ({"code": "A", "title": "T", "clauses": "điều gì đó"}, "clause_unread"),
    ],
)
def test_a_row_that_cannot_be_read_says_which_cell(cells, code):
    with pytest.raises(Refusal) as said:
        rules.read_row(rules.SheetRow(2, cells), path="a.pdf", today=TODAY)
    assert said.value.code == code


# Bringing in


def test_documents_come_in_with_their_paper_history(agency, manager):
    facts = bring(manager, FILES)
    procedure = Document.objects.get(code="QT-01")
    form, policy = Document.objects.get(code="BM-01.01"), Document.objects.get(code="CS-01")
    approval = LifeEntry.objects.get(revision=procedure.current, act="approved")

    assert (facts.created, facts.refused, facts.total) == (3, 0, 3)
    assert (procedure.status, str(procedure.in_force_since)) == ("in_force", "2026-01-05")
    assert (procedure.current.issue, procedure.current.amendment) == ("02", "01")
    assert procedure.owner_unit_id == agency.units["PKH"]
    assert form.parent_id == procedure.pk
    assert policy.status == "new"
    assert (approval.person_id, approval.person_name) == (None, "Lê Quang Vinh")
    assert "Nhập từ tài liệu giấy" in approval.note
    assert "Lê Quang Vinh" in procedure.current.exception_reason
    shown = queries.document_page(actor=manager, document_id=procedure.pk).shown
    assert (shown.is_from_paper, shown.approver, shown.checker) == (True, "Lê Quang Vinh", "")


def test_the_same_archive_twice_changes_nothing(agency, manager):
    bring(manager, FILES)
    before = list(Document.objects.order_by("id").values())
    again = bring(manager, FILES)

    assert (again.created, again.changed, again.unchanged, again.refused) == (0, 0, 3, 0)
    assert list(Document.objects.order_by("id").values()) == before
    assert Revision.objects.count() == 3


def test_a_dry_run_says_what_would_be_and_writes_nothing(agency, manager):
    facts = bring(manager, FILES, is_dry=True)

    assert (facts.created, facts.is_dry) == (3, True)
    assert not Document.objects.exists()


def test_a_later_issue_replaces_an_equal_one_with_another_file_is_refused(agency, manager):
    bring(manager, FILES)
    newer = sheet(row("QT-01", "Kiểm soát tài liệu", "a.docx", unit="PKH", issue="03",
                      effective="01/06/2026"))  # fmt: skip
    changed = bring(manager, {"b.xlsx": newer, "a.docx": word("Lần ba")})
    altered = bring(manager, {"b.xlsx": newer, "a.docx": word("Sửa lén")})
    older = sheet(row("QT-01", "Kiểm soát tài liệu", "a.docx", unit="PKH", issue="02"))
    past = bring(manager, {"b.xlsx": older, "a.docx": word("Lần hai")})
    states = dict(Revision.objects.filter(document__code="QT-01").values_list("issue", "state"))

    assert (changed.changed, changed.refused) == (1, 0)
    assert states == {"02": "retired", "03": "in_force"}
    assert refused(altered) == {"a.docx": "file_differs"}
    assert refused(past) == {"a.docx": "issue_older"}


def test_what_is_wrong_is_refused_and_the_rest_goes_on(agency, manager):
    facts = bring(manager, {
        "data.csv": (
            "Mã hiệu;Tên tài liệu;Tệp;Đơn vị;Kèm theo;Ngày hiệu lực\n"
            "QT-01;Đúng;đúng.docx;;;05/01/2026\n"
            "QT-02;Không có tệp;mất.docx;;;05/01/2026\n"
            "QT-03;Sai phòng;sai.docx;Phòng Không Có;;05/01/2026\n"
            "QT-04;Không cha;sai2.docx;;QT-99;05/01/2026\n"
            "QT-05;Trùng mã với dòng khác;sai3.docx;;;05/01/2026\n"
            "qt - 05;Trùng mã;sai4.docx;;;05/01/2026\n"
        ).encode(),
        "đúng.docx": word("1"), "sai.docx": word("2"), "sai2.docx": word("3"),
        "sai3.docx": word("4"), "sai4.docx": word("5"), "lẻ.docx": word("6"),
    })  # fmt: skip

    assert sorted(Document.objects.values_list("code", flat=True)) == ["QT-01", "QT-05"]
    assert refused(facts) == {
        "mất.docx": "file_missing", "sai.docx": "unit_unknown", "sai2.docx": "parent_unknown",
        "sai4.docx": "document_named", "lẻ.docx": "file_unlisted",
    }  # fmt: skip


def test_attacks_are_refused_one_by_one_and_the_rest_goes_on(agency, manager):
    names = ["ok.docx", "../../thoat.docx", "macro.docx", "gia.pdf", "bom.pdf", "trong.docx",
             "cu.doc", "/tuyet-doi.docx", "bom.docx"]  # fmt: skip
    rows = [row(f"TL-{number}", "Tên", name) for number, name in enumerate(names)]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("danh muc.xlsx", sheet(*rows))
        archive.writestr("ok.docx", word())
        archive.writestr("../../thoat.docx", word())
        archive.writestr("/tuyet-doi.docx", word())
        archive.writestr("macro.docx", word(**{"word__vbaProject.bin": b"1"}))
        archive.writestr("gia.pdf", b"MZ\x90\x00" + b"\x00" * 64)
        archive.writestr("bom.pdf", b"%PDF-" + b"\x00" * 30_000_000)
        archive.writestr("bom.docx", _bomb())
        archive.writestr("trong.docx", b"")
        archive.writestr("cu.doc", b"\xd0\xcf\x11\xe0" + b"\x00" * 64)
        link = zipfile.ZipInfo("tat.docx")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    source = services.archive_source("tan-cong.zip", io.BytesIO(out.getvalue()))
    for _progress in services.import_run(actor=manager, source=source, is_dry=False, now=NOW):
        pass
    facts = queries.latest_batch(agency_id=agency.agency_id, source_key=source.key, is_dry=False)

    assert list(Document.objects.values_list("code", flat=True)) == ["TL-0"]
    assert refused(facts) == {
        "../../thoat.docx": "file_path", "/tuyet-doi.docx": "file_path",
        "macro.docx": "file_macro", "gia.pdf": "file_kind", "bom.pdf": "file_bomb",
        "bom.docx": "file_bomb", "trong.docx": "file_empty", "cu.doc": "file_old_or_encrypted",
        "tat.docx": "file_link",
    }  # fmt: skip
    assert all(one.reason.endswith(".") for one in queries.refused_rows(batch_id=facts.id))


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        package.writestr("word/document.xml", b"<x/>")
        for number in range(40):
            package.writestr(f"word/media/{number}.bin", b"\x00" * 8_000_000)
    return out.getvalue()


def test_an_archive_without_a_sheet_or_that_is_none_is_refused_as_a_whole(agency, manager):
    with pytest.raises(Refusal) as no_sheet:
        bring(manager, {"a.docx": word()})
    with pytest.raises(Refusal) as no_archive:
        services.archive_source("a.zip", io.BytesIO(b"PK\x03\x04 hong".ljust(60)))
    assert (no_sheet.value.code, no_archive.value.code) == ("sheet_missing", "archive_broken")
    with pytest.raises(Forbidden):
        bring(agency.actor("lan"), FILES)
    assert not ImportBatch.objects.exists()


def test_links_in_a_folder_are_not_followed(agency, manager, tmp_path):
    secret = tmp_path / "ngoài.docx"
    secret.write_bytes(word("bí mật"))
    folder = laid(tmp_path / "kho", {"d.xlsx": sheet(row("A", "T", "tắt.docx"))})
    (folder / "tắt.docx").symlink_to(secret)
    source = services.folder_source(folder)
    for _progress in services.import_run(actor=manager, source=source, is_dry=False, now=NOW):
        pass

    assert list(ImportedRow.objects.values_list("path", "reason_code")) == [
        ("tắt.docx", "file_link")
    ]


# In the browser


def test_a_dry_run_in_the_browser_leads_to_the_import(agency, client):
    key = secretary(agency)
    agency.sign_in(client, key)
    upload = io.BytesIO(zipped({**FILES, "lẻ.docx": word("lẻ")}))
    upload.name = "kho.zip"
    begun = client.post(reverse("documents:imports"), {"file": upload})
    waiting = html.unescape(client.get(begun["Location"]).content.decode())
    drain(now=datetime.now(NOW.tzinfo))
    judged = html.unescape(client.get(begun["Location"]).content.decode())
    sheet_of_refused = client.get(f"{begun['Location']}khong-nhan.xlsx")
    rows = load_workbook(io.BytesIO(sheet_of_refused.content)).get_sheet_by_index(0).to_python()
    started = client.post(f"{begun['Location']}nhap-that/")
    drain(now=datetime.now(NOW.tzinfo))
    report = html.unescape(client.get(started["Location"]).content.decode())
    wrong = io.BytesIO(b"khong phai zip")
    wrong.name = "x.zip"
    refused_ = client.post(reverse("documents:imports"), {"file": wrong})
    agency.sign_in(client, "lan")

    assert "Đang kiểm tra tài liệu" in waiting
    assert "Chạy thử xong: 3 tài liệu sẽ vào, 1 bị từ chối" in judged
    assert rows[1][0] == "lẻ.docx"
    assert "Đã nhập 3 tài liệu, 1 bị từ chối" in report
    assert refused_.status_code == 422
    assert "không phải tệp nén ZIP" in html.unescape(refused_.content.decode())
    assert client.get(started["Location"]).status_code == 403
    assert Document.objects.filter(status="in_force").count() == 2


def test_another_agencys_import_is_not_found(agency, other_agency, manager, client):
    facts = bring(manager, FILES)
    other_agency.person("thuky2", "Lê Thị Bình", ("", "iso_secretary", "Thư ký ISO"))
    other_agency.sign_in(client, "thuky2")
    page = reverse("documents:import", args=[facts.id])

    assert client.get(page).status_code == 404
    assert client.post(f"{page}nhap-that/").status_code == 404


# Killed


def test_a_killed_import_goes_on_where_it_stopped(agency, manager, tmp_path):
    """Break an import off between two slices, as `kill -9` does; see the crash test as well."""
    folder = laid(tmp_path / "kho", many(30))
    source = services.folder_source(folder)
    run = services.import_run(actor=manager, source=source, is_dry=False, now=NOW)
    assert next(run) == (10, 30)
    run.close()

    again = services.folder_source(folder)
    for _progress in services.import_run(actor=manager, source=again, is_dry=False, now=NOW):
        pass

    facts = queries.latest_batch(agency_id=agency.agency_id, source_key=again.key, is_dry=False)
    assert (facts.created, facts.total, ImportBatch.objects.count()) == (30, 30, 1)
    assert Document.objects.filter(status="in_force").count() == 30
