"""The pages of objectives."""

import hashlib
import html
import io
import re

import pytest
from django.urls import reverse
from python_calamine import load_workbook

from nep.apps.actions.tests.conftest import with_secretary
from nep.apps.organization.tests.scene import department
from nep.apps.planning.models import Objective, ObjectiveList
from nep.apps.records.models import Record
from nep.foundation.web.templatetags.nep import date_vn
from tests.soon import LATER
from tests.standing import kept

pytestmark = pytest.mark.django_db
agency = kept(with_secretary, on=department)
TOLD = {"title": "Tập huấn quy trình mới cho công chức", "measure": "", "better": "up",
        "target": "90,5", "unit_word": "%", "method": "Số người dự chia số người phải dự",
        "frequency": "half", "whole": "last", "unit": "", "nam": "2025"}  # fmt: skip


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def approved(agency, client) -> int:
    """Bring an objective of 2025 from the proposal to the approval over the pages."""
    agency.sign_in(client, "thu")
    client.post(reverse("planning:objective_new"), {**TOLD, "owner": agency.people["toan"]})
    one = Objective.objects.latest("id").pk
    client.post(reverse("planning:objectives_gather"), {"nam": "2025", "chosen": one})
    sheet = ObjectiveList.objects.latest("id")
    agency.sign_in(client, "ha")
    client.post(reverse("planning:objectives_approve", args=[sheet.pk]), {"sha256": sheet.sha256})
    return one


def test_an_empty_year_offers_starters_and_takes_them_over(agency, client):
    agency.sign_in(client, "thu")
    empty = text(client.get(reverse("planning:objectives"), {"nam": "2025"}))
    offered = text(client.get(reverse("planning:objectives_start"), {"nam": "2025"}))
    none = client.post(reverse("planning:objectives_start"), {"nam": "2025"})
    client.post(
        reverse("planning:objectives_start"),
        {"nam": "2025", "chosen": ["on_time", "satisfied", "supplemented"]},
    )
    page = text(client.get(reverse("planning:objectives"), {"nam": "2025"}))

    assert "Năm 2025 chưa có mục tiêu chất lượng" in empty
    assert "chưa xác minh" in offered
    assert none.status_code == 422
    assert "3 mục tiêu năm 2025: 3 chưa phê duyệt" in page
    assert "từ 95% trở lên" in page
    assert "Tổng hợp 3 đề xuất" in page


def test_what_the_units_proposed_is_sent_without_a_starter_and_unticked_stays_unticked(
    agency, client
):
    agency.sign_in(client, "thu")
    place = reverse("planning:objectives_start")
    for title in ("Tập huấn quy trình mới", "Số hóa hồ sơ lưu"):
        client.post(
            reverse("planning:objective_new"),
            {**TOLD, "title": title, "owner": agency.people["toan"]},
        )
    first, second = Objective.objects.order_by("id").values_list("id", flat=True)
    offered = client.get(place, {"nam": "2025"}).content.decode().count(" checked")
    refused = client.post(
        place, {"nam": "2025", "chosen": "on_time", "along": second, "owner": "0", "submit": "1"}
    )
    ticked = re.findall(r'value="([^"]+)" checked', refused.content.decode())
    nothing = client.post(place, {"nam": "2025", "submit": "1"})
    taken = client.post(place, {"nam": "2025", "along": second})
    sent = client.post(place, {"nam": "2025", "along": second, "submit": "1"})
    states = dict(Objective.objects.values_list("id", "state"))

    assert offered > 3
    assert (refused.status_code, ticked) == (422, ["on_time", str(second)])
    assert (nothing.status_code, taken.status_code, sent.status_code) == (422, 422, 302)
    assert states == {first: "proposed", second: "gathered"}


