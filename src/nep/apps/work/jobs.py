"""What the worker does for the worklist."""

from datetime import datetime

from nep.apps.work.services import reminders_send
from nep.foundation.outbox.registry import periodic


@periodic("work.remind", every_seconds=120)
def remind(now: datetime) -> None:
    """Remind of items that have come near their due date or passed it."""
    reminders_send(now=now)
