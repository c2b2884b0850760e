"""Reading the calendar: compiled for arithmetic, and as a year of twelve months for the page."""

import calendar as weeks
import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from time import monotonic
from typing import Any

from nep.apps.organization import queries as organization
from nep.apps.workcal.models import CalendarEdition, NoticedYear, OfficeHours, SpecialDay
from nep.apps.workcal.rules import needs_next_year, slots_from
from nep.foundation.db.doctor import Finding, invariant
from nep.worktime import (
    DAY_KIND_NAMES,
    OFFICE_HOURS,
    VN,
    Calendar,
    CalendarSpec,
    DayRule,
    OutsideCalendar,
    Slot,
    compile_calendar,
    vietnam_spec,
)

FIRST_YEAR = 2023
YEARS_AHEAD = 6
FRESH_SECONDS = 2.0
DAY_OFF_END = time(17, 0)
_lock = threading.Lock()
_kept: dict[int, Calendar] = {}
_number = -1
_checked_at = float("-inf")
_changes = 0


def calendar_for(agency_id: int) -> Calendar:
    """Return an agency's compiled calendar, remembered until any calendar changes.

    A change by another process acts here within two seconds, one of this process at once.
    """
    global _number, _checked_at
    now = monotonic()
    if now - _checked_at >= FRESH_SECONDS:
        found = edition_number()
        with _lock:
            if found != _number:
                _kept.clear()
            _number, _checked_at = found, now
    calendar = _kept.get(agency_id)
    if calendar is None:
        calendar = _compiled(spec_for(agency_id))
        with _lock:
            _kept[agency_id] = calendar
    return calendar


@lru_cache(maxsize=32)
def _compiled(spec: CalendarSpec) -> Calendar:
    """Return the calendar of a spec, one for all agencies that work the same hours and days."""
    return compile_calendar(spec)


def working_day_after(*, agency_id: int, day: date, count: int) -> date:
    """Return the working day of an agency so many working days after a day, which is not counted."""
    return calendar_for(agency_id).add_working_days(day, count)


def working_day_from(*, agency_id: int, day: date) -> date:
    """Return the day itself where the agency works on it, else its next working day.

    Source: Bộ luật Dân sự 2015 Điều 148 khoản 5.
    """
    calendar = calendar_for(agency_id)
    index = calendar.day_index(day)
    return calendar.first + timedelta(days=calendar.workday(calendar.rank_from(index)))


def day_end(*, agency_id: int, day: date) -> datetime:
    """Return when the work of a day is due: as the agency closes, at 17:00 on a day off."""
    try:
        calendar = calendar_for(agency_id)
        if calendar.is_working_day(day):
            return calendar.day_close(day)
    except OutsideCalendar:
        pass
    return datetime.combine(day, DAY_OFF_END, VN)


def edition_number() -> int:
    """Return the time-ordered number of the latest change of any calendar, 0 before the first."""
    return CalendarEdition.objects.values_list("number", flat=True).first() or 0


def forget() -> None:
    """Drop every remembered calendar; services call this with each change."""
    global _checked_at, _changes
    with _lock:
        _kept.clear()
        _checked_at, _changes = float("-inf"), _changes + 1


def changes() -> int:
    """Return how often this process changed a calendar."""
    return _changes


def look_again() -> None:
    """Ask for the edition's number anew, for who just changed something by another process."""
    global _checked_at
    _checked_at = float("-inf")


def spec_for(agency_id: int) -> CalendarSpec:
    """Return an agency's calendar as data; its own rule of a day goes before the country's."""
    national = [_rule(row) for row in SpecialDay.objects.filter(agency_id=None)]
    own = [_rule(row) for row in SpecialDay.objects.filter(agency_id=agency_id)]
    noticed = frozenset(NoticedYear.objects.values_list("year", flat=True))
    spec = vietnam_spec(
        days=[*national, *own],
        noticed_years=noticed,
        first_year=FIRST_YEAR,
        last_year=max([*noticed, FIRST_YEAR]) + YEARS_AHEAD,
        version="",
        weekly=office_hours(agency_id),
    )
    digest = hashlib.sha256(repr(spec).encode()).hexdigest()[:16]
    return CalendarSpec(
        digest, spec.weekly, spec.days, spec.noticed_years, spec.first_year, spec.last_year
    )


