"""Leave room in each page of PostgreSQL for the next version of its rows.

A case is written at every step; with room beside it, no index needs to learn of its new place, and
the log holds only what changed. It is so for pages filled from now on.
"""

from django.db import migrations

FACTORS = {"cases_case": 85, "cases_steprun": 90}


def leave_room(apps, schema_editor):
    """Let pages be filled to a part of them."""
    if schema_editor.connection.vendor == "postgresql":
        for table, percent in FACTORS.items():
            schema_editor.execute(f'ALTER TABLE "{table}" SET (fillfactor = {percent})')


def fill(apps, schema_editor):
    """Let pages be filled wholly again."""
    if schema_editor.connection.vendor == "postgresql":
        for table in FACTORS:
            schema_editor.execute(f'ALTER TABLE "{table}" RESET (fillfactor)')


class Migration(migrations.Migration):
    dependencies = [("cases", "0015_one_index_for_runs")]

    operations = [migrations.RunPython(leave_room, fill)]
