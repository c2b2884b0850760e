"""The obligations of a year: which an agency has, by when, what is next. All of it is data.

Source: Quyết định 19/2014/QĐ-TTg Điều 4; Thông tư 26/2014/TT-BKHCN; Nghị định 30/2020/NĐ-CP Điều 28;
each obligation names its own.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.text import clean, fold

HAND, EVENT = "hand", "event"
DONE, LATE, SOON, LATER, EXCLUDED = "done", "late", "soon", "later", "excluded"
STATE_NAMES: dict[str, str] = {
    DONE: "Đã xong",
    LATE: "Quá hạn",
    SOON: "Sắp đến hạn",
    LATER: "Chưa đến hạn",
    EXCLUDED: "Không áp dụng",
}
CHIPS: dict[str, str] = {DONE: "dung", LATE: "qua", SOON: "sap", LATER: "trong", EXCLUDED: "tam"}
COMMUNES = frozenset({"xa", "phuong", "dac_khu"})
SOON_DAYS = 21
LEAST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something an agency does once a year, or whenever an event asks for it.

    `due` is "MM-DD" or "event"; `seen` where it is seen that it is done, "hand" for a person's word;
    `start` where who keeps the year begins while nothing is there yet.
    """

    code: str
    title: str
    why: str
    due: str
    role: str
    minutes: int
    seen: str
    url: str
    label: str
    source: str
    verified: str
    day_verified: str
    start: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the data say of an obligation in a year: done on a day, begun, what is there, where.

    `due_on` is set where the event says by when; `needed` False when no event asks for it.
    """

    done_on: date | None = None
    begun: bool = False
    told: str = ""
    url: str = ""
    due_on: date | None = None
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Kept:
    """What an agency has laid down of an obligation of a year."""

    code: str
    title: str
    due_on: date
    role: str
    minutes: int
    is_own: bool
    is_copied: bool
    is_confirmed: bool
    excluded: str
    done_on: date | None
    evidence: str


@dataclass(frozen=True, slots=True)
class Line:
    """An obligation of a year as it stands on a day."""

    code: str
    title: str
    why: str
    role: str
    minutes: int
    due_on: date
    state: str
    done_on: date | None
    begun: bool
    told: str
    url: str
    label: str
    by_hand: bool
    is_own: bool
    to_confirm: bool
    excluded: str
    source: str
    verified: str
    day_verified: str
    start: str = ""

    @property
    def state_name(self) -> str:
        """Return the state in words."""
        return STATE_NAMES[self.state]

    @property
    def chip(self) -> str:
        """Return the state as the chip draws it."""
        return CHIPS[self.state]


def read_obligations(
    shipped: Mapping[str, Mapping[str, Any]], *, kind: str, name: str, people: int
) -> tuple[Obligation, ...]:
    """Return the obligations of an agency of a kind, name and size, in the order of their days."""
    size = "xa" if kind in COMMUNES else "so"
    found = [
        Obligation(
            code=code, title=one["title"], why=one["why"], due=one["due"], role=one["role"],
            minutes=one["minutes"][size], seen=one["seen"], url=one["url"], label=one["label"],
            source=one["source"], verified=one["verified"], day_verified=one["day_verified"],
            start=one.get("start", ""),
        )
        for code, one in shipped.items()
        if code != "estimate" and _concerns(one, kind=kind, name=name, people=people)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.due == EVENT, one.due, one.code)))


def _concerns(one: Mapping[str, Any], *, kind: str, name: str, people: int) -> bool:
    kinds, named = one.get("kinds", ()), fold(one.get("named", ""))
    return (
        (not kinds or kind in kinds)
        and (not named or named in fold(name))
        and people >= one.get("from_people", 0)
    )


def day_of(due: str, year: int) -> date:
    """Return the day of "MM-DD" in a year; an event without one stands at the year's end."""
    if due == EVENT:
        return date(year, 12, 31)
    month, day = (int(part) for part in due.split("-"))
    return date(year, month, min(day, monthrange(year, month)[1]))


def moved_to(day: date, year: int) -> date:
    """Return the same day of another year, the last of February when there is no such."""
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))


