"""What the worker does for letters, once they are written."""

from datetime import datetime

from nep.foundation.notify.delivery import letters_send
from nep.foundation.notify.queries import values
from nep.foundation.notify.services import letters_forget
from nep.foundation.outbox.registry import periodic


@periodic("notify.send", every_seconds=20)
def send(now: datetime) -> None:
    """Send what is due."""
    letters_send(now=now)


@periodic("notify.forget", every_seconds=6 * 3600)
def forget(now: datetime) -> None:
    """Remove the words of old letters."""
    letters_forget(now=now, keep_days=values().keep_days)
