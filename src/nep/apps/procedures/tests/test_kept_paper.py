"""The paper of a version is kept as files when it comes into force: the same bytes years later."""

import html
from datetime import timedelta

import pytest
from django.urls import reverse

from nep.apps.documents.models import KeptPaper, Revision
from nep.apps.documents.rules.paper_tries import MOST_TRIES, WAITS
from nep.apps.documents.services import papers_catch_up, papers_retry
from nep.apps.organization.models import Unit
from nep.apps.organization.tests.scene import NOW
from nep.apps.procedures import services
from nep.apps.procedures.tests.scene import begun, bring_into_force, published
from nep.apps.procedures.tests.test_paper_template import keeper, take, template
from nep.foundation.db import doctor
from nep.foundation.files.queries import read
from nep.foundation.printing.office import office_program
from nep.foundation.printing.paper import Paper, line
from nep.foundation.printing.pdf import paper_pdf
from nep.foundation.printing.texts import text_of as pdf_text

__all__ = ["keeper"]
pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=400)


@pytest.fixture(autouse=True)
def on_the_day(time_machine):
    time_machine.move_to(NOW, tick=False)


def said(data: bytes) -> str:
    return pdf_text(data, name="x.pdf")


def word_of(client, revision_id):
    return client.get(reverse("procedures:word_file", args=[revision_id]))


def pdf_of(client, revision_id):
    document_id = Revision.objects.get(pk=revision_id).document_id
    return client.get(reverse("documents:printed", args=[document_id, revision_id]))


def test_the_bytes_kept_in_force_come_out_whatever_is_renamed_later(agency, client, time_machine):
    made = published(agency)
    assert (papers_catch_up(now=NOW), papers_catch_up(now=NOW)) == (1, 0)
    row = KeptPaper.objects.get()
    Unit.objects.filter(agency_id=agency.agency_id).update(name="Phòng đã đổi tên")
    time_machine.move_to(LATER, tick=False)
    agency.sign_in(client, "lan")

    pdf = pdf_of(client, made.revision_id)
    assert pdf.content == read(row.pdf_id)
    assert word_of(client, made.revision_id).getvalue() == read(row.word_id)
    page = html.unescape(
        client.get(reverse("procedures:paper", args=[made.revision_id])).content.decode()
    )
    assert "tải lúc nào cũng đúng từng byte" in page and row.pdf.sha256[:16] in page
    assert doctor_says("document_papers_kept") == []
    KeptPaper.objects.update(content_hash="0" * 64)
    assert len(doctor_says("document_papers_kept")) == 1


def test_a_version_retired_keeps_its_pages_under_the_stamp_of_its_end(agency, client, time_machine):
    made = published(agency)
    papers_catch_up(now=NOW)
    newer = services.procedure_revise(
        actor=agency.actor("lan"), procedure_id=made.procedure_id, is_new_issue=False,
        change_note="Đổi người ký", now=NOW,
    )  # fmt: skip
    bring_into_force(agency, newer)
    time_machine.move_to(LATER, tick=False)
    agency.sign_in(client, "lan")

    old, new = pdf_of(client, made.revision_id), pdf_of(client, newer)

    assert "HẾT HIỆU LỰC" in said(old.content) and "Dựng lại" not in said(old.content)
    assert "Dựng lại ngày" in said(new.content)  # nobody has kept it yet
    assert "D%E1%BB%B1ng%20l%E1%BA%A1i" in word_of(client, newer)["Content-Disposition"]
    page = html.unescape(client.get(reverse("procedures:paper", args=[newer])).content.decode())
    assert "không phải bản lưu lúc ban hành" in page


def test_a_draft_is_kept_by_nobody_and_says_nothing_of_being_made_again(agency, client):
    made = begun(agency)
    agency.sign_in(client, "lan")

    assert papers_catch_up(now=NOW) == 0
    assert "Dựng lại" not in said(pdf_of(client, made.revision_id).content)


