"""A record may get a further edition of its bytes; those before are rows of their own."""

import django.db.models.deletion
from django.db import migrations, models

import nep.foundation.db.fields
import nep.foundation.db.ids


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0001_initial"),
        ("records", "0003_followed_by_search"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecordEdition",
            fields=[
                (
                    "id",
                    nep.foundation.db.fields.TimeOrderedIdField(
                        default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.SmallIntegerField()),
                ("file_name", models.CharField(blank=True, default="", max_length=255)),
                ("size", models.BigIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, default="", max_length=64)),
                ("replaced_at", models.DateTimeField()),
                ("reason", models.CharField(max_length=300)),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="editions",
                        to="records.record",
                    ),
                ),
                (
                    "stored_file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("record", "position"), name="records_edition_in_turn"
                    )
                ],
            },
        ),
    ]
