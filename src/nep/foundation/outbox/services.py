"""Writing to the queue, in the transaction of the action that causes it."""

import dataclasses
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from django.db import transaction

from nep.foundation.db import Batch, new_id
from nep.foundation.journal.services import record
from nep.foundation.outbox.models import QueueRow
from nep.foundation.outbox.registry import event_name, listens, subscribers
from nep.kernel.compact_json import encoder
from nep.kernel.errors import NotFound, Refusal

TABLE = "outbox_queuerow"


def publish(event: Any, *, agency_id: int | None, at: datetime, batch: Batch | None = None) -> None:
    """Write an event (a frozen dataclass of plain values) for delivery after the commit.

    Nothing is written where each of its listeners would pass it over.
    """
    name = event_name(type(event))
    known = subscribers.get(name)
    if known:
        for handler in known:
            if listens(handler, event):
                break
        else:
            return
    _write(
        name=name,
        payload=_json({name: getattr(event, name) for name in _fields(type(event))}),  # type: ignore[arg-type]
        agency_id=agency_id,
        run_at=at,
        key=None,
        batch=batch,
    )


@cache
def _fields(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


def enqueue(
    name: str,
    payload: dict[str, Any],
    *,
    at: datetime,
    run_at: datetime | None = None,
    key: str | None = None,
    agency_id: int | None = None,
    urgent: bool = False,
) -> int | None:
    """Write a job for the worker; with a key, the same job is written once only.

    An `urgent` one is for somebody who waits at the screen: it goes before the events and jobs that
    nobody waits for, however many, yet never takes all of a worker's turns.

    Returns the row's id, or None when a job with this name and key is already there.
    """
    if key is not None and QueueRow.objects.filter(name=name, key=key).exists():
        return None
    return _write(
        name=name,
        payload=_json(payload),
        agency_id=agency_id,
        run_at=run_at or at,
        key=key,
        lane=QueueRow.URGENT if urgent else QueueRow.ORDINARY,
        batch=None,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, (frozenset, set)):
        return sorted(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


_json = encoder(default=_plain, separators=(", ", ": "))


def _write(*, batch: Batch | None, **columns: Any) -> int:
    row = {
        "id": new_id(),
        "state": QueueRow.WAITING,
        "lane": QueueRow.ORDINARY,
        "leased_until": None,
        "attempts": 0,
        "error": "",
        "finished_at": None,
        **columns,
        "run_at": columns["run_at"].astimezone(UTC),
    }
    if batch is None:
        QueueRow.objects.create(**row)
    else:
        batch.insert_row(TABLE, row)
    return row["id"]


def purge_done(*, now: datetime, days: int = 7) -> int:
    """Remove rows that were done more than `days` ago; return how many."""
    done = QueueRow.objects.filter(state=QueueRow.DONE, finished_at__lt=now - timedelta(days=days))
    return done.delete()[0]


@transaction.atomic
def failed_retry(*, ids: Collection[int] | None, now: datetime) -> list[int]:
    """Let jobs that gave up be tried again from their first attempt, all of them where `ids` is None.

    Returns their ids. Raises NotFound("job_not_failed") where one of the ids is none of them.
    """
    rows = _failed(ids)
    for row in rows:
        _note("queue.retried", row, now, reason="")
    QueueRow.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=QueueRow.WAITING, attempts=0, run_at=now, leased_until=None, finished_at=None
    )
    return [row.pk for row in rows]


@transaction.atomic
def failed_drop(*, ids: Collection[int], reason: str, now: datetime) -> list[int]:
    """Give up for good what need not be done any more; the journal keeps what it was and why.

    Returns their ids. Raises Refusal("reason_missing"), NotFound("job_not_failed").
    """
    if not reason.strip():
        raise Refusal("reason_missing", "Ghi một câu lý do.", field="reason")
    rows = _failed(ids)
    for row in rows:
        _note("queue.dropped", row, now, reason=reason.strip())
    QueueRow.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return [row.pk for row in rows]


def _failed(ids: Collection[int] | None) -> list[QueueRow]:
    rows = QueueRow.objects.select_for_update().filter(state=QueueRow.FAILED).order_by("id")
    found = list(rows if ids is None else rows.filter(pk__in=ids))
    if gone := sorted(set(ids or ()) - {row.pk for row in found}):
        told = ", ".join(map(str, gone))
        raise NotFound("job_not_failed", f"Không có việc nền đã thôi thử mang mã {told}.")
    return found


def _note(action: str, row: QueueRow, now: datetime, *, reason: str) -> None:
    record(
        actor_id=None,
        agency_id=row.agency_id,
        action=action,
        object_type="job",
        object_id=row.pk,
        at=now,
        old={"name": row.name, "attempts": row.attempts},
        reason=reason,
    )
