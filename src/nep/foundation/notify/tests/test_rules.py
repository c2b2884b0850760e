"""What a due date gives reason to say, and when a daily letter is written: tables."""

from datetime import date, datetime, timedelta

import pytest

from nep.foundation.notify import rules
from nep.foundation.notify.rules import DAY, NEVER, NOW, SHIPPED, WEEK, Values, Wish
from nep.kernel.vietnamese import VN
from nep.worktime import DayRule, compile_calendar, vietnam_spec

VALUES = Values(2, 1, 5, 7, 6, 30)
HOLIDAY = DayRule(date(2026, 12, 11), "off", "Nghỉ thử", "", True, None)
CALENDAR = compile_calendar(
    vietnam_spec(days=[HOLIDAY], noticed_years=(), first_year=2026, last_year=2027, version="x")
)


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=VN)


# 10/12/2026 is a Thursday, the 11th is off, then a weekend: the next working day is the 14th
@pytest.mark.parametrize(
    ("due_day", "said"),
    [
        (16, ""), (15, "before"), (14, "before"), (10, "on"), (9, "after0"), (8, "after0"),
        (3, "after0"), (2, "after1"),
    ],
)  # fmt: skip
def test_a_due_date_is_told_before_on_and_after_its_day_in_working_days(due_day, said):
    found = rules.occasion(calendar=CALENDAR, now=at(10), due_at=at(due_day, 17, 30), values=VALUES)

    assert found == said


def test_the_day_itself_is_one_occasion_before_and_after_the_hour():
    said = {
        rules.occasion(calendar=CALENDAR, now=at(10, hour), due_at=at(10, 11), values=VALUES)
        for hour in (8, 16)
    }
    assert said == {"on"}


def test_nothing_is_said_early_or_again_where_the_values_say_so():
    quiet = Values(0, 2, 0, 7, 6, 30)

    def said(due_day):
        due_at = at(due_day, 17)
        return rules.occasion(calendar=CALENDAR, now=at(10), due_at=due_at, values=quiet)

    assert [said(14), said(9), said(8), said(1)] == ["", "", "after0", "after0"]


@pytest.mark.parametrize(
    ("moment", "is_office"),
    [(at(10, 7, 29), False), (at(10, 7, 30), True), (at(10, 11, 30), False), (at(10, 12), False),
     (at(10, 17, 29), True), (at(10, 17, 30), False), (at(11), False), (at(12), False)],
)  # fmt: skip
def test_nobody_is_written_to_outside_office_hours_and_on_days_off(moment, is_office):
    assert rules.is_office_time(CALENDAR, moment) is is_office


def test_the_daily_letter_comes_once_from_its_hour_on():
    def told(hour, day_on):
        return rules.kinds_of_today(SHIPPED, now=at(10, hour), day_on=day_on, week_on=at(7).date())

    assert told(7, None) is None
    assert told(8, None) == {"late", "soon", "handed", "returned", "reading"}
    assert told(16, date(2026, 12, 9)) is not None
    assert told(9, date(2026, 12, 10)) is None


def test_a_weekly_part_missed_on_a_day_off_comes_on_the_next_working_day():
    wish = Wish({"late": WEEK, "soon": NEVER, "reading": NOW}, weekday=4)  # Friday the 11th is off

    def told(moment, week_on):
        kinds = rules.kinds_of_today(wish, now=moment, day_on=None, week_on=week_on)
        return "late" in (kinds or ())

    assert not told(at(10), date(2026, 12, 4))
    assert told(at(14), date(2026, 12, 4))
    assert not told(at(15), date(2026, 12, 11))
    assert not told(at(10), None)


def test_a_pace_not_chosen_is_the_shipped_one():
    wish = Wish({"late": NEVER})

    assert [wish.pace(kind) for kind in ("late", "soon", "handed", "new")] == [
        NEVER, DAY, NOW, NEVER,
    ]  # fmt: skip
    assert wish.kinds(NOW) == {"handed"}


def test_what_happens_within_a_quarter_of_an_hour_is_one_period():
    assert (
        rules.slot_period(at(10, 9, 14)) == rules.slot_period(at(10, 9)) == "now:2026-12-10T09:00"
    )
    assert rules.slot_period(at(10, 9, 15)) == "now:2026-12-10T09:15"


def test_pauses_grow_and_end():
    pauses = [rules.next_try(attempt) for attempt in range(1, 8)]

    assert pauses[0] == timedelta(minutes=1)
    assert pauses[:-1] == sorted(pauses[:-1])
    assert pauses[-1] is None


def test_every_kind_offers_the_pace_it_ships_with():
    assert [kind.code for kind in rules.KINDS if kind.mail not in kind.paces] == []
