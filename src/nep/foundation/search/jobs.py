"""What the worker does for the index."""

from datetime import datetime

from nep.foundation.outbox.registry import periodic
from nep.foundation.search.following import follow_all


@periodic("search.follow", every_seconds=10)
def follow_sources(now: datetime) -> None:
    """Bring the index up to what the parts have now."""
    follow_all()
