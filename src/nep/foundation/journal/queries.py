"""Reading and verifying the journal."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from nep.foundation.db import Mark, Prepared
from nep.foundation.journal.models import (
    JournalBlackening,
    JournalCheckpoint,
    JournalEntry,
    JournalLink,
)
from nep.foundation.journal.services import (
    ACCOUNT,
    BLACKENED,
    COLUMNS,
    NO_AGENCY,
    START,
    chain_hash,
    content_hash,
)

PORTION = 5_000  # rows read at once
_TOLD = ("id", "object_id", "actor_id", "at", "new", "reason")
_ACTS_UPON_ONE = Prepared(
    lambda: (
        JournalEntry.objects.filter(
            object_type=Mark("type"), object_id=Mark("object"), action=Mark("action")
        )
        .order_by("id")
        .values_list(*_TOLD)
    )
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of history for a page; the actor is a person, or an account where it says so."""

    id: int
    actor_id: int | None
    is_account: bool
    action: str
    at: datetime
    old: str
    new: str
    reason: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A place where the journal is not what was written."""

    code: str
    entry_id: int
    message: str


def history(*, object_type: str, object_id: object, limit: int = 200) -> tuple[Entry, ...]:
    """Return the latest entries about one object, newest first."""
    rows = JournalEntry.objects.filter(object_type=object_type, object_id=str(object_id)).order_by(
        "-id"
    )[:limit]
    return tuple(
        Entry(
            r.id, r.actor_id, is_account(r.actor_kind, r.action), r.action, r.at, r.old, r.new,
            r.reason,
        )
        for r in rows
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Act:
    """What was done by whom and when, at its place in the agency's chain."""

    position: int
    actor_id: int | None
    is_account: bool
    action: str
    at: datetime


def acts_linked(*, agency_id: int, after: int, limit: int) -> tuple[Act, ...]:
    """Return the acts of an agency's chain behind a position, in order; two queries.

    What the worker has not linked yet is told later, so that nobody misses a late commit.
    """
    links = dict(
        JournalLink.objects.filter(agency_id=agency_id, position__gt=after)
        .order_by("position")
        .values_list("entry_id", "position")[:limit]
    )
    rows = JournalEntry.objects.filter(pk__among=list(links)).only(
        "id", "actor_id", "actor_kind", "action", "at"
    )
    acts = [
        Act(links[row.pk], row.actor_id, is_account(row.actor_kind, row.action), row.action, row.at)
        for row in rows
    ]
    return tuple(sorted(acts, key=lambda one: one.position))


def is_account(actor_kind: str | None, action: str) -> bool:
    """Say whether an entry's actor is an account; entries older than the kind tell by action."""
    return actor_kind == ACCOUNT or (actor_kind is None and action.startswith("account."))


def actors(*, accounts: bool) -> set[int]:
    """Return the ids of all persons, or of all accounts, that the journal names as actors."""
    rows = JournalEntry.objects.exclude(actor_id=None).order_by()
    found = rows.values_list("actor_id", "actor_kind", "action").distinct()
    return {
        actor_id
        for actor_id, kind, action in found
        if actor_id is not None and is_account(kind, action) is accounts
    }


def objects_of(object_type: str) -> Iterator[list[str]]:
    """Yield the ids, as text and in portions, of every object of a type that the journal names."""
    named = JournalEntry.objects.filter(object_type=object_type).order_by("object_id")
    rows, last = named.values_list("object_id", flat=True).distinct(), ""
    while portion := list(rows.filter(object_id__gt=last)[:PORTION]):
        yield portion
        last = portion[-1]


@dataclass(frozen=True, slots=True)
class Told:
    """One act upon an object: its new value as JSON text, and the reason given."""

    id: int
    object_id: str
    actor_id: int | None
    at: datetime
    new: str
    reason: str


def acts_upon(*, object_type: str, object_ids: Collection[object], action: str) -> list[Told]:
    """Return every entry of an action about some objects, in order."""
    named = [str(one) for one in object_ids]
    if len(named) == 1:
        one = _ACTS_UPON_ONE.rows(type=object_type, object=named[0], action=action)
        return [Told(*row) for row in one]
    about = JournalEntry.objects.filter(object_type=object_type, object_id__in=named)
    rows = about.filter(action=action).order_by("id").values_list(*_TOLD)
    return [Told(*row) for row in rows]


