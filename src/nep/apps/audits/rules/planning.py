"""What a year's programme covers, in which order and when; when a session may take place.

Source: TCVN ISO 9001:2015 điều 9.2.2 a (chương trình xét tầm quan trọng của quá trình, thay đổi,
kết quả đánh giá trước); QĐ 19/2014/QĐ-TTg Điều 4 khoản 4 b (ít nhất mỗi năm một lần). The weights
of the ranking are the product's own proposal; people change the order.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil

from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.vietnamese import VN, date_text
from nep.worktime import Calendar, Slot

CLAUSE = "TCVN ISO 9001:2015, điều 9.2"
LEAD, KEEP, SERVICE, RECEPTION, EVERY = "lead", "keep", "service", "reception", "every"
GROUPS = (LEAD, KEEP, SERVICE, RECEPTION, EVERY)
SMALL = 6
LAST_MONTH = 9
OPENING = 30
SHORTEST, LONGEST = 15, 480


@dataclass(frozen=True, slots=True)
class ClauseRule:
    """A clause of the standard: its number, title, to which units it belongs, what to ask."""

    number: str
    title: str
    groups: frozenset[str]
    questions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A unit as far as the programme needs it; figures are of the last twelve months."""

    id: int
    name: str
    groups: frozenset[str]
    finished: int = 0
    late: int = 0
    open_sheets: int = 0
    last_audit_on: date | None = None
    risk: int = 0


@dataclass(frozen=True, slots=True)
class ProposedLine:
    """A line of the programme: a unit, its clauses, its month, how grave, why."""

    unit_id: int
    month: int
    clauses: tuple[str, ...]
    weight: int
    reason: str


def rank(unit: UnitFacts, *, today: date) -> tuple[int, str]:
    """Return how much a unit asks to be audited (0 to 100), and why in words.

    Risks count most where they are kept, then late cases, open nonconformities and how long ago
    the last audit was.
    """
    weight, told = 0, []
    if unit.risk:
        weight += min(40, unit.risk * 2)
        told.append(f"rủi ro cao nhất {unit.risk} điểm")
    if unit.finished and unit.late:
        share = 100 * unit.late / unit.finished
        weight += min(25, ceil(share))
        told.append(f"{unit.late}/{unit.finished} hồ sơ trễ trong 12 tháng")
    if unit.open_sheets:
        weight += min(15, 5 * unit.open_sheets)
        told.append(f"{unit.open_sheets} sự không phù hợp đang mở")
    if unit.last_audit_on is None:
        weight += 20
        told.append("chưa từng đánh giá")
    else:
        months = (today - unit.last_audit_on).days // 30
        weight += max(0, min(20, months))
        told.append(f"đánh giá gần nhất {date_text(unit.last_audit_on)}")
    text = "; ".join(told)
    return min(weight, 100), text[:1].upper() + text[1:]


def clauses_of(unit: UnitFacts, clauses: Iterable[ClauseRule]) -> tuple[str, ...]:
    """Return the clauses that belong to a unit, in the standard's order."""
    return tuple(one.number for one in clauses if one.groups & (unit.groups | {EVERY}))


def propose(
    units: Sequence[UnitFacts], clauses: Sequence[ClauseRule], *, year: int, today: date
) -> tuple[ProposedLine, ...]:
    """Return a whole programme: every unit once, every clause somewhere, the gravest first.

    A small agency audits in one month; a larger one spreads over the months left until September,
    by whose end the year asks for the audit (`reference/obligations.toml`).
    A clause that no unit's group takes goes to the unit that leads, else to the first.
    """
    graded = sorted(((rank(one, today=today), one) for one in units),
                    key=lambda pair: (-pair[0][0], pair[1].name))  # fmt: skip
    months = _months(len(graded), year=year, today=today)
    taken = {one.id: list(clauses_of(one, clauses)) for one in units}
    covered = {number for numbers in taken.values() for number in numbers}
    home = next((one.id for one in units if LEAD in one.groups), units[0].id if units else 0)
    order = {one.number: place for place, one in enumerate(clauses)}
    for one in clauses:
        if one.number not in covered and home:
            taken[home].append(one.number)
    return tuple(
        ProposedLine(unit.id, month, tuple(sorted(taken[unit.id], key=order.__getitem__)), weight,
                     reason)
        for ((weight, reason), unit), month in zip(graded, months, strict=True)
    )  # fmt: skip


