"""The pages of a revision's files: pictures, text, downloads and what is refused."""

import html
import tempfile

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nep.apps.documents import queries
from nep.apps.documents.models import Access, CopyFault, Revision
from nep.apps.documents.tests.test_publication import (
    a_pdf,
    a_word,
    draft,
    from_paper,
    needs_office,
    published,
)
from nep.apps.organization.tests.scene import NOW
from nep.foundation.outbox.worker import drain
from nep.foundation.printing import preview as previews

TWO = a_word("Mục đích", "Quy định cách soạn thảo, kiểm tra và phê duyệt.")


def page(client, name: str, *ids, **query) -> tuple[int, str]:
    answer = client.get(reverse(f"documents:{name}", args=ids), query)
    return answer.status_code, html.unescape(answer.content.decode())


def made(agency, document_id: int, revision_id: int) -> previews.Preview:
    """Make the preview as the worker does."""
    found = queries.revision_file(
        actor=agency.actor("lan"), document_id=document_id, revision_id=revision_id
    )
    return previews.make(sha256=found.shown.sha256, name=found.shown.name)


def test_the_page_waits_for_the_worker_and_then_shows_every_page(agency, client):
    ids = draft(agency, a_pdf(3), "qt.pdf")
    agency.sign_in(client, "lan")
    _, waiting = page(client, "fulltext", *ids)
    drain(now=NOW)
    previews._wanted.join()
    status, shown = page(client, "fulltext", *ids)

    assert "Đang dựng trang xem trước" in waiting
    assert 'hx-trigger="load delay:1500ms"' in waiting
    assert status == 200
    assert shown.count("<img ") == 3
    assert "Trang 3 trên 3" in shown
    picture = client.get(reverse("documents:page_picture", args=[*ids, 3]))
    assert picture.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert client.get(reverse("documents:page_picture", args=[*ids, 4])).status_code == 404


@needs_office
def test_word_is_shown_as_pages_and_as_text(agency, client):
    ids = draft(agency, TWO, "qt.docx")
    found = made(agency, *ids)
    agency.sign_in(client, "huy")
    _, shown = page(client, "fulltext", *ids)
    _, said = page(client, "fulltext", *ids, dang="chu")

    assert (found.state, found.pages, found.has_text) == ("ready", 1, True)
    assert "<img " in shown
    assert "Quy định cách soạn thảo, kiểm tra và phê duyệt." in said


def test_without_libreoffice_the_text_is_shown_and_the_page_says_why(agency, client, monkeypatch):
    monkeypatch.setenv("PATH", "/khong-co")
    ids = draft(agency, a_word("Chữ <script>alert(1)</script> riêng"), "qt.docx")
    made(agency, *ids)
    agency.sign_in(client, "lan")
    raw = client.get(reverse("documents:fulltext", args=ids)).content.decode()

    assert "chưa cài LibreOffice" in html.unescape(raw)
    assert "Chữ &lt;script&gt;alert(1)&lt;/script&gt; riêng" in raw
    assert "Cần bản PDF trước khi ban hành" in html.unescape(raw)
    assert "Đính kèm bản PDF" in html.unescape(raw)
    assert client.get(reverse("documents:stamped", args=ids)).status_code == 422


def test_a_mistyped_tag_is_told_while_the_draft_is_written(agency, client):
    ids = draft(agency, a_word("Số hiệu: {{ma_hieuu}}"), "qt.docx")
    agency.sign_in(client, "lan")
    _, told = page(client, "fulltext", *ids)

    assert "Thẻ trong tệp Word chưa đúng" in told
    assert "đoạn 1, “Số hiệu: {{ma_hieuu}}”" in told


def test_a_pdf_is_attached_on_the_page_and_a_wrong_file_is_refused_in_words(agency, client):
    ids = draft(agency, TWO, "qt.docx")
    agency.sign_in(client, "lan")
    address = reverse("documents:pdf_attach", args=ids)
    wrong = client.post(address, {"file": SimpleUploadedFile("x.pdf", TWO)})
    right = client.post(address, {"file": SimpleUploadedFile("x.pdf", a_pdf())})

    assert wrong.status_code == 422
    said = "mang đuôi .pdf nhưng nội dung là Word (.docx). Ở đây nhận PDF."
    assert said in html.unescape(wrong.content.decode())
    assert right.status_code == 302
    assert Revision.objects.get(pk=ids[1]).published_file_id


def test_who_decides_reads_that_a_pdf_goes_out_in_place_of_the_file(agency, client):
    ids = draft(agency, TWO, "qt.docx")
    agency.sign_in(client, "lan")
    client.post(
        reverse("documents:pdf_attach", args=ids),
        {"file": SimpleUploadedFile("x.pdf", a_pdf())},
    )
    shown = html.unescape(client.get(reverse("documents:history", args=ids[1:])).content.decode())

    attached = Revision.objects.get(pk=ids[1]).attached_file
    assert "sẽ được ban hành thay tệp trên" in shown
    assert attached.sha256 in shown