def news_of(action: str) -> Iterator[str]:
    """Yield the new value, as JSON text, of every entry of an action."""
    rows = JournalEntry.objects.filter(action=action).order_by()
    yield from rows.values_list("new", flat=True).iterator()


def unlinked_count() -> int:
    """Return how many entries wait for their place in a chain."""
    return JournalEntry.objects.count() - JournalLink.objects.count()


def verify() -> Iterator[Fault]:
    """Yield every changed, missing or cut entry, by content hash, chain and checkpoint.

    An entry blackened by law may differ from its hash when what is left is what was journaled then.
    Reads in portions: the memory it takes does not grow with the journal.
    """
    blackened = _blackened()
    chains = JournalLink.objects.order_by().values_list("agency_id", flat=True).distinct()
    seals: dict[int, list[JournalCheckpoint]] = {}
    for seal in JournalCheckpoint.objects.order_by("sealed_on"):
        seals.setdefault(seal.agency_id, []).append(seal)
    for agency_id in sorted({*chains, *seals}):
        yield from _verify_chain(agency_id, seals.get(agency_id, []), blackened)
    yield from _verify_waiting(blackened)


def _blackened() -> dict[int, str]:
    """Return the hash of what is left of each blackened entry, where table and journal agree."""
    rows = dict(JournalBlackening.objects.values_list("entry_id", "kept_hash"))
    told: set[tuple[int, str]] = set()
    for text in news_of(BLACKENED) if rows else ():
        told |= {(int(entry), kept) for entry, kept in json.loads(text).items()}
    return {entry: kept for entry, kept in rows.items() if (entry, kept) in told}


def _verify_chain(
    agency_id: int, seals: list[JournalCheckpoint], blackened: dict[int, str]
) -> Iterator[Fault]:
    """Yield what is wrong with one chain, its entries and its seals."""
    position, head = 0, START
    sealed, met = {seal.position for seal in seals}, set()
    while True:
        links = list(
            JournalLink.objects.filter(agency_id=agency_id, position__gt=position).order_by(
                "position"
            )[:PORTION]
        )
        entries = _entries([link.entry_id for link in links])
        yield from _changed(entries.values(), blackened)
        for link in links:
            if link.position != position + 1:
                message = f"Chuỗi {agency_id} thiếu mắt {position + 1}."
                yield Fault("journal_gap", link.entry_id, message)
            entry = entries.get(link.entry_id)
            if entry is None:
                message = f"Dòng nhật ký {link.entry_id} đã mất."
                yield Fault("journal_missing", link.entry_id, message)
            elif chain_hash(head, entry["content_hash"]) != link.chain_hash:
                message = f"Mắt chuỗi {link.entry_id} không khớp."
                yield Fault("journal_chain", link.entry_id, message)
            position, head = link.position, link.chain_hash
            if position in sealed:  # days on which nothing happened share the head of the last one
                met.add((position, head))
        if len(links) < PORTION:
            break
    name = "toàn hệ thống" if agency_id == NO_AGENCY else f"cơ quan {agency_id}"
    for seal in seals:
        if (seal.position, seal.chain_hash) not in met:
            message = f"Nhật ký {name} không còn khớp niêm phong ngày {seal.sealed_on}."
            yield Fault("journal_cut", 0, message)


def _entries(keys: list[int]) -> dict[int, dict[str, Any]]:
    rows = JournalEntry.objects.filter(pk__among=keys).values(*COLUMNS, "content_hash")
    return {row["id"]: row for row in rows}


def _changed(rows: Iterable[dict[str, Any]], blackened: dict[int, str]) -> Iterator[Fault]:
    for row in rows:
        found = content_hash(row)
        if found != row["content_hash"] and found != blackened.get(row["id"]):
            yield Fault("journal_changed", row["id"], f"Dòng nhật ký {row['id']} đã bị sửa.")


def _verify_waiting(blackened: dict[int, str]) -> Iterator[Fault]:
    """Yield the changed ones among the entries that no chain holds yet."""
    linked = JournalLink.objects.filter(entry_id=OuterRef("id"))
    waiting = JournalEntry.objects.filter(~Exists(linked)).order_by("id")
    last = 0
    while rows := list(waiting.filter(id__gt=last).values(*COLUMNS, "content_hash")[:PORTION]):
        yield from _changed(rows, blackened)
        last = rows[-1]["id"]
