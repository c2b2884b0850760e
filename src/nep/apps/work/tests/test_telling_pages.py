"""The pages of letters: a person's choices, the calendar by address, what the administrator sees."""

import re
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nep.apps.organization.models import Person
from nep.apps.organization.tests.scene import NOW
from nep.apps.work import ports, services
from nep.apps.work.tests.make import item
from nep.foundation.accounts.models import User
from nep.foundation.journal.models import JournalEntry
from nep.foundation.notify import queries as notify
from nep.foundation.notify.composing import Message
from nep.foundation.notify.models import Feed, Letter
from nep.foundation.notify.services import letter_write
from nep.kernel.vietnamese import VN

CHOICES, MAIL, FEED = "/viec/thong-bao/cach-nhan/", "/viec/thu-bao/", "/viec/thong-bao/lich/"
ALL_DAY = {"late": "day", "soon": "day", "handed": "now", "returned": "day", "reading": "day",
           "new": "off"}  # fmt: skip


@pytest.fixture(autouse=True)
def subjects(monkeypatch):
    monkeypatch.setattr(
        ports, "_subjects", {"case": lambda ids: dict.fromkeys(ids, "Cấp giấy phép hoạt động")}
    )


@pytest.fixture
def lan(agency, client):
    Person.objects.filter(pk=agency.people["lan"]).update(email="lan@so.example")
    agency.sign_in(client, "lan")
    return client


@pytest.fixture
def admin(agency, client):
    User.objects.filter(pk=agency.users["admin"]).update(is_system_admin=True)
    agency.sign_in(client, "admin")
    return client


def text(response) -> str:
    return response.content.decode()


def typed(**change) -> dict[str, str]:
    paces = {f"mail-{kind}": pace for kind, pace in ALL_DAY.items()}
    bells = {f"bell-{kind}": "on" for kind in ("soon", "handed", "reading")}
    return {**paces, **bells, "hour": "8", "weekday": "0", **change}


def test_the_heading_says_how_one_is_told_and_the_choice_is_kept(agency, lan):
    before = text(lan.get(CHOICES))
    answer = lan.post(CHOICES, typed(**{"mail-late": "week", "bell-soon": "", "hour": "14"}))
    after = text(lan.get(CHOICES))

    wish = notify.wish_of(agency.people["lan"])
    assert "Thư gộp gửi từ 8 giờ mỗi ngày làm việc" in before
    assert "lan@so.example" in before
    assert answer.status_code == 302
    assert "Thư gộp gửi từ 14 giờ" in after
    assert (wish.pace("late"), wish.silent, wish.hour) == ("week", {"soon"}, 14)
    assert JournalEntry.objects.filter(action="notify.choice_changed").count() == 1


def test_a_choice_that_is_not_offered_is_refused_in_words(agency, lan):
    answer = lan.post(CHOICES, typed(**{"mail-late": "now", "hour": "22"}))

    assert answer.status_code == 422
    assert "aria-invalid" in text(answer) or "err" in text(answer)
    assert notify.wish_of(agency.people["lan"]).pace("late") == "day"


def test_without_an_address_the_page_says_who_writes_it_down(agency, client):
    agency.sign_in(client, "huy")

    assert "Chưa có địa chỉ thư, thông báo chỉ hiện trong Nếp" in text(client.get(CHOICES))


def feed_path(answer) -> str:
    found = re.search(r'data-copy="http://[^/"]+(/viec/lich-ca-nhan/[^"]+\.ics)"', text(answer))
    assert found
    return found.group(1)


def test_a_calendar_address_is_shown_once_and_works_without_a_log_in(agency, lan, client):
    made = lan.post(FEED, {"act": "make"})
    path = feed_path(made)
    due = datetime.now(VN).replace(hour=10, minute=15, second=0, microsecond=0) + timedelta(days=9)
    item(agency, due=due, title="Thẩm định nội dung", detail="Bệnh viện Tâm An · Cấp giấy phép")
    item(agency, "huy", due=due, title="Việc của Huy")
    back, later = lan.get(FEED)["Location"], text(lan.get(CHOICES))
    client.logout()
    answer = client.get(path)
    body = answer.content.replace(b"\r\n ", b"").decode()

    assert made["Cache-Control"] == "no-store"
    assert "Địa chỉ tạo lúc" in later
    assert path not in later
    assert back == CHOICES
    assert path.split("/")[-1].removesuffix(".ics") not in str(list(Feed.objects.values()))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert body.count("BEGIN:VEVENT") == 1
    assert f"DTSTART;TZID=Asia/Ho_Chi_Minh:{due:%Y%m%dT%H%M%S}" in body
    assert "Thẩm định nội dung" in body
    assert "Cấp giấy phép hoạt động" in body
    assert "Tâm An" not in body


def test_a_calendar_that_says_the_same_is_answered_by_its_tag_alone(agency, lan):
    path = feed_path(lan.post(FEED, {"act": "make"}))
    item_id = item(agency, due=NOW + timedelta(days=9))
    first = lan.get(path)
    same = lan.get(path, HTTP_IF_NONE_MATCH=first["ETag"])
    services.item_close(batch=None, item_id=item_id, at=NOW, by_id=None)
    done = lan.get(path, HTTP_IF_NONE_MATCH=first["ETag"])

    assert (same.status_code, same.content) == (304, b"")
    assert done.status_code == 200
    assert b"STATUS:CANCELLED" in done.content
    assert b"SEQUENCE:1" in done.content


