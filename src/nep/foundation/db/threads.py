"""The connections of a thread, found at once.

Django's keeping asks at every look whether the thread runs an event loop, and is told so by an
exception; that took ten times as long as the look. Here every request, job and command has a thread
of its own and none has a loop: a connection is its thread's.
"""

from threading import local

from django.db import connections


def keep_by_thread() -> None:
    """Let Django keep the connections of each thread with the thread alone."""
    if not isinstance(connections._connections, local):  # type: ignore[attr-defined]
        connections._connections = local()  # type: ignore[attr-defined]
