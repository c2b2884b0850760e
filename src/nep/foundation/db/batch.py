"""One user action's rows, written together.

A batch gathers a guard (an UPDATE that must hit exactly one row, usually by version), further
updates and inserts. On PostgreSQL they become one prepared statement of common table expressions:
one round trip, and nothing is written when the guard hits no row. On SQLite the same rows are
written by consecutive statements inside the transaction. A batch never replaces the transaction:
call `flush` inside `atomic()`, unless the batch is the whole action.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import connections, transaction

from nep.foundation.db import driver
from nep.kernel.compact_json import encoder

Columns = dict[str, Any]
_GUARD, _UPDATE, _INSERT = "guard", "update", "insert"
_MAX_PREPARED = 400


class Batch:
    """Rows to write in one go; tables and columns are the names in the database."""

    def __init__(self) -> None:
        self._operations: list[tuple[str, str, Columns, Columns]] = []

    def guard(self, table: str, *, where: Columns, set: Columns) -> None:
        """Put first an update that decides whether anything is written at all."""
        if self._operations and self._operations[0][0] == _GUARD:
            raise ValueError("a batch has one guard")
        self._operations.insert(0, (_GUARD, table, set, where))

    def update(self, table: str, *, where: Columns, set: Columns) -> None:
        """Add an update of the rows that equal `where` in every column."""
        self._operations.append((_UPDATE, table, set, where))

    def insert(self, table: str, **columns: Any) -> None:
        """Add one row; every column without a database default that may not be empty is given."""
        self._operations.append((_INSERT, table, columns, {}))

    def insert_row(self, table: str, columns: Columns) -> None:
        """Add one row that nobody changes any more, as `insert` does."""
        self._operations.append((_INSERT, table, columns, {}))

    def flush(self, *, using: str = "default") -> bool:
        """Write everything; return False, having written nothing, when the guard hit no row."""
        if not self._operations:
            return True
        connection = connections[using]
        operations, self._operations = self._operations, []
        if connection.vendor == "postgresql":
            return _flush_postgresql(connection, operations)
        return _flush_in_turn(connection, operations, using)


_AS_THEY_ARE = frozenset({int, str, bool, float, bytes, type(None)})
_FOR_POSTGRESQL = _AS_THEY_ARE | {datetime}


_JSON = encoder()


def _bare_utc(value: datetime) -> str:
    """Return Django's own text form of a moment on SQLite."""
    if value.tzinfo is UTC:
        return value.isoformat(" ")[:-6]
    offset = value.utcoffset()
    return (value - offset if offset else value).replace(tzinfo=None).isoformat(" ")


def _for_sqlite(value: Any, known: dict[int, str]) -> Any:
    """Return what a column holds of a value; one action writes one moment into many columns."""
    if isinstance(value, datetime):
        text = known[id(value)] = _bare_utc(value)
        return text
    return _as_written(value)


def _as_written(value: Any) -> Any:
    """Return what a column holds of a value that is no moment: JSON, or the text of a day."""
    if isinstance(value, (dict, list, tuple)):
        return _JSON(value)
    return str(value) if isinstance(value, (date, Decimal)) else value


def _flush_in_turn(connection, operations, using: str) -> bool:
    known: dict[int, str] = {}  # the texts of moments, by identity
    statements = []  # made before the write lock is held
    for kind, table, columns, where in operations:
        key = (table, *columns) if kind is _INSERT else (table, *columns, _WHERE, *where)
        statement = _statements.get(key)
        if statement is None:
            make = _sqlite_insert if kind is _INSERT else _sqlite_update
            statement = _statements[key] = make(table, tuple(columns), tuple(where))
        values = [
            v if type(v) in _AS_THEY_ARE else known.get(id(v)) or _for_sqlite(v, known)
            for v in (*columns.values(), *where.values())
        ]
        statements.append((statement, values))
    guarded = operations[0][0] == _GUARD
    if connection.connection is None:
        connection.ensure_connection()
    if connection.in_atomic_block or not connection.autocommit:
        with transaction.atomic(using=using, savepoint=False), connection.wrap_database_errors:
            return _run_all(connection.connection.execute, statements, guarded)
    with connection.wrap_database_errors:
        return _as_whole_action(connection, statements, guarded)


