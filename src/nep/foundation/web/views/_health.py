"""Whether the web process lives, and whether the system is ready for work; both for machines."""

from datetime import datetime, timedelta

from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from nep.foundation.outbox.queries import queue_state

WORKER_SILENT = timedelta(minutes=2)
QUEUE_LATE = timedelta(minutes=5)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer that this process serves; asks nothing of the database."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer with the state of database, worker and queue.

    503 when the database does not answer. `status` is "ready", or "attention" with `faults` when
    pages work but the worker was silent for two minutes, the oldest job has waited five, or a job
    gave up.
    """
    now: datetime = request.now  # type: ignore[attr-defined]
    try:
        queue = queue_state(now=now)
    except Error:
        return JsonResponse({"status": "unavailable", "faults": ["database"]}, status=503)
    seen, oldest = queue.worker_seen_at, queue.oldest_at
    faults = []
    if seen is None or now - seen > WORKER_SILENT:
        faults.append("worker")
    if oldest is not None and now - oldest > QUEUE_LATE:
        faults.append("queue")
    if queue.failed:
        faults.append("jobs_failed")
    return JsonResponse(
        {
            "status": "attention" if faults else "ready",
            "faults": faults,
            "worker_silent_seconds": None if seen is None else int((now - seen).total_seconds()),
            "queue_waiting": queue.waiting,
            "queue_waited_seconds": 0 if oldest is None else int((now - oldest).total_seconds()),
            "jobs_failed": queue.failed,
        }
    )
