"""Indexes of the library: a state in the order of codes, the few restricted documents."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0004_codes_once"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                fields=["agency", "status", "code"], name="documents_of_status_by_code"
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                condition=models.Q(("level", "restricted")),
                fields=["agency", "status"],
                name="documents_restricted",
            ),
        ),
    ]
