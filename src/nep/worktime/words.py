"""Due dates and durations in words, as officials read them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from nep.kernel.vietnamese import VN, WEEKDAYS
from nep.worktime.calendar import Calendar
from nep.worktime.deadlines import Amount, Deadline, deadline
from nep.worktime.model import DAY_KIND_NAMES, PAUSE_NAMES, UNIT_NAMES, Pause

_LISTED = 6  # exceptional days named one by one before they are only counted


class LedgerRow(NamedTuple):
    """One line of a due date's account: what, how much, and where it comes from."""

    label: str
    value: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A due date with its account; `sentence` is the whole of it in one line."""

    due_at: datetime | None
    sentence: str
    ledger: tuple[LedgerRow, ...]
    estimated: bool


def amount_words(amount: Amount, unit: str) -> str:
    """Return "5 ngày làm việc", "0,5 ngày làm việc", "4 giờ làm việc"."""
    whole = int(amount)
    text = (
        str(whole) if amount == whole else str(Decimal(str(amount)).normalize()).replace(".", ",")
    )
    return f"{text} {UNIT_NAMES[unit]}"


def moment_words(moment: datetime) -> str:
    """Return "17:30 thứ Năm 07/5/2026": days below 10 and months 1 and 2 with a leading zero."""
    there = moment if moment.tzinfo is VN else moment.astimezone(VN)
    month = f"{there.month:02d}" if there.month < 3 else there.month
    return (
        f"{there.hour:02d}:{there.minute:02d} {WEEKDAYS[there.weekday()]} "
        f"{there.day:02d}/{month}/{there.year}"
    )


def due_words(moment: datetime, *, today: date) -> str:
    """Return a due moment as lists show it: "17:30 hôm nay", "17:30 thứ Năm, 10/12"."""
    there = moment.astimezone(VN)
    clock = f"{there.hour:02d}:{there.minute:02d}"
    if there.date() == today:
        return f"{clock} hôm nay"
    year = "" if there.year == today.year else f"/{there.year}"
    return f"{clock} {WEEKDAYS[there.weekday()]}, {there.day:02d}/{there.month:02d}{year}"


def duration_words(minutes: int, *, minutes_per_day: int = 480, full: bool = False) -> str:
    """Return working time in words: "45 phút", "1 giờ 10 phút", "5 giờ", "1 ngày 2 giờ".

    From two hours on minutes are left out, from a day on hours become days; `full` keeps all.
    """
    minutes = abs(minutes)
    days, rest = divmod(minutes, minutes_per_day)
    hours, spare = divmod(rest, 60)
    if full or minutes < 120:
        parts = [(days, "ngày"), (hours, "giờ"), (spare, "phút")]
    else:
        parts = [(days, "ngày"), (hours, "giờ")]
    words = [f"{count} {name}" for count, name in parts if count]
    return " ".join(words) or "0 phút"


def hours_words(minutes: int) -> str:
    """Return working time in hours and minutes only: "42 giờ 50 phút"."""
    hours, spare = divmod(abs(minutes), 60)
    words = [f"{count} {name}" for count, name in ((hours, "giờ"), (spare, "phút")) if count]
    return " ".join(words) or "0 phút"


def explain(
    *,
    calendar: Calendar,
    received_at: datetime,
    amount: Amount,
    unit: str,
    pauses: Sequence[Pause] = (),
) -> Explanation:
    """Return the due moment of `deadline` with its account in words.

    Raises as `deadline` does.
    """
    answer = deadline(
        calendar=calendar, received_at=received_at, amount=amount, unit=unit, pauses=pauses
    )
    rows = [
        LedgerRow("Thời hạn", amount_words(amount, unit)),
        LedgerRow("Tiếp nhận", moment_words(received_at)),
    ]
    if unit != "working_hour" and amount == int(amount):
        rows.append(LedgerRow("Ngày đầu", "không tính", "Điều 147 Bộ luật Dân sự 2015"))
    rows += [_pause_row(pause) for pause in pauses if pause.policy != "none"]
    if answer.due_at is not None:
        rows += _rest_rows(calendar, received_at.astimezone(VN).date(), answer.due_at.date(), unit)
        rows.append(LedgerRow("Hạn", moment_words(answer.due_at)))
    if answer.estimated:
        rows.append(LedgerRow("Dự kiến", "chưa có thông báo lịch nghỉ chính thức của năm"))
    return Explanation(answer.due_at, _sentence(rows, answer), tuple(rows), answer.estimated)


def _sentence(rows: Sequence[LedgerRow], answer: Deadline) -> str:
    parts: list[str] = []
    rests: list[str] = []
    due = ""
    for row in rows:
        if row.label == "Thời hạn":
            parts.append(row.value)
        elif row.label == "Tiếp nhận":
            parts.append(f"tiếp nhận {row.value}")
        elif row.label == "Ngày đầu":
            parts.append("không tính ngày đầu")
        elif row.label == "Không tính":
            rests.append(row.value)
        elif row.label == "Hạn":
            due = row.value
        elif row.label != "Dự kiến":
            parts.append(f"{row.label.lower()} {row.value}")
    if rests:
        parts.append(
            f"nghỉ {', '.join(rests[:-1])} và {rests[-1]}" if rests[1:] else f"nghỉ {rests[0]}"
        )
    if answer.due_at is None:
        return "; ".join(parts) + " → chưa có hạn vì đang tạm dừng"
    mark = " (dự kiến)" if answer.estimated else ""
    return f"{'; '.join(parts)} → hạn {due}{mark}"


def _pause_row(pause: Pause) -> LedgerRow:
    end = moment_words(pause.end) if pause.end else "nay"
    word = "Tính lại sau khi" if pause.policy == "restart" else "Tạm dừng"
    reason = PAUSE_NAMES[pause.kind]
    return LedgerRow(word, f"{reason} (từ {moment_words(pause.start)} đến {end})")


def _rest_rows(calendar: Calendar, first: date, last: date, unit: str) -> Iterator[LedgerRow]:
    """Yield what lay between and did not count: days off by notice, weekends, and worked Saturdays."""
    if unit == "calendar_day":
        rule = calendar.rule_on(last)
        if rule is not None and rule.kind == "swap_work":
            yield LedgerRow("Làm bù", f"{last.day}/{last.month}")
        return
    weekly = calendar.spec.weekly
    spans: list[tuple[date, date, str]] = []
    weekend = False
    for rule in _rules_between(calendar, first, last):
        off = not calendar.slots_on(rule.on)
        if rule.kind == "swap_work":
            yield LedgerRow("Làm bù", f"{rule.on.day}/{rule.on.month}", rule.notice)
        elif off and weekly[rule.on.weekday()]:
            _extend(spans, rule.on, rule.name or DAY_KIND_NAMES[rule.kind])
    for start, end, name in spans[:_LISTED]:
        yield LedgerRow("Không tính", _span_words(start, end), name)
    if len(spans) > _LISTED:
        yield LedgerRow("Không tính", f"{len(spans) - _LISTED} đợt nghỉ khác")
    weekend = (last - first).days >= 7 or _has_weekend(first, last, weekly)
    if weekend:
        yield LedgerRow("Không tính", "cuối tuần")


def _rules_between(calendar: Calendar, first: date, last: date) -> Iterator:
    days = calendar.exceptional_days
    for rule in days[calendar.exceptional_from(first) :]:
        if rule.on > last:
            return
        yield rule


def _extend(spans: list[tuple[date, date, str]], day: date, name: str) -> None:
    if spans and (day - spans[-1][1]).days == 1:
        spans[-1] = (spans[-1][0], day, spans[-1][2])
    else:
        spans.append((day, day, name))


def _span_words(start: date, end: date) -> str:
    first = f"{start.day}/{start.month}"
    return first if start == end else f"{first}–{end.day}/{end.month}"


def _has_weekend(first: date, last: date, weekly) -> bool:
    day = first
    while day < last:
        day += timedelta(days=1)
        if not weekly[day.weekday()]:
            return True
    return False
