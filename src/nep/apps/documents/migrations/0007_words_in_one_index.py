"""The words of codes and titles in one index: a search of the library reads no rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0006_changes_in_order"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="document",
            index=models.Index(fields=["agency", "folded", "id"], name="documents_words"),
        ),
    ]
