"""Letters: one for a person and a day, nothing twice, nobody disturbed, nothing of applicants."""

from datetime import date, datetime, timedelta

import pytest
from django.core import mail

from nep.apps.organization import services as organization
from nep.apps.organization.models import Person
from nep.apps.organization.tests.scene import NOW
from nep.apps.work import ports, queries, services
from nep.apps.work.models import Notice, WorkItem
from nep.apps.work.tests.make import at, item
from nep.foundation.accounts.models import User
from nep.foundation.db.archive import note_restored
from nep.foundation.journal.models import JournalEntry
from nep.foundation.notify import services as choices
from nep.foundation.notify.delivery import letters_send
from nep.foundation.notify.models import Letter, Waiting
from nep.kernel.vietnamese import VN

MORNING = at(10, 8)  # a Thursday
REASON = "Đi công tác nhiều ngày"


@pytest.fixture(autouse=True)
def subjects(monkeypatch):
    monkeypatch.setattr(
        ports, "_subjects", {"case": lambda ids: dict.fromkeys(ids, "Cấp giấy phép hoạt động")}
    )


@pytest.fixture
def office(agency):
    """The department with addresses for Lan, Huy and Toàn."""
    for key in ("lan", "huy", "toan"):
        Person.objects.filter(pk=agency.people[key]).update(email=f"{key}@so.example")
    return agency


def letters(who: str = "") -> list[Letter]:
    rows = Letter.objects.order_by("id")
    return list(rows.filter(address=f"{who}@so.example") if who else rows)


def hand(office, item_id: int, receiver: str, now: datetime = NOW, giver: str = "huy") -> None:
    services.item_hand_over(
        actor=office.actor(giver), now=now, item_id=item_id, receiver_id=office.people[receiver],
        reason=REASON,
    )  # fmt: skip
    services.handed_wait(item_id=item_id, person_id=office.people[receiver], now=now)


def want(office, who: str, **change) -> None:
    facts = {"mail": {}, "silent": (), "hour": 8, "weekday": 0, **change}
    choices.choice_change(
        person_id=office.people[who], agency_id=office.agency_id, now=NOW, **facts
    )


def test_a_day_is_one_letter_with_everything_in_it_the_most_urgent_first(office):
    item(office, due=at(14, 17), title="Phê duyệt kết quả")
    item(office, due=at(9, 17), title="Thẩm định nội dung")
    item(office, due=at(10, 15), title="Trả kết quả")
    item(office, due=at(22, 17), title="Còn lâu")
    written = services.letters_write(now=MORNING)

    (one,) = letters("lan")
    assert written == 1
    assert one.subject == "Nếp: 1 việc quá hạn, 1 việc đến hạn hôm nay, 1 việc sắp đến hạn"
    order = [one.text.index(title) for title in ("Thẩm định", "Trả kết quả", "Phê duyệt")]
    assert order == sorted(order)
    assert "Còn lâu" not in one.text
    assert "Cấp giấy phép hoạt động" in one.text
    assert "Hạn 17:00 thứ Tư, 09/12, quá 1 giờ" in one.text
    assert JournalEntry.objects.filter(action="work.letters_written").count() == 1


def test_nothing_of_the_applicant_and_no_note_leaves_the_house(office):
    item(office, due=at(9, 9), detail="Bệnh viện Tâm An · Cấp giấy phép", note="gọi bà Hoa")
    services.letters_write(now=MORNING)

    (one,) = letters()
    assert "Tâm An" not in one.text + one.html + one.subject
    assert "bà Hoa" not in one.text + one.html


def test_nothing_is_told_twice_whoever_asks_how_often(office):
    item(office, due=at(9, 17))
    counts = [services.letters_write(now=MORNING + timedelta(minutes=n)) for n in range(3)]
    tomorrow = services.letters_write(now=at(11, 8))

    assert counts == [1, 0, 0]
    assert tomorrow == 0


def test_what_is_still_late_is_told_again_after_a_week_of_work(office):
    item(office, due=at(9, 17))
    days = [day for day in range(10, 24) if services.letters_write(now=at(day, 8))]

    assert days == [10, 17]


