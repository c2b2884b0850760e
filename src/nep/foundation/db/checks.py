"""The checks of much written tables on PostgreSQL, as functions that its sessions keep ready.

PostgreSQL reads the text of every check of a table anew in each statement that writes to it; that
took a fifth of its time in the step of a case. A check that calls a function is short to read, and
the function is prepared once a session. Names, meaning and what Django knows of them stay; SQLite
needs nothing of it. For migrations: whoever changes such a check removes and adds it as ever; one of
those that call a function together (`checks_into_one`) is taken out of it first.
"""

import re
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
_TOGETHER = """
DECLARE _refused text;
BEGIN
IF ({all}) IS NOT FALSE THEN RETURN TRUE; END IF;
_refused := CASE
{each}
END;
RAISE check_violation USING TABLE = '{table}', CONSTRAINT = _refused,
MESSAGE = 'new row for relation "{table}" violates check constraint "' || _refused || '"';
END"""
_EACH = re.compile(r"^WHEN \((.*)\) IS FALSE THEN '(\w+)'$", re.MULTILINE)


def checks_into_functions(schema_editor: Any, table: str, *names: str) -> None:
    """Let these checks of a table call a function each; nothing where they do already."""
    if schema_editor.connection.vendor != "postgresql":
        return
    changes = []
    for name, expression, columns in _rows(schema_editor, _CHECKS, table, list(names)):
        called = _function(name)
        if expression.startswith(f"{called}("):
            continue
        given = ", ".join(column for column, _ in columns)
        _create(schema_editor, called, dict(columns), f"{_BEGIN}{expression}{_END}")
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


def checks_into_one(schema_editor: Any, table: str, *names: str) -> None:
    """Let these checks of a table call one function together; nothing where they do already.

    A row is still refused by the name of the check that it breaks.
    """
    if schema_editor.connection.vendor != "postgresql":
        return
    checks_into_text(schema_editor, table, *names)
    found = _rows(schema_editor, _CHECKS, table, list(names))
    if not found:
        return
    columns = {column: kind for _, _, its in found for column, kind in its}
    called = _function(table)
    source = _TOGETHER.format(
        table=table,
        all=" AND ".join(f"({expression})" for _, expression, _ in found),
        each="\n".join(f"WHEN ({text}) IS FALSE THEN '{name}'" for name, text, _ in found),
    )
    _create(schema_editor, called, columns, source)
    changes = [f'DROP CONSTRAINT "{name}"' for name, _, _ in found]
    _change(
        schema_editor, table, [*changes, _added(_one(table), f"{called}({', '.join(columns)})")]
    )


def checks_out_of_one(schema_editor: Any, table: str) -> None:
    """Let the checks that call one function stand in the table again, and drop the function."""
    if schema_editor.connection.vendor != "postgresql":
        return
    for _, source, signature in _rows(schema_editor, _FUNCTIONS, [_function(table)]):
        each = [_added(name, expression) for expression, name in _EACH.findall(source)]
        _change(schema_editor, table, [f'DROP CONSTRAINT "{_one(table)}"', *each])
        schema_editor.execute(f"DROP FUNCTION {signature}", params=None)


def _one(table: str) -> str:
    return f"{table}_checks"


def _create(schema_editor: Any, called: str, columns: dict[str, str], source: str) -> None:
    taken = ", ".join(f"{column} {kind}" for column, kind in columns.items())
    schema_editor.execute(
        f"CREATE FUNCTION {called}({taken}) RETURNS boolean LANGUAGE plpgsql IMMUTABLE "
        f"PARALLEL SAFE AS $nep${source}$nep$",
        params=None,
    )


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


__all__ = ["checks_into_functions", "checks_into_one", "checks_into_text", "checks_out_of_one"]
