"""The web server with a clock that a test sets, so that a year passes in a minute.

`granian tests.browser.clocked:application` reads the moment from the file NEP_TEST_CLOCK names and
goes on from there; everything else is the product as it is served.
"""

import os
import time
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from nep.config.wsgi import application
from nep.foundation.web import middleware

CLOCK = Path(os.environ["NEP_TEST_CLOCK"])

__all__ = ["application"]


class Clock:
    """Stands where the middleware asks `datetime` for the moment."""

    @staticmethod
    def now(zone: tzinfo) -> datetime:
        """Return the set moment and what has passed since it was set."""
        since = timedelta(seconds=max(0.0, time.time() - CLOCK.stat().st_mtime))
        return (datetime.fromisoformat(CLOCK.read_text(encoding="ascii")) + since).astimezone(zone)


middleware.datetime = Clock
