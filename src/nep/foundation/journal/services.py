"""Writing the journal: one row per action, linked and sealed by the worker."""

import json
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q

from nep.foundation.db import Batch, inserts, new_id
from nep.foundation.journal.models import (
    JournalBlackening,
    JournalCheckpoint,
    JournalEntry,
    JournalLink,
)
from nep.kernel.compact_json import encoder

TABLE = "journal_journalentry"
ACCOUNT = "account"  # the actor is a log-in account; without a kind it is a person
BLACKENED = "journal.blackened"
COLUMNS = (
    "id", "agency_id", "actor_id", "action", "object_type", "object_id", "at", "old", "new",
    "reason", "actor_kind",
)  # fmt: skip
_WRITTEN = (*COLUMNS[:-1], "content_hash")
_ENTRY = inserts(TABLE, *_WRITTEN)
_ENTRY_OF_KIND = inserts(TABLE, *_WRITTEN, "actor_kind")
NO_AGENCY = 0  # entries of the whole system form a chain of their own
LATEST_COMMIT = 3_600_000 << 22  # keys are ordered by time; no action commits an hour late
START = "0" * 64
_ENCODED = encoder(sort_keys=True, default=str)


def record(
    *,
    actor_id: int | None,
    agency_id: int | None,
    action: str,
    object_type: str,
    object_id: Any,
    at: datetime,
    old: Any = None,
    new: Any = None,
    reason: str = "",
    actor_kind: str | None = None,
    batch: Batch | None = None,
) -> int:
    """Write one action into the journal, in the caller's transaction or batch.

    `actor_id` is a person's id, or with `actor_kind=ACCOUNT` an account's. `action` is a dotted code such as "case.step_completed"; `old` and `new` are JSON-able.
    Returns the entry's id.
    """
    moment = at if at.tzinfo is UTC else at.astimezone(UTC)
    key, named = new_id(), str(object_id)
    before = "" if old is None else _ENCODED(old)
    after = "" if new is None else _ENCODED(new)
    kind = actor_kind if actor_id is not None else None
    hashed = _hash(
        key, agency_id, actor_id, action, object_type, named, moment, before, after, reason, kind
    )
    row = [key, agency_id, actor_id, action, object_type, named, moment, before, after, reason, hashed]  # fmt: skip
    if kind is not None:
        row.append(kind)
    if batch is not None:
        batch.add(_ENTRY if kind is None else _ENTRY_OF_KIND, row)
    else:
        shape = _ENTRY if kind is None else _ENTRY_OF_KIND
        JournalEntry.objects.create(**dict(zip(shape.columns, row, strict=True)))
    return key


def content_hash(row: dict[str, Any]) -> str:
    """Return the SHA-256 of an entry's columns in fixed order; an empty `actor_kind` adds nothing."""
    return _hash(
        row["id"], row["agency_id"], row["actor_id"], row["action"], row["object_type"],
        row["object_id"], row["at"].astimezone(UTC), row["old"], row["new"], row["reason"],
        row.get("actor_kind"),
    )  # fmt: skip


def _hash(
    key: int,
    agency_id: int | None,
    actor_id: int | None,
    action: str,
    object_type: str,
    object_id: str,
    at: datetime,
    old: str,
    new: str,
    reason: str,
    kind: str | None,
) -> str:
    moment = at.isoformat(timespec="microseconds")
    text = (
        f"{key}\x1f{agency_id}\x1f{actor_id}\x1f{action}\x1f{object_type}\x1f{object_id}\x1f"
        f"{moment}\x1f{old}\x1f{new}\x1f{reason}"
    )
    return sha256((f"{text}\x1f{kind}" if kind else text).encode()).hexdigest()


