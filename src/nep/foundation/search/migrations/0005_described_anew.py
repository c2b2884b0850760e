"""The words are cut otherwise: every thing is described again by the worker."""

from django.db import migrations


def describe_anew(apps, schema_editor):
    """Forget the moments; until the worker comes by, things are found by the words they have."""
    apps.get_model("search", "Entry").objects.update(stamp=None)


class Migration(migrations.Migration):
    dependencies = [("search", "0004_rights_asked_of_the_parts")]
    operations = [migrations.RunPython(describe_anew, migrations.RunPython.noop)]
