"""A kept paper says how often its PDF was tried and when it will be again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0016_papers_kept_in_force"),
    ]

    operations = [
        migrations.AddField(
            model_name="keptpaper",
            name="tries",
            field=models.SmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="keptpaper",
            name="try_at",
            field=models.DateTimeField(null=True),
        ),
    ]
