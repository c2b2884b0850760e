"""What the worker does for printing."""

from datetime import datetime
from typing import Any

from nep.foundation.outbox.registry import job
from nep.foundation.printing.preview import JOB, make_later


@job(JOB)
def make_preview(payload: dict[str, Any], now: datetime) -> None:
    """Have a preview made beside the queue, which a slow file must not hold up."""
    make_later(sha256=payload["sha256"], name=payload["name"])
