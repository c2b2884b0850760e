"""Begin the figures: where cases stand already, the worker counts the finished ones."""

from django.db import migrations


def begin(apps, schema_editor):
    case = apps.get_model("cases", "Case")
    state = apps.get_model("cases", "FiguresState")
    is_counted = not case.objects.exists()
    state.objects.get_or_create(pk=1, defaults={"counted_to": None if is_counted else 0})


class Migration(migrations.Migration):

    dependencies = [
        ("cases", "0006_figures"),
    ]

    operations = [
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
