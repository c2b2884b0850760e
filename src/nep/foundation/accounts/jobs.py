"""What the worker does for accounts."""

from datetime import datetime

from nep.foundation.accounts.services import (
    failures_forget,
    idle_accounts_disable,
    sessions_forget_expired,
)
from nep.foundation.outbox.registry import periodic


@periodic("accounts.idle", every_seconds=6 * 3600)
def disable_idle_accounts(now: datetime) -> None:
    """Stop accounts unused for the idle days; missed nights are made good by the next round."""
    idle_accounts_disable(now=now)


@periodic("accounts.tidy", every_seconds=3600)
def forget_what_is_over(now: datetime) -> None:
    """Remove ended sessions and old counters."""
    sessions_forget_expired(now=now)
    failures_forget(now=now)
