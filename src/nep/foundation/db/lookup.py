"""Rows read by a fixed statement on a hot path: prepared on PostgreSQL, cached on SQLite."""

from collections.abc import Sequence
from datetime import UTC
from typing import Any

from django.db import connections

from nep.foundation.db import driver


class Lookup:
    """A SELECT of few rows; `%s` marks its values, `times` names its moments by place.

    Values come as the drivers give them; moments are aware, in UTC, on both engines.
    """

    def __init__(self, statement: str, *, times: Sequence[int] = ()) -> None:
        self._sqlite = statement.replace("%s", "?")
        first, *rest = statement.split("%s")
        marked = (f"${place}{part}" for place, part in enumerate(rest, start=1))
        self._postgresql = first + "".join(marked)
        self._times = tuple(times)

    def one(self, *values: Any, using: str = "default") -> tuple | None:
        """Return the row for these values, or None."""
        connection = connections[using]
        if connection.vendor == "postgresql":
            return driver.run(connection, self._postgresql, values)
        connection.ensure_connection()
        with connection.wrap_database_errors:
            row = connection.connection.execute(self._sqlite, values).fetchone()
        return None if row is None else self._read(row)

    def all(self, *values: Any, using: str = "default") -> list[tuple]:
        """Return the rows for these values, in the statement's order."""
        connection = connections[using]
        if connection.vendor == "postgresql":
            return driver.run_all(connection, self._postgresql, values)
        connection.ensure_connection()
        with connection.wrap_database_errors:
            rows = connection.connection.execute(self._sqlite, values).fetchall()
        return [self._read(row) for row in rows]

    def _read(self, row: Sequence[Any]) -> tuple:
        """Return a row of SQLite with its moments in UTC: Django's converters of declared types
        have read them, without a zone."""
        found = list(row)
        for at in self._times:
            if found[at] is not None:
                found[at] = found[at].replace(tzinfo=UTC)
        return tuple(found)
