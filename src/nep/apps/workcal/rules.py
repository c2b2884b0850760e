"""Rules of the calendar: which hours and days may be entered."""

from collections.abc import Sequence
from datetime import date, time

from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.worktime import Slot

Span = tuple[time, time]
LOCAL_KINDS = ("closure", "half_day", "swap_work", "swap_off", "hours", "holiday")
SWAPS = frozenset({"swap_work", "swap_off"})
CLOSED = frozenset({"closure", "swap_off", "holiday"})


def minutes(moment: time) -> int:
    """Return the minutes of the day."""
    return moment.hour * 60 + moment.minute


def decide_hours(*, morning: Span | None, afternoon: Span | None) -> Decision:
    """Decide whether two spans can be office hours."""
    spans = [span for span in (morning, afternoon) if span is not None]
    if not spans:
        return Refused("hours_missing", "Hãy ghi giờ làm việc buổi sáng hoặc buổi chiều.")
    if any(start >= end for start, end in spans):
        return Refused("hours_reversed", "Giờ kết thúc phải sau giờ bắt đầu.")
    if morning and afternoon and morning[1] > afternoon[0]:
        return Refused("hours_overlap", "Buổi chiều phải bắt đầu sau khi buổi sáng kết thúc.")
    total = sum(minutes(end) - minutes(start) for start, end in spans)
    if total > 8 * 60:
        return Refused(
            "hours_too_long",
            "Giờ làm việc một ngày không quá 8 giờ.",
            clause="Điều 105 Bộ luật Lao động 2019",
        )
    return ALLOWED


def weekly_slots(
    *, morning: Span | None, afternoon: Span | None, saturday_morning: bool
) -> tuple[tuple[Slot, ...], ...]:
    """Return the seven days' office hours, Monday first."""
    spans = [span for span in (morning, afternoon) if span is not None]
    day = tuple(Slot(minutes(start), minutes(end)) for start, end in spans)
    saturday = day[:1] if saturday_morning and morning else ()
    return (*(day,) * 5, saturday, ())


def decide_day(
    *,
    kind: str,
    on: date,
    notice: str,
    hours: Sequence[Span],
    first_year: int,
    last_year: int,
) -> Decision:
    """Decide whether an exceptional day may be entered.

    `hours` are the day's own office hours; a day off has none. A swapped day has no article of law, only yearly notices, so its notice number is asked for.
    """
    if kind not in LOCAL_KINDS:
        return Refused("kind_unknown", "Hãy chọn loại ngày trong danh sách.", field="kind")
    if not first_year <= on.year <= last_year:
        return Refused(
            "day_outside", f"Chỉ ghi được ngày từ năm {first_year} đến năm {last_year}.", field="on"
        )
    if kind in SWAPS and not notice:
        return Refused(
            "notice_missing",
            "Ngày hoán đổi chỉ có theo thông báo từng năm. Hãy ghi số thông báo.",
            field="notice",
        )
    return _decide_day_hours(kind, hours)


def _decide_day_hours(kind: str, hours: Sequence[Span]) -> Decision:
    if kind == "hours" and not hours:
        return Refused("hours_missing", "Hãy ghi giờ làm việc của ngày này.", field="hours")
    if kind in CLOSED and hours:
        return Refused("hours_on_day_off", "Ngày nghỉ không có giờ làm việc.", field="hours")
    if any(start >= end for start, end in hours):
        return Refused("hours_reversed", "Giờ kết thúc phải sau giờ bắt đầu.", field="hours")
    return ALLOWED


def slots_from(rows: Sequence[Sequence[int]] | None) -> tuple[Slot, ...] | None:
    """Return stored [start, end] pairs as slots."""
    return None if rows is None else tuple(Slot(start, end) for start, end in rows)


def needs_next_year(*, today: date, noticed: frozenset[int]) -> bool:
    """Say whether to warn that next year has no notice yet: from 1 December on."""
    return today.month == 12 and today.year + 1 not in noticed
