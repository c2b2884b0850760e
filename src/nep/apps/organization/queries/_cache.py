"""What a process remembers of the organization, until the edition's number changes.

The number is read at most every two seconds, so a change made by another process acts here after
two seconds, sooner for who made it (`look_again`); a change made by this process acts at once.
"""

import threading
import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from nep.apps.organization.models import Edition

Value = TypeVar("Value")
FRESH_SECONDS = 2.0
_MOST = 5000
_lock = threading.Lock()
_kept: dict[Hashable, Any] = {}
_number = -1
_checked_at = float("-inf")
_changes = 0


def edition() -> int:
    """Return the number of the present edition, read from its one row."""
    return Edition.objects.values_list("number", flat=True).first() or 0


def forget() -> None:
    """Drop everything remembered; services call this with every change."""
    global _number, _checked_at, _changes
    with _lock:
        _kept.clear()
        _number, _checked_at, _changes = -1, float("-inf"), _changes + 1


def changes() -> int:
    """Return how often this process changed the organization."""
    return _changes


def look_again() -> None:
    """Ask for the edition's number anew, for who just changed something by another process."""
    global _checked_at
    _checked_at = float("-inf")


def remembered(key: Hashable, make: Callable[[], Value]) -> Value:
    """Return the value kept under `key`, made anew when the edition has changed."""
    _look()
    found = _kept.get(key, _kept)
    if found is not _kept:
        return found
    known = _number
    value = make()
    with _lock:
        if known == _number:
            if len(_kept) > _MOST:
                _kept.clear()
            _kept[key] = value
    return value


def _look() -> None:
    global _number, _checked_at
    now = time.monotonic()
    if now - _checked_at < FRESH_SECONDS:
        return
    found = edition()
    with _lock:
        if found != _number:
            _kept.clear()
            _number = found
        _checked_at = now