def test_an_objective_goes_its_whole_way_over_the_pages(agency, client):
    agency.sign_in(client, "thu")
    bad = client.post(
        reverse("planning:objective_new"),
        {**TOLD, "target": "nhiều", "owner": agency.people["toan"]},
    )
    one = approved(agency, client)
    place = reverse("planning:objective", args=[one])
    agency.sign_in(client, "toan")
    proof = io.BytesIO(b"%PDF-1.4")
    proof.name = "danh-sach.pdf"
    unproved = client.post(place + "ket-qua/", {"period": "2025-01-01", "value": "80"})
    client.post(place + "ket-qua/", {"period": "2025-01-01", "value": "80", "file": proof})
    client.post(
        place + "ket-qua/",
        {"period": "2025-07-01", "value": "93", "evidence": "Danh sách lớp tháng 11"},
    )
    asked = text(client.get(place))
    halfway = client.post(
        place + "nguyen-nhan/",
        {"period": "2025-01-01", "cause": "Lớp bị hoãn.", "title": "Mở lớp bù"},
    )
    client.post(
        place + "nguyen-nhan/",
        {"period": "2025-01-01", "cause": "Lớp bị hoãn.", "title": "Mở lớp bù",
         "owner": agency.people["toan"], "due_on": LATER},
    )  # fmt: skip
    agency.sign_in(client, "thu")
    client.post(place + "danh-gia/", {"note": "Giữ chỉ tiêu."})
    judged = client.get(place)
    kept = judged.context["line"].periods[0]

    assert bad.status_code == unproved.status_code == halfway.status_code == 422
    assert "Hãy ghi một số" in text(bad)
    assert "Kỳ chưa đạt: nguyên nhân và biện pháp" in asked
    assert "Đạt: Tập huấn quy trình mới cho công chức" in text(judged)
    assert "<polyline" in text(judged)
    assert client.get(reverse("planning:value_file", args=[kept.id])).content == b"%PDF-1.4"


def test_all_objectives_of_a_year_are_judged_on_one_page_and_only_a_missed_one_asks_why(
    agency, client
):
    missed = approved(agency, client)
    agency.sign_in(client, "thu")
    told = {"nam": "2024", "chosen": ["answered", "trained"], "owner": agency.people["toan"]}
    sent = client.post(reverse("planning:objectives_start"), {**told, "submit": "1"})
    sheet = ObjectiveList.objects.latest("id")
    agency.sign_in(client, "ha")
    client.post(reverse("planning:objectives_approve", args=[sheet.pk]), {"sha256": sheet.sha256})
    place = reverse("planning:objectives_judge")
    agency.sign_in(client, "toan")
    own = text(client.get(place, {"nam": "2025"}))
    values = reverse("planning:value_record", args=[missed])
    for period in ("2025-01-01", "2025-07-01"):
        client.post(values, {"period": period, "value": "80", "evidence": "Danh sách lớp tháng 6"})
    agency.sign_in(client, "thu")
    page = client.get(place, {"nam": "2025"})
    shown = {"nam": "2025", "seen": page.context["page"].ready[0].seen}
    untold = client.post(place, shown)
    stale = client.post(place, {**shown, "seen": f"{missed}:99"})
    why = {f"cause_{missed}": "Lớp bị hoãn hai lần.", f"title_{missed}": "Mở lớp bù",
           f"owner_{missed}": agency.people["toan"], f"due_on_{missed}": LATER}  # fmt: skip
    client.post(place, {**shown, **why})
    other = client.get(place, {"nam": "2024"}).context["page"].ready
    client.post(place, {"nam": "2024", "seen": [one.seen for one in other]})
    quiet = Objective.objects.get(year=2024, measure="improvement.answered")

    assert sent.status_code == 302
    assert "Người phụ trách không tự đánh giá" in own
    assert "1 mục tiêu năm 2025 kết luận được, 1 không đạt" in text(page)
    assert "6 tháng đầu năm, 6 tháng cuối năm" in text(page)
    assert (untold.status_code, stale.status_code) == (422, 422)
    assert Objective.objects.get(pk=missed).met is False
    assert Objective.objects.get(pk=missed).state == "judged"
    assert (quiet.state, quiet.met, quiet.value) == ("judged", None, None)
    assert "Đã đánh giá cả 2 mục tiêu năm 2024" in text(client.get(place, {"nam": "2024"}))


