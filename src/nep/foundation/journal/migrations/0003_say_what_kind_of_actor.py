"""Entries say whether their actor is a person or a log-in account; old ones stay as written."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_refuse_changes")]

    operations = [
        migrations.AddField(
            model_name="journalentry",
            name="actor_kind",
            field=models.CharField(max_length=8, null=True),
        ),
    ]
