"""What the worker does for the public pages."""

from datetime import datetime

from nep.apps.portal.services import lookups_forget
from nep.foundation.outbox.registry import periodic


@periodic("portal.forget_lookups", every_seconds=3600)
def forget_old_lookups(now: datetime) -> None:
    """Forget addresses an hour after their last look-up at the latest."""
    lookups_forget(now=now)
