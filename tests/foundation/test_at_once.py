"""Tables created at once are the tables that Django's own steps make one after the other."""

import pytest
from django.db import connection, models
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel, Migration, RunSQL
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

from nep.foundation.db.at_once import AtOnceExecutor, TablesAtOnce, gathered

OPERATIONS = [
    CreateModel("Thung", [("id", models.BigAutoField(primary_key=True)), ("ten", models.CharField(max_length=20))]),
    CreateModel("Bo", [
        ("id", models.BigAutoField(primary_key=True)),
        ("thung", models.ForeignKey("thu.thung", models.PROTECT)),
        ("so", models.IntegerField()),
    ]),
    AddField("thung", "bo_dau", models.ForeignKey("thu.bo", models.PROTECT, null=True)),
    AddField("bo", "ghi", models.CharField(max_length=9, default="")),
    AddIndex("bo", models.Index(fields=["so"], name="bo_theo_so", condition=models.Q(so__gt=0))),
    AddConstraint("bo", models.CheckConstraint(condition=models.Q(so__gte=0), name="bo_so")),
    AddConstraint(
        "thung",
        models.UniqueConstraint(fields=["ten"], name="thung_ten", condition=~models.Q(ten="")),
    ),
]  # fmt: skip


def described() -> dict[str, tuple]:
    """Return columns and constraints of both tables as the database tells them."""
    told = {}
    with connection.cursor() as cursor:
        for table in ("thu_bo", "thu_thung"):
            columns = {
                (one.name, str(one.type_code), one.null_ok)
                for one in connection.introspection.get_table_description(cursor, table)
            }
            constraints = connection.introspection.get_constraints(cursor, table)
            told[table] = columns, {
                name if name.startswith(("bo_", "thung_")) else str(sorted(one["columns"])):
                {key: value for key, value in one.items() if key != "definition"}
                for name, one in constraints.items()
            }  # fmt: skip
    return told


def migrated(executor: type[MigrationExecutor]) -> tuple[dict[str, tuple], ProjectState]:
    """Run the migration on the database, say what it made, and take it away again."""
    one = Migration("0001_initial", "thu")
    one.operations = OPERATIONS
    runner = executor(connection)
    state = runner.apply_migration(ProjectState(), one)
    try:
        return described(), state
    finally:
        runner.unapply_migration(ProjectState(), one)


@pytest.mark.django_db(transaction=True)
def test_both_ways_make_the_same_tables_and_know_the_same_models():
    tables, state = migrated(MigrationExecutor)
    assert migrated(AtOnceExecutor)[0] == tables
    assert len(tables["thu_bo"][0]) == 4 and "bo_so" in tables["thu_bo"][1]

    at_once = ProjectState()
    for one in gathered(OPERATIONS):
        one.state_forwards("thu", at_once)
    assert at_once == state


def test_what_touches_older_tables_or_runs_by_itself_is_left_in_its_place():
    later = CreateModel("Moi", [("id", models.BigAutoField(primary_key=True))])
    older = AddField("cu", "so", models.IntegerField(default=0))
    told = list(gathered([*OPERATIONS, RunSQL("SELECT 1"), older, later]))

    assert [type(one) for one in told] == [TablesAtOnce, RunSQL, AddField, TablesAtOnce]
    assert told[0].operations == OPERATIONS
