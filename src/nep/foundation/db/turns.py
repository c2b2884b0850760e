"""Writers of one SQLite file take turns before they ask for its lock.

SQLite lets a writer that finds the lock taken sleep (1, 2, 5 … 100 ms) and try again: under load
most waiting is sleep, and who comes late may overtake. A turn is a lock of the kernel on a file
beside the database: the next in line is woken at once, and a process that dies gives its turn back.
It is a courtesy on top of SQLite's own lock, which still decides: whoever writes without a turn
(another program, a system without `fcntl`) is met there and waited for as before.
"""

import os
import sqlite3
import threading
from contextlib import suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: SQLite's own waiting is all there is
    fcntl = None  # type: ignore[assignment]

SUFFIX = "-turn"
_gates: dict[str, "_Gate"] = {}
_making = threading.Lock()
_holding: set[int] = set()  # the threads that hold a turn


class _Gate:
    """One database file as this process sees it: threads queue for `lock`, processes at `file`."""

    __slots__ = ("file", "is_usable", "lock", "path")

    def __init__(self, path: str) -> None:
        self.path = f"{path}{SUFFIX}"
        self.lock = threading.Lock()
        self.file: int | None = None
        self.is_usable = fcntl is not None

    def begin_anew(self) -> None:
        """Forget, in a forked child, what its parent holds."""
        self.lock = threading.Lock()
        if self.file is not None:
            os.close(self.file)  # the parent's own handle keeps the parent's turn
            self.file = None

    def enter(self) -> None:
        """Wait in line with the other processes; the caller holds `lock`."""
        if not self.is_usable:
            return
        try:
            if self.file is None:
                self.file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self.file, fcntl.LOCK_EX)
        except OSError:  # a file system without locks, a folder that cannot be written
            self.is_usable = False

    def leave(self) -> None:
        """Let the next process in."""
        if self.file is not None:
            with suppress(OSError):
                fcntl.flock(self.file, fcntl.LOCK_UN)


class Turn:
    """The turns of one connection at a database file, one after the other; none for no file.

    A thread that holds a turn is given no second one, so that two databases cannot wait for each
    other: it meets SQLite's own lock there, which gives up in the end.
    """

    __slots__ = ("_gate", "_held", "_seconds", "_thread")

    def __init__(self, path: str | Path | None, *, seconds: float) -> None:
        """Prepare turns; a thread waits at most so many seconds behind its own process's others."""
        self._gate = None if path is None else _gate(os.path.realpath(path))
        self._seconds = seconds
        self._held: threading.Lock | None = None
        self._thread = 0

    def take(self) -> None:
        """Wait for the turn. Raises sqlite3.OperationalError, as SQLite does, after too long."""
        gate, thread = self._gate, threading.get_ident()
        if gate is None or thread in _holding:
            return
        lock = gate.lock
        if not lock.acquire(timeout=self._seconds):
            raise sqlite3.OperationalError("database is locked")
        try:
            gate.enter()
        except BaseException:
            lock.release()
            raise
        self._held, self._thread = lock, thread
        _holding.add(thread)

    def give(self) -> None:
        """Let the next in; harmless where no turn is held."""
        lock, gate = self._held, self._gate
        if lock is None or gate is None:
            return
        self._held = None
        _holding.discard(self._thread)
        if lock is gate.lock:  # else this is a forked child, whose parent goes on holding it
            gate.leave()
            lock.release()

    def __del__(self) -> None:
        self.give()


def _gate(path: str) -> _Gate:
    with _making:
        gate = _gates.get(path)
        if gate is None:
            gate = _gates[path] = _Gate(path)
        return gate


def _begin_anew() -> None:
    global _making
    _making = threading.Lock()
    _holding.clear()
    for gate in _gates.values():
        gate.begin_anew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)
