"""One user action's rows, written together.

A batch gathers a guard (an UPDATE that must hit exactly one row, usually by version), further
updates and inserts. On PostgreSQL they become one prepared statement of common table expressions:
one round trip, and nothing is written when the guard hits no row. On SQLite the same rows are
written by consecutive statements inside the transaction. A batch never replaces the transaction:
call `flush` inside `atomic()`, unless the batch is the whole action.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import chain, count
from typing import Any

from django.db import connections, transaction

from nep.foundation.db import driver
from nep.kernel.compact_json import encoder

Columns = dict[str, Any]
_GUARD, _UPDATE, _INSERT = "guard", "update", "insert"
_MAX_PREPARED, _MAX_KINDS = 400, 2000


class Shape:
    """One kind of write: a table, the columns that are written, those by which rows are found.

    `values` of a write stand in the order of `columns`, then of `where`. An action that is done
    often keeps its shapes (`inserts`, `updates`) and gives plain values: numbers, texts, truths,
    aware moments, None.
    """

    __slots__ = ("columns", "kind", "sqlite", "table", "where")

    def __init__(
        self, kind: str, table: str, columns: tuple[str, ...], where: tuple[str, ...]
    ) -> None:
        self.kind, self.table, self.columns, self.where = kind, table, columns, where
        make = _sqlite_insert if kind == _INSERT else _sqlite_update
        self.sqlite = make(table, columns, where)


def inserts(table: str, *columns: str) -> Shape:
    """Return the shape of a new row of a table with these columns."""
    return _shape((_INSERT, table, columns, ()))


def updates(table: str, *columns: str, where: tuple[str, ...] = ("id",)) -> Shape:
    """Return the shape of a change of these columns in the rows that equal `where`."""
    return _shape((_UPDATE, table, columns, where))


def guards(table: str, *columns: str, where: tuple[str, ...]) -> Shape:
    """Return the shape of a change that decides whether anything is written at all."""
    return _shape((_GUARD, table, columns, where))


def _shape(key: tuple[str, str, tuple[str, ...], tuple[str, ...]]) -> Shape:
    known = _shapes.get(key)
    if known is None:
        known = _shapes[key] = Shape(*key)
    return known


class Batch:
    """Rows to write in one go; tables and columns are the names in the database."""

    def __init__(self) -> None:
        self._operations: list[tuple[Shape, list[Any]]] = []

    def guard(self, table: str, *, where: Columns, set: Columns) -> None:
        """Put first an update that decides whether anything is written at all.

        A name "table.column" in `where` asks that another table has a row with that value.
        """
        if self._operations and self._operations[0][0].kind == _GUARD:
            raise ValueError("a batch has one guard")
        self._operations.insert(0, _written(_GUARD, table, set, where))

    def update(self, table: str, *, where: Columns, set: Columns) -> None:
        """Add an update of the rows that equal `where` in every column."""
        self._operations.append(_written(_UPDATE, table, set, where))

    def insert(self, table: str, **columns: Any) -> None:
        """Add one row; every column without a database default that may not be empty is given."""
        self._operations.append(_written(_INSERT, table, columns, _NOTHING))

    def insert_row(self, table: str, columns: Columns) -> None:
        """Add one row that nobody changes any more, as `insert` does."""
        self._operations.append(_written(_INSERT, table, columns, _NOTHING))

    def add(self, shape: Shape, values: list[Any]) -> None:
        """Add one write of a kept shape (`inserts`, `updates`) with plain values."""
        self._operations.append((shape, values))

    def flush(self, *, using: str = "default") -> bool:
        """Write everything; return False, having written nothing, when the guard hit no row."""
        if not self._operations:
            return True
        connection = connections[using]
        operations, self._operations = self._operations, []
        if connection.vendor == "postgresql":
            return _flush_postgresql(connection, operations)
        return _flush_in_turn(connection, operations, using)


_NOTHING: Columns = {}
_PLAIN = frozenset({int, str, float, bytes, type(None), bool, datetime})
_JSON = encoder()


def _written(kind: str, table: str, set: Columns, where: Columns) -> tuple[Shape, list[Any]]:
    values = [*set.values(), *where.values()]
    if not _PLAIN.issuperset(map(type, values)):
        values = [value if value.__class__ in _PLAIN else _as_written(value) for value in values]
    return _shape((kind, table, tuple(set), tuple(where))), values


def _as_written(value: Any) -> Any:
    """Return what a column holds of a value that is not plain: JSON, or the text of a day."""
    if isinstance(value, (dict, list, tuple)):
        return _JSON(value)
    is_text = isinstance(value, (date, Decimal)) and not isinstance(value, datetime)
    return str(value) if is_text else value


@lru_cache(maxsize=1024)
def _bare_utc(value: datetime) -> str:
    """Return Django's own text form of a moment on SQLite.

    Remembered, since an action writes one moment into many columns.
    """
    if value.tzinfo is None:
        return str(value)
    return str(value if value.tzinfo is UTC else value.astimezone(UTC))[:-6]


_Ready = tuple[tuple[int, Callable[[Any], Any]], ...]
_known_kinds: dict[tuple[type, ...], _Ready] = {}


def _made_ready(values: list[Any]) -> list[Any]:
    """Turn moments and truths into what SQLite keeps, in place: its driver asks long what stands
    for one of Python's."""
    kinds = tuple(map(type, values))
    ready = _known_kinds.get(kinds)
    if ready is None:
        if len(_known_kinds) >= _MAX_KINDS:
            _known_kinds.clear()
        ready = _known_kinds[kinds] = tuple(
            (place, _bare_utc if issubclass(kind, datetime) else int)
            for place, kind in enumerate(kinds)
            if issubclass(kind, datetime) or kind is bool
        )
    for place, turned in ready:
        values[place] = turned(values[place])
    return values


