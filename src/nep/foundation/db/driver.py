"""The fixed statements of hot paths on PostgreSQL, at the driver's lowest level.

A statement (`$1` marks, every mark cast to its type) is prepared once per connection and run by
`PQexecPrepared`: half the cost of a cursor. Values go as text, moments and answers in the server's
binary form; moments are aware and in UTC. psycopg's own preparing is left alone: it forgets every statement at
each ROLLBACK. Behind a pooler, where nothing can be prepared, a kept cursor runs the statement.
"""

import struct
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import count
from typing import Any

try:
    import psycopg
    from psycopg.adapt import Loader, Transformer
    from psycopg.pq import ExecStatus, Format, TransactionStatus

    # as plain numbers: members of an enumeration are found and compared more slowly
    _IDLE, _BINARY = int(TransactionStatus.IDLE), int(Format.BINARY)
    _ROWS, _DONE = int(ExecStatus.TUPLES_OK), int(ExecStatus.COMMAND_OK)
except ImportError:  # an installation on SQLite alone
    psycopg = None  # type: ignore[assignment]
    Loader = object  # type: ignore[assignment,misc]

_KEPT = "_nep_statements"
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECONDS = struct.Struct("!q")
_microseconds = _MICROSECONDS.unpack
_GONE = {"26000", "0A000"}  # the server forgot the statement, or a table has changed under it


@lru_cache(maxsize=1024)
def _moment(value: datetime) -> bytes:
    """Return a moment as the server keeps it; one without a zone is in UTC.

    Remembered, since an action writes one moment into many columns.
    """
    since = (value if value.tzinfo is not None else value.replace(tzinfo=UTC)) - _EPOCH
    return _MICROSECONDS.pack(
        (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    )


_DUMPS: dict[type, Callable[[Any], bytes | None]] = {
    str: str.encode,
    int: b"%d".__mod__,
    bool: lambda value: b"t" if value else b"f",
    float: lambda value: repr(value).encode(),
    bytes: lambda value: b"\\x" + value.hex().encode(),
    datetime: _moment,
    type(None): lambda _: None,
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
        sent = _sent(values)
        if sent is None or raw.prepare_threshold is None:
            return self.cursor.execute(statement, values, binary=True).fetchall()
        link = raw.pgconn
        is_alone = link.transaction_status == _IDLE
        if is_alone and not raw.autocommit:
            raw.execute("")  # begins the transaction
            is_alone = False
        result = self._answer(link, statement, sent)
        if result.status != _ROWS:
            if is_alone and _is_forgotten(result):
                self.names.pop(statement, None)
                result = self._answer(link, statement, sent)
            if result.status not in (_ROWS, _DONE):
                raise psycopg.errors.error_from_result(result)
        self.reader.set_pgresult(result)
        return self.reader.load_rows(0, result.ntuples, tuple)

    def _answer(self, link: Any, statement: str, sent: "Sent") -> Any:
        name = self.names.get(statement)
        if name is None:
            name = b"nep_%d" % next(self.numbers)
            made = link.prepare(name, statement.encode())
            if made.status != _DONE:
                return made
            self.names[statement] = name
        return link.exec_prepared(name, *sent, _BINARY)


def _is_forgotten(result: Any) -> bool:
    is_error = result.status == ExecStatus.FATAL_ERROR
    return is_error and psycopg.errors.error_from_result(result).sqlstate in _GONE


Sent = tuple[list[bytes | None], list[int]]


_Dumps = tuple[tuple[Callable[[Any], bytes | None], ...], list[int], tuple[int, ...]]
_known_kinds: dict[tuple[type, ...], _Dumps] = {}
_MOST_KINDS = 2000


def _sent(values: Sequence[Any]) -> Sent | None:
    """Return values and their formats as the server reads them, or None where only psycopg can say
    what they are."""
    kinds = tuple(map(type, values))
    known = _known_kinds.get(kinds) or _dumps(kinds)
    if known is None:
        return None
    dumps, formats, texts = known
    for place in texts:
        if "\0" in values[place]:  # would end the text early; psycopg refuses it
            return None
    return [dump(value) for dump, value in zip(dumps, values, strict=True)], formats


def _dumps(kinds: tuple[type, ...]) -> _Dumps | None:
    """Return how values of these kinds are written, their formats, and where the texts are."""
    if any(kind not in _DUMPS for kind in kinds):
        return None
    made = (
        tuple(_DUMPS[kind] for kind in kinds),
        [1 if kind is datetime else 0 for kind in kinds],
        tuple(place for place, kind in enumerate(kinds) if kind is str),
    )
    if len(_known_kinds) >= _MOST_KINDS:
        _known_kinds.clear()
    _known_kinds[kinds] = made
    return made


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
    if connection.connection is None:  # asking costs more than looking
        connection.ensure_connection()
    connection.validate_no_broken_transaction()
    raw = connection.connection
    with connection.wrap_database_errors:
        statements = raw.__dict__.get(_KEPT)
        if statements is None:
            statements = raw.__dict__[_KEPT] = _Statements(raw)
        return statements.run(raw, statement, values)
