"""Migrate twice, step by step and by what replaces the steps: `python3 dev.py drill migrations`.

Both ways must end in the same tables, columns, constraints, indexes, triggers and functions, and
a database that went step by step must go on without a further step. The engine is that of
NEP_DATABASE_URL (SQLite when unset); nothing of an installation is touched.
"""

import json
import os
import re
import subprocess
import sys
import tempfile

from tests.installation import database_beside, drop_database
from tests.template_database import ROOT, engine_address

Shape = dict[str, list[str]]
# a column added by hand kept its default; no row is written without it
KNOWN = {"is_long bool NOT NULL DEFAULT false": '"is_long" bool NOT NULL',
         "search_entry.is_long boolean NO false": "search_entry.is_long boolean NO None"}  # fmt: skip
CATALOGUE = {
    "columns": "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable"
    " || ' ' || coalesce(column_default, 'None') || coalesce(character_maximum_length::text, '')"
    " || coalesce(generation_expression, '') || is_identity"
    " FROM information_schema.columns WHERE table_schema = 'public'",
    "constraints": "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)"
    " FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "functions": "SELECT pg_get_functiondef(oid) FROM pg_proc"
    " WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'",
}


def describe() -> Shape:
    """Return what the database of this process holds, each kind of thing sorted."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            found = {}
            for kind, statement in CATALOGUE.items():
                cursor.execute(statement)
                found[kind] = sorted(_alike(row[0]) for row in cursor.fetchall())
            return found
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {name: _parts(text) for name, text in cursor.fetchall()}


def _parts(statement: str) -> list[str]:
    """Return the columns and constraints of a table in no order; other statements as they are."""
    if not statement.startswith("CREATE TABLE"):
        return [statement]
    inside = statement[statement.index("(") + 1 : statement.rindex(")")]
    parts, depth, begun = [], 0, 0
    for place, char in enumerate(inside):
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            parts.append(inside[begun:place])
            begun = place + 1
    return sorted(_alike(part.strip()) for part in [*parts, inside[begun:]])


def _alike(text: str) -> str:
    for known, same in KNOWN.items():
        text = text.replace(known, same)
    return re.sub(r"\s+", " ", text)


def step_by_step() -> None:
    """Migrate as if nothing had been replaced."""
    from django.core.management import call_command
    from django.db.migrations.loader import MigrationLoader

    load = MigrationLoader.load_disk

    def without_replacing(self: MigrationLoader) -> None:
        load(self)
        last = {key: one.replaces[-1] for key, one in self.disk_migrations.items() if one.replaces}
        for key in last:
            del self.disk_migrations[key]
        for one in self.disk_migrations.values():  # what was written later stands on the last step
            one.dependencies = [last.get(tuple(key), key) for key in one.dependencies]

    MigrationLoader.load_disk = without_replacing  # type: ignore[method-assign]
    call_command("migrate", verbosity=0)
    MigrationLoader.load_disk = load  # type: ignore[method-assign]


def _inside(way: str) -> dict:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    if way == "step by step":
        step_by_step()
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    call_command("migrate", verbosity=0)
    executor.loader.build_graph()
    replacing = [key for key, one in executor.loader.disk_migrations.items() if one.replaces]
    return {
        "waiting": [str(one) for one, _ in waiting],
        "unrecorded": sorted(set(map(str, replacing)) - set(map(str, executor.recorder
                                                                .applied_migrations()))),
        "shape": describe(),
    }  # fmt: skip


def _migrated(way: str, server: str) -> dict:
    with tempfile.TemporaryDirectory(prefix="nep-migrations-") as folder:
        address = database_beside(server) if server else ""
        try:
            done = subprocess.run(
                [sys.executable, __file__, "--inside", way], cwd=ROOT, text=True,
                capture_output=True, check=False,
                env=os.environ | {
                    "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
                    "DJANGO_SETTINGS_MODULE": "nep.config.settings", "PYTHONUTF8": "1",
                    "NEP_DATA": folder, "NEP_DATABASE_URL": address, "NEP_DATABASE_POOL": "0",
                },
            )  # fmt: skip
        finally:
            if address:
                drop_database(address, by=server)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)


def differences(one: Shape, other: Shape) -> list[str]:
    """Name what only one of two shapes holds."""
    return [
        f"{kind}: {part}"
        for kind in sorted(one.keys() | other.keys())
        for part in sorted(set(one.get(kind, [])) ^ set(other.get(kind, [])))
    ]


def main() -> int:
    """Migrate both ways; print what differs and return 1 when anything does."""
    server = engine_address()
    steps, replaced = _migrated("step by step", server), _migrated("replaced", server)
    faults = differences(steps["shape"], replaced["shape"])
    faults += [f"waits after all steps: {one}" for one in steps["waiting"]]
    faults += [f"not recorded after all steps: {one}" for one in steps["unrecorded"]]
    print(json.dumps({
        "engine": "postgresql" if server else "sqlite", "described": len(replaced["shape"]),
        "parts": sum(map(len, replaced["shape"].values())), "faults": faults,
    }, ensure_ascii=False, indent=1))  # fmt: skip
    return 1 if faults else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        print(json.dumps(_inside(sys.argv[2]), ensure_ascii=False))
        sys.exit(0)
    sys.exit(main())