def office_hours(agency_id: int) -> tuple[tuple[Slot, ...], ...]:
    """Return the weekly hours of an agency, or the usual ones where none are set."""
    row = OfficeHours.objects.filter(agency_id=agency_id).first()
    if row is None:
        return OFFICE_HOURS
    return tuple(slots_from(day) or () for day in row.weekly)


def _rule(row: SpecialDay) -> DayRule:
    return DayRule(
        row.on,
        row.kind,  # type: ignore[arg-type]
        row.name,
        row.notice,
        row.verified,
        slots_from(row.slots),
    )


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of the page; `state` is off, work, swap_off, swap_work, half or weekend."""

    day: int
    on: date
    state: str
    title: str
    is_today: bool


@dataclass(frozen=True, slots=True)
class Month:
    """One month: weeks of seven cells, None outside the month."""

    number: int
    weeks: tuple[tuple[DayCell | None, ...], ...]
    working_days: int


@dataclass(frozen=True, slots=True)
class DayLine:
    """One exceptional day, or equal days in a row up to `until`, in the list below the months.

    `id` only for days that the agency may remove.
    """

    id: int | None
    on: date
    until: date | None
    kind: str
    kind_name: str
    name: str
    notice: str
    mark: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class YearPage:
    """A year of one agency's calendar, with what an administrator should know of it."""

    year: int
    years: tuple[int, ...]
    months: tuple[Month, ...]
    lines: tuple[DayLine, ...]
    line_days: int
    weekly: tuple[tuple[str, tuple[str, ...]], ...]
    working_days: int
    notice: str
    source: str
    is_noticed: bool
    warns_next_year: bool
    hours_typed: dict[str, str | bool | int]


def year_page(*, agency_id: int, year: int, today: date) -> YearPage:
    """Return the page of a year between the first and last year of the calendar."""
    calendar = calendar_for(agency_id)
    spec = calendar.spec
    year = min(max(year, spec.first_year), spec.last_year)
    days = _lines(calendar, agency_id, year)
    months = tuple(_month(calendar, year, number, today) for number in range(1, 13))
    noticed = NoticedYear.objects.filter(year=year).first()
    return YearPage(
        year=year,
        years=tuple(range(spec.first_year, spec.last_year + 1)),
        months=months,
        lines=_joined(days),
        line_days=len(days),
        weekly=_weekly_words(spec.weekly),
        working_days=sum(month.working_days for month in months),
        notice=noticed.notice if noticed else "",
        source=noticed.source if noticed else "Điều 112 Bộ luật Lao động 2019",
        is_noticed=noticed is not None,
        warns_next_year=needs_next_year(today=today, noticed=spec.noticed_years),
        hours_typed=_hours_typed(agency_id, spec.weekly),
    )


def _hours_typed(
    agency_id: int, weekly: tuple[tuple[Slot, ...], ...]
) -> dict[str, str | bool | int]:
    """Return the present hours as the form takes them, with the version they were read at."""
    version = OfficeHours.objects.filter(agency_id=agency_id).values_list("version", flat=True)
    spans = {"morning": "", "afternoon": ""}
    for slot in weekly[0]:
        is_morning = slot.start < 12 * 60 and not spans["morning"]
        spans["morning" if is_morning else "afternoon"] = f"{_clock(slot.start)}-{_clock(slot.end)}"
    return {**spans, "saturday_morning": bool(weekly[5]), "version": version.first() or 0}


def _month(calendar: Calendar, year: int, number: int, today: date) -> Month:
    rows = []
    working = 0
    for week in weeks.Calendar().monthdatescalendar(year, number):
        cells: list[DayCell | None] = []
        for day in week:
            if day.month != number:
                cells.append(None)
                continue
            working += calendar.is_working_day(day)
            cells.append(_cell(calendar, day, today))
        rows.append(tuple(cells))
    return Month(number, tuple(rows), working)


def _cell(calendar: Calendar, day: date, today: date) -> DayCell:
    rule = calendar.rule_on(day)
    works = calendar.is_working_day(day)
    if rule is None:
        state, title = ("work" if works else "weekend"), ""
    else:
        state = rule.kind if rule.kind in {"swap_off", "swap_work"} else "work" if works else "off"
        state = "half" if works and rule.kind in {"half_day", "hours"} else state
        title = rule.name + ("" if rule.verified else " (dự kiến)")
    return DayCell(day.day, day, state, title, day == today)


