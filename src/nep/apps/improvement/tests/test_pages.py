"""The pages of nonconformities."""

import html
import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from docx import Document
from python_calamine import load_workbook

from nep.apps.improvement.models import Nonconformity, RuleSetting
from nep.apps.improvement.tests import scene
from nep.apps.organization.tests.scene import NOW
from nep.apps.planning import services as planning
from nep.apps.records.models import Record
from nep.foundation.files.models import StoredFile
from tests.soon import LATER

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_the_year_of_the_scene(time_machine):
    """Have the pages' clock stand in the scene's year, whenever the test runs."""
    time_machine.move_to(NOW)


def text(answer) -> str:
    return html.unescape(answer.content.decode())


@pytest.fixture
def go(agency, client):
    """Return a function that posts to a sheet's page as somebody."""

    def post(by: str, place: str, part: str = "", **values):
        agency.scene.sign_in(client, by)
        return client.post(place + part, values) if part else client.get(place)

    return post


def test_the_empty_register_says_where_sheets_come_from(agency, client):
    agency.scene.sign_in(client, "thu")

    assert "Không còn sự không phù hợp nào đang mở" in text(client.get("/khong-phu-hop/"))
    assert "tự mở khi" in text(client.get("/khong-phu-hop/"))


def test_a_sheet_is_opened_from_a_case_and_led_to_its_end(agency, client, go):
    case = agency.accept()
    agency.scene.sign_in(client, "dga")
    shown = text(client.get(f"/ho-so/{case.pk}/"))
    new = f"/khong-phu-hop/moi/?ho-so={case.pk}"
    values = {"title": "Phiếu thiếu chữ ký", "found_on": "01/01/2026", "due_on": LATER,
              "owner": agency.scene.people["toan"]}  # fmt: skip
    bad = client.post(new, {**values, "found_on": LATER})
    place = client.post(new, values)["Location"]
    steps = (
        ("toan", "khac-phuc/", {"correction": "Đã ký bù.", "on": "02/01/2026"}),
        ("toan", "nguyen-nhan/", {"why_1": "Phiếu đến sau", "cause": "Máy in ở phòng khác."}),
        ("toan", "hanh-dong/", {"title": "Đặt máy in", "owner": agency.scene.people["lan"],
                                "due_on": LATER}),
    )  # fmt: skip
    answers = [go(by, place, part, **values) for by, part, values in steps]
    row = Nonconformity.objects.get()
    early = go("thu", place, "kiem-tra/", effect_on=LATER)
    scene.done_and_checked(agency, scene.action_of(row.pk).pk)
    today = date.today().strftime("%d/%m/%Y")
    go("thu", place, "kiem-tra/", effect_on=today)
    unread = go("thu", place, "hieu-luc/", verdict="co", note="Đã xem phiếu tháng này.", close="on")
    go("toan", place, "khong-sua/", reason="Quy trình đã ghi đúng.")
    go("thu", place, "hieu-luc/", verdict="co", note="Đã xem phiếu tháng này.", close="on")

    assert f"/khong-phu-hop/moi/?ho-so={case.pk}" in shown
    assert bad.status_code == 422
    assert [one.status_code for one in answers] == [302, 302, 302]
    assert early.status_code == 422
    assert "chưa xong" in text(early)
    assert unread.status_code == 422  # closing fails, so the judgement is not kept either
    assert "không cần" in text(unread)
    assert Nonconformity.objects.get().state == "closed"
    assert "Đã đóng: Phiếu thiếu chữ ký" in text(go("lan", place))
    agency.scene.sign_in(client, "dga")
    assert "KPH 01/2026" in text(client.get(f"/ho-so/{case.pk}/"))


def test_a_risk_that_came_true_offers_a_sheet_of_its_own(agency, client, go):
    risk_id = planning.risk_open(
        actor=agency.actor("dga"), steps=(2, 2), now=NOW,
        values=planning.RiskValues("risk", "Máy chủ ngừng trong giờ làm việc"),
    )  # fmt: skip
    place = f"/rui-ro/{risk_id}/"
    before = text(go("dga", place))
    planning.risk_happen(actor=agency.actor("dga"), risk_id=risk_id, on=NOW.date(), now=NOW,
                         text="Ngừng hai giờ sáng nay.")  # fmt: skip
    link = f"/khong-phu-hop/moi/?rui-ro={risk_id}"
    assert link not in before
    assert link in text(go("dga", place))
    client.post(link, {"title": "Máy chủ ngừng hai giờ", "found_on": "01/01/2026", "due_on": LATER})
    row = Nonconformity.objects.get()
    assert (row.origin_kind, row.origin_id, row.origin_url) == ("risk", risk_id, place)
    assert "KPH 01/2026" in text(go("dga", place))


