"""What the worker does for procedures."""

from datetime import datetime
from typing import Any

from nep.apps.documents.ports import register_paper, register_text
from nep.apps.procedures import queries
from nep.apps.procedures.services import READ_JOB, tthc_bind_all, word_read
from nep.foundation.outbox.registry import job, periodic

register_text("procedure", queries.procedure_text)
register_paper("procedure", queries.procedure_paper)


@job(READ_JOB)
def read_word_file(payload: dict[str, Any], now: datetime) -> None:
    """Read one uploaded Word file; a second run finds it read and does nothing."""
    word_read(import_id=payload["id"], now=now)


@periodic("procedures.bind", every_seconds=1800)
def bind_tthc(now: datetime) -> None:
    """Bind the TTHC whose codes the catalogue has; changes of the catalogue do so at once."""
    tthc_bind_all(now=now)
