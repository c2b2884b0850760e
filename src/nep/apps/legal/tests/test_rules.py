"""Validity and the three-month clock, as tables."""

from datetime import date

import pytest

from nep.apps.legal import rules
from nep.apps.legal.rules import Validity

TODAY = date(2026, 12, 10)


@pytest.mark.parametrize(
    ("effective", "expires", "withdrawn", "state"),
    [
        (None, None, None, "in_force"),
        (date(2026, 12, 10), None, None, "in_force"),
        (date(2026, 12, 11), None, None, "coming"),
        (date(2020, 1, 1), date(2026, 12, 10), None, "ending"),
        (date(2020, 1, 1), date(2026, 12, 9), None, "expired"),
        (date(2020, 1, 1), date(2027, 2, 8), None, "ending"),
        (date(2020, 1, 1), date(2027, 2, 9), None, "in_force"),
        (date(2027, 1, 1), date(2027, 1, 9), None, "coming"),
        (date(2020, 1, 1), date(2020, 2, 1), date(2026, 1, 1), "withdrawn"),
    ],
)
def test_whether_a_text_holds_follows_from_its_days(effective, expires, withdrawn, state):
    assert rules.state_of(Validity(effective, expires, withdrawn), today=TODAY) == state


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2023, 11, 30), date(2024, 2, 29)),
        (date(2026, 7, 1), date(2026, 10, 1)),
        (date(2026, 12, 31), date(2027, 3, 31)),
    ],
)
def test_the_agencys_documents_follow_within_three_months(day, due):
    assert rules.update_due(day) == due


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 1, 1), (2026, 1, date(2026, 3, 31))),
        (date(2026, 12, 31), (2026, 4, date(2026, 12, 31))),
        (date(2026, 6, 30), (2026, 2, date(2026, 6, 30))),
    ],
)
def test_the_quarter_of_a_day(day, expected):
    assert rules.quarter_of(day) == expected


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, ""),
        ({"kind": "thơ"}, "kind_unknown"),
        ({"number": " "}, "number_missing"),
        ({"number": "", "kind": "guide"}, ""),
        ({"title": ""}, "title_missing"),
        ({"level": "mật"}, "level_unknown"),
        ({"effective_from": date(2025, 1, 1)}, "effective_before_issue"),
        ({"expires_on": date(2025, 6, 30)}, "period_reversed"),
    ],
)
def test_what_may_stand_in_the_register(change, code):
    given = {
        "kind": "decree", "number": "118/2025/NĐ-CP", "title": "Một cửa", "level": "internal",
        "issued_on": date(2025, 6, 9), "effective_from": date(2025, 7, 1), "expires_on": None,
    }  # fmt: skip
    decision = rules.decide_entry(**{**given, **change})

    assert getattr(decision, "code", "") == code


def test_symbols_are_compared_without_blanks_and_case():
    assert rules.number_key(" 12 / qđ-ubnd ") == "12/QĐ-UBND"