def fail(letter: Letter) -> None:
    Letter.objects.filter(pk=letter.pk).update(state=Letter.DEAD, ended_at=MORNING)


def test_what_a_lost_letter_told_comes_over_in_parts_and_once(office):
    want(office, "lan", mail={"new": "now"})
    item(office, due=at(9, 9), title="Việc trễ", opened_at=at(1, 8))
    item(office, title="Việc mới một", opened_at=at(10, 7, 50))
    services.letters_write(now=MORNING)
    (first,) = letters("lan")
    assert "Việc trễ" in first.text and "Việc mới một" in first.text
    fail(first)

    item(office, title="Việc mới hai", opened_at=NOW)
    services.letters_write(now=NOW)  # tells what is new at once, and takes that part over
    for day in (11, 14, 15):
        services.letters_write(now=at(day, 8))

    later = [one.text for one in letters("lan")[1:]]
    assert [sum(title in text for text in later) for title in ("Việc trễ", "Việc mới một")] == [
        1,
        1,
    ]


def test_a_hand_over_in_a_lost_letter_comes_with_the_next(office):
    services.letters_write(now=MORNING)
    hand(office, item(office, "huy", title="Việc giao", opened_at=at(1, 8)), "lan")
    services.letters_write(now=NOW)
    (first,) = letters("lan")
    assert "Việc giao" in first.text
    fail(first)
    assert services.letters_write(now=NOW + timedelta(hours=1)) == 0  # a lost letter causes none

    hand(office, item(office, "huy", title="Việc hai"), "lan", NOW + timedelta(hours=1))
    services.letters_write(now=NOW + timedelta(hours=3, minutes=30))
    services.letters_write(now=at(11, 8))

    later = [one.text for one in letters("lan")[1:]]
    assert sum("Việc giao" in text for text in later) == 1


def test_an_item_older_than_the_calendars_is_told_once_and_stops_nobody(office):
    item(office, due=datetime(2022, 6, 1, 17, tzinfo=VN), title="Việc cũ")
    item(office, "huy", due=at(9, 9))

    assert services.letters_write(now=MORNING) == 2
    assert services.letters_write(now=at(18, 8)) == 1  # only what can be counted is told again
    assert ["Việc cũ" in one.text for one in letters("lan")] == [True]


def test_a_moved_due_date_is_another_telling(office):
    item_id = item(office, due=at(11, 17))
    services.letters_write(now=MORNING)
    services.item_due_change(batch=None, item_id=item_id, due_at=at(14, 17))

    assert services.letters_write(now=at(11, 8)) == 1


@pytest.mark.parametrize("moment", [at(10, 7, 40), at(10, 12), at(10, 18), at(12, 9), at(13, 9)])
def test_nobody_is_written_to_before_the_hour_outside_office_hours_and_at_weekends(office, moment):
    item(office, due=at(9, 9))

    assert services.letters_write(now=moment) == 0


def test_disabled_accounts_and_people_without_address_get_none(office):
    item(office, due=at(9, 9))
    item(office, "tuan", due=at(9, 9), unit_id=office.units["MC"], role="reception")
    User.objects.filter(pk=office.users["lan"]).update(is_active=False, disabled_at=NOW)

    assert services.letters_write(now=MORNING) == 0


def test_an_item_nobody_took_is_told_to_all_of_its_role(office):
    item(office, None, due=at(9, 9))
    services.letters_write(now=MORNING)

    assert [len(letters(who)) for who in ("lan", "huy", "toan")] == [1, 1, 0]


def test_a_hand_over_comes_within_a_quarter_of_an_hour_as_one_letter(office):
    services.letters_write(now=MORNING)
    for _ in range(3):
        hand(office, item(office, "huy", due=at(22, 17)), "lan")
    services.letters_write(now=NOW + timedelta(minutes=1))
    hand(office, item(office, "huy", due=at(23, 17)), "lan")
    services.letters_write(now=NOW + timedelta(minutes=4))
    held_back = len(letters("lan"))
    services.letters_write(now=NOW + timedelta(minutes=11))

    assert held_back == 1
    assert [one.count for one in letters("lan")] == [3, 1]
    assert REASON not in letters("lan")[0].text
    assert not Waiting.objects.exists()


