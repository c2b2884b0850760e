"""What the worker does for the register of external documents."""

from datetime import datetime

from nep.apps.legal import queries
from nep.apps.legal.services import reviews_open_due
from nep.foundation.outbox.registry import periodic
from nep.foundation.search import sources

sources.register(queries.SEARCH_SOURCE)


@periodic("legal.reviews", every_seconds=3600)
def open_reviews(now: datetime) -> None:
    """Open the quarter's look and the work on cited texts that have expired."""
    reviews_open_due(now=now)