def _as_whole_action(connection, statements, guarded: bool) -> bool:
    """Run the statements in a transaction of their own, begun and ended in the driver's words.

    However it ends, no transaction stays open behind it, and the next writer has the turn.
    """
    driver, turn = connection.connection, connection.turn
    run = driver.execute
    turn.take()
    try:
        run("BEGIN IMMEDIATE")
        is_written = _run_all(run, statements, guarded)
        run("COMMIT" if is_written else "ROLLBACK")
    except BaseException:
        if driver.in_transaction:
            run("ROLLBACK")
        raise
    finally:
        turn.give()
    return is_written


def _run_all(run, statements, guarded: bool) -> bool:
    """Run the statements (`?` marks, cached by text); False when the guard hit no row."""
    for statement, values in statements:
        done = run(statement, values)
        if guarded:
            if done.rowcount != 1:
                return False
            guarded = False
    return True


_statements: dict[tuple, str] = {}
_WHERE = "WHERE"  # between a statement's columns and its conditions; no column is called so


def _sqlite_insert(table: str, columns: tuple[str, ...], _: tuple[str, ...]) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    marks = ", ".join("?" * len(columns))
    return f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608


def _sqlite_update(table: str, columns: tuple[str, ...], where: tuple[str, ...]) -> str:
    assigned = ", ".join(f'"{name}" = ?' for name in columns)
    matched = " AND ".join(f'"{name}" = ?' for name in where)
    return f'UPDATE "{table}" SET {assigned} WHERE {matched}'  # noqa: S608


def _flush_postgresql(connection, operations) -> bool:
    shape = tuple(
        (kind, table, tuple(cols), tuple(where)) for kind, table, cols, where in operations
    )
    statement = _statements.get(shape)
    if statement is None:
        if len(_statements) > _MAX_PREPARED:
            _statements.clear()
        statement = _statements[shape] = _compose(shape, _column_types(connection))
    values: list[Any] = []
    for _, _, columns, where in operations:
        values += columns.values()
        values += where.values()
    values = [v if type(v) in _FOR_POSTGRESQL else _as_written(v) for v in values]
    row = driver.run(connection, statement, values)
    return row is not None and row[0] == 1


def _compose(shape, types) -> str:
    """Write the operations as one statement; parameters are cast to their columns' types."""
    guarded = shape[0][0] == _GUARD
    places = count(1)

    def mark(table: str, name: str) -> str:
        return f"${next(places)}::{types[table, name]}"

    parts = []
    for index, (kind, table, columns, where) in enumerate(shape):
        if kind == _INSERT:
            names = ", ".join(f'"{name}"' for name in columns)
            marks = ", ".join(mark(table, name) for name in columns)
            source = " FROM w0" if guarded else ""
            body = f'INSERT INTO "{table}" ({names}) SELECT {marks}{source}'
        else:
            assigned = ", ".join(f'"{name}" = {mark(table, name)}' for name in columns)
            matched = " AND ".join(f'"{name}" = {mark(table, name)}' for name in where)
            if guarded and kind == _UPDATE:
                matched += " AND EXISTS (SELECT 1 FROM w0)"
            body = f'UPDATE "{table}" SET {assigned} WHERE {matched}'  # noqa: S608
        answered = " RETURNING 1" if index == 0 and guarded else ""
        parts.append(f"w{index} AS ({body}{answered})")
    answer = "SELECT count(*) FROM w0" if guarded else "SELECT 1"
    return f"WITH {', '.join(parts)} {answer}"


_types: dict[str, dict[tuple[str, str], str]] = {}


def _column_types(connection) -> "_Types":
    database = connection.settings_dict["NAME"]
    return _Types(connection, _types.setdefault(database, {}))


class _Types:
    """The column types of one database, read table by table when first asked for."""

    def __init__(self, connection, known: dict[tuple[str, str], str]) -> None:
        self._connection = connection
        self._known = known

    def __getitem__(self, key: tuple[str, str]) -> str:
        if key not in self._known:
            self._read(key[0])
        return self._known[key]

    def _read(self, table: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(
                "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute "
                "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
                [f'"{table}"'],
            )
            for name, kind in cursor.fetchall():
                self._known[table, name] = kind