def _months(count: int, *, year: int, today: date) -> list[int]:
    """Return the month of each line in order."""
    first = 3 if today.year < year else min(12, today.month + 1)
    last = max(first, LAST_MONTH)
    if count <= SMALL:
        return [last] * count
    span = last - first + 1
    return [first + place * span // count for place in range(count)]


def missing(
    *,
    units: Iterable[tuple[int, str]],
    clauses: Iterable[ClauseRule],
    lines: Iterable[tuple[int, Sequence[str]]],
    left_out: Iterable[str] = (),
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the units and the clauses that a programme leaves out; `left_out` were left out with
    a reason."""
    kept = list(lines)
    there = {unit_id for unit_id, _numbers in kept}
    known = {number for _unit, numbers in kept for number in numbers} | set(left_out)
    return (
        tuple(name for unit_id, name in units if unit_id not in there),
        tuple(one.number for one in clauses if one.number not in known),
    )


def decide_whole(
    *, units: Sequence[str], clauses: Sequence[str], lines: int, excuse: str
) -> Decision:
    """Decide whether a programme may be submitted or approved: nothing is missing without a reason."""
    if not lines:
        return Refused("programme_empty", "Chương trình chưa có dòng nào.", CLAUSE)
    if units:
        said = ", ".join(units[:3])
        return Refused(
            "units_missing", f"Chương trình chưa có {said}. Mỗi đơn vị được đánh giá ít nhất một lần "
            "trong năm.", CLAUSE,
        )  # fmt: skip
    if clauses and not excuse.strip():
        return Refused(
            "clauses_missing",
            f"Chương trình chưa có điều {', '.join(clauses[:8])}. Hãy thêm vào một đơn vị, hoặc ghi vì "
            "sao không đánh giá.", CLAUSE, field="excuse",
        )  # fmt: skip
    return ALLOWED


def decide_session(
    calendar: Calendar, *, starts_at: datetime, ends_at: datetime, today: date
) -> Decision:
    """Decide whether a session may take place then: in office hours, from today on, never at night.

    Times are aware. Which hours are office hours says the agency's own calendar.
    """
    start, end = starts_at.astimezone(VN), ends_at.astimezone(VN)
    if end <= start:
        return Refused("session_reversed", "Giờ kết thúc phải sau giờ bắt đầu.", field="ends_at")
    if start.date() != end.date():
        return Refused("session_days", "Mỗi phiên nằm trong một ngày.", field="ends_at")
    minutes = (end - start).total_seconds() / 60
    if not SHORTEST <= minutes <= LONGEST:
        return Refused(
            "session_length", "Mỗi phiên dài từ 15 phút đến một ngày làm việc.", field="ends_at"
        )
    if start.date() < today:
        return Refused(
            "session_past", "Ngày đánh giá phải từ hôm nay trở đi. Kế hoạch lập trước khi đánh giá.",
            CLAUSE, field="on",
        )  # fmt: skip
    slots = calendar.slots_on(start.date())
    if not slots:
        name = calendar.day_name(start.date())
        return Refused(
            "session_day_off", f"{date_text(start.date())} là ngày nghỉ{f' ({name})' if name else ''}. "
            "Hãy chọn ngày làm việc.", field="on",
        )  # fmt: skip
    opens, closes = slots[0].start, slots[-1].end
    if not opens <= _minute(start) < _minute(end) <= closes or not _works(slots, start, end):
        return Refused(
            "session_hours",
            f"Phiên phải trong giờ làm việc ({_clock(opens)} đến {_clock(closes)}, trừ giờ nghỉ trưa).",
            field="starts_at",
        )
    return ALLOWED


def _works(slots: Sequence[Slot], start: datetime, end: datetime) -> bool:
    """Say whether both ends lie within office hours; a session may go on after the noon rest."""
    return any(one.start <= _minute(start) < one.end for one in slots) and any(
        one.start < _minute(end) <= one.end for one in slots
    )


def times(
    calendar: Calendar, *, first_day: date, count: int, minutes: int
) -> tuple[tuple[datetime, datetime], ...]:
    """Return the times of so many sessions one after another, each whole within a half day, the
    first half an hour after the office opens; the next working day begins when a day is full."""
    found: list[tuple[datetime, datetime]] = []
    day = first_day
    while len(found) < count:
        for place, slot in enumerate(calendar.slots_on(day)):
            at = slot.start + (OPENING if place == 0 else 0)
            while at + minutes <= slot.end and len(found) < count:
                found.append((_at(day, at), _at(day, at + minutes)))
                at += minutes
        day += timedelta(days=1)
        if (day - first_day).days > 60:
            break
    return tuple(found)


def first_day(calendar: Calendar, *, year: int, month: int, today: date, notice_days: int) -> date:
    """Return the first day on which an audit of a month may begin: a working day, announced in
    time; the second week of a month still to come."""
    earliest = calendar.add_working_days(today, notice_days + 2)
    day = max(earliest, date(year, month, 8))
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    return day


def _at(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(minute // 60, minute % 60), VN)


def _minute(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
