"""The worker: leases rows, does them, repeats periodic jobs, takes over what a dead one held."""

import json
import logging
import threading
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from nep.foundation.outbox.models import QueueRow, Timetable
from nep.foundation.outbox.queries import BEAT
from nep.foundation.outbox.registry import (
    Periodic,
    events,
    jobs,
    listens,
    periodics,
    subscribers,
)

LEASE = timedelta(minutes=1)  # from taking a row to locking it; the lock lasts as long as its job
PERIODIC_LEASE = timedelta(minutes=1)  # a dead worker must not hold the journal up for longer
MAX_ATTEMPTS = 8
URGENT_IN_A_ROW = 3  # then the oldest row that nobody waits for has its turn
NEVER = (None, None)  # when a job of no timetable row has run, and until when it is held
log = logging.getLogger("nep.worker")
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Read the clock; the worker is an edge of the system."""
    return datetime.now(UTC)


def run_worker(*, stop: threading.Event | None = None, clock: Clock = utc_now) -> None:
    """Work until told to stop: due rows first, then periodic jobs, then a short rest."""
    stop = stop or threading.Event()
    while not stop.is_set():
        try:
            _beat(clock())
            busy = work_once(now=clock(), clock=clock)
            run_due_periodics(now=clock())
        except Exception:
            log.exception("worker round failed")
            connection.close_if_unusable_or_obsolete()
            busy = 0
        if not busy:
            stop.wait(0.5)


def work_once(*, now: datetime, clock: Clock = utc_now, limit: int = 50) -> int:
    """Lease and do at most `limit` due rows; return how many were taken.

    Urgent rows go first, each lane in the order of its days; after URGENT_IN_A_ROW turns one is the
    ordinary lane's, so that no stream of urgent work keeps the rest waiting for ever.
    """
    taken = 0
    while taken < limit:
        row = _lease_next(now, ordinary_first=taken % (URGENT_IN_A_ROW + 1) == URGENT_IN_A_ROW)
        if row is None:
            break
        taken += 1
        _do(row, now=now)
        now = clock()
    return taken


def drain(*, now: datetime, limit: int = 10_000) -> int:
    """Do every due row now, as tests, set-up and the command line need; return how many."""
    total = 0
    while total < limit:
        done = work_once(now=now, clock=lambda: now)
        if not done:
            return total
        total += done
    return total


def _lease_next(now: datetime, *, ordinary_first: bool = False) -> QueueRow | None:
    due = Q(state=QueueRow.WAITING, run_at__lte=now)
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    rows = QueueRow.objects.filter(due & free).order_by("lane", "run_at", "id")
    with transaction.atomic():
        row = _locked(rows.filter(lane=QueueRow.ORDINARY)).first() if ordinary_first else None
        row = row or _locked(rows).first()
        if row is None:
            return None
        row.leased_until = now + LEASE
        row.attempts += 1
        row.save(update_fields=["leased_until", "attempts"])
    return row


def _locked(rows: QuerySet[QueueRow]) -> QuerySet[QueueRow]:
    """Lock what is read until the transaction ends, passing over what another worker has locked.

    On SQLite a transaction holds the whole file, so that another worker waits instead.
    """
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True)
    return rows


def _mine(row: QueueRow) -> QuerySet[QueueRow]:
    """Return the row as this worker leased it; nothing once another has taken it over."""
    return QueueRow.objects.filter(pk=row.pk, state=QueueRow.WAITING, attempts=row.attempts)


def _do(row: QueueRow, *, now: datetime) -> None:
    """Do one row; its effect and its being done are one transaction.

    The row stays locked as long as its job runs, however long: nobody takes it over meanwhile. A
    dead worker's lock goes with its connection, so that its rows wait for the short lease alone.
    """
    try:
        with transaction.atomic():
            if not _locked(_mine(row)).values_list("pk"):
                return
            _call(row, now)
            row.state, row.finished_at, row.error = QueueRow.DONE, now, ""
            row.leased_until = None
            row.save(update_fields=["state", "finished_at", "error", "leased_until"])
    except Exception:
        log.exception("job failed: %s", row.name)
        _postpone(row, now, traceback.format_exc(limit=8))


def _call(row: QueueRow, now: datetime) -> None:
    payload = json.loads(row.payload)
    if row.name.startswith("event:"):
        event_class = events.get(row.name)
        if event_class is None:
            return
        event = event_class(**payload)
        for handler in subscribers.get(row.name, ()):
            if listens(handler, event):
                handler(event, now)
        return
    work = jobs.get(row.name)
    if work is None:
        raise LookupError(f"no function for job {row.name}")
    work(payload, now)


def _postpone(row: QueueRow, now: datetime, error: str) -> None:
    gave_up = row.attempts >= MAX_ATTEMPTS
    _mine(row).update(
        state=QueueRow.FAILED if gave_up else QueueRow.WAITING,
        run_at=now + timedelta(seconds=min(3600, 5 * 3**row.attempts)),
        leased_until=None,
        error=error[-4000:],
        finished_at=now if gave_up else None,
    )


def run_due_periodics(*, now: datetime) -> int:
    """Run every periodic job whose time has come; return how many ran.

    One look at the timetable says which to try, for an idle worker asks twice a second.
    """
    rows = Timetable.objects.values_list("name", "last_run_at", "leased_until")
    known = {name: (last_run, leased) for name, last_run, leased in rows}
    due = [one for one in periodics.values() if _is_due(one, *known.get(one.name, NEVER), now=now)]
    return sum(_run_periodic(one, now) for one in due)


def _is_due(
    one: Periodic, last_run: datetime | None, leased: datetime | None, *, now: datetime
) -> bool:
    has_rested = (
        last_run is None
        or last_run <= now - timedelta(seconds=one.every_seconds)
        or last_run > now + PERIODIC_LEASE  # by a clock that was ahead and has been put right
    )
    return has_rested and (leased is None or leased < now or leased > now + 2 * PERIODIC_LEASE)


def run_at_once(*names: str, now: datetime) -> bool:
    """Run periodic jobs before their time, in the order given, each under its lease.

    Returns False where another process holds one of them, which is then left to that process.
    """
    Timetable.objects.filter(name__in=names).update(last_run_at=None)
    ran = [_run_periodic(periodics[name], now) for name in names]
    return all(ran)


def _run_periodic(one: Periodic, now: datetime) -> bool:
    if not _take_turn(one, now):
        return False
    error = ""
    try:
        one.run(now)
    except Exception:
        log.exception("periodic job failed: %s", one.name)
        error = traceback.format_exc(limit=8)[-4000:]
    Timetable.objects.filter(name=one.name).update(leased_until=None, error=error)
    return True


def _take_turn(one: Periodic, now: datetime) -> bool:
    Timetable.objects.get_or_create(name=one.name)
    due = (
        Q(last_run_at=None)
        | Q(last_run_at__lte=now - timedelta(seconds=one.every_seconds))
        | Q(last_run_at__gt=now + PERIODIC_LEASE)
    )
    free = (
        Q(leased_until=None)
        | Q(leased_until__lt=now)
        | Q(leased_until__gt=now + 2 * PERIODIC_LEASE)
    )
    row = Timetable.objects.filter(due & free, name=one.name)
    return row.update(last_run_at=now, leased_until=now + PERIODIC_LEASE) == 1


_last_beat = 0.0


def _beat(now: datetime) -> None:
    global _last_beat
    if time.monotonic() - _last_beat > 5:
        Timetable.objects.update_or_create(name=BEAT, defaults={"last_run_at": now})
        _last_beat = time.monotonic()
