"""Create the tables of a migration at once, with all that the same migration adds to them.

Django describes the models anew for each column, constraint and index, with all that hang together
with them; over two hundred tables that is nine tenths of the time an empty database needs. What a
migration does to a table it has just created finds no row in it, so the table can be created as it
is in the end.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel, Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

_ADDED = (AddConstraint, AddField, AddIndex)


class TablesAtOnce(Operation):
    """New tables, and what is added to them before anything else happens."""

    reduces_to_sql = True
    reversible = False  # the migration is taken back by its own operations

    def __init__(self, operations: list[Operation]) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Describe the tables; of what is rendered already only they are new."""
        rendered = state.__dict__.pop("apps", None)
        for one in self.operations:
            one.state_forwards(app_label, state)
        if rendered is not None:
            rendered.render_multiple(
                [state.models[app_label, one.name_lower] for one in self._tables()]
            )
            state.__dict__["apps"] = rendered

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Create each table as it is in the end."""
        for one in self._tables():
            one.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """Say what is created."""
        return "Create " + ", ".join(one.name for one in self._tables())

    def _tables(self) -> list[CreateModel]:
        return [one for one in self.operations if isinstance(one, CreateModel)]


def gathered(operations: Iterable[Operation]) -> Iterator[Operation]:
    """Return operations, those that create and complete tables gathered into one."""
    run: list[Operation] = []
    new: set[str] = set()
    for one in operations:
        if type(one) is CreateModel:
            run.append(one)
            new.add(one.name_lower)
        elif isinstance(one, _ADDED) and one.model_name_lower in new:
            run.append(one)
        else:
            if run:
                yield TablesAtOnce(run)
            run, new = [], set()
            yield one
    if run:
        yield TablesAtOnce(run)


class AtOnceExecutor(MigrationExecutor):
    """Django's executor; tables are created at once."""

    def apply_migration(self, state: ProjectState, migration: Migration, *given: Any, **how: Any):
        """Run a migration and return the state after it."""
        quick: Any = Migration(migration.name, migration.app_label)
        quick.operations = list(gathered(migration.operations))
        for name in ("initial", "atomic", "replaces", "dependencies", "run_before"):
            setattr(quick, name, getattr(migration, name))
        return super().apply_migration(state, quick, *given, **how)