def test_the_downloads_carry_the_state_and_are_noted(agency, client):
    data = a_pdf()
    document_id, revision_id, _pages = published(agency, data, "qt.pdf")
    agency.sign_in(client, "tuan")
    stamped = client.get(reverse("documents:stamped", args=[document_id, revision_id]))
    original = client.get(reverse("documents:original", args=[document_id, revision_id]))
    Revision.objects.filter(pk=revision_id).update(state="retired", retired_on=NOW.date())
    late = client.get(reverse("documents:original", args=[document_id, revision_id]))

    assert stamped["Content-Type"] == "application/pdf"
    assert "attachment" in stamped["Content-Disposition"]
    assert "sandbox" in stamped["Content-Security-Policy"]
    assert original.content == data
    assert late.status_code == 403
    assert "đã hết hiệu lực" in html.unescape(late.content.decode())
    assert Access.objects.filter(revision_id=revision_id, what="downloaded").count() == 2


def test_a_print_opens_in_the_browser_and_stands_in_the_access_log_as_a_print(agency, client):
    document_id, revision_id, _pages = published(agency, a_pdf(), "qt.pdf")
    agency.sign_in(client, "tuan")
    _, shown = page(client, "fulltext", document_id, revision_id)
    answer = client.get(reverse("documents:printed", args=[document_id, revision_id]))

    assert reverse("documents:printed", args=[document_id, revision_id]) in shown
    assert answer["Content-Disposition"].startswith("inline")
    assert answer.content.startswith(b"%PDF")
    assert Access.objects.filter(revision_id=revision_id, what="printed").count() == 1
    assert "In" in [line.what_name for line in queries.access_lines(
        document_id=document_id, agency_id=agency.agency_id
    )]  # fmt: skip


def test_an_import_without_its_copy_says_so_on_the_page(agency, client):
    document_id, revision_id = from_paper(agency, a_pdf(), "qt.pdf")
    agency.sign_in(client, "tuan")
    _, before = page(client, "fulltext", document_id, revision_id)
    CopyFault.objects.create(
        revision_id=revision_id, code="publication_pdf_broken", message="Tệp PDF bị hỏng.", at=NOW
    )
    _, failed = page(client, "fulltext", document_id, revision_id)

    assert "Bản PDF công bố đang được tạo" in before
    assert "Chưa tạo được bản PDF công bố" in failed
    assert "Tệp PDF bị hỏng." in failed


def test_the_files_of_another_agency_are_not_found(agency, other_agency, client):
    ids = draft(agency, a_pdf(), "qt.pdf")
    made(agency, *ids)
    other_agency.sign_in(client, "ha")

    for name in ("fulltext", "fulltext_part", "original", "stamped", "printed"):
        assert page(client, name, *ids)[0] == 404, name
    assert page(client, "page_picture", *ids, 1)[0] == 404
    assert page(client, "comparison", *ids, ids[1])[0] == 404


def test_a_revision_of_another_document_is_not_found_under_this_one(agency, client):
    one, _ = draft(agency, a_pdf(), "qt.pdf")
    _, other = draft(agency, a_pdf(), "qt.pdf", code="QT-02")
    agency.sign_in(client, "lan")

    assert page(client, "fulltext", one, other)[0] == 404


def test_a_broken_file_is_told_in_a_sentence_and_leaves_nothing_behind(
    agency, client, tmp_path, monkeypatch
):
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(work))
    ids = draft(agency, b"%PDF-1.7 " + b"\x00" * 4000, "qt.pdf")
    found = made(agency, *ids)
    agency.sign_in(client, "lan")
    _, shown = page(client, "fulltext", *ids)

    assert found.state == "failed"
    assert "PDF bị hỏng" in shown
    assert list(work.iterdir()) == []


def test_the_page_of_the_document_shows_the_text_first(agency, client):
    ids = draft(agency, a_pdf(), "qt.pdf")
    made(agency, *ids)
    agency.sign_in(client, "lan")
    _, shown = page(client, "page", ids[0])

    assert 'aria-selected="true" aria-controls="the-fulltext"' in shown
    assert "Trang 1 trên 2" in shown


def test_the_text_asks_the_database_as_often_for_three_pages_as_for_thirty(agency, client):
    counts = []
    for pages_, code in ((3, "QT-01"), (30, "QT-02")):
        ids = draft(agency, a_pdf(pages_), "qt.pdf", code=code)
        made(agency, *ids)
        agency.sign_in(client, "lan")
        page(client, "fulltext_part", *ids)
        with CaptureQueriesContext(connection) as asked:
            page(client, "fulltext_part", *ids)
        counts.append(len(asked))

    assert counts[0] == counts[1]
    assert counts[0] < 30, counts


def test_previews_lie_beside_the_files_and_can_be_made_again(agency):
    ids = draft(agency, a_pdf(), "qt.pdf")
    first = made(agency, *ids)
    found = queries.revision_file(actor=agency.actor("lan"), document_id=ids[0], revision_id=ids[1])
    folder = settings.NEP.data_folder / "previews" / found.shown.sha256[:2] / found.shown.sha256
    for path in folder.iterdir():
        path.unlink()
    assert not list(folder.iterdir())

    assert made(agency, *ids) == first
    assert (folder / "0002.png").exists()
