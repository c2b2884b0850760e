"""Writing the journal: one row per action, linked and sealed by the worker."""

import hashlib
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef

from nep.foundation.db import Batch, new_id
from nep.foundation.journal.models import JournalCheckpoint, JournalEntry, JournalLink
from nep.kernel.compact_json import encoder

TABLE = "journal_journalentry"
ACCOUNT = "account"  # the actor is a log-in account; without a kind it is a person
NO_AGENCY = 0  # entries of the whole system form a chain of their own
LATEST_COMMIT = 3_600_000 << 22  # keys are ordered by time; no action commits an hour late
_START = "0" * 64
_ENCODED = encoder(sort_keys=True, default=str, separators=(", ", ": "))


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
    row: dict[str, Any] = {
        "id": new_id(),
        "agency_id": agency_id,
        "actor_id": actor_id,
        "action": action,
        "object_type": object_type,
        "object_id": str(object_id),
        "at": at.astimezone(UTC),
        "old": _json(old),
        "new": _json(new),
        "reason": reason,
    }
    if actor_kind is not None and actor_id is not None:
        row["actor_kind"] = actor_kind
    row["content_hash"] = content_hash(row)
    if batch is None:
        JournalEntry.objects.create(**row)
    else:
        batch.insert(TABLE, **row)
    return row["id"]


def _json(value: Any) -> str:
    if value is None:
        return ""
    return _ENCODED(value)


def content_hash(row: dict[str, Any]) -> str:
    """Return the SHA-256 of an entry's columns in fixed order; an empty `actor_kind` adds nothing."""
    parts: tuple[Any, ...] = (
        row["id"], row["agency_id"], row["actor_id"], row["action"], row["object_type"],
        row["object_id"], row["at"].astimezone(UTC).isoformat(timespec="microseconds"),
        row["old"], row["new"], row["reason"],
    )  # fmt: skip
    if kind := row.get("actor_kind"):
        parts = (*parts, kind)
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()


def link_rows(*, limit: int = 5000) -> int:
    """Link the entries that no chain holds yet, oldest first; return how many.

    One worker at a time does this (the job's lease). An entry that became visible late takes the
    next position: the chain orders by linking, each entry keeps its own time.
    """
    newest = JournalLink.objects.aggregate(last=Max("entry_id"))["last"] or 0
    linked = JournalLink.objects.filter(entry_id=OuterRef("id"))
    waiting = JournalEntry.objects.filter(~Exists(linked), id__gt=newest - LATEST_COMMIT).order_by(
        "id"
    )[:limit]
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
    return hashlib.sha256(f"{previous}{content}".encode()).hexdigest()


def _head(agency_id: int) -> tuple[int, str]:
    last = JournalLink.objects.filter(agency_id=agency_id).order_by("-position").first()
    return (last.position, last.chain_hash) if last else (0, _START)


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
