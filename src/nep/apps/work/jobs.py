"""What the worker does for the worklist."""

from datetime import datetime
from typing import Any

from nep.apps.work.services import (
    ASSIGN_JOB,
    FOLD_AT_ONCE,
    UNDO_JOB,
    assignment_go_on,
    assignment_undo_go_on,
    counts_fold,
    letters_write,
    reminders_send,
)
from nep.foundation.outbox.registry import job, periodic


@periodic("work.remind", every_seconds=120)
def remind(now: datetime) -> None:
    """Remind of items that have come near their due date or passed it."""
    reminders_send(now=now)


@periodic("work.letters", every_seconds=60)
def write_letters(now: datetime) -> None:
    """Write the letters whose time has come; they are sent apart."""
    letters_write(now=now)


_PORTIONS = 20


@periodic("work.counts_fold", every_seconds=5)
def fold_counts(now: datetime) -> None:
    """Fold what has changed into the counts of open items, a short transaction at a time."""
    for _ in range(_PORTIONS):
        if counts_fold() < FOLD_AT_ONCE:
            break


@job(ASSIGN_JOB)
def give_items(payload: dict[str, Any], now: datetime) -> None:
    """Give the next items of an assignment; a second run goes on where the first stopped."""
    assignment_go_on(assignment_id=payload["id"], user_id=payload["user"], now=now)


@job(UNDO_JOB)
def take_back_items(payload: dict[str, Any], now: datetime) -> None:
    """Take back the next items of an assignment; a second run goes on where the first stopped."""
    assignment_undo_go_on(assignment_id=payload["id"], user_id=payload["user"], now=now)
