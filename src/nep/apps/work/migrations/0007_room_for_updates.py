"""Leave room in each page of PostgreSQL for the next version of its rows (see cases 0016)."""

from django.db import migrations


def leave_room(apps, schema_editor):
    """Let pages of work items be filled to a part of them."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute('ALTER TABLE "work_workitem" SET (fillfactor = 85)')


def fill(apps, schema_editor):
    """Let pages of work items be filled wholly again."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute('ALTER TABLE "work_workitem" RESET (fillfactor)')


class Migration(migrations.Migration):
    dependencies = [("work", "0001_squashed_0006_chances")]

    operations = [migrations.RunPython(leave_room, fill)]
