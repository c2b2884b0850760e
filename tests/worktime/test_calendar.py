"""Working days, openings and closings, and the report of the command line."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from nep.config.reference import calendar_of
from nep.worktime import (
    VN,
    CalendarSpec,
    DayRule,
    OutsideCalendar,
    Pause,
    Slot,
    amount_words,
    compile_calendar,
    deadline_report,
    hours_words,
    parse_moment,
    parse_pause,
    used_minutes,
)

CALENDAR = calendar_of()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VN)


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-20T09:00", "2026-11-20T09:00"),
        ("2026-11-20T11:30", "2026-11-20T13:30"),
        ("2026-11-20T17:30", "2026-11-23T07:30"),
        ("2026-11-23T18:00", "2026-11-25T07:30"),
        ("2026-01-09T18:00", "2026-01-10T07:30"),
    ],
)
def test_the_next_opening(moment, opening):
    assert CALENDAR.next_opening(at(moment)) == at(opening)


def test_working_days_are_counted_over_swapped_days():
    assert CALENDAR.add_working_days(date(2026, 1, 9), 1) == date(2026, 1, 10)
    assert CALENDAR.add_working_days(date(2026, 8, 28), 1) == date(2026, 9, 3)
    assert CALENDAR.working_days_between(date(2026, 8, 28), date(2026, 9, 3)) == 1
    assert CALENDAR.working_days_between(date(2026, 2, 13), date(2026, 2, 22)) == 0


def test_a_day_knows_its_name_and_its_close():
    assert CALENDAR.day_name(date(2026, 11, 24)) == "Ngày Văn hóa Việt Nam"
    assert CALENDAR.day_name(date(2026, 11, 25)) == ""
    assert CALENDAR.day_close(date(2026, 11, 20)) == at("2026-11-20T17:30")
    assert CALENDAR.day_close(date(2026, 11, 21)) == at("2026-11-22T00:00")


def test_no_working_minute_lies_in_rest():
    assert CALENDAR.measure(at("2026-11-20T17:30"), at("2026-11-23T07:30")) == 0
    assert CALENDAR.measure(at("2026-11-20T11:00"), at("2026-11-20T14:00")) == 60
    assert CALENDAR.measure(at("2026-11-20T14:00"), at("2026-11-20T11:00")) == -60


def test_each_kind_of_day_has_its_hours():
    week = (*((Slot(450, 690), Slot(810, 1050)),) * 5, (), ())
    days = (
        DayRule(date(2026, 3, 2), "half_day", "sáng"),
        DayRule(date(2026, 3, 3), "closure", "bão"),
        DayRule(date(2026, 3, 4), "hours", "họp", slots=(Slot(480, 600),)),
        DayRule(date(2026, 3, 7), "swap_work", "làm bù"),
        DayRule(date(2026, 3, 8), "half_day", "Chủ nhật"),
    )
    calendar = compile_calendar(CalendarSpec("1", week, days, frozenset({2026}), 2026, 2026))

    assert [calendar.slots_on(date(2026, 3, day)) for day in (2, 3, 4, 7, 8)] == [
        (Slot(450, 690),), (), (Slot(480, 600),), week[0], (),
    ]  # fmt: skip
    with pytest.raises(OutsideCalendar):
        calendar.slots_on(date(2027, 1, 1))


@pytest.mark.parametrize("span", [(690, 450), (450, 450), (-1, 60), (0, 1441)])
def test_a_slot_is_a_stretch_of_one_day(span):
    with pytest.raises(ValueError, match="stretch"):
        Slot(*span)


def test_pauses_are_left_out_of_what_was_used():
    start, end = at("2026-11-19T07:30"), at("2026-11-20T11:30")
    stop = Pause("supplement", "stop", at("2026-11-19T09:30"), at("2026-11-19T15:30"))
    over = Pause("agency", "stop", at("2026-11-19T14:30"), at("2026-11-19T16:30"))
    none = Pause("payment", "none", at("2026-11-20T08:00"), at("2026-11-20T10:00"))
    again = Pause("supplement", "restart", at("2026-11-19T09:30"), at("2026-11-20T07:30"))

    def used(*pauses: Pause) -> int:
        return used_minutes(calendar=CALENDAR, started_at=start, end=end, pauses=pauses)

    assert used() == 12 * 60
    assert used(stop) == 8 * 60
    assert used(stop, over) == 7 * 60
    assert used(none) == 12 * 60
    assert used(again) == 4 * 60


def test_the_report_has_the_agreed_shape():
    report = deadline_report(
        calendar=CALENDAR, received_at=parse_moment("2026-11-26T09:00"), amount=Decimal(25),
        unit="working_day", pauses=[parse_pause("2026-11-30T17:30/2026-12-02T16:48")],
    )  # fmt: skip

    assert set(report) == {"due_at", "explanation", "ledger"}
    assert report["due_at"] == "2027-01-05T17:30:00+07:00"
    assert report["explanation"].startswith("25 ngày làm việc; tiếp nhận 09:00 thứ Năm 26/11/2026")
    assert report["explanation"].endswith("→ hạn 17:30 thứ Ba 05/01/2027 (dự kiến)")
    assert [set(row) for row in report["ledger"]] == [{"label", "value", "detail"}] * 8


def test_an_open_pause_reports_no_due_moment():
    report = deadline_report(
        calendar=CALENDAR, received_at=parse_moment("2026-11-26T09:00"), amount=5,
        unit="working_day", pauses=[parse_pause("2026-11-27T08:00/")],
    )  # fmt: skip

    assert report["due_at"] is None
    assert report["explanation"].endswith("chưa có hạn vì đang tạm dừng")


def test_naive_moments_are_vietnams_and_others_keep_their_instant():
    assert parse_moment("2026-11-26T09:00") == at("2026-11-26T09:00")
    assert parse_moment("2026-11-26T02:00Z") == datetime(2026, 11, 26, 2, 0, tzinfo=UTC)


def test_amounts_and_hours_in_words():
    assert amount_words(Decimal("0.5"), "working_day") == "0,5 ngày làm việc"
    assert amount_words(Decimal("10"), "working_hour") == "10 giờ làm việc"
    assert amount_words(15, "calendar_day") == "15 ngày"
    assert hours_words(2570) == "42 giờ 50 phút"
