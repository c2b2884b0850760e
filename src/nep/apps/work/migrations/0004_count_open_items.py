"""Let the worker count the items that are open; what is closed needs no counting."""

from django.db import migrations


def open_items(apps, schema_editor):
    apps.get_model("work", "WorkItem").objects.filter(state=0).update(stale=True)


class Migration(migrations.Migration):
    dependencies = [
        ("work", "0003_counts_and_saved_filters"),
    ]

    operations = [
        migrations.RunPython(open_items, migrations.RunPython.noop),
    ]
