"""What the worker does for the pages."""

from datetime import datetime

from nep.foundation.outbox.registry import periodic
from nep.foundation.web.once import submissions_forget


@periodic("web.submissions", every_seconds=3600)
def forget_old_submissions(now: datetime) -> None:
    """Remove the form keys that no browser will repeat."""
    submissions_forget(now=now)
