"""What the worker does for documents."""

from datetime import datetime
from typing import Any

from nep.apps.documents import queries
from nep.apps.documents.services import (
    IMPORT_JOB,
    approved_take_effect,
    copies_catch_up,
    import_go_on,
    papers_catch_up,
    papers_retry,
    readings_remind,
    readings_sync,
    reviews_open,
    reviews_remind,
    rooms_clear,
)
from nep.apps.organization.queries import actor_for
from nep.foundation.outbox.registry import job, periodic
from nep.foundation.search import sources
from nep.kernel.errors import Forbidden
from nep.kernel.vietnamese import local

sources.register(queries.SEARCH_SOURCE)
sources.register(queries.FILLED_SOURCE)


@periodic("documents.take_effect", every_seconds=300)
def take_effect(now: datetime) -> None:
    """Bring approved revisions into force on their day."""
    approved_take_effect(now=now)


@periodic("documents.copies", every_seconds=60)
def catch_copies_up(now: datetime) -> None:
    """Freeze the PDF of what came into force without one."""
    copies_catch_up(now=now)


@periodic("documents.papers", every_seconds=20)
def catch_papers_up(now: datetime) -> None:
    """Keep the papers of procedures that came into force; try again what could not be made."""
    papers_catch_up(now=now)
    papers_retry(now=now)


@periodic("documents.readings", every_seconds=1800)
def keep_readings(now: datetime) -> None:
    """Ask newcomers, let leavers go, and remind of what is due to be read."""
    readings_sync(now=now)
    readings_remind(now=now)


@periodic("documents.reviews", every_seconds=3600)
def keep_reviews(now: datetime) -> None:
    """Open the reviews that are due and remind of them."""
    reviews_open(now=now)
    reviews_remind(now=now)


@periodic("documents.signing_rooms", every_seconds=600)
def clear_signing_rooms(now: datetime) -> None:
    """Remove the files prepared for signatures from outside that nobody brought back."""
    rooms_clear(now=now)


@job(IMPORT_JOB)
def import_slice(payload: dict[str, Any], now: datetime) -> None:
    """Bring in the next files of an uploaded archive, in the name of who uploaded it."""
    actor = actor_for(
        user_id=payload["user_id"], agency_id=payload["agency_id"], today=local(now).date()
    )
    if actor is None or actor.agency_id != payload["agency_id"]:
        raise Forbidden("nobody_acts", "Người tải lên không còn làm việc ở cơ quan này.")
    import_go_on(actor=actor, batch_id=payload["batch_id"], now=now)
