"""Empty the database after a test that commits, as Django's flush does, but only where rows are.

On PostgreSQL Django truncates every table, which gives each of some two hundred tables and all their
indexes new files; a test leaves rows in a dozen of them. What migrating writes about the models
themselves is left alone, so that it need not be written again.
"""

from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

KEPT = {"django_content_type", "auth_permission"}


def empty_database() -> None:
    """Delete all rows, past the triggers that refuse it."""
    if not _may_pass_triggers():
        call_command("flush", verbosity=0, interactive=False)
        return
    names = set(connection.introspection.django_table_names(only_existing=True)) - KEPT
    past = _past_postgres if connection.vendor == "postgresql" else _past_sqlite
    with transaction.atomic(), connection.cursor() as cursor:
        held = [connection.ops.quote_name(name) for name in _with_rows(cursor, sorted(names))]
        past(cursor, [f"DELETE FROM {name}" for name in held])


def _may_pass_triggers() -> bool:
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser')")
        return cursor.fetchone() == ("on",)


def _with_rows(cursor: CursorWrapper, names: list[str]) -> list[str]:
    asked = [
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {connection.ops.quote_name(name)})"
        for name in names
    ]
    found: list[str] = []
    for start in range(0, len(asked), 400):  # SQLite joins five hundred at most
        cursor.execute(" UNION ALL ".join(asked[start : start + 400]))
        found += [name for (name,) in cursor.fetchall()]
    return found


def _past_postgres(cursor: CursorWrapper, statements: list[str]) -> None:
    cursor.execute("SET LOCAL session_replication_role = replica")
    for statement in statements:
        cursor.execute(statement)
    cursor.execute("SET LOCAL session_replication_role = origin")


def _past_sqlite(cursor: CursorWrapper, statements: list[str]) -> None:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    triggers = cursor.fetchall()
    for name, _ in triggers:
        cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
    for statement in statements:
        cursor.execute(statement)
    for _, made in triggers:
        cursor.execute(made)
