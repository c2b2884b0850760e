"""When something is due, by the two calculators of the law: counting days and counting hours.

Source: Bộ luật Dân sự 2015 Điều 147 (ngày đầu không tính; giờ tính từ thời điểm bắt đầu), Điều 148
(ngày cuối là ngày nghỉ thì kết thúc vào ngày làm việc tiếp theo); Nghị định 118/2025/NĐ-CP Điều 17,
19 (tính lại từ đầu sau khi bổ sung); the other pause policies are settings of a procedure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import VN
from nep.worktime.calendar import DAY, Calendar
from nep.worktime.model import HOURS_PER_DAY, Pause

Amount = Decimal | int | float


class UnusableLimit(Refusal, ValueError):
    """A limit that no calculator of the law can count."""


@dataclass(slots=True)
class Deadline:
    """The due moment (None while an open pause holds the clock) and whether it is an estimate."""

    due_at: datetime | None
    estimated: bool


def deadline(
    *,
    calendar: Calendar,
    received_at: datetime,
    amount: Amount,
    unit: str,
    pauses: Sequence[Pause] = (),
) -> Deadline:
    """Return when a limit that starts at `received_at` ends.

    `amount` is in `unit`: working hours, working days or calendar days. A fraction of a working
    day is counted in hours, 8 to the day. In day counting a working day wholly or partly inside
    a stopping pause is not counted; a restarting pause starts the limit anew at its end.
    Raises OutsideCalendar; UnusableLimit for nothing or less, an unknown unit, or a fraction of a
    calendar day.
    """
    if amount <= 0:
        raise UnusableLimit("limit_not_positive", "Thời hạn phải lớn hơn 0.", field="amount")
    if not pauses:
        minute = _due(calendar, calendar.minute_of(received_at), amount, unit, ())
        due_at = None if minute is None else calendar.moment_of(minute)
    else:
        due_at = None
        if unit == "working_hour":
            due_at = calendar.reach_through(received_at, minutes_of(amount, unit) or 1, pauses)
        if due_at is None:
            due_at = _due_with_pauses(calendar, received_at, amount, unit, pauses)
    last = due_at or received_at.astimezone(VN)
    noticed = calendar.noticed
    if last.year == received_at.year:
        return Deadline(due_at, last.year not in noticed)
    return Deadline(due_at, not calendar.is_noticed(received_at.astimezone(VN).date(), last.date()))


def minutes_of(amount: Amount, unit: str) -> int:
    """Return a limit in working minutes (8 hours a day), for sums and shares only."""
    minutes = amount * 60 if unit == "working_hour" else amount * HOURS_PER_DAY * 60
    return minutes if minutes.__class__ is int else round(minutes)  # type: ignore[return-value]


def _counts_hours(amount: Amount, unit: str) -> bool:
    return unit == "working_hour" or (unit == "working_day" and amount != int(amount))


Stops = Sequence[tuple[int, int | None]]


def _due(calendar: Calendar, start: int, amount: Amount, unit: str, stops: Stops) -> int | None:
    """Return the due minute for a clock that starts at minute `start` with stopping pauses."""
    if _counts_hours(amount, unit):
        return _due_by_minutes(calendar, start, minutes_of(amount, unit) or 1, stops)
    if unit == "working_day":
        return _due_by_days(calendar, start, int(amount), stops)
    if unit == "calendar_day":
        if amount != int(amount):
            raise UnusableLimit(
                "calendar_day_fraction",
                "Thời hạn tính bằng ngày phải là số nguyên.",
                field="amount",
            )
        return _due_by_calendar_days(calendar, start, int(amount), stops)
    raise UnusableLimit("unit_unknown", f"Không có đơn vị thời hạn “{unit}”.", field="unit")


def _due_by_minutes(calendar: Calendar, start: int, minutes: int, stops: Stops) -> int | None:
    done = calendar.worked(start)
    for begin, end in stops:
        room = calendar.worked(max(begin, start)) - done
        if minutes <= room:
            break
        if end is None:
            return None
        minutes -= max(room, 0)
        done = calendar.worked(max(end, start))
    return calendar.reach(done + minutes)


def _due_by_days(calendar: Calendar, start: int, days: int, stops: Stops) -> int | None:
    first = calendar.rank_after(start // DAY)
    target = first + days - 1
    counted_to = first  # working days before this rank are dealt with
    for begin, end in stops:
        low = _rank_touched_from(calendar, begin)
        if low > target:
            break
        if end is None:
            return None
        high = _rank_touched_to(calendar, end)
        low = max(low, counted_to)
        if high >= low:
            target += high - low + 1
            counted_to = high + 1
    return calendar.close_minute(calendar.workday(target))


def _rank_touched_from(calendar: Calendar, minute: int) -> int:
    """Return the rank of the first working day with office hours after a minute."""
    index = minute // DAY
    closed = minute >= calendar.close_minute(index)
    return calendar.rank_after(index) if closed else calendar.rank_from(index)


def _rank_touched_to(calendar: Calendar, minute: int) -> int:
    """Return the rank of the last working day with office hours before a minute."""
    index = minute // DAY
    slots = calendar.slots_on(calendar.first + timedelta(days=index))
    opened = bool(slots) and minute > index * DAY + slots[0].start
    return calendar.rank_from(index) if opened else calendar.rank_from(index) - 1


def _due_by_calendar_days(calendar: Calendar, start: int, days: int, stops: Stops) -> int | None:
    target = start // DAY + days
    counted_to = start // DAY + 1
    for begin, end in stops:
        low = begin // DAY + (1 if begin >= calendar.close_minute(begin // DAY) else 0)
        if low > target:
            break
        if end is None:
            return None
        high = end // DAY - (0 if _has_begun(calendar, end) else 1)
        low = max(low, counted_to)
        if high >= low:
            target += high - low + 1
            counted_to = high + 1
    calendar.day_index(calendar.first + timedelta(days=target))
    return calendar.close_minute(calendar.workday(calendar.rank_from(target)))


def _has_begun(calendar: Calendar, minute: int) -> bool:
    """Say whether a day's office hours (or a day off itself) have begun by a minute."""
    index = minute // DAY
    slots = calendar.slots_on(calendar.first + timedelta(days=index))
    return minute > index * DAY + (slots[0].start if slots else 0)


def _due_with_pauses(
    calendar: Calendar, received_at: datetime, amount: Amount, unit: str, pauses: Sequence[Pause]
) -> datetime | None:
    start = calendar.minute_of(received_at)
    stops: list[tuple[int, int | None]] = []
    due = _due(calendar, start, amount, unit, stops)
    for pause in sorted(pauses, key=lambda one: one.start):
        if pause.policy == "none" or due is None:
            continue
        begin = calendar.minute_of(pause.start)
        end = None if pause.end is None else calendar.minute_of(pause.end)
        if begin > due:
            continue
        if pause.policy == "restart":  # whenever the file was complete, also at noon or at night
            if end is None:
                return None
            start, stops = max(start, end), []
        elif end is None or calendar.worked(end) > calendar.worked(begin):
            _add_stop(stops, begin, end)
        due = _due(calendar, start, amount, unit, stops)
    return None if due is None else calendar.moment_of(due)


def _add_stop(stops: list[tuple[int, int | None]], begin: int, end: int | None) -> None:
    """Add a stop that begins no earlier than the others, joining it where they overlap."""
    if stops:
        last_begin, last_end = stops[-1]
        if last_end is None:
            return
        if begin <= last_end:
            stops[-1] = (last_begin, None if end is None else max(last_end, end))
            return
    stops.append((begin, end))
