"""Checks of work items are ready in each session of PostgreSQL (`foundation.db.checks`)."""

from django.db import migrations

from nep.foundation.db.checks import checks_into_functions, checks_into_text

TABLE = "work_workitem"
CHECKS = ("work_item_state_known", "work_item_closed_has_time")


def into_functions(apps, schema_editor):
    """Let each check call its function."""
    checks_into_functions(schema_editor, TABLE, *CHECKS)


def into_text(apps, schema_editor):
    """Let the checks stand in their table again."""
    checks_into_text(schema_editor, TABLE, *CHECKS)


class Migration(migrations.Migration):
    dependencies = [("work", "0008_undo_assignments")]

    operations = [migrations.RunPython(into_functions, into_text)]
