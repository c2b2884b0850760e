"""The driver's own cursor for the fixed statements of hot paths on PostgreSQL.

One cursor is kept per connection: making one costs as much as a short statement. It takes a
statement as it is (`$1` marks), has it prepared by the server, and reads moments by Python's own
parser, aware and in UTC.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

try:
    import psycopg
    from psycopg.adapt import Loader
except ImportError:  # an installation on SQLite alone
    psycopg = None  # type: ignore[assignment]
    Loader = object  # type: ignore[assignment,misc]

_KEPT = "_nep_cursor"


class _MomentLoader(Loader):
    """Read "2026-11-21 03:00:00.5+00", as the server writes it for a connection in UTC."""

    def load(self, data: Any) -> datetime:
        return datetime.fromisoformat(bytes(data).decode()).astimezone(UTC)


def run(connection, statement: str, values: Sequence[Any]) -> tuple | None:
    """Run a prepared statement on a PostgreSQL connection; return its first row, or None.

    Raises Django's database errors.
    """
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        return _cursor(connection).execute(statement, values, prepare=True).fetchone()


def run_all(connection, statement: str, values: Sequence[Any]) -> list[tuple]:
    """Run a prepared statement on a PostgreSQL connection; return every row.

    Raises Django's database errors.
    """
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        return _cursor(connection).execute(statement, values, prepare=True).fetchall()


def _cursor(connection):
    known = connection.__dict__.get(_KEPT)
    if known is None or known.connection is not connection.connection or known.closed:
        known = psycopg.RawCursor(connection.connection)
        known.adapters.register_loader("timestamptz", _MomentLoader)
        connection.__dict__[_KEPT] = known
    return known
