"""Which hours and days may be entered, without a database."""

from datetime import date, time

import pytest

from nep.apps.workcal.rules import (
    decide_day,
    decide_hours,
    needs_next_year,
    weekly_slots,
)
from nep.worktime import Slot

MORNING = (time(7, 30), time(11, 30))
AFTERNOON = (time(13, 30), time(17, 30))


@pytest.mark.parametrize(
    ("morning", "afternoon", "code"),
    [
        (MORNING, AFTERNOON, None),
        (MORNING, None, None),
        (None, None, "hours_missing"),
        ((time(11, 30), time(7, 30)), AFTERNOON, "hours_reversed"),
        ((time(7, 30), time(14, 0)), AFTERNOON, "hours_overlap"),
        ((time(7, 0), time(11, 30)), (time(13, 0), time(17, 0)), "hours_too_long"),
    ],
)
def test_office_hours(morning, afternoon, code):
    decision = decide_hours(morning=morning, afternoon=afternoon)

    assert getattr(decision, "code", None) == code


def test_saturday_morning_has_the_morning_hours_only():
    week = weekly_slots(morning=MORNING, afternoon=AFTERNOON, saturday_morning=True)

    assert week[0] == (Slot(450, 690), Slot(810, 1050))
    assert week[5] == (Slot(450, 690),)
    assert week[6] == ()


@pytest.mark.parametrize(
    ("kind", "on", "notice", "hours", "code"),
    [
        ("closure", date(2026, 12, 14), "", (), None),
        ("hours", date(2026, 12, 14), "", (MORNING,), None),
        ("half_day", date(2026, 12, 14), "", (), None),
        ("swap_work", date(2026, 12, 19), "", (), "notice_missing"),
        ("swap_off", date(2026, 12, 14), "15/TB-UBND", (), None),
        ("party", date(2026, 12, 14), "", (), "kind_unknown"),
        ("closure", date(2050, 1, 4), "", (), "day_outside"),
        ("hours", date(2026, 12, 14), "", (), "hours_missing"),
        ("closure", date(2026, 12, 14), "", (MORNING,), "hours_on_day_off"),
        ("hours", date(2026, 12, 14), "", (MORNING[::-1],), "hours_reversed"),
    ],
)
def test_exceptional_days(kind, on, notice, hours, code):
    decision = decide_day(
        kind=kind, on=on, notice=notice, hours=hours, first_year=2023, last_year=2032
    )

    assert getattr(decision, "code", None) == code


@pytest.mark.parametrize(
    ("today", "warns"),
    [
        (date(2026, 11, 30), False),
        (date(2026, 12, 1), True),
        (date(2025, 12, 31), False),
        (date(2027, 1, 1), False),
    ],
)
def test_an_empty_next_year_warns_from_the_first_of_december(today, warns):
    assert needs_next_year(today=today, noticed=frozenset({2025, 2026})) is warns
