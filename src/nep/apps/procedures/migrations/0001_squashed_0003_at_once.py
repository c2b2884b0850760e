"""Procedures as of 0003.

A new database begins here; one that ran the migrations it replaces goes on from them.
"""

import django.db.models.deletion
import nep.foundation.db.fields
import nep.foundation.db.ids
from django.db import migrations, models
from nep.foundation.db.initial import InitialMigration


class Migration(InitialMigration):
    replaces = [('procedures', '0001_initial'), ('procedures', '0002_word_upload'), ('procedures', '0003_at_once')]

    dependencies = [
        ('documents', '0015_readers_ask_back'),
        ('files', '0001_initial'),
        ('organization', '0002_absences'),
    ]

    operations = [
        migrations.CreateModel(
            name='RoleMapping',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('folded', models.CharField(max_length=300)),
                ('text', models.CharField(max_length=300)),
                ('role', models.CharField(max_length=160)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'folded'), name='procedures_mapping_once'), models.CheckConstraint(condition=models.Q(('role', ''), _negated=True), name='procedures_mapping_role')],
            },
        ),
        migrations.CreateModel(
            name='Tthc',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('code', models.CharField(blank=True, default='', max_length=30)),
                ('name', models.CharField(max_length=600)),
                ('folded', models.CharField(max_length=700)),
                ('field', models.CharField(blank=True, default='', max_length=200)),
                ('is_internal', models.BooleanField(default=False)),
                ('limit_amount', models.DecimalField(decimal_places=2, max_digits=7, null=True)),
                ('limit_unit', models.CharField(blank=True, default='', max_length=12)),
                ('result', models.CharField(blank=True, default='', max_length=400)),
                ('fee', models.CharField(blank=True, default='', max_length=400)),
                ('legal_basis', models.TextField(blank=True, default='')),
                ('version', models.IntegerField(default=1)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('at_once', models.BooleanField(db_default=False, default=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('agency', 'code'), name='procedures_one_tthc_code'), models.CheckConstraint(condition=models.Q(('limit_unit__in', ('', 'working_hour', 'working_day', 'calendar_day'))), name='procedures_tthc_limit_unit'), models.CheckConstraint(condition=models.Q(('limit_amount', None), ('limit_amount__gt', 0), _connector='OR'), name='procedures_tthc_limit_positive')],
            },
        ),
        migrations.CreateModel(
            name='Procedure',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('variant', models.CharField(blank=True, default='', max_length=400)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='procedure', to='documents.document')),
                ('tthc', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='procedures', to='procedures.tthc')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tthc', 'variant'), name='procedures_one_per_tthc_variant')],
            },
        ),
        migrations.CreateModel(
            name='Definition',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('graph', models.TextField()),
                ('content_hash', models.CharField(max_length=64)),
                ('limit_amount', models.DecimalField(decimal_places=2, max_digits=7, null=True)),
                ('limit_unit', models.CharField(blank=True, default='', max_length=12)),
                ('limit_text', models.CharField(blank=True, default='', max_length=300)),
                ('pause_policy', models.CharField(default='restart', max_length=10)),
                ('declared_hours', models.DecimalField(decimal_places=3, max_digits=9, null=True)),
                ('declared_text', models.CharField(blank=True, default='', max_length=300)),
                ('declared_settled', models.BooleanField(default=False)),
                ('total_hours', models.DecimalField(decimal_places=3, max_digits=9, null=True)),
                ('step_count', models.IntegerField(default=0)),
                ('item_id', models.BigIntegerField(null=True)),
                ('version', models.IntegerField(default=1)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('revision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='definition', to='documents.revision')),
                ('procedure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='definitions', to='procedures.procedure')),
            ],
            options={
                'indexes': [models.Index(fields=['content_hash'], name='procedures_by_hash')],
                'constraints': [models.CheckConstraint(condition=models.Q(('limit_unit__in', ('', 'working_hour', 'working_day', 'calendar_day'))), name='procedures_limit_unit'), models.CheckConstraint(condition=models.Q(('pause_policy__in', ['stop', 'restart', 'none'])), name='procedures_pause_policy'), models.CheckConstraint(condition=models.Q(('limit_amount', None), ('limit_amount__gt', 0), _connector='OR'), name='procedures_limit_positive')],
            },
        ),
        migrations.CreateModel(
            name='TthcPaper',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('position', models.IntegerField()),
                ('name', models.CharField(max_length=1000)),
                ('originals', models.IntegerField(default=1)),
                ('copies', models.IntegerField(default=0)),
                ('is_required', models.BooleanField(default=True)),
                ('tthc', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='papers', to='procedures.tthc')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tthc', 'position'), name='procedures_paper_place'), models.CheckConstraint(condition=models.Q(('originals__gte', 0), ('copies__gte', 0)), name='procedures_paper_quantity')],
            },
        ),
        migrations.CreateModel(
            name='WordImport',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('batch', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('name', models.CharField(max_length=200)),
                ('state', models.CharField(default='waiting', max_length=10)),
                ('done', models.IntegerField(default=0)),
                ('total', models.IntegerField(default=0)),
                ('report', models.TextField(blank=True, default='')),
                ('refusal', models.CharField(blank=True, default='', max_length=600)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('upload', models.BinaryField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['agency', 'batch'], name='procedures_import_batch')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'reading', 'read', 'done', 'refused'])), name='procedures_import_state')],
            },
        ),
        migrations.CreateModel(
            name='DefinitionEdit',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('version', models.IntegerField()),
                ('at', models.DateTimeField()),
                ('text', models.CharField(max_length=400)),
                ('definition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='edits', to='procedures.definition')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('definition', 'version'), name='procedures_edit_makes_version')],
            },
        ),
    ]
