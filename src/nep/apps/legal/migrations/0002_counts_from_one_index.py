"""The counts over the register read one index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0001_initial"),
        ("legal", "0001_initial"),
        ("organization", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="externaldocument",
            index=models.Index(
                condition=models.Q(("withdrawn_on", None)),
                fields=["agency", "expires_on", "effective_from", "level", "kind"],
                name="legal_counted",
            ),
        ),
    ]
