"""Keys that rows know before they are written, so that one statement can write them all.

63 bits: 41 bits of milliseconds since 2024 (until 2093), 22 bits that start at random in each
process and count up. Two processes may in theory meet on a key; the primary key then refuses the
second row and its whole action, which the caller repeats.
"""

import os
import threading
import time

_EPOCH_MS = 1_704_067_200_000  # 2024-01-01T00:00:00Z
_LOW = (1 << 22) - 1
_lock = threading.Lock()
_last_ms = 0
_counter = 0


def _begin_somewhere() -> None:
    """Let this process count from its own random place, a forked child as well."""
    global _lock, _counter
    _lock, _counter = threading.Lock(), int.from_bytes(os.urandom(3), "big") & _LOW


_begin_somewhere()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_somewhere)


def new_id() -> int:
    """Return a key greater than every earlier one of this process."""
    global _last_ms, _counter
    with _lock:
        now = time.time_ns() // 1_000_000 - _EPOCH_MS
        if now > _last_ms:
            _last_ms = now
        step = _counter + 1
        if step > _LOW:
            step = 0
            _last_ms += 1
        _counter = step
        return (_last_ms << 22) | step
