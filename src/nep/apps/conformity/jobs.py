"""What the worker does for conformity."""

from datetime import datetime
from typing import Any

from nep.apps.conformity.services import (
    PACK_JOB,
    burden_fold,
    declarations_watch,
    pack_run,
    year_remind,
)
from nep.foundation.outbox.registry import job, periodic


@periodic("conformity.declarations", every_seconds=86_400)
def watch_declarations(now: datetime) -> None:
    """Ask for a new declaration where the scope has changed; ask the head who can confirm."""
    declarations_watch(now=now)


@periodic("conformity.year", every_seconds=86_400)
def remind_of_the_year(now: datetime) -> None:
    """Open work items for what the year asks soon; close those of what is done."""
    year_remind(now=now)


@periodic("conformity.burden", every_seconds=3_600)
def count_burden(_now: datetime) -> None:
    """Count the acts of ISO work of the last hour."""
    burden_fold()


@job(PACK_JOB)
def gather_pack(payload: dict[str, Any], now: datetime) -> None:
    """Gather the next point of an evidence pack."""
    pack_run(pack_id=payload["id"], now=now)
