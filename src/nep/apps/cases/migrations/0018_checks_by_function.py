"""Checks of cases and their steps are ready in each session of PostgreSQL (`foundation.db.checks`)."""

from django.db import migrations

from nep.foundation.db.checks import checks_into_functions, checks_into_text

CHECKS = {
    "cases_case": (
        "cases_status_known", "cases_origin", "cases_finished_has_time", "cases_on_time_word",
        "cases_pause_has_start", "cases_returned_status",
    ),
    "cases_steprun": ("cases_run_closed_has_outcome", "cases_run_minutes"),
}  # fmt: skip


def into_functions(apps, schema_editor):
    """Let each check call its function."""
    for table, names in CHECKS.items():
        checks_into_functions(schema_editor, table, *names)


def into_text(apps, schema_editor):
    """Let the checks stand in their tables again."""
    for table, names in CHECKS.items():
        checks_into_text(schema_editor, table, *names)


class Migration(migrations.Migration):
    dependencies = [("cases", "0017_a_step_closes_in_place")]

    operations = [migrations.RunPython(into_functions, into_text)]