def test_the_head_sees_what_is_approved_and_a_stale_page_approves_nothing(agency, client):
    agency.sign_in(client, "thu")
    client.post(reverse("planning:objective_new"), {**TOLD, "owner": agency.people["toan"]})
    one = Objective.objects.get().pk
    client.post(reverse("planning:objectives_gather"), {"nam": "2025", "chosen": one})
    sheet = ObjectiveList.objects.get()
    place = reverse("planning:objective_list", args=[sheet.pk])
    seen_by_secretary = text(client.get(place))
    agency.sign_in(client, "ha")
    shown = text(client.get(place))
    stale = client.post(place + "duyet/", {"sha256": "0" * 64})
    empty = client.post(place + "duyet/", {})
    client.post(place + "tra-lai/", {"reason": "Chỉ tiêu thấp quá."})
    agency.sign_in(client, "thu")
    back = text(client.get(reverse("planning:objectives"), {"nam": "2025"}))

    assert "Phê duyệt 1 mục tiêu" in shown
    assert "Phê duyệt 1 mục tiêu" not in seen_by_secretary
    assert "từ 90,5% trở lên" in shown
    assert (stale.status_code, empty.status_code) == (409, 422)
    assert "Lãnh đạo trả lại: Chỉ tiêu thấp quá." in back


def test_the_table_is_given_as_excel_pdf_and_word(agency, client):
    approved(agency, client)
    place = reverse("planning:objectives_file", args=["xlsx"])
    sheet = load_workbook(io.BytesIO(client.get(place, {"nam": "2025"}).content))
    rows = sheet.get_sheet_by_index(0).to_python()
    pdf = client.get(reverse("planning:objectives_file", args=["pdf"]), {"nam": "2025"})
    word = client.get(reverse("planning:objectives_file", args=["docx"]), {"nam": "2025"})

    assert rows[0][:3] == ["TT", "Mục tiêu", "Chỉ tiêu"]
    assert rows[1][1:3] == ["Tập huấn quy trình mới cho công chức", "từ 90,5% trở lên"]
    assert (pdf.content[:5], word.content[:2]) == (b"%PDF-", b"PK")
    assert client.get(reverse("planning:objectives_file", args=["csv"])).status_code == 404


def test_the_approved_list_is_printed_and_kept_once_with_its_hash(agency, client):
    approved(agency, client)
    place = reverse("planning:objective_list", args=[ObjectiveList.objects.get().pk])
    agency.sign_in(client, "thu")
    for _ in range(2):
        client.post(place + "luu/")
    record = Record.objects.get()
    pdf = client.get(place + "ban.pdf").content

    assert record.title == "Mục tiêu chất lượng năm 2025"
    assert record.sha256 == hashlib.sha256(pdf).hexdigest()
    assert client.get(place + "ban.docx").content[:2] == b"PK"
    assert "chờ xếp vào hồ sơ" in text(client.get(place))


def test_pages_ask_the_same_few_questions_however_long(
    agency, client, django_assert_max_num_queries
):
    one = approved(agency, client)
    agency.sign_in(client, "thu")
    for number in range(6):
        told = {**TOLD, "title": f"Mục tiêu thứ {number}", "owner": agency.people["toan"]}
        client.post(reverse("planning:objective_new"), told)
    sheet = ObjectiveList.objects.earliest("id").pk
    for place in (
        reverse("planning:objectives") + "?nam=2025",
        reverse("planning:objective", args=[one]),
        reverse("planning:objective_list", args=[sheet]),
    ):
        client.get(place)
        with django_assert_max_num_queries(15):
            client.get(place)


def test_copies_are_confirmed_one_by_one_before_they_are_sent(agency, client):
    approved(agency, client)
    agency.sign_in(client, "thu")
    client.post(reverse("planning:objectives_copy"), {"nam": "2025"})
    copy = Objective.objects.latest("id")
    early = client.post(reverse("planning:objectives_gather"), {"nam": "2026", "chosen": copy.pk})
    client.post(reverse("planning:objective_confirm", args=[copy.pk]))
    client.post(reverse("planning:objectives_gather"), {"nam": "2026", "chosen": copy.pk})
    page = text(client.get(reverse("planning:objectives"), {"nam": "2026"}))

    assert early.status_code == 422
    assert "chưa xác nhận" in text(early)
    assert "Danh sách đang chờ lãnh đạo phê duyệt" in page
    assert date_vn(ObjectiveList.objects.latest("id").gathered_at) in page
