"""Where the next page of a list begins, as its address says it."""

from datetime import UTC, datetime

_DIGITS = 18  # of microseconds until the year 9999, and of any key


def place_of(after: str) -> tuple[datetime, int] | None:
    """Return the moment and the key of "microseconds_key", None where it says neither."""
    moment, _, number = after.partition("_")
    if not all(one.isascii() and one.isdigit() and len(one) <= _DIGITS for one in (moment, number)):
        return None
    try:
        return datetime.fromtimestamp(int(moment) / 1_000_000, UTC), int(number)
    except (OverflowError, OSError, ValueError):
        return None
