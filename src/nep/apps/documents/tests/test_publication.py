"""The frozen copy of a revision, and the stamp that every other copy carries."""

import io
import os
from datetime import date, timedelta

import pypdfium2
import pytest
from django.db import connection
from django.urls import path
from docx import Document as Word

from nep.apps.documents import queries, rules, services
from nep.apps.documents.models import CopyFault, LifeEntry, Revision
from nep.apps.documents.services import _copies as copies
from nep.apps.documents.tests import life_scene as life
from nep.apps.documents.tests import make
from nep.apps.organization.tests.scene import NOW
from nep.foundation.files import queries as files
from nep.foundation.files.services import path_of as files_path
from nep.foundation.journal.models import JournalEntry
from nep.foundation.printing import preview as previews
from nep.foundation.printing.office import office_program
from nep.foundation.printing.stamp import VOID, Stamp
from nep.kernel.errors import Forbidden, NotFound, Refusal

needs_office = pytest.mark.skipif(office_program() is None, reason="LibreOffice is not installed")


def a_pdf(text_pages: int = 2) -> bytes:
    made = pypdfium2.PdfDocument.new()
    for _ in range(text_pages):
        made.new_page(595, 842)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def a_word(*lines: str) -> bytes:
    document = Word()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def texts(data: bytes) -> list[str]:
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data)]


def draft(agency, data: bytes, name: str, *, kind: str = "system_procedure", code: str = "QT-01"):
    document_id, revision_id = services.document_create(
        actor=agency.actor("lan"), kind=kind, code=code, title="Kiểm soát tài liệu", issue="01",
        amendment="00", original_file_id=None, now=NOW,
    )  # fmt: skip
    if data:
        make.give_file(agency, revision_id, data, name, NOW)
    return document_id, revision_id


def published(agency, data: bytes, name: str, **kind) -> tuple[int, int, list[str]]:
    document_id, revision_id = draft(agency, data, name, **kind)
    make.approve(agency, revision_id)
    file_id = services.publication_make(revision_id=revision_id, now=NOW)
    return document_id, revision_id, texts(files.read(file_id))


def copy_of(agency, who, document_id, revision_id):
    found = queries.revision_file(
        actor=agency.actor(who), document_id=document_id, revision_id=revision_id
    )
    return queries.stamped_copy(found, now=NOW)


def test_a_pdf_is_frozen_with_its_cover_and_the_stamp_on_every_page(agency):
    _document, revision_id, pages = published(agency, a_pdf(), "qt.pdf")
    row = Revision.objects.get(pk=revision_id)

    assert len(pages) == 4
    for said in ("Trần Thị Mai Lan", "Đặng Văn Toàn", "Nguyễn Thị Thu Hà", "KIỂM SOÁT TÀI LIỆU",
                 "Soạn thảo", "Xem xét", "Phê duyệt", "Trưởng phòng", "10/12/2026"):  # fmt: skip
        assert said in pages[0], said
    assert "BẢNG THEO DÕI SỬA ĐỔI" in pages[1]
    assert "Ban hành lần đầu" in pages[1]
    for number, said in enumerate(pages, start=1):
        assert "BẢN KIỂM SOÁT" in said
        assert "Hiệu lực từ 10/12/2026" in said
        assert f"Trang {number}/4" in said
    assert rules.is_frozen_copy(files.facts(row.published_file_id).name)
    assert len(row.public_key) == 20
    noted = JournalEntry.objects.get(action="revision.published_copy_made")
    assert files.facts(row.published_file_id).sha256 in noted.new


def test_a_copy_is_made_once_and_the_original_stays_as_it_was_given(agency):
    data = a_pdf()
    _document, revision_id, _pages = published(agency, data, "qt.pdf")
    row = Revision.objects.get(pk=revision_id)

    assert services.publication_make(revision_id=revision_id, now=NOW) == row.published_file_id
    assert files.read(row.original_file_id) == data


