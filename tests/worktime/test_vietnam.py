"""The shipped calendar and the expected days of years without notice."""

import csv
from datetime import date

import pytest

from nep.config.reference import calendar_of
from nep.worktime import expected_days_off
from nep.worktime.lunar import solar_date, tet

CALENDAR = calendar_of()


def test_tet_and_the_kings_day_agree_with_an_independent_library():
    holidays = pytest.importorskip("holidays")
    wrong = []
    for year in range(1990, 2101):
        known = holidays.country_holidays("VN", years=year)
        if tet(year) not in known:
            wrong.append(tet(year))
        if year >= 2007 and solar_date(year, 3, 10) not in known:
            wrong.append(solar_date(year, 3, 10))
    assert wrong == []


def test_the_shipped_days_equal_the_official_ones(real_data):
    path = real_data / "ngay_nghi" / "ngay_nghi_2024_2026.csv"
    with path.open(encoding="utf-8") as source:
        rows = [(date.fromisoformat(row["ngay"]), row["loai"]) for row in csv.DictReader(source)]
    for day, kind in rows:
        assert CALENDAR.is_working_day(day) == (kind == "lam_bu"), day
    named = {day for day, _ in rows}
    ordinary = [
        rule.on
        for rule in CALENDAR.spec.days
        if date(2024, 1, 1) <= rule.on <= date(2026, 5, 1)
        and rule.on.weekday() < 5
        and rule.on not in named
    ]
    assert ordinary == []


@pytest.mark.parametrize(
    "day",
    ["2026-11-24", "2026-08-31", "2026-09-01", "2026-09-02", "2026-02-16", "2025-05-02"],
)
def test_known_days_off_are_off(day):
    assert not CALENDAR.is_working_day(date.fromisoformat(day))


def test_a_year_without_notice_uses_the_general_rule_and_says_so():
    days = expected_days_off(2027)
    assert all(not rule.verified for rule in days)
    assert {date(2027, 2, 6), date(2027, 11, 24), date(2027, 4, 16)} <= {rule.on for rule in days}
    assert 2027 not in CALENDAR.noticed


def test_24_november_is_off_only_from_2026():
    assert date(2025, 11, 24) not in {rule.on for rule in expected_days_off(2025)}
