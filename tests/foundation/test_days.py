"""A slip in the year is told, a day that may be meant is not."""

from datetime import date

import pytest

from nep.kernel.days import decide_day

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (TODAY, ""), (date(2031, 12, 31), ""), (date(2032, 1, 1), "day_far"),
        (date(9999, 12, 31), "day_far"), (date(2006, 1, 1), ""), (date(2005, 12, 31), "day_old"),
        (date(1, 1, 1), "day_old"),
    ],
)  # fmt: skip
def test_days_lie_within_some_years_of_today(day, code):
    decision = decide_day(day, today=TODAY, field="due_on")

    assert getattr(decision, "code", "") == code
    assert getattr(decision, "field", "due_on") == "due_on"
