"""Reading and verifying the journal."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

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
    chain_hash,
    content_hash,
)

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


def objects_of(object_type: str, *, action: str = "") -> set[str]:
    """Return the id, as text, of every object of a type that the journal names."""
    rows = JournalEntry.objects.filter(object_type=object_type)
    if action:
        rows = rows.filter(action=action)
    return set(rows.order_by().values_list("object_id", flat=True).distinct())


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
    """
    hashes: dict[int, str] = {}
    blackened = _blackened()
    for row in JournalEntry.objects.order_by("id").values(*COLUMNS, "content_hash").iterator():
        found = content_hash(row)
        if found != row["content_hash"] and found != blackened.get(row["id"]):
            yield Fault("journal_changed", row["id"], f"Dòng nhật ký {row['id']} đã bị sửa.")
        hashes[row["id"]] = row["content_hash"]
    yield from _verify_chains(hashes)


def _blackened() -> dict[int, str]:
    """Return the hash of what is left of each blackened entry, where table and journal agree."""
    told: set[tuple[int, str]] = set()
    for text in news_of(BLACKENED):
        told |= {(int(entry), kept) for entry, kept in json.loads(text).items()}
    rows = JournalBlackening.objects.values_list("entry_id", "kept_hash")
    return {entry: kept for entry, kept in rows if (entry, kept) in told}


def _verify_chains(hashes: dict[int, str]) -> Iterator[Fault]:
    heads: dict[int, tuple[int, str]] = {}
    places: dict[tuple[int, int], str] = {}
    seals = {(c.agency_id, c.position) for c in JournalCheckpoint.objects.all()}
    links = JournalLink.objects.order_by("agency_id", "position")
    for link in links.iterator():
        position, previous = heads.get(link.agency_id, (0, "0" * 64))
        if link.position != position + 1:
            yield Fault(
                "journal_gap", link.entry_id, f"Chuỗi {link.agency_id} thiếu mắt {position + 1}."
            )
        content = hashes.get(link.entry_id)
        if content is None:
            yield Fault("journal_missing", link.entry_id, f"Dòng nhật ký {link.entry_id} đã mất.")
        elif chain_hash(previous, content) != link.chain_hash:
            yield Fault("journal_chain", link.entry_id, f"Mắt chuỗi {link.entry_id} không khớp.")
        heads[link.agency_id] = (link.position, link.chain_hash)
        if (link.agency_id, link.position) in seals:
            places[link.agency_id, link.position] = link.chain_hash
    for seal in JournalCheckpoint.objects.all():
        if places.get((seal.agency_id, seal.position)) != seal.chain_hash:
            name = "toàn hệ thống" if seal.agency_id == NO_AGENCY else f"cơ quan {seal.agency_id}"
            yield Fault(
                "journal_cut", 0, f"Nhật ký {name} không còn khớp niêm phong ngày {seal.sealed_on}."
            )