@pytest.mark.parametrize("has_office", [True, False])
def test_a_paper_by_the_agency_template_is_kept_as_pdf_where_libreoffice_is(
    agency, client, monkeypatch, keeper, has_office
):
    if has_office and office_program() is None:
        pytest.skip("LibreOffice is not on this machine")
    if not has_office:
        monkeypatch.setenv("PATH", "/khong-co")
    take(agency, template("Mẫu của Sở: {{ma_hieu}}", "{{bang_buoc}}"), by=keeper)
    made = published(agency)

    assert papers_catch_up(now=NOW) == 1

    row = KeptPaper.objects.get()
    assert read(row.word_id)[:2] == b"PK"
    agency.sign_in(client, "lan")
    answer = pdf_of(client, made.revision_id)
    if has_office:
        assert "Mẫu của Sở" in said(read(row.pdf_id)) and answer.status_code == 200
    else:
        assert row.pdf_id is None and "LibreOffice" in row.fault
        assert answer.status_code == 422 and "LibreOffice" in html.unescape(answer.content.decode())


def test_a_pdf_that_could_not_be_made_is_tried_ever_more_rarely_and_told(
    agency, client, monkeypatch, keeper
):
    monkeypatch.setenv("PATH", "/khong-co")
    take(agency, template("Mẫu của Sở: {{ma_hieu}}", "{{bang_buoc}}"), by=keeper)
    made = published(agency)
    papers_catch_up(now=NOW)
    assert doctor_says("document_papers_pdf") == [] and papers_retry(now=NOW) == 0

    waits, at, row = [], NOW, KeptPaper.objects.get()
    while row.try_at:
        waits.append(row.try_at - at)
        at = row.try_at
        assert papers_retry(now=at) == 0
        row.refresh_from_db()
    papers_retry(now=at + timedelta(days=400))

    assert waits == list(WAITS) == sorted(WAITS)
    assert KeptPaper.objects.get().tries == MOST_TRIES
    (told,) = doctor_says("document_papers_pdf")
    assert f"sau {MOST_TRIES} lần thử, không thử nữa" in told and "LibreOffice" in told
    agency.sign_in(client, "lan")
    page = client.get(reverse("procedures:paper", args=[made.revision_id])).content.decode()
    assert f"Đã thử {MOST_TRIES} lần nên không thử nữa." in page


def test_a_pdf_made_at_the_second_time_is_kept_beside_its_word(
    agency, client, monkeypatch, keeper, tmp_path
):
    monkeypatch.setenv("PATH", "/khong-co")
    take(agency, template("Mẫu của Sở: {{ma_hieu}}", "{{bang_buoc}}"), by=keeper)
    made = published(agency)
    papers_catch_up(now=NOW)
    agency.sign_in(client, "lan")
    address = reverse("procedures:paper", args=[made.revision_id])
    assert "Nếp thử lại lúc" in client.get(address).content.decode()
    word = read(KeptPaper.objects.get().word_id)
    converter(monkeypatch, tmp_path)

    assert papers_retry(now=NOW + WAITS[0]) == 1

    row = KeptPaper.objects.get()
    assert (row.tries, row.try_at, row.fault, read(row.word_id)) == (2, None, "", word)
    assert (tmp_path / "given.docx").read_bytes() == word
    assert (
        "Đã chuyển" in said(read(row.pdf_id))
        and row.pdf.sha256[:16] in client.get(address).content.decode()
    )
    assert doctor_says("document_papers") == [] and papers_retry(now=LATER) == 0


def converter(monkeypatch, folder):
    """Put a program in the place of LibreOffice that keeps what it is given and gives one page."""
    (folder / "page.pdf").write_bytes(
        paper_pdf(Paper("Đã chuyển", "Sở", (line("Đã chuyển"),)), made_at=NOW)
    )
    program = folder / "soffice"
    program.write_text(
        f"#!/bin/sh\n/bin/cp in.docx {folder}/given.docx\n"
        f"/bin/mkdir -p out && /bin/cp {folder}/page.pdf out/in.pdf\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def doctor_says(code: str) -> list[str]:
    return [one.message for _, found in doctor.examine(parts=(code,)) for one in found]
