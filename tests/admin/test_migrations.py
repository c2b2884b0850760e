"""Migrations that replace others: the same models, and every older database goes on from them.

That both ways make the same tables, triggers and functions on an engine is shown by
`drills/migrations.py`, which runs all steps one by one.
"""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ModelState, ProjectState

from nep.apps.organization.tests.scene import department
from nep.apps.procedures import queries
from nep.apps.procedures.models import Definition
from nep.apps.procedures.rules.beside import NOTHING_BESIDE
from nep.apps.procedures.tests.scene import begun
from nep.apps.procedures.tests.test_beside import taken

DISK = MigrationLoader(None).disk_migrations
REPLACING = sorted(key for key, one in DISK.items() if one.replaces and key[0] != "auth")


def _state(app: str, *names: str) -> dict[str, ModelState]:
    state = ProjectState()
    for name in names:
        DISK[app, name].mutate_state(state, preserve=False)
    return {name: model for (_, name), model in state.models.items()}


def _told(model: ModelState) -> dict:
    options = {
        name: sorted(value, key=lambda one: one.name) if isinstance(value, list) else value
        for name, value in model.options.items()
        if value or value is False
    }
    fields = {name: field.deconstruct()[1:] for name, field in model.fields.items()}
    return {"fields": fields, "options": options, "bases": model.bases}


@pytest.mark.parametrize("app, name", REPLACING)
def test_what_replaces_steps_says_what_they_say(app, name):
    steps = _state(app, *(step for _, step in DISK[app, name].replaces))
    replaced = _state(app, name)
    assert replaced.keys() == steps.keys() != set()
    for model in steps:
        assert _told(replaced[model]) == _told(steps[model]), model


def test_steps_that_are_replaced_are_all_the_steps_until_then():
    for app, name in REPLACING:
        known = sorted(step for of, step in DISK if of == app and not DISK[of, step].replaces)
        replaced = [step for of, step in DISK[app, name].replaces if of == app]
        assert replaced == known[: len(replaced)]
        assert name == f"0001_squashed_{replaced[-1]}"


@pytest.mark.django_db
def test_a_database_that_ran_the_steps_has_nothing_to_do():
    recorder = MigrationRecorder(connection)
    for key in REPLACING:
        recorder.record_unapplied(*key)
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    assert executor.migration_plan(leaves) == []
    executor.migrate(leaves)
    assert set(REPLACING) <= recorder.applied_migrations().keys()


@pytest.mark.django_db
def test_a_database_in_the_midst_of_the_steps_takes_the_rest():
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("documents", "0001_squashed_0015_readers_ask_back")
    forgotten = [one for one in sorted(DISK) if one[0] == "documents" and one[1] >= "0014"]
    for key in forgotten:
        recorder.record_unapplied(*key)
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    assert [(one.app_label, one.name) for one, _ in plan] == forgotten


@pytest.mark.django_db(transaction=True)
def test_migrations_of_procedures_run_back_and_forth_with_drafts_in_them():
    """Back to before parts were kept beside the table: they go, the draft stays what it says."""
    scene, content = department(), taken()
    made = begun(scene, content=content)
    before = Definition.objects.values().get(revision_id=made.revision_id)
    loader = MigrationLoader(connection)
    later = [key for key in sorted(DISK) if key[0] == "procedures" and key[1] >= "0009"]

    for key in reversed(later):
        _ran(DISK[key].unapply, loader, key)
    columns = {one.name for one in _columns("procedures_definition")}
    for key in later:
        _ran(DISK[key].apply, loader, key)

    assert "beside" not in columns and before["beside"]
    after = Definition.objects.values().get(revision_id=made.revision_id)
    assert after == {**before, "beside": ""}
    page = queries.procedure_page(revision_id=made.revision_id, agency_id=scene.agency_id)
    assert page.draft.table == content.table and page.draft.beside == NOTHING_BESIDE


def _ran(way, loader: MigrationLoader, key: tuple[str, str]) -> None:
    """Run a migration one way, from the state before it."""
    state = loader.project_state([key], at_end=False)
    with connection.schema_editor(atomic=DISK[key].atomic) as editor:
        way(state, editor)


def _columns(table: str) -> list:
    with connection.cursor() as cursor:
        return connection.introspection.get_table_description(cursor, table)
