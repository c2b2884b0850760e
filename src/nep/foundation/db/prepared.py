"""Queries that every page asks: written with the models, turned into SQL once a process.

Django compiles a query anew each time, which costs more than running it by key. A `Prepared` holds
one shape; `Mark("name")` stands where a value goes. Where statements are counted or watched it runs
through Django's cursor, so that it is seen; otherwise SQLite's driver runs it, at half the cost.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.query import get_related_populators

_Convert = Callable[[Any, Any, Any], Any]


class Mark(Expression):
    """The place of a value; it is given by name when the query runs."""

    def __init__(self, name: str, output_field: Field | None = None) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Return a place for the value, and this mark to find it by."""
        return "%s", [self]


@dataclass(frozen=True, slots=True)
class _Statement:
    """One query as an engine reads it, and how its answers become Python's values."""

    sql: str
    driver_sql: str
    parameters: tuple[Any, ...]
    converters: tuple[tuple[int, tuple[_Convert, ...], Any], ...]
    model: type[Model]
    columns: tuple[str, ...]
    related: tuple[Any, ...]


class Prepared:
    """One shape of a query; `make` returns it with a `Mark` for each value.

    It selects whole models, with `select_related` or without, or a `values_list`.
    """

    def __init__(self, make: Callable[[], QuerySet]) -> None:
        self._make = make
        self._known: dict[str, _Statement] = {}

    def rows(self, **values: Any) -> list[tuple]:
        """Return the rows for these values."""
        return [tuple(row) for row in self._run(self._statement(), values)]

    def objects(self, **values: Any) -> list[Any]:
        """Return the rows as instances of the model."""
        found = self._statement()
        alias, columns, make = connection.alias, found.columns, found.model.from_db
        rows, width = self._run(found, values), len(columns)
        made = [make(alias, columns, row[:width]) for row in rows]
        for populator in found.related:
            for row, one in zip(rows, made, strict=True):
                populator.populate(row, one)
        return made

    def first(self, **values: Any) -> Any:
        """Return the first instance, or None."""
        return next(iter(self.objects(**values)), None)

    def _statement(self) -> _Statement:
        known = self._known.get(connection.vendor)
        if known is None:
            known = self._known[connection.vendor] = _compiled(self._make())
        return known

    def _run(self, found: _Statement, values: dict[str, Any]) -> list[Any]:
        sent = [
            _adapted(values[one.name]) if one.__class__ is Mark else one
            for one in found.parameters
        ]  # fmt: skip
        try:
            rows = _fetched(found, sent)
        except OverflowError:  # SQLite: a number longer than any that is kept
            return []
        if not found.converters:
            return rows
        rows = [list(row) for row in rows]
        for place, steps, column in found.converters:
            for row in rows:
                value = row[place]
                for step in steps:
                    value = step(value, column, connection)
                row[place] = value
        return rows


def _fetched(found: _Statement, sent: list[Any]) -> list[Any]:
    asked = connections[DEFAULT_DB_ALIAS]
    if asked.vendor != "sqlite" or asked.execute_wrappers or asked.queries_logged:
        with asked.cursor() as cursor:
            cursor.execute(found.sql, sent)
            return cursor.fetchall()
    if asked.connection is None:  # asking costs more than looking
        asked.ensure_connection()
    asked.validate_no_broken_transaction()
    with asked.wrap_database_errors:
        return asked.connection.execute(found.driver_sql, sent).fetchall()


def _compiled(queryset: QuerySet) -> _Statement:
    compiler = queryset.query.get_compiler(connection=connection)
    sql, parameters = compiler.as_sql()
    selected = [one[0] for one in compiler.select]
    if compiler.has_extra_select:
        raise TypeError("a prepared query is ordered by what it selects")
    about = compiler.klass_info
    own = [selected[place] for place in about["select_fields"]] if about else []
    columns = tuple(one.target.attname for one in own)
    related = (
        get_related_populators(about, compiler.select, connection.alias)  # type: ignore[call-arg]
        if about
        else ()
    )
    usual = getattr(connection.ops, "convert_datetimefield_value", None)
    plain = [usual] if connection.vendor == "sqlite" else None
    converters = tuple(
        (place, (_aware,) if steps == plain else tuple(steps), column)
        for place, (steps, column) in sorted(compiler.get_converters(selected).items())
    )
    return _Statement(
        sql, FORMAT_QMARK_REGEX.sub("?", sql).replace("%%", "%"), tuple(parameters), converters,
        queryset.model, columns, tuple(related),
    )  # fmt: skip


def _aware(value: datetime | None, _column: Any, _connection: Any) -> datetime | None:
    """Return a moment of SQLite, which keeps them in UTC; Django's own way takes ten times as long."""
    return value if value is None else value.replace(tzinfo=UTC)


def _adapted(value: Any) -> Any:
    """Return a value as the engine stores it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value
