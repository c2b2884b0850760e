"""Forms of the law and the book of papers over HTTP."""

import io
import re
from dataclasses import replace

import pytest
from django.urls import reverse
from python_calamine import load_workbook

from nep.apps.cases.models import FormEdition, GivenPaper
from nep.apps.cases.queries.form_editions import layout_of
from nep.apps.cases.services import form_editions
from nep.apps.cases.tests.scene import NOW
from nep.apps.cases.tests.test_forms_of_the_law import (
    CIRCULAR,
    TODAY,
    extended,
    given,
    published,
    refused,
    registered,
    shipped,
    stopped,
)
from nep.apps.cases.tests.test_papers import holds


@pytest.fixture(autouse=True)
def on_the_day(time_machine):
    """Stand in the morning of the scene."""
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def admin(at, client):
    form_editions.form_editions_load(now=NOW)
    at.scene.sign_in(client, "admin")
    return client


@pytest.fixture
def official(at, client):
    at.scene.sign_in(client, "lan")
    return client


def typed(page: str) -> dict[str, str]:
    """Return what a form of the page would send as it stands."""
    found: dict[str, str] = {}
    form = page[page.index('class="cols cols--act">') :]
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]+)"', tag)
        if name and 'type="checkbox"' not in tag and not name[1].startswith(("csrf", "_once")):
            value = re.search(r'value="([^"]*)"', tag)
            found[name[1]] = unescaped(value[1]) if value else ""
    for name, body in re.findall(r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.S):
        found[name] = unescaped(body)
    for name, body in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        picked = re.search(r'<option value="([^"]*)" selected', body)
        first = re.search(r'<option value="([^"]*)"', body)
        found[name] = unescaped((picked or first)[1])
    return found


def unescaped(text: str) -> str:
    for code, char in (
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", '"'),
        ("&#x27;", "'"),
        ("&amp;", "&"),
    ):
        text = text.replace(code, char)
    return text


def test_a_new_circular_is_a_form_filled_in_and_no_code(at, admin):
    registered(at)
    before = extended(at)
    copied = admin.post(reverse("cases:form_new", args=[shipped("04").pk]))
    edit = copied.headers["Location"]
    edition = FormEdition.objects.get(state="draft")
    sent = typed(admin.get(edit).content.decode())
    assert layout_of(edition) == layout_of(shipped("04"))
    last = int(sent["p-INITIAL_FORMS"])
    sent |= {
        "legal_number": CIRCULAR, "name": f"Thông tư {CIRCULAR}", "since": "10/12/2026",
        "title": "Thư xin lỗi", "number": "{number}/TXL", "p-1-drop": "on",
        f"p-{last}-place": "15", f"p-{last}-text": "Kính thưa **Ông/Bà {applicant_name}**,",
    }  # fmt: skip

    kept = admin.post(edit, sent)
    assert kept.headers["Location"] == reverse("cases:form", args=[edition.pk])
    shown = admin.get(reverse("cases:form", args=[edition.pk])).content.decode()
    assert "THƯ XIN LỖI" in shown and "Nguyễn Văn Mẫu" in shown
    edition.refresh_from_db()
    admin.post(reverse("cases:form_publish", args=[edition.pk]), {"version": edition.version})

    compared = admin.get(reverse("cases:form_compare", args=[edition.pk, shipped("04").pk]))
    assert "Hai bản khác nhau 3 chỗ" in compared.content.decode()
    after = extended(at, name="Lê Thị Bình")
    at.scene.sign_in(admin, "lan")
    new = admin.get(reverse("cases:apology_file", args=[after.pk, "pdf"])).content
    old = admin.get(reverse("cases:apology_file", args=[before.pk, "pdf"])).content
    assert holds(new, "THƯ XIN LỖI", "Kính thưa Ông/Bà Lê Thị Bình", "Số: 02/TXL") == []
    assert holds(old, "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN", "Số: 01/PXL") == []


def test_a_draft_that_cannot_be_printed_says_where(at, admin):
    edit = admin.post(reverse("cases:form_new", args=[shipped("06").pk])).headers["Location"]
    sent = typed(admin.get(edit).content.decode())
    sent["p-0-text"] = "Mã hồ sơ: **{ma_ho_so}**"

    page = admin.post(edit, sent, follow=True).content.decode()

    assert "không có trường {ma_ho_so}" in unescaped(page)


def test_columns_typed_wrongly_are_told_at_their_field(at, admin):
    edit = admin.post(reverse("cases:form_new", args=[shipped("06").pk])).headers["Location"]
    sent = typed(admin.get(edit).content.decode())
    place = next(key for key, value in sent.items() if value == "table")[:-5]
    sent[f"{place}-text"] = "Cột không có trường"

    answer = admin.post(edit, sent)

    assert answer.status_code == 422
    assert "ghi tên cột | trường | độ rộng | căn" in answer.content.decode()


