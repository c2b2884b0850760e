"""Reading the queue: for the health page and for progress of long work."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q

from nep.foundation.outbox.models import QueueRow, Timetable
from nep.foundation.outbox.registry import event_name


@dataclass(frozen=True, slots=True)
class QueueState:
    """What waits, since when, what failed, and when the worker last showed itself."""

    waiting: int
    oldest_at: datetime | None
    failed: int
    worker_seen_at: datetime | None


def queue_state(*, now: datetime) -> QueueState:
    """Return the state of the queue and of the worker."""
    counts = QueueRow.objects.aggregate(
        waiting=Count("id", filter=Q(state=QueueRow.WAITING, run_at__lte=now)),
        oldest=Min("run_at", filter=Q(state=QueueRow.WAITING, run_at__lte=now)),
        failed=Count("id", filter=Q(state=QueueRow.FAILED)),
    )
    seen = Timetable.objects.filter(name=BEAT).values_list("last_run_at", flat=True).first()
    return QueueState(counts["waiting"], counts["oldest"], counts["failed"], seen)


@dataclass(frozen=True, slots=True)
class Failure:
    """A job that gave up: what it was, of which agency, since when, and the last line of its fault."""

    id: int
    name: str
    agency_id: int | None
    attempts: int
    gave_up_at: datetime | None
    error: str


def failures(*, limit: int = 20) -> list[Failure]:
    """Return the jobs that gave up, newest first."""
    rows = QueueRow.objects.filter(state=QueueRow.FAILED).order_by("-id")[:limit]
    return [
        Failure(
            row.id, row.name, row.agency_id, row.attempts, row.finished_at,
            (row.error.strip().splitlines() or ["không rõ lỗi"])[-1],
        )
        for row in rows
    ]  # fmt: skip


def waiting_events(event: type) -> Iterator[dict[str, Any]]:
    """Yield the payloads of the events of a class that still wait for delivery."""
    rows = QueueRow.objects.filter(name=event_name(event), state=QueueRow.WAITING)
    for payload in rows.order_by("id").values_list("payload", flat=True):
        yield json.loads(payload)


BEAT = "worker.beat"
