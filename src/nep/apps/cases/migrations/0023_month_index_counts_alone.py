"""The cases of a month or a year are counted from their index, no row is read."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0022_checks_by_one_function'),
        ('documents', '0017_kept_papers_tried_again'),
        ('organization', '0003_agency_abbreviation'),
        ('procedures', '0009_beside_the_table'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='case',
            name='cases_month',
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['agency', 'received_month', 'internal'], name='cases_month'),
        ),
    ]
