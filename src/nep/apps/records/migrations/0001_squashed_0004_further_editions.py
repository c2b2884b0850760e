"""Records of the year as of 0004.

A new database begins here; one that ran the migrations it replaces goes on from them.
"""

import django.db.models.deletion
import nep.foundation.db.fields
import nep.foundation.db.ids
from django.db import migrations, models
from nep.foundation.db.initial import InitialMigration


class Migration(InitialMigration):
    replaces = [('records', '0001_initial'), ('records', '0002_newest_files'), ('records', '0003_followed_by_search'), ('records', '0004_further_editions')]

    dependencies = [
        ('files', '0001_initial'),
        ('organization', '0002_absences'),
    ]

    operations = [
        migrations.CreateModel(
            name='Disposal',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('year', models.SmallIntegerField()),
                ('number', models.IntegerField()),
                ('state', models.CharField(default='proposed', max_length=10)),
                ('note', models.CharField(blank=True, default='', max_length=600)),
                ('proposed_at', models.DateTimeField()),
                ('council', models.CharField(blank=True, default='', max_length=400)),
                ('decision_number', models.CharField(blank=True, default='', max_length=120)),
                ('decision_on', models.DateField(null=True)),
                ('approved_at', models.DateTimeField(null=True)),
                ('executed_at', models.DateTimeField(null=True)),
                ('rejected_reason', models.CharField(blank=True, default='', max_length=600)),
                ('version', models.IntegerField(default=1)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('executed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'year', 'number'), name='records_disposal_number_once'), models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'approved', 'executed', 'rejected'])), name='records_disposal_state'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['approved', 'executed']), _negated=True), models.Q(('approved_by__isnull', False), ('decision_on__isnull', False), models.Q(('decision_number', ''), _negated=True), models.Q(('approved_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='records_disposal_decided'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'executed'), _negated=True), models.Q(('executed_by__isnull', False), models.Q(('executed_by', models.F('approved_by')), _negated=True)), _connector='OR'), name='records_disposal_executor')],
            },
        ),
        migrations.CreateModel(
            name='FilePlan',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('year', models.SmallIntegerField()),
                ('state', models.CharField(default='draft', max_length=10)),
                ('made_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
                ('decision', models.CharField(blank=True, default='', max_length=120)),
                ('version', models.IntegerField(default=1)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'year'), name='records_one_plan_a_year'), models.CheckConstraint(condition=models.Q(models.Q(('approved_at', None), ('state', 'draft')), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), ('state', 'approved')), _connector='OR'), name='records_plan_approved_in_full'), models.CheckConstraint(condition=models.Q(('year__gte', 2000), ('year__lte', 2100)), name='records_plan_year')],
            },
        ),
        migrations.CreateModel(
            name='LeaverHandover',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('year', models.SmallIntegerField()),
                ('number', models.IntegerField()),
                ('made_at', models.DateTimeField()),
                ('reason', models.CharField(max_length=500)),
                ('groups', models.JSONField()),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'year', 'number'), name='records_leaver_number_once')],
            },
        ),
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=40)),
                ('code_key', models.CharField(max_length=40)),
                ('title', models.CharField(max_length=400)),
                ('retention_years', models.SmallIntegerField(null=True)),
                ('is_permanent', models.BooleanField(default=False)),
                ('basis', models.CharField(blank=True, default='', max_length=300)),
                ('mark', models.CharField(default='?', max_length=1)),
                ('note', models.CharField(blank=True, default='', max_length=400)),
                ('position', models.IntegerField(default=0)),
                ('version', models.IntegerField(default=1)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('keeper', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='series', to='records.fileplan')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['plan', 'position', 'code'], name='records_plan_order')],
                'constraints': [models.UniqueConstraint(fields=('plan', 'code_key'), name='records_one_series_code'), models.CheckConstraint(condition=models.Q(('mark__in', ['S', 'K', '?'])), name='records_retention_mark'), models.CheckConstraint(condition=models.Q(('is_permanent', False), ('retention_years', None), _connector='OR'), name='records_permanent_has_no_years'), models.CheckConstraint(condition=models.Q(('retention_years', None), models.Q(('retention_years__gte', 1), ('retention_years__lte', 100)), _connector='OR'), name='records_retention_years')],
            },
        ),
        migrations.CreateModel(
            name='RecordFile',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=60)),
                ('title', models.CharField(max_length=400)),
                ('folded', models.CharField(max_length=500)),
                ('medium', models.CharField(default='digital', max_length=8)),
                ('location', models.CharField(blank=True, default='', max_length=200)),
                ('sheets', models.IntegerField(null=True)),
                ('state', models.CharField(default='open', max_length=12)),
                ('opened_on', models.DateField()),
                ('closed_on', models.DateField(null=True)),
                ('retention_years', models.SmallIntegerField(null=True)),
                ('is_permanent', models.BooleanField(default=False)),
                ('retain_until', models.DateField(null=True)),
                ('sealed_count', models.IntegerField(null=True)),
                ('transferred_on', models.DateField(null=True)),
                ('destroyed_on', models.DateField(null=True)),
                ('is_auto', models.BooleanField(default=False)),
                ('version', models.IntegerField(default=1)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('keeper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit')),
                ('series', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='records.series')),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['agency', 'state', 'code'], name='records_files_of_state'), models.Index(fields=['keeper', 'state'], name='records_files_of_keeper'), models.Index(condition=models.Q(('retain_until__isnull', False), ('state', 'closed')), fields=['agency', 'retain_until'], name='records_files_due'), models.Index(fields=['agency', '-opened_on', '-id'], name='records_files_newest'), models.Index(fields=['changed_at', 'id'], name='records_files_changed')],
                'constraints': [models.UniqueConstraint(fields=('agency', 'code'), name='records_one_file_code'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'closed', 'transferred', 'destroyed'])), name='records_file_state'), models.CheckConstraint(condition=models.Q(models.Q(('closed_on', None), ('state', 'open')), models.Q(('closed_on__isnull', False), ('state__in', ['closed', 'transferred', 'destroyed'])), _connector='OR'), name='records_file_closed_has_day'), models.CheckConstraint(condition=models.Q(('closed_on', None), ('closed_on__gte', models.F('opened_on')), _connector='OR'), name='records_file_period'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'destroyed'), _negated=True), ('destroyed_on__isnull', False), _connector='OR'), name='records_file_destroyed_has_day'), models.CheckConstraint(condition=models.Q(('medium__in', ['digital', 'paper', 'both'])), name='records_file_medium'), models.UniqueConstraint(condition=models.Q(('is_auto', True), ('state', 'open')), fields=('series',), name='records_one_open_auto_file')],
            },
        ),
        migrations.CreateModel(
            name='Record',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('number', models.IntegerField(null=True)),
                ('title', models.CharField(max_length=600)),
                ('folded', models.CharField(max_length=700)),
                ('source_type', models.CharField(max_length=20)),
                ('source_id', models.BigIntegerField(default=0)),
                ('source_code', models.CharField(blank=True, default='', max_length=60)),
                ('link', models.CharField(blank=True, default='', max_length=200)),
                ('file_name', models.CharField(blank=True, default='', max_length=255)),
                ('size', models.BigIntegerField(default=0)),
                ('sha256', models.CharField(blank=True, default='', max_length=64)),
                ('made_on', models.DateField()),
                ('deposited_at', models.DateTimeField()),
                ('destroyed_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('deposited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('stored_file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='records', to='records.recordfile')),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('file', None)), fields=['agency', '-deposited_at'], name='records_unfiled'), models.Index(fields=['changed_at', 'id'], name='records_changed')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('source_type', 'upload'), _negated=True), fields=('agency', 'source_type', 'source_id'), name='records_deposited_once'), models.UniqueConstraint(fields=('file', 'number'), name='records_number_in_file_once'), models.CheckConstraint(condition=models.Q(('destroyed_at', None), ('stored_file', None), _connector='OR'), name='records_destroyed_has_no_bytes')],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('reason', models.CharField(max_length=600)),
                ('authority', models.CharField(blank=True, default='', max_length=200)),
                ('placed_at', models.DateTimeField()),
                ('lifted_at', models.DateTimeField(null=True)),
                ('lift_reason', models.CharField(blank=True, default='', max_length=600)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('lifted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('placed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='records.recordfile')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('lifted_at', None)), fields=('file',), name='records_one_open_hold'), models.CheckConstraint(condition=models.Q(models.Q(('lift_reason', ''), ('lifted_at', None)), models.Q(('lifted_at__isnull', False), models.Q(('lift_reason', ''), _negated=True)), _connector='OR'), name='records_hold_lifted_with_reason')],
            },
        ),
        migrations.CreateModel(
            name='DisposalLine',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('is_live', models.BooleanField(default=True)),
                ('position', models.IntegerField()),
                ('code', models.CharField(max_length=60)),
                ('title', models.CharField(max_length=400)),
                ('retention', models.CharField(max_length=60)),
                ('retain_until', models.DateField()),
                ('record_count', models.IntegerField()),
                ('hashes', models.JSONField(default=list)),
                ('disposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='records.disposal')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disposal_lines', to='records.recordfile')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_live', True)), fields=('file',), name='records_one_live_disposal'), models.UniqueConstraint(fields=('disposal', 'position'), name='records_disposal_position_once')],
            },
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('year', models.SmallIntegerField()),
                ('number', models.IntegerField()),
                ('receiver', models.CharField(max_length=200)),
                ('receiver_position', models.CharField(blank=True, default='', max_length=120)),
                ('note', models.CharField(blank=True, default='', max_length=600)),
                ('made_at', models.DateTimeField()),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('giver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'year', 'number'), name='records_transfer_number_once')],
            },
        ),
        migrations.CreateModel(
            name='TransferLine',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('position', models.IntegerField()),
                ('file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='transfer_line', to='records.recordfile')),
                ('transfer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='records.transfer')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('transfer', 'position'), name='records_transfer_position_once')],
            },
        ),
        migrations.CreateModel(
            name='DepositRule',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('source_type', models.CharField(max_length=20)),
                ('series_code', models.CharField(max_length=40)),
                ('version', models.IntegerField(default=1)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'source_type'), name='records_one_rule_a_source')],
            },
        ),
        migrations.CreateModel(
            name='RecordEdition',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('position', models.SmallIntegerField()),
                ('file_name', models.CharField(blank=True, default='', max_length=255)),
                ('size', models.BigIntegerField(default=0)),
                ('sha256', models.CharField(blank=True, default='', max_length=64)),
                ('replaced_at', models.DateTimeField()),
                ('reason', models.CharField(max_length=300)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='records.record')),
                ('stored_file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('record', 'position'), name='records_edition_in_turn')],
            },
        ),
    ]
