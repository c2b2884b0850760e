"""Papers of documents whose content another app owns are kept as files when they come into force."""

import django.db.models.deletion
import nep.foundation.db.fields
import nep.foundation.db.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0001_squashed_0015_readers_ask_back'),
        ('files', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeptPaper',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('content_hash', models.CharField(max_length=64)),
                ('fault', models.CharField(blank=True, default='', max_length=300)),
                ('made_at', models.DateTimeField()),
                ('pdf', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('revision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='kept_paper', to='documents.revision')),
                ('word', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('fault', ''), ('pdf__isnull', False)), models.Q(('pdf', None), models.Q(('fault', ''), _negated=True)), _connector='OR'), name='documents_kept_paper_says_why')],
            },
        ),
    ]
