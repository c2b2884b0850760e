"""The pages of training."""

import html
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import load_workbook

from nep.apps.competence.models import Need, Session, TrainingPlan
from nep.kernel.vietnamese import date_text, local

pytestmark = pytest.mark.django_db


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def session_told(agency, **change) -> dict:
    today = local(timezone.now()).date()
    values = {
        "title": "Tiếp nhận hồ sơ trên hệ thống", "day": date_text(today), "time": "08:00",
        "hours": "3,5", "form": "inside", "trainer_person": "", "trainer": "Bà Mai, Sở Nội vụ",
        "place": "Hội trường", "organiser": agency.people["thu"], "requirement": "",
        "people": [agency.people["lan"], agency.people["huy"]],
    }  # fmt: skip
    return {**values, **change}


def test_training_goes_its_whole_way_over_the_pages(agency, client):
    home = reverse("competence:home")
    agency.sign_in(client, "thu")
    empty = text(client.get(home))
    client.post(
        reverse("competence:need_new"),
        {"title": "Dùng hệ thống mới", "people": [agency.people["lan"]]},
    )
    need = Need.objects.get().pk
    form = text(client.get(reverse("competence:session_new"), {"can": need}))
    bad = client.post(
        reverse("competence:session_new"), session_told(agency, hours="lâu", can=need)
    )
    client.post(reverse("competence:session_new"), session_told(agency, can=need))
    listed = text(client.get(home))
    one, year = Session.objects.get(), TrainingPlan.objects.get().year
    client.post(reverse("competence:plan_send"), {"nam": year})
    plan = TrainingPlan.objects.get()
    agency.sign_in(client, "ha")
    shown = text(client.get(reverse("competence:plan", args=[plan.pk])))
    client.post(reverse("competence:plan_approve", args=[plan.pk]), {"sha256": plan.sha256})
    agency.sign_in(client, "lan")
    scanned = client.get(reverse("competence:session_scan", args=[one.key]), follow=True)
    place = reverse("competence:session", args=[one.pk])
    client.post(place + "co-mat/")
    agency.sign_in(client, "thu")
    page = client.get(place)
    client.post(
        place + "da-mo/",
        {"people": [agency.people["lan"]], "effect_on": date_text(local(timezone.now()).date())},
    )
    agency.sign_in(client, "toan")
    unproved = client.post(place + "hieu-qua/", {"verdict": "co", "note": ""})
    client.post(place + "hieu-qua/", {"verdict": "co", "note": "Hồ sơ nhập đủ trong tuần."})
    last = text(client.get(place))

    assert "chưa có nhu cầu, kế hoạch đào tạo" in empty
    assert "Lập buổi đào tạo cho 1 nhu cầu" in form
    assert (bad.status_code, unproved.status_code) == (422, 422)
    assert "Trình lãnh đạo 1 buổi chưa duyệt" in listed
    assert "Phê duyệt 1 buổi đào tạo" in shown
    assert "Tôi có mặt" in text(scanned)
    assert "<svg" in text(page)
    assert f'value="{agency.people["lan"]}"' in text(page)
    assert "Hiệu quả: Tiếp nhận hồ sơ trên hệ thống" in last
    assert "tự điểm danh" in last


def test_positions_show_who_lacks_what_and_make_needs_in_one_tap(agency, client):
    agency.sign_in(client, "thu")
    place = reverse("competence:positions")
    client.post(
        reverse("competence:requirement_add"),
        {"title": "Đánh giá nội bộ", "role": "specialist", "months": ""},
    )
    twice = client.post(
        reverse("competence:requirement_add"),
        {"title": "Đánh giá nội bộ", "role": "specialist", "months": ""},
    )
    shown = text(client.get(place))
    wanted = client.get(place).context["gaps"][0].id
    none = client.post(reverse("competence:needs_take"), {})
    client.post(reverse("competence:needs_take"), {"chosen": wanted})
    home = text(client.get(reverse("competence:home")))
    drop = reverse("competence:need_drop", args=[Need.objects.get().pk])
    client.post(drop, {"reason": "Đã học ở cơ quan cũ."})
    client.post(reverse("competence:requirement_end", args=[wanted]))

    assert (twice.status_code, none.status_code) == (422, 422)
    assert "2 lượt người còn thiếu năng lực" in shown
    assert "Yêu cầu của vị trí" in home
    assert Need.objects.get().state == "dropped"
    assert "Chưa ghi vị trí nào" in text(client.get(place))


def test_papers_sheets_and_changes(agency, client, django_assert_max_num_queries):
    agency.sign_in(client, "thu")
    for number in range(4):
        client.post(
            reverse("competence:session_new"), session_told(agency, title=f"Lớp thứ {number}")
        )
    one = Session.objects.earliest("id").pk
    place = reverse("competence:session", args=[one])
    later = date_text(local(timezone.now()).date() + timedelta(days=0))
    client.post(place + "sua/", session_told(agency, title="Lớp đã đổi tên", day=later))
    client.post(place + "huy/", {"reason": ""})
    year = TrainingPlan.objects.get().year
    client.post(reverse("competence:plan_send"), {"nam": year})
    plan = TrainingPlan.objects.get().pk
    for address in (reverse("competence:home"), place, reverse("competence:plan", args=[plan])):
        client.get(address)
        with django_assert_max_num_queries(15):
            client.get(address)
    sheet = load_workbook(
        io.BytesIO(client.get(reverse("competence:training_file")).content)
    ).get_sheet_by_index(0).to_python()  # fmt: skip

    assert "Lớp đã đổi tên" in text(client.get(place))
    assert sheet[1][1] == "Lớp đã đổi tên"
    for name, key in (("session_paper", one), ("plan_paper", plan)):
        for ending, start in (("pdf", b"%PDF-"), ("docx", b"PK")):
            given = client.get(reverse(f"competence:{name}", args=[key, ending]))
            assert given.content.startswith(start)
        assert client.get(reverse(f"competence:{name}", args=[key, "xls"])).status_code == 404
