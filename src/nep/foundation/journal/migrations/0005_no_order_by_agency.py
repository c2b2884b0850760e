"""No question is asked of the journal by agency and order; its chains have an order of their own."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('journal', '0004_blackened_words'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='journalentry',
            name='journal_agency_order',
        ),
    ]
