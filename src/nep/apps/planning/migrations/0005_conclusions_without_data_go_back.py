"""Going back before 0004 takes back the conclusions that it brought: "nothing to measure".

What the older constraint cannot hold, an objective that was judged without a value, is in force again
and waits for its conclusion; the words of the conclusion stay. Nothing is done on the way forward.
"""

from django.db import migrations


def leave(apps, schema_editor):
    """Change nothing."""


def take_back(apps, schema_editor):
    """Put objectives that were concluded without data in force again."""
    apps.get_model("planning", "Objective").objects.filter(
        state="judged", value=None, met=None
    ).update(state="approved", judged_by=None, judged_at=None)


class Migration(migrations.Migration):

    dependencies = [("planning", "0004_judged_without_data")]

    operations = [migrations.RunPython(leave, take_back)]
