"""Controlled forms in use: filled from the version in force only, and kept."""

import html
import io
import re
from datetime import timedelta

import docx
import pytest
from django.urls import reverse

from nep.apps.documents import queries, services
from nep.apps.documents.models import Document, FilledForm
from nep.apps.documents.tests import make
from nep.apps.organization.tests.scene import NOW, department
from nep.foundation.files.queries import read
from nep.foundation.journal.models import JournalEntry
from nep.foundation.printing.blanks import EMPTY
from nep.foundation.printing.tests.test_blanks import SUPPLIES, rows_of
from nep.kernel.errors import Conflict, NotFound, Refusal
from tests.standing import kept


def word(*lines: str) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


FORM = word(
    "Mã hiệu: {{ma_hieu}}, lần {{lan_ban_hanh}}, số {{so_phieu}}", "Họ và tên: {{ho_ten}}",
    "Ngày phát hiện: {{ngay_phat_hien}}", "Số lượng: {{so_luong}}", "Người lập: {{nguoi_lap}}",
)  # fmt: skip


def build_form(agency):
    return make.in_force(
        agency, code="BM-05.01", title="Phiếu ghi nhận sự không phù hợp", kind="form", data=FORM,
        name="bm-05-01.docx",
    )  # fmt: skip


form = kept(build_form, on=department)


def fill(agency, form, *, by="huy", now=NOW, values=None, **more):
    what = {"title": "", "series_id": None, "revision_id": form[1], **more}
    given = {"ho_ten": "Lê Thị B"} if values is None else values
    return services.form_fill(
        actor=agency.actor(by, now=now), document_id=form[0], values=given, now=now, **what
    )


def said(filled_id: int) -> list[str]:
    data = read(FilledForm.objects.get(pk=filled_id).file_id)
    return [one.text for one in docx.Document(io.BytesIO(data)).paragraphs]


def test_a_form_is_filled_from_its_version_in_force_and_kept_with_a_number(agency, form):
    first = fill(agency, form)
    second = fill(agency, form, title="Phiếu của ông B")

    line = queries.filled_form(actor=agency.actor("huy"), filled_id=first)
    assert (line.number, line.title) == (
        "001/2026", "Phiếu ghi nhận sự không phù hợp số 001/2026",
    )  # fmt: skip
    assert said(first)[0] == "Mã hiệu: BM-05.01, lần 01, số 001/2026"
    assert said(first)[1:] == [
        "Họ và tên: Lê Thị B", f"Ngày phát hiện: {EMPTY}", f"Số lượng: {EMPTY}",
        "Người lập: Phạm Quốc Huy",
    ]  # fmt: skip
    assert queries.filled_form(actor=agency.actor("huy"), filled_id=second).number == "002/2026"
    assert JournalEntry.objects.filter(action="form.filled").count() == 2


def test_only_what_nobody_can_know_is_asked(agency, form):
    asked = queries.form_to_fill(actor=agency.actor("huy"), document_id=form[0]).asked

    assert [one.name for one in asked] == ["ho_ten", "ngay_phat_hien", "so_luong"]


def test_a_form_with_a_new_version_is_not_filled_from_the_old_page(agency, form):
    document_id, _first = form
    later = NOW + timedelta(days=1)
    second = make.next_version(agency, document_id, now=later)
    make.give_file(agency, second, FORM, "moi.docx", later)

    with pytest.raises(Conflict, match="bản mới"):
        fill(agency, form, now=later)
    assert fill(agency, (document_id, second), now=later)
    assert FilledForm.objects.get().revision_id == second


def test_a_retired_form_cannot_be_filled(agency, form):
    Document.objects.filter(pk=form[0]).update(
        status="withdrawn", current_id=None, withdrawn_on=NOW.date()
    )

    with pytest.raises(Conflict, match="không còn hiệu lực"):
        fill(agency, form)
    assert FilledForm.objects.count() == 0


def test_nothing_typed_is_no_form(agency, form):
    with pytest.raises(Refusal, match="chưa điền gì"):
        fill(agency, form, values={"ho_ten": "  ", "lạ": "x"})


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"%PDF-1.7 x", "mau.pdf", "chưa có chỗ điền"),
        (word("không thẻ"), "mau.docx", "chưa có chỗ điền"),
        (word("Tên: {{ho_ten"), "mau.docx", "viết sai ở đoạn"),
    ],
)
def test_a_form_without_blanks_or_with_a_wrong_tag_says_so(agency, data, name, words):
    form = make.in_force(agency, code="BM-1", kind="form", data=data, name=name)

    assert words in queries.form_to_fill(actor=agency.actor("huy"), document_id=form[0]).fault
    with pytest.raises(Refusal, match=words):
        fill(agency, form)


