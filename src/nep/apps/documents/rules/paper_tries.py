"""When the PDF of a kept paper that could not be made is tried again. Pure."""

from datetime import datetime, timedelta

WAITS = (
    timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1),
    timedelta(days=3), timedelta(days=7), timedelta(days=14), timedelta(days=30),
)  # fmt: skip
MOST_TRIES = len(WAITS) + 1


def next_try(*, tries: int, now: datetime) -> datetime | None:
    """Return when to try again after `tries` failures, None where that was often enough."""
    return now + WAITS[tries - 1] if tries < MOST_TRIES else None
