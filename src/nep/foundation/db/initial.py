"""Migrations that begin an app, with many tables at once."""

from itertools import takewhile
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import CreateModel, Migration
from django.db.migrations.state import ProjectState


class InitialMigration(Migration):
    """Create its leading tables from one rendering of the models.

    Django renders the models of an app and all that hang together with them anew for each table;
    with a hundred tables that is nine tenths of the time an empty database needs. Here the tables
    at the beginning of `operations` are described first, rendered once and then created in their
    order; what follows runs as ever.
    """

    initial = True

    def apply(
        self,
        project_state: ProjectState,
        schema_editor: BaseDatabaseSchemaEditor,
        collect_sql: bool = False,
    ) -> ProjectState:
        """Run the migration and return the state after it."""
        tables = list(takewhile(lambda one: type(one) is CreateModel, self.operations))
        if collect_sql or not schema_editor.atomic_migration:
            return super().apply(project_state, schema_editor, collect_sql)
        before = project_state.clone()
        project_state.__dict__.pop("apps", None)  # rendered again when it is next asked for
        for table in tables:
            table.state_forwards(self.app_label, project_state)
        for table in tables:
            table.database_forwards(self.app_label, schema_editor, before, project_state)
        return self._rest(len(tables)).apply(project_state, schema_editor)

    def _rest(self, done: int) -> Migration:
        rest: Any = Migration(self.name, self.app_label)
        rest.operations, rest.atomic = self.operations[done:], self.atomic
        return rest
