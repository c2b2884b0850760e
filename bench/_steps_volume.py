"""How many bytes a step writes ahead: the log of PostgreSQL, the frames of SQLite's WAL file."""

import os
from collections.abc import Callable
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
        _one("SELECT pg_switch_wal()")
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


def _one(statement: str, *values: object) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchone()[0]