def test_an_edition_is_seen_with_a_case_and_a_strange_code_is_told(at, admin):
    case = extended(at)
    address = reverse("cases:form", args=[shipped("04").pk])

    seen = admin.get(address, {"ho-so": case.code}).content.decode()
    assert "Chờ kết quả đo đạc." in seen and "Nguyễn Văn An" not in seen
    assert "Không thấy hồ sơ này" in admin.get(address, {"ho-so": "H1-2"}).content.decode()
    preview = reverse("cases:form_preview", args=[shipped("04").pk, "pdf"])
    assert holds(admin.get(preview, {"ho-so": case.code}).content, case.code) == []


def test_the_forms_page_tells_of_a_form_nobody_can_print(at, admin):
    FormEdition.objects.filter(form="05").update(since="2030-01-01", until=None)

    page = admin.get(reverse("cases:forms")).content.decode()

    assert "1 mẫu hôm nay không có bản nào áp dụng" in page


def test_officials_use_the_forms_and_do_not_change_them(at, official):
    form_editions.form_editions_load(now=NOW)

    assert official.get(reverse("cases:forms")).status_code == 403
    assert official.get(reverse("cases:given")).status_code == 200


def test_the_page_of_a_case_leads_to_all_its_papers(at, official):
    case = stopped(at)
    page = official.get(reverse("cases:case", args=[case.pk])).content.decode()

    assert "Thông báo dừng giải quyết hồ sơ" in page
    address = reverse("cases:given_file", args=[given(case, "05").pk, "pdf"])
    assert address in page
    assert holds(official.get(address).content, "Số: 01/TB-DGQ") == []


def test_a_case_from_before_the_book_is_numbered_when_first_printed(at, official):
    case = refused(at)
    GivenPaper.objects.filter(case=case).delete()
    page = official.get(reverse("cases:case", args=[case.pk])).content.decode()
    address = reverse("cases:refusal_file", args=[case.pk, "pdf"])
    assert address in page

    first, again = official.get(address).content, official.get(address).content

    assert first == again
    assert GivenPaper.objects.filter(case=case, form="03").count() == 1


def test_the_control_slip_on_the_screen_is_the_edition_in_force(at, official):
    case = at.accept()
    address = reverse("cases:slip", args=[case.pk])
    before = official.get(address).content.decode()
    heads = tuple(
        replace(
            block, columns=tuple(replace(one, title=f"{one.title} mới") for one in block.columns)
        )
        for block in layout_of(shipped("06")).blocks[:1:-1]
    )
    published(at, "06", since=TODAY, title="Phiếu theo dõi giao nhận", blocks=heads)
    after = official.get(address).content.decode()
    printed = official.get(reverse("cases:slip_file", args=[case.pk, "pdf"])).content

    assert "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ" in before
    assert before.index("Thời gian nhận hồ sơ") < before.index("Bước giao, nhận hồ sơ<")
    assert "PHIẾU THEO DÕI GIAO NHẬN" in after
    assert after.index("Người giao mới") < after.index("Thời gian hẹn trả kết quả")
    assert "Mã hồ sơ:" not in after
    assert holds(printed, "PHIẾU THEO DÕI GIAO NHẬN", "Người giao mới") == []
    assert GivenPaper.objects.filter(form="06").count() == 1


def test_the_book_goes_to_excel_and_to_paper_with_masked_names(at, official):
    extended(at)
    asked = {"nam": "2026", "mau": "04"}

    page = official.get(reverse("cases:given"), asked).content.decode()
    sheet = official.get(reverse("cases:given_xlsx"), asked).content
    paper = official.get(reverse("cases:given_pdf"), asked).content

    assert "1 văn bản năm 2026 khớp bộ lọc" in page
    rows = load_workbook(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
    assert rows[1][:3] == ["04", "Văn bản xin lỗi và đề nghị gia hạn", "01/PXL"]
    assert holds(paper, "SỔ VĂN BẢN ĐÃ CẤP", "01/PXL") == []
    for body in (page, str(rows)):
        assert "Nguyễn Văn An" not in body
    assert holds(paper, "Nguyễn Văn An") == ["Nguyễn Văn An"]


def test_the_book_without_papers_says_what_to_do(at, official):
    page = official.get(reverse("cases:given")).content.decode()

    assert "Năm 2026 chưa cấp văn bản nào" in page
    assert "Xem hồ sơ" in page


@pytest.mark.parametrize("name", ["register_pdf", "register_docx"])
def test_the_register_is_kept_like_any_other_paper(at, official, name):
    case = at.accept()

    data = official.get(reverse(f"cases:{name}"), {"thang": "202612"}).content
    official.get(reverse(f"cases:{name}"), {"thang": "202612"})

    assert holds(data, "SỔ THEO DÕI HỒ SƠ", "Tháng 12 năm 2026", case.code) == []
    kept = GivenPaper.objects.get(form="07")
    assert (kept.case_id, kept.about) == (None, "Tháng 12 năm 2026")
