"""Many rows in one go: COPY on PostgreSQL, one prepared statement on SQLite.

For imports, whose rows are many and made elsewhere: the same columns as `bulk_create` and
`bulk_update`, at a fraction of their cost. Constraints hold as always; no model signal exists here.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connections, models, transaction

from nep.foundation.db.batch import _bare_utc

_PLAIN = frozenset({int, str, bool, float, bytes, type(None)})


def insert_rows(rows: Sequence[models.Model], *, using: str = "default") -> None:
    """Insert rows of one table in the caller's transaction or in one of their own."""
    if not rows:
        return
    connection = connections[using]
    fields = rows[0]._meta.local_concrete_fields
    values = (_values(row, fields, connection) for row in rows)
    table = connection.ops.quote_name(rows[0]._meta.db_table)
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
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
    for row in rows:
        row._state.adding = False


def update_rows(
    rows: Sequence[models.Model], columns: Iterable[str], *, using: str = "default"
) -> None:
    """Write the named fields of rows of one table back, by their primary keys."""
    if not rows:
        return
    connection, meta = connections[using], rows[0]._meta
    fields = [meta.get_field(name) for name in columns]
    quote = connection.ops.quote_name
    assigned = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    statement = f"UPDATE {quote(meta.db_table)} SET {assigned} WHERE {quote(meta.pk.column)} = %s"  # noqa: S608
    values = [_values(row, [*fields, meta.pk], connection) for row in rows]
    with transaction.atomic(using=using, savepoint=False), connection.cursor() as cursor:
        cursor.executemany(statement, values)


def _values(row: models.Model, fields: Sequence[models.Field], connection) -> tuple:
    is_text = connection.vendor != "postgresql"
    found = []
    for field in fields:
        value = getattr(row, field.attname)
        if isinstance(field, models.JSONField) or type(value) not in _PLAIN:
            if type(value) is datetime:
                value = _bare_utc(value) if is_text else value
            else:
                value = field.get_db_prep_save(value, connection=connection)
        found.append(value)
    return tuple(found)