def test_a_form_is_stamped_without_a_cover(agency):
    _document, _revision, pages = published(agency, a_pdf(1), "bm.pdf", kind="form", code="BM-01")

    assert len(pages) == 1
    assert "BẢN KIỂM SOÁT" in pages[0]


def test_without_a_file_nothing_is_published(agency):
    _document, revision_id = draft(agency, b"", "")

    with pytest.raises(Refusal) as refused:
        services.publication_make(revision_id=revision_id, now=NOW)
    assert refused.value.code == "publication_no_file"
    assert Revision.objects.get(pk=revision_id).published_file_id is None


def test_a_mistyped_tag_stops_the_publication_with_its_place(agency):
    _document, revision_id = draft(agency, a_word("Mã hiệu: {{ma_hieuu}}"), "qt.docx")

    with pytest.raises(Refusal, match=r"đoạn 1.*có phải \{\{ma_hieu\}\} không") as refused:
        services.publication_make(revision_id=revision_id, now=NOW)
    assert refused.value.code == "publication_tags"
    with pytest.raises(Refusal):
        services.publication_check(revision_id=revision_id, agency_id=agency.agency_id, now=NOW)


@needs_office
def test_the_tags_of_a_word_file_take_the_place_of_the_cover(agency):
    data = a_word(
        "Mã hiệu: {{ma_hieu}}", "Lần: {{lan_ban_hanh}}/{{lan_sua_doi}}",
        "Hiệu lực: {{ngay_hieu_luc}}", "Duyệt: {{nguoi_phe_duyet}}, {{chuc_vu_phe_duyet}}",
        "{{bang_sua_doi}}",
    )  # fmt: skip
    _document, _revision, pages = published(agency, data, "qt.docx")

    (page,) = (" ".join(said.split()) for said in pages)
    for said in ("Mã hiệu: QT-01", "Lần: 01/00", "Hiệu lực: 10/12/2026",
                 "Duyệt: Nguyễn Thị Thu Hà, Phó Giám đốc", "Ban hành lần đầu"):  # fmt: skip
        assert said in page, said


@needs_office
def test_word_becomes_pdf_letter_for_letter(agency):
    letters = "Đường lối, nghị quyết, ưỡn ngực, ẵ ẫ ỗ ỡ ữ ỵ Ỷ Ỹ Đ đ"
    _document, revision_id, pages = published(agency, a_word(letters), "qt.docx")
    frozen = files.read(Revision.objects.get(pk=revision_id).published_file_id)

    assert letters in pages[2]
    assert b"<pdfaid:part>2</pdfaid:part>" in frozen  # PDF/A-2, cover and stamp included


def test_without_libreoffice_a_pdf_is_asked_for_and_then_published(agency, monkeypatch):
    monkeypatch.setenv("PATH", "/khong-co")
    document_id, revision_id = draft(agency, a_word("Nội dung riêng"), "qt.docx")
    with pytest.raises(Refusal, match="LibreOffice") as refused:
        services.publication_make(revision_id=revision_id, now=NOW)
    found = queries.revision_file(
        actor=agency.actor("lan"), document_id=document_id, revision_id=revision_id
    )
    services.publication_attach(
        actor=agency.actor("lan"), revision_id=revision_id, name="xuat.pdf", data=a_pdf(3), now=NOW
    )
    make.approve(agency, revision_id)
    pages = texts(files.read(services.publication_make(revision_id=revision_id, now=NOW)))

    assert refused.value.code == "publication_office_missing"
    assert found.needs_pdf
    assert len(pages) == 5


def test_a_pdf_beside_the_original_is_a_pdf_of_a_draft_by_who_may_write(agency, other_agency):
    _document, revision_id = draft(agency, a_word("x"), "qt.docx")

    def attach(by, data, scene=agency):
        services.publication_attach(
            actor=scene.actor(by), revision_id=revision_id, name="x.pdf", data=data, now=NOW
        )

    for data, code in ((a_word("x"), "file_kind"), (b"%PDF-1.7 hong", "pdf_broken")):
        with pytest.raises(Refusal) as refused:
            attach("lan", data)
        assert refused.value.code == code
    with pytest.raises(NotFound):
        attach("lan", a_pdf(), other_agency)
    with pytest.raises(Forbidden):
        attach("admin", a_pdf())
    attach("lan", a_pdf())
    make.approve(agency, revision_id)
    with pytest.raises(Refusal):
        attach("lan", a_pdf())