def test_an_item_given_back_and_forth_is_told_each_time_and_a_repeated_event_is_not(office):
    services.letters_write(now=MORNING)
    item_id = item(office, "huy", due=at(22, 17))
    hand(office, item_id, "lan")
    services.handed_wait(item_id=item_id, person_id=office.people["lan"], now=NOW)
    services.letters_write(now=NOW)
    services.handed_wait(item_id=item_id, person_id=office.people["lan"], now=NOW)
    assert services.letters_write(now=NOW + timedelta(minutes=15)) == 0
    hand(office, item_id, "huy", NOW + timedelta(hours=1), "lan")
    hand(office, item_id, "lan", NOW + timedelta(hours=2))
    services.letters_write(now=NOW + timedelta(hours=3, minutes=30))

    assert len(letters("lan")) == 2


def test_letters_of_a_day_are_bounded_and_the_rest_comes_tomorrow(office):
    services.letters_write(now=MORNING)
    now = at(10, 13, 30)
    for _ in range(8):
        hand(office, item(office, "huy", due=at(22, 17)), "lan", now)
        services.letters_write(now=now)
        now += timedelta(minutes=15)
    today = len(letters("lan"))
    services.letters_write(now=at(11, 8))

    assert today == 6
    assert letters("lan")[-1].count == 2


def test_a_person_chooses_what_comes_when(office):
    want(office, "lan", mail={"late": "week", "soon": "off", "new": "now"}, hour=10, weekday=4)
    item(office, due=at(9, 9))
    item(office, due=at(10, 17))
    early = services.letters_write(now=at(10, 9))
    thursday = services.letters_write(now=NOW)
    friday = services.letters_write(now=at(11, 10))

    assert (early, thursday, friday) == (0, 1, 1)
    assert [one.subject for one in letters("lan")] == ["Nếp: 2 việc mới", "Nếp: 2 việc quá hạn"]


def test_what_is_opened_comes_at_once_to_who_wants_it_so(office):
    want(office, "lan", mail={"new": "now", "reading": "off"})
    services.letters_write(now=MORNING)
    for kind in ("case", "reading"):
        item(office, kind=kind, opened_at=NOW, title=f"Việc {kind}")
    item(office, "huy", opened_at=NOW)
    services.letters_write(now=NOW)

    (one,) = letters()
    assert "Việc case" in one.text
    assert one.subject == "Nếp: 1 việc mới"


def test_readings_and_returned_drafts_come_in_the_same_letter(office):
    item(office, kind="reading", title="Đọc Sổ tay chất lượng", source_type="reading",
         source_code="ST-01", detail="ST-01, 02/00", opened_at=NOW)  # fmt: skip
    item(office, kind="document", title="Sửa QT-02", source_type="revision", source_code="QT-02",
         step_label="Bị trả lại", opened_at=NOW)  # fmt: skip
    services.letters_write(now=NOW)

    (one,) = letters()
    assert one.subject == "Nếp: 1 bản thảo bị trả lại, 1 tài liệu cần đọc"


def test_while_somebody_is_away_who_acts_for_them_is_told(office):
    item(office, "toan", due=at(9, 9), role="unit_head")
    hat = office.hat("toan")
    organization.absence_start(
        actor=office.actor("toan"), now=NOW, person_id=office.people["toan"],
        starts_on=date(2026, 12, 10), ends_on=date(2026, 12, 11), reason="Nghỉ phép năm",
    )  # fmt: skip
    organization.delegation_start(
        actor=office.actor("toan"), now=NOW, agency_id=office.agency_id, appointment_id=hat,
        receiver_id=office.people["lan"], prefix="KT.", starts_on=date(2026, 12, 10),
        ends_on=date(2026, 12, 11),
    )  # fmt: skip
    services.letters_write(now=MORNING)
    services.reminders_send(now=MORNING)
    before = (len(letters("toan")), len(letters("lan")))
    services.letters_write(now=at(14, 8))

    assert before == (0, 1)
    assert "làm thay Đặng Văn Toàn" in letters("lan")[0].text
    assert len(letters("toan")) == 1
    assert set(Notice.objects.values_list("person_id", flat=True)) == {office.people["lan"]}


