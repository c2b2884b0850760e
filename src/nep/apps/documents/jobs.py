"""What the worker does for documents."""

from datetime import datetime

from nep.apps.documents.services import approved_take_effect
from nep.foundation.outbox.registry import periodic


@periodic("documents.take_effect", every_seconds=300)
def take_effect(now: datetime) -> None:
    """Bring approved revisions into force on their day."""
    approved_take_effect(now=now)
