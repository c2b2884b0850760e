"""A pack tells what has no file in it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conformity", "0004_packs")]

    operations = [migrations.AddField("evidencepack", "left_out", models.JSONField(default=list))]
