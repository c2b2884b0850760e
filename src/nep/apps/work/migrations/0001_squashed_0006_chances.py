"""Work items as of 0006, their counts and chances.

A new database begins here; one that ran the migrations it replaces goes on from them.
"""

import nep.foundation.db.fields
import nep.foundation.db.ids
from django.db import migrations, models
from nep.foundation.db.initial import InitialMigration


class Migration(InitialMigration):
    replaces = [('work', '0001_initial'), ('work', '0002_urgent_sources'), ('work', '0003_counts_and_saved_filters'), ('work', '0004_count_open_items'), ('work', '0005_new_items_are_uncounted'), ('work', '0006_chances')]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('person_id', models.BigIntegerField()),
                ('agency_id', models.BigIntegerField()),
                ('key', models.CharField(max_length=80)),
                ('text', models.CharField(max_length=300)),
                ('detail', models.CharField(default='', max_length=400)),
                ('icon', models.CharField(default='bell', max_length=30)),
                ('link', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('count', models.IntegerField(default=1)),
                ('read_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['person_id', 'agency_id', '-at'], name='work_notice_newest'), models.Index(condition=models.Q(('read_at', None)), fields=['person_id', 'agency_id'], name='work_notice_unread')],
                'constraints': [models.UniqueConstraint(fields=('person_id', 'agency_id', 'key'), name='work_one_notice_a_key')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item_id', models.BigIntegerField()),
                ('stage', models.CharField(max_length=4)),
                ('due_at', models.DateTimeField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('item_id', 'stage', 'due_at'), name='work_reminded_once')],
            },
        ),
        migrations.CreateModel(
            name='WorkItem',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('agency_id', models.BigIntegerField()),
                ('kind', models.CharField(max_length=20)),
                ('title', models.CharField(max_length=300)),
                ('detail', models.CharField(default='', max_length=400)),
                ('link', models.CharField(max_length=200)),
                ('source_type', models.CharField(max_length=30)),
                ('source_id', models.BigIntegerField()),
                ('source_code', models.CharField(default='', max_length=60)),
                ('step_label', models.CharField(default='', max_length=120)),
                ('person_id', models.BigIntegerField(null=True)),
                ('unit_id', models.BigIntegerField(null=True)),
                ('role', models.CharField(default='', max_length=20)),
                ('opened_at', models.DateTimeField()),
                ('started_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
                ('limit_minutes', models.IntegerField(null=True)),
                ('pleat', models.TextField(default='[]')),
                ('note', models.CharField(default='', max_length=500)),
                ('state', models.SmallIntegerField(default=0)),
                ('paused', models.BooleanField(default=False)),
                ('claimed_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by_id', models.BigIntegerField(null=True)),
                ('version', models.IntegerField(default=1)),
                ('counted', models.CharField(blank=True, db_default='', default='', max_length=120)),
                ('stale', models.BooleanField(db_default=True, default=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('person_id__isnull', False), ('state', 0)), fields=['person_id', 'agency_id', 'due_at', 'id'], name='work_open_of_person'), models.Index(condition=models.Q(('person_id', None), ('state', 0)), fields=['agency_id', 'unit_id', 'role', 'due_at', 'id'], name='work_open_of_role'), models.Index(fields=['source_type', 'source_id'], name='work_item_source'), models.Index(condition=models.Q(('state', 0)), fields=['agency_id', 'due_at', 'id', 'unit_id'], name='work_open_of_agency'), models.Index(condition=models.Q(('stale', True)), fields=['agency_id'], name='work_uncounted')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', [0, 1, 2])), name='work_item_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('state', 0)), models.Q(('closed_at__isnull', False), ('state__gt', 0)), _connector='OR'), name='work_item_closed_has_time')],
            },
        ),
        migrations.CreateModel(
            name='UrgentSource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency_id', models.BigIntegerField()),
                ('source_type', models.CharField(max_length=30)),
                ('source_id', models.BigIntegerField()),
                ('reason', models.CharField(blank=True, default='', max_length=500)),
                ('since', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['agency_id', '-since'], name='work_urgent_newest')],
                'constraints': [models.UniqueConstraint(fields=('source_type', 'source_id'), name='work_one_urgency_a_source')],
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('agency_id', models.BigIntegerField()),
                ('by_id', models.BigIntegerField()),
                ('receiver_id', models.BigIntegerField()),
                ('reason', models.CharField(max_length=500)),
                ('item_ids', models.JSONField(default=list)),
                ('refused', models.JSONField(default=list)),
                ('total', models.IntegerField()),
                ('done', models.IntegerField(default=0)),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('done__gte', 0), ('done__lte', models.F('total'))), name='work_assignment_done')],
            },
        ),
        migrations.CreateModel(
            name='SavedFilter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person_id', models.BigIntegerField()),
                ('agency_id', models.BigIntegerField()),
                ('name', models.CharField(max_length=60)),
                ('query', models.CharField(max_length=400)),
                ('unit_id', models.BigIntegerField(null=True)),
                ('saved_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('unit_id__isnull', False)), fields=['agency_id', 'unit_id'], name='work_shared_filters')],
                'constraints': [models.UniqueConstraint(fields=('person_id', 'agency_id', 'name'), name='work_one_filter_a_name')],
            },
        ),
        migrations.CreateModel(
            name='WorkCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency_id', models.BigIntegerField()),
                ('scope', models.CharField(max_length=24)),
                ('owner_id', models.BigIntegerField()),
                ('kind', models.CharField(max_length=20)),
                ('day', models.IntegerField()),
                ('n', models.IntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency_id', 'scope', 'owner_id', 'kind', 'day'), name='work_one_count')],
            },
        ),
        migrations.CreateModel(
            name='Chance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency_id', models.BigIntegerField()),
                ('source_type', models.CharField(max_length=30)),
                ('source_id', models.BigIntegerField()),
                ('mark', models.IntegerField()),
                ('person_id', models.BigIntegerField(null=True)),
                ('unit_id', models.BigIntegerField(null=True)),
                ('due_at', models.DateTimeField()),
                ('percent', models.SmallIntegerField(null=True)),
                ('after', models.SmallIntegerField(null=True)),
                ('middle', models.IntegerField(default=0)),
                ('high', models.IntegerField(default=0)),
                ('why', models.CharField(max_length=300)),
                ('told_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['agency_id', 'due_at'], name='work_chance_by_due'), models.Index(fields=['told_at'], name='work_chance_oldest')],
                'constraints': [models.UniqueConstraint(fields=('source_type', 'source_id'), name='work_one_chance_a_source'), models.CheckConstraint(condition=models.Q(('percent', None), models.Q(('percent__gte', 0), ('percent__lte', 100)), _connector='OR'), name='work_chance_percent')],
            },
        ),
        migrations.CreateModel(
            name='Forecast',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency_id', models.BigIntegerField()),
                ('source_type', models.CharField(max_length=30)),
                ('state', models.CharField(max_length=4)),
                ('body', models.JSONField(default=dict)),
                ('cases', models.IntegerField()),
                ('tested', models.IntegerField(default=0)),
                ('brier', models.FloatField(null=True)),
                ('base', models.FloatField(null=True)),
                ('fitted_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency_id', 'source_type'), name='work_one_forecast_a_kind'), models.CheckConstraint(condition=models.Q(('state__in', ['thin', 'weak', 'good'])), name='work_forecast_state')],
            },
        ),
    ]
