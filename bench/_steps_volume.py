"""How many bytes a step writes ahead: the log of PostgreSQL, the frames of SQLite's WAL file.

PostgreSQL's copies of whole pages are left out: how many a step makes depends on when the last
checkpoint was, and one that falls into the measure would be most of it. A server of somebody's own
(NEP_BENCH_PG) keeps its settings and writes them.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.db import connection

MANY = 400
FEW = 40  # fewer pages than SQLite lets its log grow to before it begins anew


def bytes_per_step(step: Callable[[], None], *, address: str) -> float:
    """Return the bytes of log that one step writes, the mean of many after some for warmth."""
    count = MANY if connection.vendor == "postgresql" else FEW
    for _ in range(FEW):
        step()
    if connection.vendor == "postgresql":
        with _without_page_copies():
            before = _one("SELECT pg_current_wal_insert_lsn()")
            for _ in range(count):
                step()
            found = _one("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), %s::pg_lsn)", before)
        return float(found) / count
    log = f"{urlsplit(address).path}-wal"
    _one("PRAGMA wal_checkpoint(TRUNCATE)")
    before = os.path.getsize(log)
    for _ in range(count):
        step()
    return (os.path.getsize(log) - before) / count


@contextmanager
def _without_page_copies() -> Iterator[None]:
    if "NEP_BENCH_PG" in os.environ:
        yield
        return
    _set("SET full_page_writes = off")
    try:
        yield
    finally:
        _set("RESET full_page_writes")


def _set(word: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER SYSTEM {word}")
        cursor.execute("SELECT pg_reload_conf()")
    time.sleep(1)  # its processes read it one after the other


def _one(statement: str, *values: object) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchone()[0]
