"""Filled forms in the order they were filled: the search index follows them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0011_words_of_the_library")]

    operations = [
        migrations.AddIndex(
            model_name="filledform",
            index=models.Index(fields=["filled_at", "id"], name="documents_filled_order"),
        ),
    ]
