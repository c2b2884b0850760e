"""Many rows in one go: COPY on PostgreSQL, one prepared statement on SQLite.

For imports, whose rows are many and made elsewhere: the same columns as `bulk_create` and
`bulk_update`, at a fraction of their cost. Constraints hold as always; no model signal exists here.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connections, models, transaction

from nep.foundation.db.batch import _bare_utc
from nep.kernel.compact_json import encoder

_json = encoder()
_PLAIN = frozenset({int, str, bool, float, bytes, type(None)})


class NewRow:
    """A row of a table before it is written: the attributes of the model, nothing of its making."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__ = values


@cache
def _defaults(model: type[models.Model]) -> dict[str, Any]:
    return {
        field.attname: field.default
        for field in model._meta.local_concrete_fields
        if field.has_default() and not callable(field.default)
    } | {
        field.attname: None
        for field in model._meta.local_concrete_fields
        if not field.has_default()
    }


def new_row(model: type[models.Model], **values: Any) -> Any:
    """Return a new row of a table with plain columns by name; defaults fill the rest.

    Callable defaults (a key, a list) have to be given.
    """
    return NewRow({**_defaults(model), **values, "pk": values["id"]})


def insert_rows(model: type[models.Model], rows: Sequence[Any], *, using: str = "default") -> None:
    """Insert rows of one table in the caller's transaction or in one of their own."""
    if not rows:
        return
    connection = connections[using]
    fields = model._meta.local_concrete_fields
    values = (_values(row, fields, connection) for row in rows)
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    with transaction.atomic(using=using, savepoint=False), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608
                list(values),
            )


def update_rows(
    model: type[models.Model],
    rows: Sequence[Any],
    columns: Iterable[str],
    *,
    using: str = "default",
) -> None:
    """Write the named fields of rows of one table back, by their primary keys."""
    if not rows:
        return
    connection, meta = connections[using], model._meta
    fields: list[Any] = [meta.get_field(name) for name in columns]
    quote = connection.ops.quote_name
    assigned = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    statement = (
        f"UPDATE {quote(meta.db_table)} SET {assigned} WHERE {quote(str(meta.pk.column))} = %s"  # noqa: S608
    )
    values = [_values(row, [*fields, meta.pk], connection) for row in rows]
    with transaction.atomic(using=using, savepoint=False), connection.cursor() as cursor:
        cursor.executemany(statement, values)


def _values(row: Any, fields: Sequence[models.Field], connection) -> tuple:
    is_text = connection.vendor != "postgresql"
    found = []
    for field in fields:
        value = getattr(row, field.attname)
        kind = type(value)
        if kind is datetime:
            found.append(_bare_utc(value) if is_text else value)
        elif isinstance(field, models.JSONField):
            found.append(_json(value))
        elif kind in _PLAIN:
            found.append(value)
        else:
            found.append(field.get_db_prep_save(value, connection=connection))
    return tuple(found)