def leave(office, who: str, last: date = date(2026, 12, 11)) -> None:
    organization.absence_start(
        actor=office.actor(who), now=NOW, person_id=office.people[who],
        starts_on=date(2026, 12, 10), ends_on=last, reason="Nghỉ phép năm",
    )  # fmt: skip


def test_work_of_who_is_away_without_a_delegate_is_told_to_the_head_and_waits_for_them(office):
    item(office, due=at(9, 9), title="Thẩm định nội dung", source_code="HS-1")
    hand(office, item(office, "huy", due=at(30, 17)), "lan")
    leave(office, "lan")
    services.letters_write(now=MORNING)
    services.reminders_send(now=MORNING)
    away = (len(letters("lan")), [one.text for one in letters("toan")])
    bells = dict(Notice.objects.values_list("person_id", "text"))
    services.letters_write(now=at(14, 8))

    assert away[0] == 0
    assert "Trần Thị Mai Lan vắng đến hết 11/12, chưa có người làm thay" in away[1][0]
    assert "HS-1" in away[1][0]
    assert bells[office.people["toan"]] == "1 việc của người vắng mặt vừa quá hạn"
    assert office.people["lan"] in bells
    (back,) = letters("lan")
    assert (back.count, "HS-1" in back.text, "việc mới bàn giao" in back.text) == (2, True, True)


def test_a_head_away_is_told_of_to_the_leaders_and_nobody_left_means_the_person(office):
    Person.objects.filter(pk=office.people["ha"]).update(email="ha@so.example")
    item(office, "toan", due=at(9, 9), role="unit_head", title="Phê duyệt")
    item(office, due=at(9, 9), title="Thẩm định")
    leave(office, "toan")
    leave(office, "lan")
    services.letters_write(now=MORNING)
    to_leader = [one.count for one in letters("ha")]
    leave(office, "ha")
    services.letters_write(now=at(10, 9))
    services.letters_write(now=at(11, 9))

    assert to_leader == [2]
    assert [len(letters(who)) for who in ("lan", "toan", "ha")] == [1, 1, 1]


def test_after_a_backup_was_restored_no_letter_of_that_day_is_written_again(office, settings):
    item(office, due=at(9, 9))
    note_restored(settings.NEP.data_folder, at=at(10, 7, 50))
    today = services.letters_write(now=MORNING)

    assert today == 0
    assert services.letters_write(now=at(11, 8)) == 1


def test_what_is_written_is_sent_once(office):
    item(office, due=at(9, 9))
    services.letters_write(now=MORNING)
    letters_send(now=MORNING)
    letters_send(now=MORNING + timedelta(minutes=1))

    (one,) = mail.outbox
    assert one.to == ["lan@so.example"]
    assert one.alternatives[0][1] == "text/html"
    assert "http://127.0.0.1:8000/ho-so/" in one.body


def test_the_bell_stays_quiet_of_what_a_person_keeps_from_it_but_never_of_what_is_late(office):
    want(office, "lan", silent=("soon", "handed"))
    item(office, due=at(10, 11))
    item(office, due=at(9, 9))
    services.reminders_send(now=NOW)
    services.notice_add(
        person_id=office.people["lan"], agency_id=office.agency_id, key="handed:1", text="x",
        link="/", at=NOW, kind="handed",
    )  # fmt: skip

    (line,) = queries.notice_lines(actor=office.actor("lan"))
    assert line.text == "1 việc của bạn vừa quá hạn"


def test_a_person_with_nothing_to_hear_is_looked_at_once_a_day(
    office, django_assert_max_num_queries
):
    services.letters_write(now=MORNING)
    with django_assert_max_num_queries(12):
        services.letters_write(now=MORNING + timedelta(minutes=1))

    assert not WorkItem.objects.exists()
