"""Deadlines by the letter of the law, pauses, and their account in words."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nep.config.reference import calendar_of
from nep.worktime import (
    VN,
    Clock,
    OutsideCalendar,
    Pause,
    UnusableLimit,
    clock_again,
    clock_due,
    clock_pause,
    clock_resume,
    clock_start,
    clock_stop,
    clock_used,
    deadline,
    due_words,
    duration_words,
    explain,
    parse_pause,
    remaining,
    urgency,
)

CALENDAR = calendar_of()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VN)


def due(received: str, amount, unit: str, *pauses: Pause):
    return deadline(
        calendar=CALENDAR, received_at=at(received), amount=Decimal(str(amount)), unit=unit,
        pauses=pauses,
    ).due_at  # fmt: skip


def stop(start: str, end: str | None) -> Pause:
    return Pause("supplement", "stop", at(start), at(end) if end else None)


@pytest.mark.parametrize(
    ("received", "amount", "unit", "expected"),
    [
        # the first day is not counted, whatever the hour (Điều 147)
        ("2026-04-28T09:00", 5, "working_day", "2026-05-07T17:30"),
        ("2026-04-28T17:29", 5, "working_day", "2026-05-07T17:30"),
        # hours run from acceptance; the last minute belongs to its own afternoon
        ("2026-11-20T16:30", 2, "working_hour", "2026-11-23T08:30"),
        ("2026-11-20T13:30", 4, "working_hour", "2026-11-20T17:30"),
        # 24 November is a day off from 2026 and was none in 2025
        ("2026-11-23T08:00", 1, "working_day", "2026-11-25T17:30"),
        ("2025-11-21T08:00", 1, "working_day", "2025-11-24T17:30"),
        # swapped days: Friday 2/1 off, Saturday 10/1 worked
        ("2025-12-31T08:00", 1, "working_day", "2026-01-05T17:30"),
        ("2026-01-09T08:00", 1, "working_day", "2026-01-10T17:30"),
        # a limit in plain days ends on the next working day when its last is a day off (Điều 148)
        ("2026-11-13T08:00", 1, "calendar_day", "2026-11-16T17:30"),
        ("2026-11-16T08:00", 8, "calendar_day", "2026-11-25T17:30"),
        # half a working day is four hours
        ("2026-11-20T08:00", "0.5", "working_day", "2026-11-20T14:00"),
        # received on a day off: counting starts with the next working day
        ("2026-11-21T09:00", 1, "working_day", "2026-11-23T17:30"),
    ],
)
def test_limits_end_as_the_law_says(received, amount, unit, expected):
    assert due(received, amount, unit) == at(expected)


def test_a_working_day_partly_inside_a_pause_is_not_counted():
    pause = stop("2026-11-30T17:30", "2026-12-02T16:48")
    assert due("2026-11-26T09:00", 25, "working_day", pause) == at("2027-01-05T17:30")


def test_a_pause_within_lunch_costs_nothing():
    pause = stop("2026-11-19T11:45", "2026-11-19T13:00")
    assert due("2026-11-18T09:00", 2, "working_day", pause) == at("2026-11-20T17:30")


def test_hours_stand_still_during_a_pause():
    pause = stop("2026-11-19T10:00", "2026-11-20T10:00")
    assert due("2026-11-19T09:00", 4, "working_hour", pause) == at("2026-11-20T15:00")


def test_an_open_pause_leaves_no_due_date():
    assert due("2026-11-19T09:00", 4, "working_hour", stop("2026-11-19T10:00", None)) is None


def test_a_restart_gives_the_whole_limit_again():
    pause = Pause("supplement", "restart", at("2026-11-19T10:00"), at("2026-11-20T10:00"))
    assert due("2026-11-18T09:00", 3, "working_day", pause) == at("2026-11-26T17:30")


def test_a_file_completed_outside_office_hours_gives_the_whole_limit_again_too():
    """Source: Nghị định 118/2025/NĐ-CP Điều 19 khoản 5."""
    noon = Pause("supplement", "restart", at("2026-11-20T11:40"), at("2026-11-20T13:20"))
    assert due("2026-11-18T09:00", 3, "working_day", noon) == at("2026-11-26T17:30")
    weekend = Pause("supplement", "restart", at("2026-11-20T17:40"), at("2026-11-21T09:00"))
    assert due("2026-11-18T09:00", 3, "working_day", weekend) == at("2026-11-26T17:30")
    assert due(
        "2026-11-18T09:00", 3, "working_day", stop("2026-11-20T11:40", "2026-11-20T13:20")
    ) == at("2026-11-23T17:30")


def test_a_pause_without_effect_changes_nothing():
    pause = Pause("agency", "none", at("2026-11-19T10:00"), at("2026-11-20T10:00"))
    assert due("2026-11-18T09:00", 3, "working_day", pause) == due(
        "2026-11-18T09:00", 3, "working_day"
    )


def test_a_pause_after_the_due_moment_does_not_excuse_lateness():
    pause = stop("2026-11-23T08:00", "2026-11-25T08:00")
    assert due("2026-11-18T09:00", 2, "working_day", pause) == at("2026-11-20T17:30")


def test_a_date_in_a_year_without_notice_is_an_estimate():
    answer = deadline(
        calendar=CALENDAR, received_at=at("2026-12-28T09:00"), amount=10, unit="working_day"
    )
    assert answer.estimated
    assert (
        "dự kiến"
        in explain(
            calendar=CALENDAR, received_at=at("2026-12-28T09:00"), amount=10, unit="working_day"
        ).sentence
    )


def test_moments_of_any_zone_are_read_on_vietnams_clock():
    utc = datetime(2026, 4, 28, 2, 0, tzinfo=UTC)
    answer = deadline(calendar=CALENDAR, received_at=utc, amount=5, unit="working_day")
    assert answer.due_at == at("2026-05-07T17:30")


def test_every_due_date_explains_itself():
    told = explain(
        calendar=CALENDAR, received_at=at("2026-04-28T09:00"), amount=5, unit="working_day"
    )
    assert told.sentence == (
        "5 ngày làm việc; tiếp nhận 09:00 thứ Ba 28/4/2026; không tính ngày đầu; "
        "nghỉ 30/4–1/5 và cuối tuần → hạn 17:30 thứ Năm 07/5/2026"
    )
    assert [row.label for row in told.ledger][-1] == "Hạn"


def test_outside_the_calendar_there_is_no_answer():
    for received, amount, unit in (
        ("2031-12-30T08:00", 3000, "working_day"),
        ("2031-12-30T08:00", 30000, "working_hour"),
        ("2019-01-01T08:00", 5, "working_day"),
        ("2019-01-01T08:00", 5, "working_hour"),
        ("2022-12-30T08:00", 1, "calendar_day"),
        ("2040-01-01T08:00", 5, "working_day"),
    ):
        with pytest.raises(OutsideCalendar, match="từ năm 2023"):
            due(received, amount, unit)


def test_a_pause_outside_the_calendar_is_no_answer_either():
    with pytest.raises(OutsideCalendar):
        due("2026-11-19T08:00", 5, "working_day", stop("2026-11-20T08:00", "2040-01-01T08:00"))


def test_counting_may_begin_before_the_first_opening_of_the_calendar():
    pause = stop("2023-01-03T08:00", "2023-01-04T08:00")
    assert due("2023-01-01T00:30", 1, "working_hour") == at("2023-01-03T08:30")
    assert due("2023-01-01T00:30", 1, "working_hour", pause) == at("2023-01-04T08:30")


@pytest.mark.parametrize("amount", [0, -1])
@pytest.mark.parametrize("unit", ["working_hour", "working_day", "calendar_day"])
def test_nothing_is_no_limit(amount, unit):
    with pytest.raises(UnusableLimit, match="lớn hơn 0"):
        due("2026-11-19T09:00", amount, unit)


def test_a_fraction_of_a_calendar_day_is_no_limit():
    with pytest.raises(UnusableLimit, match="số nguyên"):
        due("2026-11-19T09:00", "1.5", "calendar_day")


@pytest.mark.parametrize(
    ("minutes", "words", "full"),
    [
        (45, "45 phút", "45 phút"),
        (70, "1 giờ 10 phút", "1 giờ 10 phút"),
        (310, "5 giờ", "5 giờ 10 phút"),
        (600, "1 ngày 2 giờ", "1 ngày 2 giờ"),
        (0, "0 phút", "0 phút"),
    ],
)
def test_durations_drop_what_is_too_fine(minutes, words, full):
    assert duration_words(minutes) == words
    assert duration_words(minutes, full=True) == full


def test_due_words_say_today_or_the_weekday():
    assert due_words(at("2026-12-10T17:30"), today=date(2026, 12, 10)) == "17:30 hôm nay"
    assert due_words(at("2026-12-10T17:30"), today=date(2026, 12, 9)) == "17:30 thứ Năm, 10/12"


@pytest.mark.parametrize("text", ["2026-11-19T10:00", "2026-11-20/2026-11-19", "hôm qua/mai"])
def test_an_unreadable_pause_is_refused(text):
    with pytest.raises(ValueError):
        parse_pause(text)


class TestClock:
    """A clock is the values of a row."""

    def test_it_measures_only_what_it_ran(self):
        clock = clock_start(amount=Decimal(8), unit="working_hour", now=at("2026-11-19T08:00"))
        clock = clock_pause(clock, kind="supplement", policy="stop", now=at("2026-11-19T10:00"))
        clock = clock_resume(clock, now=at("2026-11-20T08:00"))
        assert clock_used(clock, calendar=CALENDAR, now=at("2026-11-20T09:00")) == 180
        assert clock_due(clock, calendar=CALENDAR).due_at == at("2026-11-20T16:00")

    def test_a_step_entered_again_goes_on(self):
        clock = clock_start(amount=Decimal(4), unit="working_hour", now=at("2026-11-19T07:30"))
        clock = clock_again(
            clock_stop(clock, now=at("2026-11-19T09:30")), now=at("2026-11-20T07:30")
        )
        assert clock_due(clock, calendar=CALENDAR).due_at == at("2026-11-20T09:30")
        assert clock_used(clock, calendar=CALENDAR, now=at("2026-11-20T08:30")) == 180

    def test_it_refuses_to_pause_twice(self):
        clock = Clock(Decimal(4), "working_hour", at("2026-11-19T07:30"))
        paused = clock_pause(clock, kind="agency", policy="stop", now=at("2026-11-19T08:00"))
        with pytest.raises(ValueError, match="does not run"):
            clock_pause(paused, kind="agency", policy="stop", now=at("2026-11-19T09:00"))


@pytest.mark.parametrize(
    ("now", "word"),
    [
        ("2026-11-16T09:00", "trong"),
        ("2026-11-20T08:00", "sap"),
        ("2026-11-20T17:31", "qua"),
    ],
)
def test_urgency_has_three_words(now, word):
    assert urgency(
        calendar=CALENDAR, now=at(now), due_at=at("2026-11-20T17:30"), amount_minutes=2400
    ) == word  # fmt: skip


def test_remaining_is_negative_once_the_due_moment_is_past():
    assert (
        remaining(calendar=CALENDAR, now=at("2026-11-20T16:30"), due_at=at("2026-11-20T17:30"))
        == 60
    )
    assert (
        remaining(calendar=CALENDAR, now=at("2026-11-20T20:00"), due_at=at("2026-11-20T17:30")) < 0
    )


moments = st.datetimes(datetime(2024, 1, 2), datetime(2027, 12, 30)).map(
    lambda moment: moment.replace(tzinfo=VN, second=0, microsecond=0)
)


@given(moments, st.integers(1, 5000))
def test_adding_then_measuring_gives_the_minutes_back(start, minutes):
    end = CALENDAR.add_minutes(start, minutes)
    assert CALENDAR.measure(start, end) == minutes
    assert CALENDAR.measure(CALENDAR.subtract_minutes(end, minutes), end) == minutes


@given(moments, st.integers(1, 60))
def test_more_time_never_makes_a_limit_end_earlier(start, days):
    for unit in ("working_hour", "working_day", "calendar_day"):
        one = deadline(calendar=CALENDAR, received_at=start, amount=days, unit=unit).due_at
        two = deadline(calendar=CALENDAR, received_at=start, amount=days + 1, unit=unit).due_at
        assert start <= one <= two
        assert CALENDAR.is_working_day(one.date())


@given(moments, st.integers(1, 30), st.integers(0, 400), st.integers(1, 400))
def test_a_stopping_pause_never_shortens(start, days, offset, length):
    begin = start + timedelta(hours=offset)
    pause = Pause("supplement", "stop", begin, begin + timedelta(hours=length))
    for unit in ("working_hour", "working_day", "calendar_day"):
        plain = deadline(calendar=CALENDAR, received_at=start, amount=days, unit=unit).due_at
        paused = deadline(
            calendar=CALENDAR, received_at=start, amount=days, unit=unit, pauses=[pause]
        ).due_at
        assert paused >= plain


def test_pauses_told_in_any_order_give_one_due_date():
    first = stop("2026-01-06T08:00", "2026-01-08T08:00")
    second = stop("2026-02-06T08:00", "2026-02-08T08:00")

    assert due("2026-01-05T08:00", 20, "working_hour", first, second) == at("2026-01-09T14:00")
    assert due("2026-01-05T08:00", 20, "working_hour", second, first) == at("2026-01-09T14:00")
