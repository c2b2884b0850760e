"""The checks of much written tables on PostgreSQL, as functions that its sessions keep ready.

PostgreSQL reads the text of every check of a table anew in each statement that writes to it; that
took a fifth of its time in the step of a case. A check that calls a function is short to read, and
the function is prepared once a session. Names, meaning and what Django knows of them stay; SQLite
needs nothing of it. For migrations: whoever changes such a check removes and adds it as ever.
"""

from typing import Any

_CHECKS = """
SELECT c.conname, pg_get_expr(c.conbin, c.conrelid),
  (SELECT array_agg(ARRAY[quote_ident(a.attname), format_type(a.atttypid, NULL)] ORDER BY a.attnum)
   FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey))
FROM pg_constraint c
WHERE c.contype = 'c' AND c.conrelid = %s::regclass AND c.conname = ANY (%s) ORDER BY c.conname
"""
_FUNCTIONS = """
SELECT p.proname, p.prosrc, p.oid::regprocedure::text FROM pg_proc p
WHERE p.pronamespace = current_schema()::regnamespace AND p.proname = ANY (%s) ORDER BY p.proname
"""
_BEGIN, _END = "BEGIN RETURN ", "; END"


def checks_into_functions(schema_editor: Any, table: str, *names: str) -> None:
    """Let these checks of a table call a function each; nothing where they do already."""
    if schema_editor.connection.vendor != "postgresql":
        return
    changes = []
    for name, expression, columns in _rows(schema_editor, _CHECKS, table, list(names)):
        called = _function(name)
        if expression.startswith(f"{called}("):
            continue
        taken = ", ".join(f"{column} {kind}" for column, kind in columns)
        given = ", ".join(column for column, _ in columns)
        schema_editor.execute(
            f"CREATE FUNCTION {called}({taken}) RETURNS boolean LANGUAGE plpgsql IMMUTABLE "
            f"PARALLEL SAFE AS $nep${_BEGIN}{expression}{_END}$nep$",
            params=None,
        )
        changes += [f'DROP CONSTRAINT "{name}"', _added(name, f"{called}({given})")]
    _change(schema_editor, table, changes)


def checks_into_text(schema_editor: Any, table: str, *names: str) -> None:
    """Let these checks stand in the table again, and drop their functions."""
    if schema_editor.connection.vendor != "postgresql":
        return
    functions = {_function(name): name for name in names}
    found = _rows(schema_editor, _FUNCTIONS, list(functions))
    changes = []
    for called, source, _ in found:
        name = functions[called]
        expression = source.removeprefix(_BEGIN).removesuffix(_END)
        changes += [f'DROP CONSTRAINT "{name}"', _added(name, expression)]
    _change(schema_editor, table, changes)
    for _, _, signature in found:
        schema_editor.execute(f"DROP FUNCTION {signature}", params=None)


def _function(name: str) -> str:
    return f"check_{name}"


def _added(name: str, expression: str) -> str:
    return f'ADD CONSTRAINT "{name}" CHECK ({expression})'


def _change(schema_editor: Any, table: str, changes: list[str]) -> None:
    """Change the table once, so that its rows are looked through once."""
    if changes:
        schema_editor.execute(f'ALTER TABLE "{table}" {", ".join(changes)}', params=None)


def _rows(schema_editor: Any, statement: str, *values: Any) -> list[tuple]:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


__all__ = ["checks_into_functions", "checks_into_text"]