def test_an_item_due_at_the_close_of_the_office_is_a_whole_day(agency, lan, calendar):
    path = feed_path(lan.post(FEED, {"act": "make"}))
    day = (NOW + timedelta(days=5)).date()
    item(agency, due=calendar.day_close(day))
    item(agency, due=calendar.day_close(day) - timedelta(minutes=1))

    body = lan.get(path).content.decode()
    assert f"DTSTART;VALUE=DATE:{day:%Y%m%d}" in body
    assert f"DTSTART;TZID=Asia/Ho_Chi_Minh:{day:%Y%m%d}T172900" in body


def test_an_address_renewed_withdrawn_or_of_a_stopped_account_leads_nowhere(agency, lan):
    first = feed_path(lan.post(FEED, {"act": "make"}))
    second = feed_path(lan.post(FEED, {"act": "make"}))
    renewed = (lan.get(first).status_code, lan.get(second).status_code)
    User.objects.filter(pk=agency.users["lan"]).update(is_active=False, disabled_at=NOW)
    stopped = lan.get(second).status_code
    User.objects.filter(pk=agency.users["lan"]).update(is_active=True)
    agency.sign_in(lan, "lan")
    lan.post(FEED, {"act": "withdraw"})

    assert renewed == (404, 200)
    assert stopped == 404
    assert lan.get(second).status_code == 404
    assert "Tạo địa chỉ lịch" in text(lan.get(CHOICES))


def test_a_calendar_asked_too_often_says_when_to_come_back_and_its_key_is_in_no_log(
    agency, lan, caplog
):
    path = feed_path(lan.post(FEED, {"act": "make"}))
    with caplog.at_level("INFO", logger="nep.request"):
        answers = [lan.get(path) for _ in range(32)]

    assert answers[-1].status_code == 429
    assert answers[-1]["Retry-After"] == "600"
    assert "lich-ca-nhan" in caplog.text
    assert path not in caplog.text


def test_two_thousand_items_cost_no_more_questions_than_two(agency, lan):
    path = feed_path(lan.post(FEED, {"act": "make"}))
    lan.get(path)
    counts = []
    for number in (2, 20):
        for _ in range(number):
            item(agency, due=NOW + timedelta(days=9))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            lan.get(path)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def letter(agency, state: int, fault: str = "") -> int:
    pk = letter_write(
        person_id=agency.people["lan"], agency_id=agency.agency_id, period=f"day:{state}",
        address="lan@so.example", message=Message("Nếp: 1 việc quá hạn", "a", "b"),
        keys=[f"{state}:on"], now=NOW,
    )  # fmt: skip
    ended = NOW if state > Letter.SENDING else None
    Letter.objects.filter(pk=pk).update(state=state, fault=fault, ended_at=ended)
    assert pk
    return pk


def test_the_administrator_sees_what_did_not_go_and_sends_it_again_knowingly(agency, admin):
    unknown = letter(agency, Letter.UNKNOWN, "Máy chủ thư ngắt kết nối giữa chừng.")
    dead = letter(agency, Letter.DEAD, "Máy chủ thư không nhận địa chỉ người nhận.")
    page = text(admin.get(MAIL))
    elsewhere = text(admin.get(reverse("work:mine")))
    again = admin.post(MAIL, {"act": "resend", "letter": unknown})
    seen = admin.post(MAIL, {"act": "seen", "letter": dead})
    after = text(admin.get(MAIL))

    assert "2 thư cần bạn xem" in page
    assert "không rõ đã gửi" in page
    assert "Gửi lại, có thể trùng" in page
    assert "2 thư chưa gửi được" in elsewhere
    assert (again.status_code, seen.status_code) == (302, 302)
    assert "thư cần bạn xem" not in after
    assert Letter.objects.get(pk=unknown).state == Letter.READY
    assert Letter.objects.get(pk=dead).state == Letter.DEAD
    assert admin.post(MAIL, {"act": "resend", "letter": unknown}).status_code == 409
    actions = set(JournalEntry.objects.values_list("action", flat=True))
    assert {"notify.letter_resent", "notify.letter_seen"} <= actions


def test_a_trial_letter_goes_at_once_and_the_page_says_what_came_of_it(agency, admin, settings):
    good = admin.post(MAIL, {"act": "trial", "address": "quantri@so.example"})
    bad = admin.post(MAIL, {"act": "trial", "address": "quantri"})
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens there
    dead = admin.post(MAIL, {"act": "trial", "address": "quantri@so.example"})

    assert [one.to for one in mail.outbox] == [["quantri@so.example"]]
    assert "quantri@so.example đã ghi vào thư mục" in text(good)
    assert bad.status_code == 422
    assert "Thư thử không gửi được." in text(dead)
    assert "không nhận kết nối ở cổng đã đặt" in text(dead)


def test_values_are_changed_within_their_bounds_by_system_administrators_only(
    agency, admin, client
):
    kept = admin.post(MAIL, {"act": "value", "key": "before_days", "value": "3"})
    refused = admin.post(MAIL, {"act": "value", "key": "before_days", "value": "30"})
    values = notify.values()
    agency.sign_in(client, "lan")

    assert kept.status_code == 302
    assert refused.status_code == 422
    assert "chỉ nhận từ 0 đến 10" in text(refused)
    assert values.before_days == 3
    assert client.get(MAIL).status_code == 403
    assert (
        client.post(MAIL, {"act": "value", "key": "before_days", "value": "1"}).status_code == 403
    )
    assert client.post(MAIL, {"act": "trial", "address": "a@b.example"}).status_code == 403
