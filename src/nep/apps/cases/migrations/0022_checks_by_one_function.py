"""Checks of cases and their steps call one function for each table on PostgreSQL (`foundation.db.checks`)."""

from django.db import migrations

from nep.foundation.db.checks import (
    checks_into_functions,
    checks_into_one,
    checks_out_of_one,
)

CHECKS = {
    "cases_case": (
        "cases_status_known", "cases_origin", "cases_finished_has_time", "cases_on_time_word",
        "cases_pause_has_start", "cases_returned_status",
    ),
    "cases_steprun": ("cases_run_closed_has_outcome", "cases_run_minutes"),
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
    dependencies = [("cases", "0021_moves_to_another_version")]

    operations = [migrations.RunPython(into_one, into_functions)]
