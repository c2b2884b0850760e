"""How often a plan was laid down: opened again after it was issued, it is the next edition."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0001_squashed_0004_further_editions'),
    ]

    operations = [
        migrations.AddField(
            model_name='fileplan',
            name='edition',
            field=models.SmallIntegerField(default=1),
        ),
    ]