def test_what_was_filled_is_read_by_the_filler_the_managers_and_the_unit_of_the_form(
    agency, other_agency, form
):
    make.secretary(agency)
    filled = fill(agency, form)

    for key in ("huy", "thuky", "ha"):
        assert queries.filled_form(actor=agency.actor(key), filled_id=filled).id == filled
    for actor in (agency.actor("lan"), other_agency.actor("lan"), other_agency.actor("ha")):
        with pytest.raises(NotFound):
            queries.filled_form(actor=actor, filled_id=filled)
    Document.objects.filter(pk=form[0]).update(owner_unit_id=agency.units["PKH"])
    assert queries.filled_lines(actor=agency.actor("lan"), document_id=form[0])


def test_the_page_of_a_form(agency, other_agency, form, client, time_machine):
    time_machine.move_to(NOW, tick=False)
    agency.sign_in(client, "huy")
    page = reverse("documents:form_fill", args=[form[0]])
    shown = html.unescape(client.get(page).content.decode())
    labels = re.findall(r'<label class="lb"[^>]*>([^<]+)', shown)
    wrong = client.post(page, {"revision": form[1], "b1": "31/02/2026", "b2": "nhiều"})
    sent = {"revision": form[1], "b0": "Trần C", "b1": "5/1/2026", "b2": "1.234,5"}
    made = client.post(page, sent)

    assert [one.strip() for one in labels[:3]] == ["Họ và tên", "Ngày phát hiện", "Số lượng"]
    assert wrong.status_code == 422
    assert made.status_code == 302, made.content.decode()
    filled = FilledForm.objects.get()
    assert said(filled.id)[1:4] == [
        "Họ và tên: Trần C", "Ngày phát hiện: 05/01/2026", "Số lượng: 1.234,5",
    ]  # fmt: skip
    answer = client.get(reverse("documents:filled_file", args=[filled.id]))
    assert answer.content[:2] == b"PK" and "attachment" in answer["Content-Disposition"]
    other_agency.sign_in(client, "lan")
    assert client.get(page).status_code == 404
    assert client.get(reverse("documents:filled", args=[filled.id])).status_code == 404


def test_an_old_page_of_a_form_answers_409_with_a_sentence(agency, form, client, time_machine):
    time_machine.move_to(NOW, tick=False)
    agency.sign_in(client, "huy")
    page = reverse("documents:form_fill", args=[form[0]])
    sent = {"revision": form[1], "b0": "Trần C"}

    second = make.next_version(agency, form[0], now=NOW)
    make.give_file(agency, second, FORM, "moi.docx", NOW)
    old = client.post(page, sent)
    Document.objects.filter(pk=form[0]).update(
        status="withdrawn", current_id=None, withdrawn_on=NOW.date()
    )
    retired = client.post(page, {**sent, "revision": second})

    assert old.status_code == 409 and "bản mới" in html.unescape(old.content.decode())
    assert retired.status_code == 409
    assert "không còn hiệu lực" in html.unescape(retired.content.decode())
    assert FilledForm.objects.count() == 0


# Rows that repeat


def build_list_form(agency):
    return make.in_force(
        agency, code="BM-05.02", title="Danh mục vật tư", kind="form", data=SUPPLIES,
        name="bm-05-02.docx",
    )  # fmt: skip


list_form = kept(build_list_form, on=department)


def test_a_form_with_a_table_takes_as_many_rows_as_are_typed(agency, client, list_form):
    agency.sign_in(client, "huy")
    place = reverse("documents:form_fill", args=[list_form[0]])
    first = html.unescape(client.get(place).content.decode())
    typed = {
        "revision": list_form[1], "b0": "Văn phòng", "b1n": "3",
        "b1r0c0": "Giấy A4", "b1r0c1": "12", "b1r2c0": "Bút", "b1r2c1": "3",
    }  # fmt: skip
    more = client.post(place, {**typed, "more": "1"})
    wrong = client.post(place, {**typed, "b1r2c1": "ba"})
    made = client.post(place, {**typed, "b1n": "6", "b1r5c0": "Kẹp", "b1r5c2": "05/12/2026"})

    assert first.count('name="b1r2c0"') == 1
    assert 'name="b1r3c0"' not in first
    assert "Danh mục vật tư" in first
    assert more.status_code == 200
    grown = html.unescape(more.content.decode())
    assert 'name="b1r5c0"' in grown
    assert 'value="Giấy A4"' in grown
    assert "Hãy ghi một số" in html.unescape(wrong.content.decode())
    assert made.status_code == 302
    row = FilledForm.objects.get()
    assert [one["ten"] for one in row.values["rows"]["vat_tu"]] == ["Giấy A4", "Bút", "Kẹp"]
    assert rows_of(read(row.file_id))[1:4] == [
        ["1", "Giấy A4 (Văn phòng)", "12", EMPTY],
        ["2", "Bút (Văn phòng)", "3", EMPTY],
        ["3", "Kẹp (Văn phòng)", EMPTY, "05/12/2026"],
    ]


def test_a_table_alone_is_something_to_fill_but_not_when_it_is_empty(agency, list_form):
    with pytest.raises(Refusal, match="chưa điền gì"):
        fill(agency, list_form, values={}, rows={"vat_tu": [{"ten": " "}]})
    assert fill(agency, list_form, values={}, rows={"vat_tu": [{"ten": "Giấy"}]})
