"""The register of legal documents as of 0002.

A new database begins here; one that ran the migrations it replaces goes on from them.
"""

import django.db.models.deletion
import nep.foundation.db.fields
import nep.foundation.db.ids
from django.db import migrations, models
from nep.foundation.db.initial import InitialMigration


class Migration(InitialMigration):
    replaces = [('legal', '0001_initial'), ('legal', '0002_counts_from_one_index')]

    dependencies = [
        ('files', '0001_initial'),
        ('organization', '0002_absences'),
    ]

    operations = [
        migrations.CreateModel(
            name='ExternalDocument',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20)),
                ('number', models.CharField(blank=True, default='', max_length=80)),
                ('number_key', models.CharField(blank=True, default='', max_length=80)),
                ('issuer', models.CharField(blank=True, default='', max_length=200)),
                ('title', models.CharField(max_length=600)),
                ('folded', models.CharField(max_length=900)),
                ('issued_on', models.DateField(null=True)),
                ('effective_from', models.DateField(null=True)),
                ('expires_on', models.DateField(null=True)),
                ('source_address', models.CharField(blank=True, default='', max_length=400)),
                ('level', models.CharField(default='internal', max_length=12)),
                ('kept_at', models.CharField(blank=True, default='', max_length=200)),
                ('checked_on', models.DateField(null=True)),
                ('note', models.CharField(blank=True, default='', max_length=1000)),
                ('withdrawn_on', models.DateField(null=True)),
                ('withdraw_reason', models.CharField(blank=True, default='', max_length=1000)),
                ('added_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('version', models.IntegerField(default=1)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('amended_by', models.ManyToManyField(related_name='amends', to='legal.externaldocument')),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('replaced_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaces', to='legal.externaldocument')),
            ],
            options={
                'indexes': [models.Index(fields=['agency', 'number_key'], name='legal_symbol'), models.Index(fields=['agency', '-issued_on', '-id'], name='legal_newest'), models.Index(condition=models.Q(('expires_on__isnull', False), ('withdrawn_on', None)), fields=['expires_on'], name='legal_expiring'), models.Index(condition=models.Q(('withdrawn_on', None)), fields=['agency', 'expires_on', 'effective_from', 'level', 'kind'], name='legal_counted')],
                'constraints': [models.UniqueConstraint(condition=models.Q(models.Q(('number_key', ''), _negated=True), ('withdrawn_on', None)), fields=('agency', 'kind', 'number_key', 'issuer'), name='legal_one_symbol'), models.CheckConstraint(condition=models.Q(('level__in', ['public', 'internal', 'restricted'])), name='legal_level_known'), models.CheckConstraint(condition=models.Q(('expires_on', None), ('effective_from', None), ('expires_on__gte', models.F('effective_from')), _connector='OR'), name='legal_period'), models.CheckConstraint(condition=models.Q(models.Q(('withdraw_reason', ''), ('withdrawn_on', None)), models.Q(('withdrawn_on__isnull', False), models.Q(('withdraw_reason', ''), _negated=True)), _connector='OR'), name='legal_withdrawn_with_reason'), models.CheckConstraint(condition=models.Q(('replaced_by', None), models.Q(('replaced_by', models.F('id')), _negated=True), _connector='OR'), name='legal_not_replaced_by_itself')],
            },
        ),
        migrations.CreateModel(
            name='Citation',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('object_type', models.CharField(max_length=30)),
                ('object_id', models.BigIntegerField()),
                ('part', models.CharField(blank=True, default='', max_length=80)),
                ('label', models.CharField(max_length=300)),
                ('link', models.CharField(max_length=200)),
                ('cited_at', models.DateTimeField()),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('cited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('external', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='citations', to='legal.externaldocument')),
            ],
            options={
                'indexes': [models.Index(fields=['agency', 'object_type', 'object_id'], name='legal_cited_by')],
                'constraints': [models.UniqueConstraint(fields=('external', 'object_type', 'object_id', 'part'), name='legal_cited_once')],
            },
        ),
        migrations.CreateModel(
            name='LegalReview',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=10)),
                ('key', models.CharField(max_length=80)),
                ('title', models.CharField(max_length=300)),
                ('opened_at', models.DateTimeField()),
                ('due_on', models.DateField()),
                ('result', models.CharField(blank=True, default='', max_length=12)),
                ('note', models.CharField(blank=True, default='', max_length=1000)),
                ('done_at', models.DateTimeField(null=True)),
                ('item_id', models.BigIntegerField(null=True)),
                ('version', models.IntegerField(default=1)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('external', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='legal.externaldocument')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('result', '')), fields=['agency', 'due_on'], name='legal_reviews_open')],
                'constraints': [models.UniqueConstraint(fields=('agency', 'key'), name='legal_one_review_a_key'), models.CheckConstraint(condition=models.Q(('kind__in', ['periodic', 'change', 'expiry'])), name='legal_review_kind'), models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('result', '')), models.Q(('done_at__isnull', False), ('result__in', ['unchanged', 'updated', 'planned'])), _connector='OR'), name='legal_review_result')],
            },
        ),
    ]
