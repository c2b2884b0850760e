"""When timers of a process fire, which data a case takes from outside, how a wait is said. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from nep.bpmn import Node, Process, Trigger, fields_of, parse_condition
from nep.kernel.vietnamese import VN, local, parse_date
from nep.worktime import Calendar, deadline, moment_words

WORKING = frozenset({"working_day", "working_hour"})
TIMER, MESSAGE = "timer", "message"
MOST_FIELDS, LONGEST = 50, 300
_HOURS_A_DAY, _DAYS_A_WEEK = 8, 5
_MOST_SKIPPED = 100_000
_MOST_REPEATS = 1_000_000
_DURATION = re.compile(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?"
)


class TimerUnreadable(ValueError):
    """A timer says no moment: its field is empty or holds something else."""


class Moment(NamedTuple):
    """When a timer fires; `left` is how often it comes after that, None without an end."""

    due_at: datetime
    left: int | None


@dataclass(frozen=True, slots=True)
class Duration:
    """A stretch of time as ISO 8601 writes it."""

    months: int = 0
    weeks: int = 0
    days: int = 0
    minutes: int = 0
    seconds: int = 0

    @property
    def is_empty(self) -> bool:
        """Say whether it is no time at all."""
        return not any((self.months, self.weeks, self.days, self.minutes, self.seconds))


def first_moment(
    trigger: Trigger, *, now: datetime, calendar: Calendar, data: Mapping[str, Any]
) -> Moment:
    """Return when a timer that opens now fires, by the agency's calendar or by the clock.

    A value that is no ISO 8601 text names a field of the case. Raises TimerUnreadable.
    Source: ISO 8601-1:2019; Bộ luật Dân sự 2015 Điều 146, 147.
    """
    value = _value(trigger, data)
    with _within_time(value):
        if trigger.form == "date":
            return Moment(_stored(_date(value, trigger.unit, calendar)), 0)
        if trigger.form == "duration":
            return Moment(_stored(_after(now, _duration(value), trigger.unit, calendar)), 0)
        repeats, begins, every = _cycle(value)
        first = begins if begins is not None and begins > now else None
        due = _stored(first or _after(now, every, trigger.unit, calendar))
        return Moment(due, None if repeats is None else max(0, repeats - 1))


def next_moment(
    trigger: Trigger,
    *,
    last: datetime,
    left: int | None,
    now: datetime,
    calendar: Calendar,
    data: Mapping[str, Any],
) -> Moment | None:
    """Return the next moment of a cycle after its last one, None where it has no further.

    Moments that went by while nothing ran are not made up for: each would come at once.
    Raises TimerUnreadable.
    """
    value = _value(trigger, data)
    with _within_time(value):
        _repeats, _begins, every = _cycle(value)
        for _ in range(_MOST_SKIPPED):
            if left == 0:
                return None
            last = _after(last, every, trigger.unit, calendar)
            left = None if left is None else left - 1
            if last > now:
                return Moment(_stored(last), left)
    return None


def moment_anew(
    trigger: Trigger,
    *,
    since: datetime,
    calendar: Calendar,
    data: Mapping[str, Any],
    stops: Iterable[tuple[datetime, datetime]],
) -> Moment:
    """Return when a timer opened at a moment fires, the pauses since then taken off where it counts
    working time. Raises TimerUnreadable; OutsideCalendar."""
    found = first_moment(trigger, now=since, calendar=calendar, data=data)
    due_at = found.due_at
    for begun, ended in stops if trigger.unit in WORKING else ():
        if ended > since:
            begun = max(begun, since)
            due_at = shifted(due_at, paused_at=begun, resumed_at=ended, calendar=calendar)
    return Moment(due_at, found.left)


def shifted(
    due_at: datetime, *, paused_at: datetime, resumed_at: datetime, calendar: Calendar
) -> datetime:
    """Return a moment counted in working time after a pause: what was left of it is still left.

    Source: Nghị định 118/2025/NĐ-CP Điều 19 (thời gian tạm dừng không tính vào thời hạn).
    """
    if due_at <= paused_at:
        return due_at
    return calendar.add_minutes(resumed_at, calendar.measure(paused_at, due_at))


def wait_words(trigger: Trigger, due_at: datetime | None) -> str:
    """Return what is waited for: "Chờ đến 09:00 thứ Ba 24/11/2026", "Chờ thông điệp “…”"."""
    if due_at is not None:
        return f"Chờ đến {moment_words(due_at)}"
    return f"Chờ thông điệp “{trigger.name}”"


def fields_read(process: Process) -> frozenset[str]:
    """Return the fields of the case that a process reads: in conditions, timers and lists.

    Only these join a case's data from outside, so that nothing else spreads into it.
    """
    found: set[str] = set()
    conditions = [flow.condition for flow in process.flows if flow.condition.strip()]
    for node in process.nodes:
        if node.trigger is not None and _is_name(node.trigger.value):
            found.add(node.trigger.value)
        if node.instances is not None:
            conditions += [node.instances.until] if node.instances.until.strip() else []
            found |= {node.instances.over} - {""}
    for text in conditions:
        found |= set(fields_of(parse_condition(text)))
    return frozenset(found)


def joining(given: Mapping[str, Any], read: frozenset[str]) -> dict[str, Any]:
    """Return what of data from outside joins a case: plain values under names its process reads."""
    return {
        name: value
        for name, value in given.items()
        if name in read and isinstance(value, str | int | float | bool)
    }


def lists_asked(node: Node) -> str:
    """Return the field that lists who is asked in a multi-instance step, or nothing."""
    return node.instances.over if node.instances is not None else ""


@contextmanager
def _within_time(value: str) -> Iterator[None]:
    """Say of a value that leads outside the years a clock can tell that it is unreadable."""
    try:
        yield
    except TimerUnreadable:
        raise
    except (OverflowError, ValueError) as error:
        raise TimerUnreadable(
            f"“{value[:80]}” nằm ngoài thời gian tính được nên chưa biết chờ đến khi nào."
        ) from error


def _stored(moment: datetime) -> datetime:
    """Return a moment that may be stored: also in UTC it lies within the years of a clock."""
    moment.astimezone(UTC)
    return moment


def _value(trigger: Trigger, data: Mapping[str, Any]) -> str:
    if not _is_name(trigger.value):
        return trigger.value
    found = data.get(trigger.value)
    if not isinstance(found, str) or not found:
        raise TimerUnreadable(
            f"Hồ sơ chưa có “{trigger.value}” nên chưa biết phải chờ đến khi nào."
        )
    return found


def _is_name(value: str) -> bool:
    """Say whether a timer's value names a field: it is neither a date, a duration nor a cycle."""
    return bool(value) and not (value[0].isdigit() or re.match(r"P[\dT]|R\d*/", value) is not None)