def line_of(
    obligation: Obligation | None, kept: Kept | None, seen: Seen, *, year: int, today: date
) -> Line:
    """Return an obligation as it stands: by hand only where no data tell.

    Without `kept` the year has not been opened and the shipped day holds; without `obligation` it
    is one of the agency's own.
    """
    by_hand = obligation is None or obligation.seen == HAND
    done_on = (kept.done_on if kept else None) if by_hand else seen.done_on
    due_on = seen.due_on or (
        kept.due_on if kept else day_of(obligation.due if obligation else EVENT, year)
    )
    excluded = kept.excluded if kept else ""
    state = state_of(
        due_on, done_on=done_on, excluded=bool(excluded), needed=seen.needed, today=today
    )
    return Line(
        code=kept.code if kept else _code(obligation), due_on=due_on, state=state,
        title=kept.title if kept else (obligation.title if obligation else ""),
        why=obligation.why if obligation else "Việc cơ quan tự đặt.",
        role=kept.role if kept else (obligation.role if obligation else ""),
        minutes=kept.minutes if kept else (obligation.minutes if obligation else 0),
        done_on=done_on, begun=seen.begun, told=kept.evidence if kept and by_hand else seen.told,
        url=seen.url or (obligation.url.format(year=year) if obligation else ""),
        label=obligation.label if obligation else "", by_hand=by_hand,
        is_own=obligation is None, excluded=excluded,
        to_confirm=bool(kept and kept.is_copied and not kept.is_confirmed),
        source=obligation.source if obligation else "Cơ quan tự đặt",
        verified=obligation.verified if obligation else "",
        day_verified=obligation.day_verified if obligation else "",
        start=_start(obligation, seen, year),
    )  # fmt: skip


def _start(obligation: Obligation | None, seen: Seen, year: int) -> str:
    """Return where who keeps the year begins; nothing once something is there."""
    if obligation is None or seen.begun or seen.url or seen.done_on:
        return ""
    return obligation.start.format(year=year)


def _code(obligation: Obligation | None) -> str:
    return obligation.code if obligation else ""


def state_of(
    due_on: date, *, done_on: date | None, excluded: bool, needed: bool, today: date
) -> str:
    """Return how an obligation stands on a day."""
    if excluded:
        return EXCLUDED
    if done_on is not None or not needed:
        return DONE
    if due_on < today:
        return LATE
    return SOON if due_on <= today + timedelta(days=SOON_DAYS) else LATER


def next_of(lines: Iterable[Line]) -> Line | None:
    """Return the one thing to do next: what was copied and waits for a look, then by day."""
    left = [one for one in lines if one.state in {LATE, SOON, LATER}]
    return min(
        left, key=lambda one: (one.state != LATE, not one.to_confirm, one.due_on, one.code),
        default=None,
    )  # fmt: skip


def decide_tick(
    *, obligation: Obligation | None, evidence: str, on: date, year: int, today: date
) -> Decision:
    """Decide whether a person may say that it is done: only where no data can tell, with evidence."""
    if obligation is not None and obligation.seen != HAND:
        return Refused(
            "seen_from_data",
            f"“{obligation.title}” tự xong khi dữ liệu có: {obligation.label.lower()} để làm.",
        )
    if len(clean(evidence)) < LEAST_WORDS:
        return Refused(
            "evidence_missing", "Hãy ghi số, ngày văn bản hoặc việc đã làm.", field="evidence"
        )
    if on > today:
        return Refused("done_later", "Ngày làm xong không thể sau hôm nay.", field="on")
    if on.year < year - 1:
        return Refused(
            "done_early", f"Việc của năm {year} không thể xong trước năm {year - 1}.", field="on"
        )
    return ALLOWED


def decide_change(*, title: str, due_on: date, year: int, minutes: int) -> Decision:
    """Decide whether an obligation of a year may be laid down so."""
    if len(clean(title)) < LEAST_WORDS:
        return Refused("title_missing", "Hãy ghi việc phải làm bằng một câu.", field="title")
    if due_on.year != year:
        return Refused("due_other_year", f"Hạn phải ở trong năm {year}.", field="due_on")
    if not 0 <= minutes <= 10_000:
        return Refused("minutes_bounds", "Số phút từ 0 đến 10.000.", field="minutes")
    return ALLOWED


def decide_exclude(*, reason: str) -> Decision:
    """Decide whether an obligation may be left out of a year: only with a reason."""
    if len(clean(reason)) < LEAST_WORDS:
        return Refused("reason_missing", "Hãy ghi vì sao không áp dụng.", field="reason")
    return ALLOWED


def headline(lines: Iterable[Line], *, year: int, opened: bool) -> str:
    """Return how the year stands, in words."""
    known = list(lines)
    if not opened:
        return f"Năm ISO {year} chưa mở: {len(known)} việc cho cơ quan của bạn"
    counted = [one for one in known if one.state != EXCLUDED]
    late = sum(one.state == LATE for one in counted)
    done = sum(one.state == DONE for one in counted)
    if counted and done == len(counted):
        return f"Năm ISO {year}: đã xong cả {done} việc"
    said = f"Năm ISO {year}: đã xong {done}/{len(counted)} việc"
    return f"{said}, {late} việc quá hạn" if late else said