def test_a_pdf_older_than_the_original_is_not_published(agency):
    _document, revision_id = draft(agency, a_word("x"), "qt.docx")
    services.publication_attach(
        actor=agency.actor("lan"), revision_id=revision_id, name="x.pdf", data=a_pdf(), now=NOW
    )
    make.give_file(agency, revision_id, a_word("y"), "qt.docx", NOW + timedelta(hours=1))

    with pytest.raises(Refusal) as refused:
        services.publication_make(revision_id=revision_id, now=NOW + timedelta(hours=2))
    assert refused.value.code == "publication_older"


# Made before the transaction


class Watched(copies.Recipe):
    """A recipe that notes whether a transaction is open whenever it is asked for its key."""

    seen: list[bool] = []

    @property
    def key(self) -> str:
        """Note, and answer as ever."""
        self.seen.append(connection.in_atomic_block)
        return super().key


@pytest.mark.django_db(transaction=True)
def test_a_missing_copy_is_made_while_no_transaction_is_open():
    recipe = Watched("QT-01", "qt.pdf", a_pdf(1), None, Stamp("BẢN KIỂM SOÁT", "QT-01"))
    tried = []

    def act() -> str:
        tried.append(connection.in_atomic_block)
        if len(tried) == 1:
            raise copies.CopiesMissing([recipe])
        return "xong"

    assert copies.with_copies(act, now=NOW) == "xong"
    assert tried == [True, True]
    assert Watched.seen
    assert not any(Watched.seen)


def ready_to_approve(agency, name: str = "qt.docx", data: bytes = b"") -> tuple[int, dict]:
    """Return a checked revision and what its approver says."""
    data = data or a_word("Mã hiệu {{ma_hieu}}, duyệt {{nguoi_phe_duyet}} {{ngay_hieu_luc}}")
    _document, revision_id = draft(agency, data, name)
    life.submit(agency, revision_id)
    life.check(agency, revision_id)
    said = {
        "actor": agency.actor("ha"), "revision_id": revision_id, "now": NOW,
        "content_hash": life.seen(revision_id), "decision_number": "12/QĐ-SKHCN",
    }  # fmt: skip
    return revision_id, said


@needs_office
def test_an_approval_takes_the_copy_that_was_made_ready_and_turns_nothing_itself(
    agency, monkeypatch
):
    revision_id, said = ready_to_approve(agency)
    entries = LifeEntry.objects.count()
    services.approval_prepare(**said)
    assert (life.state(revision_id), LifeEntry.objects.count()) == ("checked", entries)

    monkeypatch.setenv("PATH", "/khong-co")  # LibreOffice is gone: only what is ready can be taken
    services.document_approve(**said)
    row = Revision.objects.get(pk=revision_id)
    (page,) = texts(files.read(row.published_file_id))
    assert row.state == "in_force"
    assert "Nguyễn Thị Thu Hà" in page
    assert len(row.public_key) == 20


def test_what_cannot_be_made_is_not_approved_nor_half_written(agency, monkeypatch):
    monkeypatch.setenv("PATH", "/khong-co")
    revision_id, said = ready_to_approve(agency)
    entries = LifeEntry.objects.count()

    for act in (services.approval_prepare, services.document_approve):
        with pytest.raises(Refusal) as refused:
            act(**said)
        assert refused.value.code == "publication_office_missing"
    assert (life.state(revision_id), LifeEntry.objects.count()) == ("checked", entries)


# The seal covers every file