def _date(value: str, unit: str, calendar: Calendar) -> datetime:
    day = parse_date(value)
    if day is not None:
        start = datetime.combine(day, time(), VN)
        return calendar.next_opening(start) if unit in WORKING else start
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise TimerUnreadable(
            f"“{value}” không phải ngày giờ nên chưa biết chờ đến khi nào."
        ) from error
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=VN)


def _duration(value: str) -> Duration:
    found = _DURATION.fullmatch(value)
    years, months, weeks, days, hours, minutes, seconds = (
        [int(part or 0) for part in found.groups()] if found else [0] * 7
    )
    made = Duration(12 * years + months, weeks, days, 60 * hours + minutes, seconds)
    if made.is_empty:
        raise TimerUnreadable(f"“{value}” không phải khoảng thời gian nên chưa biết chờ bao lâu.")
    return made


def _after(start: datetime, span: Duration, unit: str, calendar: Calendar) -> datetime:
    days = span.days + _DAYS_A_WEEK * span.weeks
    if unit in WORKING and span.months:
        raise TimerUnreadable("Tháng và năm không đếm theo ngày, giờ làm việc.")
    if unit == "working_day":
        due = start
        if days:
            found = deadline(
                calendar=calendar, received_at=start, amount=Decimal(days), unit="working_day"
            )
            due = found.due_at or start
        return calendar.add_minutes(due, span.minutes) if span.minutes else due
    if unit == "working_hour":
        return calendar.add_minutes(start, span.minutes + days * _HOURS_A_DAY * 60)
    here = local(start)
    if span.months:
        here = _months_on(here, span.months)
    return here + timedelta(
        weeks=span.weeks, days=span.days, minutes=span.minutes, seconds=span.seconds
    )


def _months_on(moment: datetime, count: int) -> datetime:
    """Return the same day so many months later, the month's last day where there is none.

    Source: Bộ luật Dân sự 2015 Điều 148 khoản 2.
    """
    year, month = divmod(moment.year * 12 + moment.month - 1 + count, 12)
    for day in range(moment.day, 27, -1):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return moment.replace(year=year, month=month + 1)


def _cycle(value: str) -> tuple[int | None, datetime | None, Duration]:
    """Return how often (None without an end), the first moment where one is named, the stretch."""
    parts = value.split("/")
    if not re.fullmatch(r"R\d*", parts[0]) or len(parts) not in (2, 3):
        raise TimerUnreadable(f"“{value}” không phải chu kỳ nên chưa biết nhắc khi nào.")
    repeats = min(int(parts[0][1:]), _MOST_REPEATS) if parts[0][1:] else None
    begins = None
    if len(parts) == 3:
        try:
            begins = datetime.fromisoformat(parts[1])
        except ValueError as error:
            raise TimerUnreadable(f"“{value}” không có ngày giờ bắt đầu đọc được.") from error
        begins = begins if begins.tzinfo is not None else begins.replace(tzinfo=VN)
    return repeats, begins, _duration(parts[-1])