def test_the_printed_sheet_says_what_is_known(agency, client):
    sheet_id = scene.opened(agency)
    scene.brought(agency, sheet_id, "closed")
    agency.scene.sign_in(client, "thu")
    pdf = client.get(reverse("improvement:paper", args=[sheet_id, "pdf"]))
    word = client.get(reverse("improvement:paper", args=[sheet_id, "docx"]))
    document = Document(io.BytesIO(word.content))
    said = "\n".join(
        [one.text for one in document.paragraphs]
        + [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    )

    assert pdf.content.startswith(b"%PDF")
    for words in ("KPH 01/2026", "Ba phiếu kiểm soát thiếu chữ ký", "Phiếu in ở phòng khác",
                  "Đặt máy in phiếu", "Xem 40 phiếu", "không cần sửa", "Lý Thị Thư"):  # fmt: skip
        assert words in said
    assert client.get(reverse("improvement:paper", args=[sheet_id, "zip"])).status_code == 404


def test_the_register_filters_exports_and_has_the_view_of_2008(agency, client):
    scene.opened(agency)
    scene.opened(agency, title="Có thể thiếu người trực Tết", potential=True, owner="lan")
    agency.scene.sign_in(client, "lan")
    page = reverse("improvement:register")
    prevented = text(client.get(page, {"loc": "phong-ngua"}))
    running = text(client.get(page))
    found = text(client.get(page, {"q": "phieu kiem soat", "nguon": "hand"}))
    sheet = client.get(reverse("improvement:export"), {"loc": "tat-ca"}).content
    rows = load_workbook(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()

    assert "1 hành động phòng ngừa đang mở" in prevented
    assert "Ba phiếu" not in prevented
    assert "1 sự không phù hợp đang mở" in running  # and no more is listed
    assert "Tết" not in running
    assert "Ba phiếu" in found
    assert "Tết" not in found
    assert {row[2] for row in rows[1:]} == {"phòng ngừa", "khắc phục"}


def test_rules_are_shown_with_their_mark_and_set_on_the_page(agency, client):
    agency.scene.sign_in(client, "thu")
    place = reverse("improvement:case_rules")
    shown = text(client.get(place))
    bad = client.post(
        reverse("improvement:rule_set"), {"code": "late", "share": "500", "least": "1"}
    )
    client.post(reverse("improvement:rule_set"), {"code": "late", "share": "25", "least": "5"})
    agency.scene.sign_in(client, "lan")
    read = text(client.get(place))

    assert shown.count("chưa xác minh") == 5
    assert bad.status_code == 422
    assert "từ 0 đến 100" in text(bad)
    row = RuleSetting.objects.get()
    assert (row.is_on, row.share, row.least) == (False, 25, 5)
    assert "Đang tắt" in read
    assert "Đặt lại" not in read


def test_pages_ask_the_same_few_questions_however_long(
    agency, client, django_assert_max_num_queries
):
    for number in range(6):
        scene.opened(agency, title=f"Điều không phù hợp số {number}")
    sheet_id = scene.opened(agency)
    scene.brought(agency, sheet_id, "closed")
    agency.scene.sign_in(client, "thu")
    for place in ("/khong-phu-hop/", "/khong-phu-hop/luat/", f"/khong-phu-hop/{sheet_id}/"):
        client.get(place)
        with django_assert_max_num_queries(15):
            client.get(place)


def test_late_sheets_are_told_in_the_heading(agency, client):
    scene.opened(agency)
    Nonconformity.objects.update(due_on=date.today() - timedelta(days=1))
    agency.scene.sign_in(client, "thu")

    assert "1 sự không phù hợp đang mở, 1 đã quá hạn" in text(client.get("/khong-phu-hop/"))


def test_a_closed_sheet_is_kept_once_with_the_hash_of_its_paper(agency, client):
    sheet_id = scene.opened(agency)
    place = f"/khong-phu-hop/{sheet_id}/"
    agency.scene.sign_in(client, "thu")
    early = client.post(place + "luu/")
    scene.brought(agency, sheet_id, "closed")
    offered = text(client.get(place))
    for _ in range(2):
        client.post(place + "luu/")
    shown = text(client.get(place))

    assert early.status_code == 422
    assert "Lưu phiếu đã đóng" in offered
    row = Record.objects.get()
    assert (row.source_type, row.source_id, row.source_code) == ("form", sheet_id, "KPH 01/2026")
    assert row.sha256[:12] in shown
    assert StoredFile.objects.filter(sha256=row.sha256).count() == 1


def test_a_whole_sheet_is_written_in_one_act_or_not_at_all(agency, client, go):
    agency.scene.sign_in(client, "dga")
    values = {"title": "Phiếu thiếu chữ ký", "found_on": "01/01/2026", "due_on": LATER}
    place = client.post("/khong-phu-hop/moi/", {**values, "owner": agency.scene.people["toan"]})
    place = place["Location"]
    told = {"correction": "Đã ký bù.", "on": "02/01/2026", "cause": "Máy in ở phòng khác.",
            "title": "Đặt máy in", "owner": agency.scene.people["lan"], "due_on": LATER}  # fmt: skip
    offered = text(go("toan", place))
    early = {**told, "due_on": "01/01/2020", "document_note": "Không phải sửa quy trình."}
    short = go("toan", place, "xu-ly/", **early)
    kept = Nonconformity.objects.get()
    half = (kept.state, kept.correction, kept.cause)
    go("toan", place, "xu-ly/", **told, document_note="Quy trình đã nói rõ, không phải sửa.")
    sheet = Nonconformity.objects.get()

    assert "Ghi cả phiếu, giao việc" in offered
    assert short.status_code == 422
    assert half == ("reported", "", "")
    assert (sheet.state, sheet.cause) == ("acting", "Máy in ở phòng khác.")
    assert "Ghi cả phiếu, giao việc" not in text(go("toan", place))
