"""Events and jobs as of 0002.

A new database begins here; one that ran the migrations it replaces goes on from them.
"""

import nep.foundation.db.fields
import nep.foundation.db.ids
from django.db import migrations, models
from nep.foundation.db.initial import InitialMigration


class Migration(InitialMigration):
    replaces = [('outbox', '0001_initial'), ('outbox', '0002_only_keyed_rows_meet')]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Timetable',
            fields=[
                ('name', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('last_run_at', models.DateTimeField(null=True)),
                ('leased_until', models.DateTimeField(null=True)),
                ('error', models.TextField(default='')),
            ],
        ),
        migrations.CreateModel(
            name='QueueRow',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80)),
                ('payload', models.TextField(default='{}')),
                ('agency_id', models.BigIntegerField(null=True)),
                ('key', models.CharField(max_length=120, null=True)),
                ('state', models.SmallIntegerField(default=0)),
                ('run_at', models.DateTimeField()),
                ('leased_until', models.DateTimeField(null=True)),
                ('attempts', models.SmallIntegerField(default=0)),
                ('error', models.TextField(default='')),
                ('finished_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 0)), fields=['run_at'], name='outbox_waiting'), models.Index(condition=models.Q(('state', 1)), fields=['finished_at'], name='outbox_finished')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('key__isnull', False)), fields=('name', 'key'), name='outbox_key_once')],
            },
        ),
    ]