def blacken(
    *,
    objects: Collection[tuple[str, Any]],
    replace: Callable[[str], str],
    actor_id: int,
    agency_id: int | None,
    at: datetime,
    reason: str,
) -> int:
    """Replace words in what is journaled of some objects (type, id); return how many entries changed.

    For erasures of personal data by law alone. `replace` gets every text of an entry. The entries
    keep their place, hash and link, so that the chain still holds; that they were blackened, and
    the hash of what is left, is an entry of its own, of the first of the objects. In the caller's
    transaction.
    """
    changed: dict[int, str] = {}
    wanted = Q(pk__in=())
    for kind, object_id in objects:
        wanted |= Q(object_type=kind, object_id=str(object_id))
    for row in JournalEntry.objects.filter(wanted).exclude(action=BLACKENED).values(*COLUMNS):
        kept = {
            **row, "reason": replace(row["reason"]),
            **{name: _replaced(row[name], replace) for name in ("old", "new")},
        }  # fmt: skip
        if kept != row:
            changed[row["id"]] = content_hash(kept)
            JournalBlackening.objects.update_or_create(
                entry_id=row["id"], defaults={"kept_hash": ""}
            )
            JournalEntry.objects.filter(pk=row["id"]).update(
                **{name: kept[name] for name in ("old", "new", "reason")}
            )
            JournalBlackening.objects.filter(pk=row["id"]).update(kept_hash=changed[row["id"]])
    if changed:
        kind, object_id = next(iter(objects))
        record(
            actor_id=actor_id, agency_id=agency_id, action=BLACKENED, object_type=kind,
            object_id=object_id, at=at, reason=reason,
            new={str(entry): kept_hash for entry, kept_hash in changed.items()},
        )  # fmt: skip
    return len(changed)


def _replaced(text: str, replace: Callable[[str], str]) -> str:
    """Return a JSON text with words replaced in its texts; untouched where none changes."""
    if not text:
        return text
    value = json.loads(text)
    kept = _in_value(value, replace)
    return text if kept == value else _ENCODED(kept)


def _in_value(value: Any, replace: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return replace(value)
    if isinstance(value, list):
        return [_in_value(one, replace) for one in value]
    if isinstance(value, dict):
        return {name: _in_value(one, replace) for name, one in value.items()}
    return value


def link_rows(*, limit: int = 5000, is_whole: bool = False) -> int:
    """Link the entries that no chain holds yet, oldest first; return how many.

    With `is_whole` also those whose key is far behind the newest: written by a clock that was put
    right after it had been ahead.

    One worker at a time does this (the job's lease). An entry that became visible late takes the
    next position: the chain orders by linking, each entry keeps its own time.
    """
    newest = JournalLink.objects.aggregate(last=Max("entry_id"))["last"] or 0
    linked = JournalLink.objects.filter(entry_id=OuterRef("id"))
    since = 0 if is_whole else newest - LATEST_COMMIT
    waiting = JournalEntry.objects.filter(~Exists(linked), id__gt=since).order_by("id")[:limit]
    with transaction.atomic():
        heads: dict[int, tuple[int, str]] = {}
        links = []
        for entry_id, agency_id, hash_ in waiting.values_list("id", "agency_id", "content_hash"):
            chain = agency_id or NO_AGENCY
            position, previous = heads.get(chain) or _head(chain)
            head = (position + 1, chain_hash(previous, hash_))
            heads[chain] = head
            links.append(
                JournalLink(
                    entry_id=entry_id, agency_id=chain, position=head[0], chain_hash=head[1]
                )
            )
        JournalLink.objects.bulk_create(links, batch_size=1000)
    return len(links)


def chain_hash(previous: str, content: str) -> str:
    """Return the hash of a link from the previous link's and the entry's own."""
    return sha256(f"{previous}{content}".encode()).hexdigest()


def _head(agency_id: int) -> tuple[int, str]:
    last = JournalLink.objects.filter(agency_id=agency_id).order_by("-position").first()
    return (last.position, last.chain_hash) if last else (0, START)


def is_sealed(*, on: date) -> bool:
    """Say whether a day has its checkpoints."""
    return JournalCheckpoint.objects.filter(sealed_on=on).exists()


def seal_day(*, on: date) -> int:
    """Keep the head of every chain as the day's checkpoint; return how many were new."""
    heads = JournalLink.objects.values("agency_id").annotate(last=Max("position"))
    made = 0
    for row in heads:
        _, created = JournalCheckpoint.objects.get_or_create(
            agency_id=row["agency_id"],
            sealed_on=on,
            defaults={
                "position": row["last"],
                "chain_hash": _head(row["agency_id"])[1],
            },
        )
        made += created
    return made
