"""Days off of a year that no notice has fixed: the general rule of law, marked "dự kiến".

Source: Bộ luật Lao động 2019 Điều 112 (ngày nghỉ lễ, tết), Điều 111 khoản 3 (nghỉ bù vào ngày làm
việc kế tiếp); Nghị quyết 28/2026/QH16 Điều 2 (24/11 from 2026, without compensation in one
reading). Which five days of Tết and which day beside 2/9 is for the yearly notice to say; the
guess here is one day before and four days from Mùng 1, and 1/9.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from nep.worktime.lunar import eve_of_tet, solar_date
from nep.worktime.model import OFFICE_HOURS, CalendarSpec, DayRule, Slot

CULTURE_DAY_FROM = 2026


def expected_days_off(year: int) -> tuple[DayRule, ...]:
    """Return the expected days off of a year, none of them verified, in order."""
    eve = eve_of_tet(year)
    fixed = [
        (date(year, 1, 1), "Tết Dương lịch"),
        *((eve + timedelta(days=i), "Tết Nguyên đán") for i in range(5)),
        (solar_date(year, 3, 10), "Giỗ Tổ Hùng Vương"),
        (date(year, 4, 30), "Ngày Chiến thắng"),
        (date(year, 5, 1), "Ngày Quốc tế lao động"),
        (date(year, 9, 1), "Quốc khánh"),
        (date(year, 9, 2), "Quốc khánh"),
    ]
    off = dict(fixed)
    for day, name in fixed:
        if day.weekday() >= 5:
            instead = day
            while instead.weekday() >= 5 or instead in off:
                instead += timedelta(days=1)
            off[instead] = f"Nghỉ bù {name}"
    if year >= CULTURE_DAY_FROM:
        off.setdefault(date(year, 11, 24), "Ngày Văn hóa Việt Nam")
    return tuple(DayRule(day, "holiday", off[day], "", False) for day in sorted(off))


def vietnam_spec(
    *,
    days: Iterable[DayRule],
    noticed_years: Iterable[int],
    first_year: int,
    last_year: int,
    version: str,
    weekly: tuple[tuple[Slot, ...], ...] = OFFICE_HOURS,
) -> CalendarSpec:
    """Return a spec: the given days, and the expected ones for every year without notice."""
    noticed = frozenset(noticed_years)
    given = {rule.on: rule for rule in days}
    for year in range(first_year, last_year + 1):
        if year not in noticed:
            for rule in expected_days_off(year):
                given.setdefault(rule.on, rule)
    inside = tuple(given[day] for day in sorted(given) if first_year <= day.year <= last_year)
    return CalendarSpec(version, weekly, inside, noticed, first_year, last_year)
