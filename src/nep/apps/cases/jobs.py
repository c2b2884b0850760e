"""What the worker does for cases."""

from datetime import datetime
from typing import Any

from nep.apps.cases.services import fed_run
from nep.apps.cases.services.fed import FED_JOB
from nep.foundation.outbox.registry import job


@job(FED_JOB)
def bring_file_in(payload: dict[str, Any], now: datetime) -> None:
    """Bring one file of another system in; a second run goes on where the first stopped."""
    fed_run(import_id=payload["id"], now=now)
