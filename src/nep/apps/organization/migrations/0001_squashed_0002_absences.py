"""Agencies, people and appointments as of 0002.

A new database begins here; one that ran the migrations it replaces goes on from them.
"""

import django.db.models.deletion
import nep.foundation.db.fields
import nep.foundation.db.ids
from django.conf import settings
from django.db import migrations, models
from nep.foundation.db.initial import InitialMigration


class Migration(InitialMigration):
    replaces = [('organization', '0001_initial'), ('organization', '0002_absences')]

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('number', models.BigIntegerField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='organization_single_edition')],
            },
        ),
        migrations.CreateModel(
            name='Province',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120)),
                ('folded', models.CharField(max_length=120)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('folded',), name='organization_one_province_name')],
            },
        ),
        migrations.CreateModel(
            name='Agency',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=40)),
                ('name', models.CharField(max_length=200)),
                ('short_name', models.CharField(default='', max_length=80)),
                ('folded', models.CharField(max_length=320)),
                ('kind', models.CharField(max_length=20)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('reception_name', models.CharField(max_length=120)),
                ('case_code_mask', models.CharField(max_length=60)),
                ('address', models.CharField(default='', max_length=300)),
                ('phone', models.CharField(default='', max_length=40)),
                ('email', models.CharField(default='', max_length=120)),
                ('website', models.CharField(default='', max_length=200)),
                ('is_demonstration', models.BooleanField(default=False)),
                ('version', models.IntegerField(default=1)),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='organization.agency')),
                ('province', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agencies', to='organization.province')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('code',), name='organization_one_agency_code'), models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='organization_agency_period')],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120)),
                ('folded', models.CharField(max_length=120)),
                ('sort_name', models.CharField(max_length=400)),
                ('email', models.CharField(default='', max_length=120)),
                ('phone', models.CharField(default='', max_length=40)),
                ('version', models.IntegerField(default=1)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='people', to='organization.agency')),
                ('user', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='person', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Position',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120)),
                ('folded', models.CharField(max_length=120)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='positions', to='organization.agency')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'folded'), name='organization_one_position_name')],
            },
        ),
        migrations.CreateModel(
            name='Succession',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('on', models.DateField()),
                ('basis', models.CharField(default='', max_length=200)),
                ('predecessor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='successions', to='organization.agency')),
                ('successor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inheritances', to='organization.agency')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('predecessor', 'successor'), name='organization_succession_once'), models.CheckConstraint(condition=models.Q(('predecessor', models.F('successor')), _negated=True), name='organization_succession_other')],
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=160)),
                ('folded', models.CharField(max_length=160)),
                ('position', models.IntegerField(default=0)),
                ('is_reception', models.BooleanField(default=False)),
                ('closed_on', models.DateField(null=True)),
                ('version', models.IntegerField(default=1)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='units', to='organization.agency')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='organization.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'code'), name='organization_one_unit_code')],
            },
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('role', models.CharField(max_length=20)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(null=True)),
                ('decision', models.CharField(default='', max_length=120)),
                ('end_reason', models.CharField(default='', max_length=300)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='organization.agency')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='organization.person')),
                ('position', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='organization.position')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='organization.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['agency', 'role'], name='organization_agency_role')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='organization_appointment_period'), models.UniqueConstraint(condition=models.Q(('ends_on', None)), fields=('person', 'unit', 'role'), name='organization_one_open_appointment'), models.UniqueConstraint(condition=models.Q(('ends_on', None), ('unit', None)), fields=('person', 'agency', 'role'), name='organization_one_open_agency_role')],
            },
        ),
        migrations.CreateModel(
            name='AgencyCode',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('scheme', models.CharField(max_length=40)),
                ('code', models.CharField(max_length=60)),
                ('valid_from', models.DateField(null=True)),
                ('valid_to', models.DateField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='codes', to='organization.agency')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('scheme', 'code', 'agency'), name='organization_agency_code_once')],
            },
        ),
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('prefix', models.CharField(max_length=4)),
                ('scope', models.CharField(default='', max_length=300)),
                ('document', models.CharField(default='', max_length=120)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('revoked_on', models.DateField(null=True)),
                ('end_reason', models.CharField(default='', max_length=300)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to='organization.agency')),
                ('appointment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to='organization.appointment')),
                ('receiver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to='organization.person')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='organization_delegation_period'), models.CheckConstraint(condition=models.Q(('prefix__in', ['KT.', 'TM.', 'TL.', 'TUQ.'])), name='organization_delegation_prefix')],
            },
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('reason', models.CharField(max_length=300)),
                ('back_on', models.DateField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to='organization.agency')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to='organization.person')),
            ],
            options={
                'indexes': [models.Index(fields=['agency', 'ends_on'], name='organization_absence_until')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='organization_absence_period')],
            },
        ),
    ]
