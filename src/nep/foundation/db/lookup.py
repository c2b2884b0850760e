"""Rows read by a fixed statement on a hot path: prepared on PostgreSQL, cached on SQLite."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connections

from nep.foundation.db import driver

_BRACES = re.compile(r"\{([^}]*)\}")
_moment = datetime.fromisoformat


class Lookup:
    """A SELECT of few rows; `%s` marks its values, `times` names its moments by place.

    Values come as the drivers give them; moments are aware, in UTC, on both engines. A moment
    written `{c."at"}` is read on SQLite as its text, without Django's slow converter; so is any
    other column, whose converter is then not even looked for.
    """

    def __init__(self, statement: str, *, times: Sequence[int] = ()) -> None:
        self._sqlite = _BRACES.sub(r"+\1", statement).replace("%s", "?")
        statement = _BRACES.sub(r"\1", statement)
        first, *rest = statement.split("%s")
        marked = (f"${place}{part}" for place, part in enumerate(rest, start=1))
        self._postgresql = first + "".join(marked)
        self._times = tuple(times)

    def one(self, *values: Any, using: str = "default") -> tuple | None:
        """Return the row for these values, or None."""
        connection = connections[using]
        if connection.vendor == "postgresql":
            return driver.run(connection, self._postgresql, values)
        if connection.connection is None:
            connection.ensure_connection()
        with connection.wrap_database_errors:
            row = connection.connection.execute(self._sqlite, values).fetchone()
        return None if row is None else self._read(row)

    def all(self, *values: Any, using: str = "default") -> list[tuple]:
        """Return the rows for these values, in the statement's order."""
        connection = connections[using]
        if connection.vendor == "postgresql":
            return driver.run_all(connection, self._postgresql, values)
        if connection.connection is None:
            connection.ensure_connection()
        with connection.wrap_database_errors:
            rows = connection.connection.execute(self._sqlite, values).fetchall()
        return [self._read(row) for row in rows]

    def _read(self, row: Sequence[Any]) -> tuple:
        """Return a row of SQLite with its moments in UTC: a text (an expression has no declared
        type), or what Django's converter has read without a zone."""
        found = list(row)
        for at in self._times:
            moment = found[at]
            if moment is not None:
                is_text = moment.__class__ is str  # read with its zone: cheaper than setting it
                found[at] = _moment(f"{moment}+00:00") if is_text else moment.replace(tzinfo=UTC)
        return tuple(found)