def test_the_pdf_laid_beside_word_is_part_of_what_is_approved(agency):
    _document, revision_id = draft(agency, a_word("x"), "qt.docx")
    services.publication_attach(
        actor=agency.actor("lan"), revision_id=revision_id, name="x.pdf", data=a_pdf(1), now=NOW
    )
    life.submit(agency, revision_id)
    row = Revision.objects.get(pk=revision_id)
    place = files_path(files.facts(row.attached_file_id).sha256)
    kept = place.read_bytes()

    place.write_bytes(a_pdf(2))
    with pytest.raises(Refusal) as refused:
        life.check(agency, revision_id)
    assert refused.value.code == "file_changed"
    place.write_bytes(kept)
    life.check(agency, revision_id)
    life.approve(agency, revision_id)
    row.refresh_from_db()
    assert rules.is_frozen_copy(files.facts(row.published_file_id).name)
    assert files.read(row.attached_file_id) == kept


def test_what_was_submitted_under_the_first_seal_is_still_approved(agency):
    _document, revision_id = draft(agency, a_pdf(1), "qt.pdf")
    life.submit(agency, revision_id)
    row = Revision.objects.select_related("document").get(pk=revision_id)
    old = rules.content_hash(
        file_sha256=files.facts(row.original_file_id).sha256, code=row.document.code,
        title=row.document.title, issue="01", amendment="00", seal=1,
    )  # fmt: skip
    assert old != row.content_hash
    Revision.objects.filter(pk=revision_id).update(content_hash=old)

    life.check(agency, revision_id)
    life.approve(agency, revision_id)
    assert life.state(revision_id) == "in_force"
    assert life.seen(revision_id) == old


# What came into force on paper


def from_paper(agency, data: bytes, name: str, *, code: str = "QT-09") -> tuple[int, int]:
    """Bring a draft into force as the import does."""
    document_id, revision_id = draft(agency, data, name, code=code)
    paper = rules.PaperFacts(
        row=2, path=name, code=code, title="Kiểm soát tài liệu", kind="system_procedure",
        issue="01", amendment="00", effective_from=date(2026, 1, 5), unit="", level="internal",
        approver="Lê Quang Vinh", parent_code="", is_draft=False,
    )  # fmt: skip
    services.revision_from_paper(
        actor=agency.actor(make.secretary(agency)), revision_id=revision_id, paper=paper, now=NOW
    )
    return document_id, revision_id


def test_an_imported_pdf_is_frozen_in_the_background_with_its_paper_approval(agency):
    document_id, revision_id = from_paper(agency, a_pdf(1), "qt.pdf")
    before = queries.revision_file(
        actor=agency.actor("huy"), document_id=document_id, revision_id=revision_id
    )
    assert (services.copies_catch_up(now=NOW), services.copies_catch_up(now=NOW)) == (1, 0)
    after = queries.revision_file(
        actor=agency.actor("huy"), document_id=document_id, revision_id=revision_id
    )
    pages = texts(files.read(after.pdf.id))

    assert (before.is_copy_coming, before.is_frozen) == (True, False)
    assert (after.is_copy_coming, after.is_frozen) == (False, True)
    assert "Lê Quang Vinh" in pages[0]
    assert "Trên bản giấy" in pages[0]
    assert "Hiệu lực từ 05/01/2026" in pages[2]


@needs_office
def test_an_imported_word_file_waits_for_its_pdf_and_says_why_it_has_none(agency, monkeypatch):
    program_folders = os.environ["PATH"]
    monkeypatch.setenv("PATH", "/khong-co")
    document_id, revision_id = from_paper(agency, a_word("Nội dung riêng"), "qt.docx")
    facts = files.facts(Revision.objects.get(pk=revision_id).original_file_id)
    assert services.copies_catch_up(now=NOW) == 0  # asked to be turned beside the queue
    previews.make(sha256=facts.sha256, name=facts.name)
    assert services.copies_catch_up(now=NOW) == 0
    found = queries.revision_file(
        actor=agency.actor("huy"), document_id=document_id, revision_id=revision_id
    )
    assert "LibreOffice" in found.copy_fault
    assert not found.is_copy_coming

    monkeypatch.setenv("PATH", program_folders)
    assert services.copies_catch_up(now=NOW) == 0
    previews.make(sha256=facts.sha256, name=facts.name)
    assert services.copies_catch_up(now=NOW) == 1
    assert CopyFault.objects.count() == 0
    assert "Nội dung riêng" in texts(copy_of(agency, "huy", document_id, revision_id).data)[2]


