"""Reads of letters and choices; every answer is a plain frozen value."""

import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.conf import settings
from django.db.models import Count, Q

from nep.foundation.accounts.rules import SettingLine
from nep.foundation.db.doctor import Finding, invariant
from nep.foundation.notify.models import Choice, Feed, Letter, Mark, Told, Turn, Value, Waiting
from nep.foundation.notify.rules import SHIPPED, Values, Wish

STATE_NAMES: dict[int, str] = {
    Letter.READY: "đang chờ gửi",
    Letter.SENDING: "đang gửi",
    Letter.SENT: "đã gửi",
    Letter.UNKNOWN: "không rõ đã gửi",
    Letter.DEAD: "không gửi được",
    Letter.MERGED: "đã gộp vào thư sau",
}
STATES: dict[int, str] = {
    Letter.READY: "waiting", Letter.SENDING: "waiting", Letter.SENT: "sent",
    Letter.UNKNOWN: "unknown", Letter.DEAD: "dead", Letter.MERGED: "merged",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter in a list; `state` is waiting, sent, unknown, dead or merged."""

    id: int
    person_id: int
    agency_id: int
    address: str
    subject: str
    count: int
    state: str
    state_name: str
    made_at: datetime
    ended_at: datetime | None
    due_at: datetime
    attempts: int
    fault: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many letters of the last days stand how."""

    waiting: int
    sent: int
    unknown: int
    dead: int


@dataclass(frozen=True, slots=True)
class FeedState:
    """A person's calendar by address, without the address."""

    made_at: datetime
    fetched_at: datetime | None


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """Something that waits for a person's next letter."""

    kind: str
    item_id: int
    key: str
    at: datetime


@cache
def shipped_values() -> dict[str, dict]:
    """Return the shipped values with label, unit, bounds, source and mark."""
    path = settings.BASE_DIR / "reference" / "notices.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def values() -> Values:
    """Return the values in force."""
    changed = dict(Value.objects.values_list("key", "value"))
    lines = {key: changed.get(key, line["value"]) for key, line in shipped_values().items()}
    return Values(**lines)


def value_lines() -> tuple[SettingLine, ...]:
    """Return every value for its page, in the shipped order."""
    changed = dict(Value.objects.values_list("key", "value"))
    return tuple(
        SettingLine(
            key=key, label=line["label"], unit=line["unit"], min=line["min"], max=line["max"],
            value=changed.get(key, line["value"]), shipped=line["value"],
            source=line["source"], verified=line["verified"],
        )
        for key, line in shipped_values().items()
    )  # fmt: skip


def wish_of(person_id: int) -> Wish:
    """Return how a person wants to be told, as shipped where nothing was chosen."""
    return wishes([person_id]).get(person_id, SHIPPED)


def wishes(person_ids: Collection[int] | None = None) -> dict[int, Wish]:
    """Return the wishes of those who have chosen; of some people, or of all."""
    rows = Choice.objects.all()
    if person_ids is not None:
        rows = rows.filter(pk__in=person_ids)
    found = rows.values_list("person_id", "mail", "silent", "hour", "weekday")
    return {
        person_id: Wish(mail, frozenset(silent), hour, weekday)
        for person_id, mail, silent, hour, weekday in found
    }


def silent_people(kind: str, person_ids: Collection[int]) -> frozenset[int]:
    """Return who of these people keeps a kind from the bell."""
    found = wishes(person_ids)
    return frozenset(id_ for id_, wish in found.items() if kind in wish.silent)


def turns() -> dict[int, tuple[date | None, date | None]]:
    """Return how far each person has been looked at: (daily, weekly)."""
    return {row[0]: row[1:] for row in Turn.objects.values_list("person_id", "day_on", "week_on")}


def mark(name: str) -> int | None:
    """Return how far something has been followed, or None before its first round."""
    return Mark.objects.filter(pk=name).values_list("until", flat=True).first()


def people_waiting() -> dict[int, frozenset[str]]:
    """Return for whom something waits, and of which kinds."""
    found: dict[int, set[str]] = {}
    for person_id, kind in Waiting.objects.values_list("person_id", "kind").distinct():
        found.setdefault(person_id, set()).add(kind)
    return {person_id: frozenset(kinds) for person_id, kinds in found.items()}


def waiting_of(person_id: int) -> tuple[WaitingLine, ...]:
    """Return what waits for a person, oldest first."""
    rows = Waiting.objects.filter(person_id=person_id).order_by("id")
    return tuple(WaitingLine(row.kind, row.item_id, row.key, row.at) for row in rows)


def told_keys(person_id: int, keys: Collection[str]) -> frozenset[str]:
    """Return which of these lines a letter has told the person.

    What stands only in a letter that could not be sent was not told: the next one takes it over.
    """
    wanted = list(keys)
    told: set[str] = set()
    for start in range(0, len(wanted), 500):
        rows = Told.objects.filter(person_id=person_id, key__in=wanted[start : start + 500])
        told.update(rows.exclude(letter__state__in=Letter.UNSENT).values_list("key", flat=True))
    return frozenset(told)


def untold_keys(person_id: int, *, since: datetime) -> tuple[str, ...]:
    """Return the lines that stand only in letters since a moment that could not be sent."""
    lost = Told.objects.filter(
        person_id=person_id, letter__state__in=Letter.UNSENT, letter__made_at__gte=since
    )
    return tuple(lost.order_by("pk").values_list("key", flat=True))


def letters_on(person_id: int, *, since: datetime) -> int:
    """Return how many letters have been written to a person since a moment."""
    return Letter.objects.filter(person_id=person_id, made_at__gte=since).count()


def letters_of(person_id: int, *, limit: int = 5) -> tuple[LetterLine, ...]:
    """Return a person's latest letters."""
    return _lines(Letter.objects.filter(person_id=person_id).order_by("-made_at", "-id")[:limit])


def letters_to_look_at(*, limit: int = 50) -> tuple[LetterLine, ...]:
    """Return the letters that could not be sent or of which nobody knows, newest first."""
    rows = Letter.objects.filter(state__in=[Letter.UNKNOWN, Letter.DEAD], seen_at=None)
    return _lines(rows.order_by("-made_at", "-id")[:limit])


def letters_waiting(*, limit: int = 50) -> tuple[LetterLine, ...]:
    """Return the letters that wait, those that failed before first."""
    rows = Letter.objects.filter(state__in=[Letter.READY, Letter.SENDING])
    return _lines(rows.order_by("-attempts", "due_at", "id")[:limit])


def _lines(rows) -> tuple[LetterLine, ...]:
    return tuple(
        LetterLine(
            row.id, row.person_id, row.agency_id, row.address, row.subject, row.count,
            STATES[row.state], STATE_NAMES[row.state], row.made_at, row.ended_at, row.due_at,
            row.attempts, row.fault,
        )
        for row in rows
    )  # fmt: skip


def tally(*, since: datetime) -> Tally:
    """Count the letters sent since a moment, and all that wait or want to be looked at."""
    waits = Q(state__in=[Letter.READY, Letter.SENDING])
    counts = Letter.objects.aggregate(
        waiting=Count("id", filter=waits),
        sent=Count("id", filter=Q(state=Letter.SENT, made_at__gte=since)),
        unknown=Count("id", filter=Q(state=Letter.UNKNOWN, seen_at=None)),
        dead=Count("id", filter=Q(state=Letter.DEAD, seen_at=None)),
    )
    return Tally(**counts)


def letters_held_up() -> int:
    """Count the letters that failed and wait, and those that nobody has looked at yet."""
    ended = Q(state__in=[Letter.UNKNOWN, Letter.DEAD], seen_at=None)
    held = Q(state=Letter.READY, attempts__gt=0) | ended
    return Letter.objects.filter(held).count()


def feed_of(person_id: int) -> FeedState | None:
    """Return a person's calendar, or None where no address was made."""
    row = Feed.objects.filter(pk=person_id).only("made_at", "fetched_at").first()
    return FeedState(row.made_at, row.fetched_at) if row else None


@invariant("notify_letters", "Mỗi dòng báo thuộc về thư của đúng người")
def lines_of_letters() -> Iterator[Finding]:
    """Find lines in letters of somebody else, and letters without a line."""
    rows = Told.objects.select_related("letter").only("person_id", "key", "letter__person_id")
    for row in rows.iterator():
        if row.person_id != row.letter.person_id:
            yield Finding("notify_letters", f"dòng {row.key}", "nằm trong thư của người khác")
