"""Checks of work items call one function for each table on PostgreSQL (`foundation.db.checks`)."""

from django.db import migrations

from nep.foundation.db.checks import (
    checks_into_functions,
    checks_into_one,
    checks_out_of_one,
)

CHECKS = {
    "work_workitem": ("work_item_state_known", "work_item_closed_has_time"),
}  # fmt: skip


def into_one(apps, schema_editor):
    """Let the checks of each table call a function together."""
    for table, names in CHECKS.items():
        checks_into_one(schema_editor, table, *names)


def into_functions(apps, schema_editor):
    """Let each check call a function of its own again."""
    for table, names in CHECKS.items():
        checks_out_of_one(schema_editor, table)
        checks_into_functions(schema_editor, table, *names)


class Migration(migrations.Migration):
    dependencies = [("work", "0010_closed_in_place")]

    operations = [migrations.RunPython(into_one, into_functions)]