def _flush_in_turn(connection, operations, using: str) -> bool:
    statements = [  # made before the write lock is held
        (shape.sqlite, _made_ready(values)) for shape, values in operations
    ]
    guarded = operations[0][0].kind == _GUARD
    if connection.connection is None:
        connection.ensure_connection()
    if connection.in_atomic_block or not connection.autocommit:
        with transaction.atomic(using=using, savepoint=False), connection.wrap_database_errors:
            return _run_all(connection.connection.cursor().execute, statements, guarded)
    with connection.wrap_database_errors:
        return _as_whole_action(connection, statements, guarded)


def _as_whole_action(connection, statements, guarded: bool) -> bool:
    """Run the statements in a transaction of their own, begun and ended in the driver's words.

    However it ends, no transaction stays open behind it, and the next writer has the turn.
    """
    driver, turn = connection.connection, connection.turn
    run = driver.cursor().execute  # the connection's own makes a cursor for each statement
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
    connection.count_write()
    return is_written


def _run_all(run, statements, guarded: bool) -> bool:
    """Run the statements (`?` marks, cached by text); False when the guard hit no row."""
    rest = iter(statements)
    if guarded and run(*next(rest)).rowcount != 1:
        return False
    for statement in rest:
        run(*statement)
    return True


_shapes: dict[tuple[str, str, tuple[str, ...], tuple[str, ...]], Shape] = {}


def _sqlite_insert(table: str, columns: tuple[str, ...], _: tuple[str, ...]) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    marks = ", ".join("?" * len(columns))
    return f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608


def _sqlite_update(table: str, columns: tuple[str, ...], where: tuple[str, ...]) -> str:
    assigned = ", ".join(f'"{name}" = ?' for name in columns)
    matched = " AND ".join(_equals(name, "?") for name in where)
    return f'UPDATE "{table}" SET {assigned} WHERE {matched}'  # noqa: S608


def _equals(name: str, mark: str) -> str:
    table, _, column = name.rpartition(".")
    if not table:
        return f'"{column}" = {mark}'
    return f'EXISTS (SELECT 1 FROM "{table}" WHERE "{column}" = {mark})'  # noqa: S608


_statements: dict[tuple[Shape, ...], str] = {}


def _flush_postgresql(connection, operations) -> bool:
    shapes, columns = zip(*operations, strict=True)
    statement = _statements.get(shapes)
    if statement is None:
        if len(_statements) > _MAX_PREPARED:
            _statements.clear()
        statement = _statements[shapes] = _compose(shapes, _column_types(connection))
    row = driver.run(connection, statement, list(chain.from_iterable(columns)))
    return row is not None and row[0] == 1


def _compose(shapes: tuple[Shape, ...], types) -> str:
    """Write the operations as one statement; parameters are cast to their columns' types."""
    guarded = shapes[0].kind == _GUARD
    places = count(1)

    def mark(table: str, name: str) -> str:
        other, _, column = name.rpartition(".")
        return f"${next(places)}::{types[other or table, column]}"

    parts = []
    for index, shape in enumerate(shapes):
        kind, table, columns, where = shape.kind, shape.table, shape.columns, shape.where
        if kind == _INSERT:
            names = ", ".join(f'"{name}"' for name in columns)
            marks = ", ".join(mark(table, name) for name in columns)
            source = " FROM w0" if guarded else ""
            body = f'INSERT INTO "{table}" ({names}) SELECT {marks}{source}'
        else:
            assigned = ", ".join(f'"{name}" = {mark(table, name)}' for name in columns)
            matched = " AND ".join(_equals(name, mark(table, name)) for name in where)
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
