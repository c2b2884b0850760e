"""A slip in the year is told, a day that may be meant is not."""

from datetime import date

import pytest

from nep.apps.competence.rules import training
from nep.apps.improvement.rules import life as sheets
from nep.apps.reviews.rules import life as reviews
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


SESSION = {"title": "Tập huấn", "form": min(training.FORM_NAMES), "hours": 4.0, "person_ids": [1]}


@pytest.mark.parametrize(
    ("decision", "code", "field"),
    [
        (reviews.decide_day(meets_on=date(2040, 12, 1), today=TODAY), "day_far", "meets_on"),
        (sheets.decide_due(date(2040, 1, 1), today=TODAY), "day_far", "due_on"),
        (
            sheets.decide_open(
                title="Thiếu chữ ký", found_on=date(1900, 1, 1), due_on=TODAY, today=TODAY
            ),
            "day_old",
            "found_on",
        ),
        (
            training.decide_session(**SESSION, on=date(2036, 5, 5), today=TODAY),
            "day_far",
            "on",
        ),
        (
            training.decide_session(**SESSION, on=date(2020, 1, 1), today=TODAY),
            "day_old",
            "on",
        ),
    ],
)
def test_parts_of_the_system_ask_for_such_days(decision, code, field):
    assert (decision.code, decision.field) == (code, field)
