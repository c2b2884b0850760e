"""What the worker does for conformity."""

from datetime import datetime

from nep.apps.conformity.services import declarations_watch
from nep.foundation.outbox.registry import periodic


@periodic("conformity.declarations", every_seconds=86_400)
def watch_declarations(now: datetime) -> None:
    """Ask for a new declaration where the scope has changed; ask the head who can confirm."""
    declarations_watch(now=now)
