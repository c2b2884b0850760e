"""The fixed statements of hot paths on PostgreSQL, at the driver's lowest level.

A statement (`$1` marks, every mark cast to its type) is prepared once per connection and run by
`PQexecPrepared`: half the cost of a cursor. Values go as text, answers come in the server's binary
form, moments aware and in UTC. psycopg's own preparing is left alone: it forgets every statement at
each ROLLBACK. Behind a pooler, where nothing can be prepared, a kept cursor runs the statement.
"""

import struct
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

try:
    import psycopg
    from psycopg.adapt import Loader, Transformer
    from psycopg.pq import ExecStatus, Format, TransactionStatus
except ImportError:  # an installation on SQLite alone
    psycopg = None  # type: ignore[assignment]
    Loader = object  # type: ignore[assignment,misc]

_KEPT = "_nep_statements"
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_microseconds = struct.Struct("!q").unpack
_GONE = {"26000", "0A000"}  # the server forgot the statement, or a table has changed under it
_DUMPS: dict[type, Callable[[Any], bytes]] = {
    str: str.encode,
    int: lambda value: b"%d" % value,
    bool: lambda value: b"t" if value else b"f",
    float: lambda value: repr(value).encode(),
    bytes: lambda value: b"\\x" + value.hex().encode(),
}


class _MomentLoader(Loader):
    """Read microseconds since 2000, as the server keeps a moment."""

    if psycopg is not None:
        format = Format.BINARY

    def load(self, data: Any) -> datetime:
        return _EPOCH + timedelta(0, 0, _microseconds(data)[0])


class _Statements:
    """The prepared statements of one psycopg connection."""

    def __init__(self, raw: Any) -> None:
        self.cursor = psycopg.RawCursor(raw)
        self.cursor.adapters.register_loader("timestamptz", _MomentLoader)
        self.reader = Transformer(self.cursor)
        self.names: dict[str, bytes] = {}
        self.numbers = count(1)

    def run(self, raw: Any, statement: str, values: Sequence[Any]) -> list[tuple]:
        """Run a statement and return its rows. Raises psycopg's errors."""
        sent = _as_text(values)
        if sent is None or raw.prepare_threshold is None:
            return self.cursor.execute(statement, values, binary=True).fetchall()
        link = raw.pgconn
        if not raw.autocommit and link.transaction_status == TransactionStatus.IDLE:
            raw.execute("")  # begins the transaction
        is_alone = link.transaction_status == TransactionStatus.IDLE
        result = self._answer(link, statement, sent)
        if is_alone and _is_forgotten(result):
            self.names.pop(statement, None)
            result = self._answer(link, statement, sent)
        if result.status not in {ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK}:
            raise psycopg.errors.error_from_result(result)
        self.reader.set_pgresult(result)
        return self.reader.load_rows(0, result.ntuples, tuple)

    def _answer(self, link: Any, statement: str, sent: list[bytes | None]) -> Any:
        name = self.names.get(statement)
        if name is None:
            name = b"nep_%d" % next(self.numbers)
            made = link.prepare(name, statement.encode())
            if made.status != ExecStatus.COMMAND_OK:
                return made
            self.names[statement] = name
        return link.exec_prepared(name, sent, None, Format.BINARY)


def _is_forgotten(result: Any) -> bool:
    is_error = result.status == ExecStatus.FATAL_ERROR
    return is_error and psycopg.errors.error_from_result(result).sqlstate in _GONE


def _as_text(values: Sequence[Any]) -> list[bytes | None] | None:
    """Return values as the server reads them, or None where only psycopg can say what they are."""
    sent: list[bytes | None] = []
    for value in values:
        if value is None:
            sent.append(None)
            continue
        dump = _DUMPS.get(value.__class__)
        if dump is None:
            return None
        data = dump(value)
        if b"\0" in data:  # would end the text early; psycopg refuses it
            return None
        sent.append(data)
    return sent


def run(connection, statement: str, values: Sequence[Any]) -> tuple | None:
    """Run a prepared statement on a PostgreSQL connection; return its first row, or None.

    Raises Django's database errors.
    """
    rows = run_all(connection, statement, values)
    return rows[0] if rows else None


def run_all(connection, statement: str, values: Sequence[Any]) -> list[tuple]:
    """Run a prepared statement on a PostgreSQL connection; return every row.

    Raises Django's database errors.
    """
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    raw = connection.connection
    with connection.wrap_database_errors:
        statements = raw.__dict__.get(_KEPT)
        if statements is None:
            statements = raw.__dict__[_KEPT] = _Statements(raw)
        return statements.run(raw, statement, values)
