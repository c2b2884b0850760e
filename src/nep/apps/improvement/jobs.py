"""What the worker does for improvement."""

from datetime import datetime

from nep.apps.improvement.services import nonconformities_of_cases
from nep.foundation.outbox.registry import periodic


@periodic("improvement.cases", every_seconds=86_400)
def open_of_cases(now: datetime) -> None:
    """Open the nonconformities that the month's cases ask for."""
    nonconformities_of_cases(now=now)
