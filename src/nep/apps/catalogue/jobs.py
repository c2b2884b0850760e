"""What the worker does for the catalogue."""

from datetime import datetime
from typing import Any

from nep.apps.catalogue.services import READ_JOB, editions_take_force, import_job
from nep.foundation.outbox.registry import job, periodic


@job(READ_JOB)
def read_file(payload: dict[str, Any], now: datetime) -> None:
    """Read the next portion of a file; a second run finds it read and goes on."""
    import_job(import_id=payload["id"], now=now)


@periodic("catalogue.editions", every_seconds=1800)
def editions(now: datetime) -> None:
    """Show the editions whose day has come."""
    editions_take_force(now=now)