def test_a_draft_is_handed_out_as_a_draft(agency):
    document_id, revision_id = draft(agency, a_pdf(), "qt.pdf")
    copy = copy_of(agency, "huy", document_id, revision_id)

    assert copy.name == "DU THAO - QT-01 lần 01.pdf"
    assert all("DỰ THẢO" in said and "BẢN KIỂM SOÁT" not in said for said in texts(copy.data))


def test_what_is_in_force_is_handed_out_as_it_was_frozen(agency):
    document_id, revision_id, _pages = published(agency, a_pdf(), "qt.pdf")
    copy = copy_of(agency, "huy", document_id, revision_id)

    row = Revision.objects.get(pk=revision_id)
    assert copy.name == "QT-01 lần 01.pdf"
    assert copy.data == files.read(row.published_file_id)


def test_a_retired_revision_is_handed_out_as_retired_with_its_day(agency):
    document_id, revision_id, _pages = published(agency, a_pdf(), "qt.pdf")
    Revision.objects.filter(pk=revision_id).update(state="retired", retired_on=date(2026, 12, 20))
    copy = copy_of(agency, "huy", document_id, revision_id)

    assert copy.name.startswith("HET HIEU LUC - ")
    for said in texts(copy.data):
        assert "HẾT HIỆU LỰC" in said
        assert "từ 20/12/2026" in said
        assert said.count("Trang ") == 1


def test_an_approved_revision_does_not_yet_count(agency):
    document_id, revision_id = draft(agency, a_pdf(), "qt.pdf")
    Revision.objects.filter(pk=revision_id).update(
        state="approved", effective_from=date(2026, 12, 25), content_hash="x" * 64,
        checked_by_id=agency.people["toan"], approved_by_id=agency.people["ha"],
    )  # fmt: skip
    (said, _) = texts(copy_of(agency, "huy", document_id, revision_id).data)

    assert "CHƯA CÓ HIỆU LỰC" in said
    assert "Có hiệu lực từ 25/12/2026" in said


@pytest.mark.parametrize(
    ("state", "who", "allowed"),
    [("in_force", "huy", True), ("retired", "huy", True), ("draft", "tuan", False),
     ("in_force", "tuan", True), ("retired", "tuan", False)],
)  # fmt: skip
def test_who_gets_the_untouched_file(agency, state, who, allowed):
    assert bool(rules.may_download_original(agency.actor(who), state=state)) is allowed


def test_the_stamp_of_each_state(agency):
    _document, revision_id = draft(agency, a_pdf(), "qt.pdf")
    found = queries.publication(
        revision_id=revision_id, agency_id=agency.agency_id, today=NOW.date()
    )

    assert queries.stamp_of(found).state == "DỰ THẢO"
    assert queries.stamp_of(found).look != VOID
    assert found.footer == "QT-01 · Kiểm soát tài liệu · lần 01"


class WithVerification:
    """Addresses of a system that has the page on which a printed copy is verified."""

    urlpatterns = [path("tra-cuu/tai-lieu/kiem-tra/<str:key>/", lambda request, key: None)]


class WithoutVerification:
    """Addresses of a system that has no such page."""

    urlpatterns: list = []


def test_a_copy_carries_a_code_only_where_it_leads_somewhere(settings):
    settings.ROOT_URLCONF = WithVerification
    link = queries.verification_link("AbCd1234")
    nothing = queries.verification_link("")
    settings.ROOT_URLCONF = WithoutVerification

    assert link == f"{settings.NEP.public_address}/tra-cuu/tai-lieu/kiem-tra/AbCd1234/"
    assert nothing == ""
    assert queries.verification_link("AbCd1234") == ""
