"""Two revisions beside each other, in marks and in words."""

import html

import pytest
from django.urls import reverse

from nep.apps.documents import queries, rules, services
from nep.apps.documents.models import Revision
from nep.apps.documents.tests import make
from nep.apps.documents.tests.test_publication import a_pdf, a_word, draft
from nep.apps.organization.tests.scene import NOW
from nep.foundation.journal.models import JournalEntry
from nep.kernel.difference import HEADING, PARAGRAPH, ROW, Block, compare
from nep.kernel.errors import Forbidden, Refusal

OLD = ("5.2 Khắc phục tức thời", "Trưởng đơn vị khắc phục trong 10 ngày làm việc.",
       "5.3 Lưu hồ sơ", "Lưu tại Văn phòng trong 05 năm kể từ ngày kết thúc.")  # fmt: skip
NEW = ("5.2 Khắc phục tức thời", "Trưởng đơn vị khắc phục trong 05 ngày làm việc.",
       "5.3 Lưu hồ sơ", "Lưu tại Văn phòng trong 05 năm kể từ ngày kết thúc.",
       "Hủy theo danh mục hồ sơ.")  # fmt: skip


def two(agency, old: bytes, new: bytes, name: str = "qt.docx") -> tuple[int, int, int]:
    document_id, old_id = draft(agency, old, name)
    make.approve(agency, old_id)
    new_id = services.revision_draft(
        actor=agency.actor("lan"), document_id=document_id, is_new_issue=False,
        change_note="", now=NOW,
    )  # fmt: skip
    make.give_file(agency, new_id, new, name, NOW)
    return document_id, old_id, new_id


def test_the_page_marks_the_words_and_says_how_much_changed(agency, client):
    ids = two(agency, a_word(*OLD), a_word(*NEW))
    agency.sign_in(client, "lan")
    answer = client.get(reverse("documents:comparison", args=ids))
    shown = html.unescape(answer.content.decode())

    assert "2 mục thay đổi, 2 chỗ sửa" in shown
    assert '<del class="d">10</del><ins class="d">05</ins>' in shown
    assert '<ins class="d">Hủy theo danh mục hồ sơ.</ins>' in shown
    assert "Mục 5.2: đổi “10” thành “05”" in shown
    assert "Mục 5.3: thêm “Hủy theo danh mục hồ sơ.”" in shown


def test_what_is_typed_in_a_file_runs_nowhere(agency, client):
    ids = two(agency, a_word("Chữ"), a_word("Chữ", "<img src=x onerror=alert(1)>"))
    agency.sign_in(client, "lan")
    shown = client.get(reverse("documents:comparison", args=ids)).content.decode()

    assert "<img src=x" not in shown
    assert "&lt;img src=x onerror=alert(1)&gt;" in shown


def test_the_summary_is_kept_and_stands_in_the_revision_sheet(agency, client):
    document_id, old_id, new_id = two(agency, a_word(*OLD), a_word(*NEW))
    agency.sign_in(client, "lan")
    address = reverse("documents:summary_save", args=[document_id, old_id, new_id])
    empty = client.post(address, {"summary": "  "})
    kept = client.post(address, {"summary": "Mục 5.2: rút còn 05 ngày\nMục 5.3: thêm việc hủy"})
    found = queries.publication(revision_id=new_id, agency_id=agency.agency_id, today=NOW.date())

    assert empty.status_code == 422
    assert kept.status_code == 302
    assert Revision.objects.get(pk=new_id).change_summary.count("\n") == 1
    assert "rút còn 05 ngày" in found.cover.revisions[-1].change
    assert JournalEntry.objects.filter(action="revision.summary_written").count() == 1


def test_only_a_draft_is_summarised_and_only_by_who_may_write(agency):
    _document, _old, new_id = two(agency, a_word(*OLD), a_word(*NEW))

    def write(by: str) -> None:
        services.change_summary_save(
            actor=agency.actor(by), revision_id=new_id, summary="Mục 1: sửa", now=NOW
        )

    with pytest.raises(Forbidden):
        write("admin")
    write("lan")
    Revision.objects.filter(pk=new_id).update(state="submitted")
    with pytest.raises(Refusal):
        write("lan")


def test_pdf_files_are_compared_by_their_text(agency):
    ids = two(agency, a_pdf(1), a_pdf(2), "qt.pdf")
    found = queries.compared_revisions(
        actor=agency.actor("lan"), document_id=ids[0], old_id=ids[1], new_id=ids[2]
    )

    assert found.is_same
    assert not found.reason


def test_a_file_that_cannot_be_read_is_told(agency, client):
    ids = two(agency, a_word(*OLD), b"%PDF-1.7 hong")
    agency.sign_in(client, "lan")
    shown = html.unescape(client.get(reverse("documents:comparison", args=ids)).content.decode())

    assert "Chưa so sánh được hai bản này" in shown
    assert "PDF bị hỏng" in shown


def test_the_forms_of_the_package_are_told(agency):
    document_id, old_id, new_id = two(agency, a_word(*OLD), a_word(*NEW))
    _form, form_revision = draft(agency, a_word("Mẫu"), "bm.docx", kind="form", code="BM-01.01")
    Revision.objects.filter(pk=form_revision).update(leader_id=new_id)
    found = queries.compared_revisions(
        actor=agency.actor("lan"), document_id=document_id, old_id=old_id, new_id=new_id
    )

    assert [(form.code, form.what_name) for form in found.forms] == [("BM-01.01", "thêm mới")]
    assert "BM-01.01 Kiểm soát tài liệu: thêm mới (lần 01)" in found.proposed


def test_any_two_revisions_can_be_chosen(agency, client):
    ids = two(agency, a_word(*OLD), a_word(*NEW))
    agency.sign_in(client, "lan")
    choose = reverse("documents:comparison_choose", args=[ids[0]])

    went = client.get(choose, {"cu": ids[1], "moi": ids[2]})
    assert went["Location"] == reverse("documents:comparison", args=ids)
    assert client.get(choose, {"cu": "x", "moi": "1"}).status_code == 404


@pytest.mark.parametrize(
    ("block", "section"),
    [
        (Block(PARAGRAPH, ("5.2. Khắc phục",)), "Mục 5.2"),
        (Block(HEADING, ("Mục đích",), 1), "Mục đích"),
        (Block(HEADING, ("Mục đích",), 1, "1."), "Mục 1"),
        (Block(PARAGRAPH, ("Điều 3. Phạm vi",)), "Điều 3"),
        (Block(PARAGRAPH, ("05 ngày làm việc " * 20,)), ""),
        (Block(ROW, ("5.2", "x")), ""),
        (Block(PARAGRAPH, ("Nội dung",)), ""),
    ],
)
def test_which_blocks_open_a_section(block, section):
    assert rules.section_of(block) == section


def test_rows_and_moves_are_told_in_words():
    moved = Block(PARAGRAPH, ("Lưu hồ sơ theo danh mục của cơ quan",))
    filler = [Block(PARAGRAPH, (f"Việc thứ {n} của quy trình này",)) for n in range(4)]
    found = compare(
        [moved, *filler, Block(ROW, ("1", "Tiếp nhận", "0,5 ngày"))],
        [*filler, moved, Block(ROW, ("1", "Tiếp nhận", "1 ngày")), Block(ROW, ("2", "Thẩm định"))],
    )
    said = rules.summary_in_words(found)

    assert "Chuyển vị trí “Lưu hồ sơ theo danh mục của cơ quan”" in said
    assert "đổi “0,5” thành “1”" in said
    assert "thêm dòng “2 | Thẩm định”" in said
