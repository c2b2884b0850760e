"""What the database's planner knows of its tables: without it a list may be read by a wrong index."""

from django.db import connection, transaction

SAMPLED = 1_000  # entries of an index that are looked at: tens of milliseconds for all of them


def statistics_refresh() -> None:
    """Look at the tables anew. Connections that are open learn of it when they are opened again.

    PostgreSQL does so by itself, some time after many rows were written.
    """
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit = {SAMPLED}")
        cursor.execute("ANALYZE")


def statistics_follow() -> None:
    """Look at the tables anew where the database does not do so by itself."""
    if connection.vendor == "sqlite":
        statistics_refresh()