def _lines(calendar: Calendar, agency_id: int, year: int) -> tuple[DayLine, ...]:
    own = dict(
        SpecialDay.objects.filter(agency_id=agency_id, on__year=year).values_list("on", "id")
    )
    stored = set(
        SpecialDay.objects.filter(agency_id=None, on__year=year).values_list("on", flat=True)
    )
    return tuple(
        DayLine(
            id=own.get(rule.on),
            on=rule.on,
            until=None,
            kind=rule.kind,
            kind_name=DAY_KIND_NAMES[rule.kind],
            name=rule.name,
            notice=rule.notice,
            mark=_mark(rule, rule.on in own or rule.on in stored),
            is_own=rule.on in own,
        )
        for rule in calendar.spec.days
        if rule.on.year == year
    )


def _joined(days: tuple[DayLine, ...]) -> tuple[DayLine, ...]:
    """Return the days with consecutive equal ones, as those of Tết, in one line."""
    lines: list[DayLine] = []
    for day in days:
        last = lines[-1] if lines else None
        if last is not None and day.id is None and last.id is None:
            before = last.until or last.on
            same = replace(last, on=day.on, until=None) == day
            if same and (day.on - before).days == 1:
                lines[-1] = replace(last, until=day.on)
                continue
        lines.append(day)
    return tuple(lines)


def _mark(rule: DayRule, is_stored: bool) -> str:
    if rule.verified:
        return ""
    return "chưa xác minh" if is_stored else "dự kiến"


def _weekly_words(
    weekly: tuple[tuple[Slot, ...], ...],
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return ("Thứ Hai – thứ Sáu", ("07:30–11:30", "13:30–17:30")) rows, equal days joined."""
    names = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
    rows: list[tuple[int, int]] = []
    for index, slots in enumerate(weekly):
        if rows and weekly[rows[-1][0]] == slots:
            rows[-1] = (rows[-1][0], index)
        else:
            rows.append((index, index))
    words = []
    for first, last in rows:
        label = names[first] if first == last else f"{names[first]} – {names[last]}"
        spans = tuple(f"{_clock(s.start)}–{_clock(s.end)}" for s in weekly[first]) or ("nghỉ",)
        words.append((label[0].upper() + label[1:], spans))
    return tuple(words)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


@invariant("calendar_hours", "Giờ làm việc của mỗi cơ quan đủ bảy ngày, không chồng nhau")
def hours_in_order() -> Iterator[Finding]:
    """Find office hours that no deadline can be computed from, or of no agency."""
    for row in OfficeHours.objects.order_by("agency_id"):
        record = f"giờ làm việc của cơ quan {row.agency_id}"
        if organization.province_id_of(row.agency_id) is None:
            yield Finding("calendar_agency", record, "cơ quan này không có trong danh bạ")
        week = row.weekly
        if not isinstance(week, list) or len(week) != 7 or not all(map(_in_order, week)):
            yield Finding("calendar_hours", record, "không phải bảy ngày với giờ tăng dần")
        elif not any(week):
            yield Finding("calendar_hours", record, "cả tuần không có giờ làm việc nào")


@invariant("calendar_days", "Ngày nghỉ, ngày làm bù có loại, giờ và căn cứ")
def days_in_order() -> Iterator[Finding]:
    """Find special days of no kind or agency, with impossible hours, or national without source."""
    for row in SpecialDay.objects.order_by("on", "id"):
        record = f"ngày {row.on:%d/%m/%Y} ({row.name})"
        agency_id = row.agency_id
        if agency_id is not None and organization.province_id_of(agency_id) is None:
            yield Finding("calendar_agency", record, "của cơ quan không có trong danh bạ")
        if row.kind not in DAY_KIND_NAMES:
            yield Finding("calendar_kind", record, f"loại ngày “{row.kind}” không có")
        if row.slots is not None and not _in_order(row.slots):
            yield Finding("calendar_slots", record, "giờ làm việc không tăng dần trong ngày")
        if agency_id is None and not row.source:
            yield Finding("calendar_source", record, "ngày của cả nước mà không ghi nguồn")


def _in_order(slots: Any) -> bool:
    """Say whether stored [start, end] minutes follow one another within one day."""
    try:
        ends = [minute for start, end in slots for minute in (int(start), int(end))]
    except (TypeError, ValueError):
        return False
    starts = ends[::2]
    inside = all(0 <= minute <= 24 * 60 for minute in ends)
    return (
        inside
        and ends == sorted(ends)
        and all(s < e for s, e in zip(starts, ends[1::2], strict=True))
    )
