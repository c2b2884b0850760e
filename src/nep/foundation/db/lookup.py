"""One row read by a fixed statement on a hot path: prepared on PostgreSQL, cached on SQLite."""

from collections.abc import Sequence
from datetime import UTC
from typing import Any

from django.db import connections

try:
    import psycopg
except ImportError:  # an installation on SQLite alone
    psycopg = None  # type: ignore[assignment]


class Lookup:
    """A SELECT of at most one row; `%s` marks its values, `times` names its moments by place.

    Values come as the drivers give them; moments are aware, in UTC, on both engines.
    """

    def __init__(self, statement: str, *, times: Sequence[int] = ()) -> None:
        self._statement = statement
        self._sqlite = statement.replace("%s", "?")
        self._times = tuple(times)

    def one(self, *values: Any, using: str = "default") -> tuple | None:
        """Return the row for these values, or None."""
        connection = connections[using]
        connection.ensure_connection()
        if connection.vendor == "postgresql":
            connection.validate_no_broken_transaction()
            with connection.wrap_database_errors:
                cursor = psycopg.Cursor(connection.connection)
                return cursor.execute(self._statement, values, prepare=True).fetchone()
        with connection.wrap_database_errors:
            row = connection.connection.execute(self._sqlite, values).fetchone()
        if row is None:
            return None
        found = list(row)
        for at in self._times:
            if found[at] is not None:
                # Django's converters of declared types have read it, without a zone
                found[at] = found[at].replace(tzinfo=UTC)
        return tuple(found)
