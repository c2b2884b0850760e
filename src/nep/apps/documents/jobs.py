"""What the worker does for documents."""

from datetime import datetime

from nep.apps.documents.services import (
    approved_take_effect,
    readings_remind,
    readings_sync,
    reviews_open,
    reviews_remind,
)
from nep.foundation.outbox.registry import periodic


@periodic("documents.take_effect", every_seconds=300)
def take_effect(now: datetime) -> None:
    """Bring approved revisions into force on their day."""
    approved_take_effect(now=now)


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
