"""A source is followed from its mark, whether its things are to be found or not."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("search", "0005_described_anew")]

    operations = [
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("kind", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("until", models.DateTimeField()),
            ],
        ),
    ]
