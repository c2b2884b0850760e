"""Files and records say when they last changed, so that the search index can follow them."""

from datetime import UTC, datetime

from django.db import migrations, models

BEFORE = datetime(2026, 1, 1, tzinfo=UTC)


class Migration(migrations.Migration):
    dependencies = [("records", "0002_newest_files")]

    operations = [
        migrations.AddField(
            model_name="recordfile",
            name="changed_at",
            field=models.DateTimeField(default=BEFORE),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="record",
            name="changed_at",
            field=models.DateTimeField(default=BEFORE),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="recordfile",
            index=models.Index(fields=["changed_at", "id"], name="records_files_changed"),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(fields=["changed_at", "id"], name="records_changed"),
        ),
    ]
