"""What the worker does for planning."""

from datetime import datetime

from nep.apps.planning.services import risks_review_due
from nep.foundation.outbox.registry import periodic


@periodic("planning.risks_review", every_seconds=86_400)
def review_risks(now: datetime) -> None:
    """Ask the owners of risks whose day has come to look again."""
    risks_review_due(now=now)
