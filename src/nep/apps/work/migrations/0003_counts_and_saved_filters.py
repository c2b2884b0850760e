
import nep.foundation.db.fields
import nep.foundation.db.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('work', '0002_urgent_sources'),
    ]

    operations = [
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
        ),
        migrations.RemoveIndex(
            model_name='workitem',
            name='work_open_running',
        ),
        migrations.AddField(
            model_name='workitem',
            name='counted',
            field=models.CharField(blank=True, db_default='', default='', max_length=120),
        ),
        migrations.AddField(
            model_name='workitem',
            name='stale',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name='workitem',
            index=models.Index(condition=models.Q(('state', 0)), fields=['agency_id', 'due_at', 'id', 'unit_id'], name='work_open_of_agency'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('done__gte', 0), ('done__lte', models.F('total'))), name='work_assignment_done'),
        ),
        migrations.AddIndex(
            model_name='savedfilter',
            index=models.Index(condition=models.Q(('unit_id__isnull', False)), fields=['agency_id', 'unit_id'], name='work_shared_filters'),
        ),
        migrations.AddConstraint(
            model_name='savedfilter',
            constraint=models.UniqueConstraint(fields=('person_id', 'agency_id', 'name'), name='work_one_filter_a_name'),
        ),
        migrations.AddConstraint(
            model_name='workcount',
            constraint=models.UniqueConstraint(fields=('agency_id', 'scope', 'owner_id', 'kind', 'day'), name='work_one_count'),
        ),
    ]
