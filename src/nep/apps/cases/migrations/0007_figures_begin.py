"""Begin the figures: where cases stand already, the worker counts the finished ones.

A database without cases stays without rows: only such a one can be restored into.
"""

from django.db import migrations


def begin(apps, schema_editor):
    case = apps.get_model("cases", "Case")
    if case.objects.exists():
        apps.get_model("cases", "FiguresState").objects.get_or_create(
            pk=1, defaults={"counted_to": 0}
        )


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0006_figures"),
    ]

    operations = [
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
