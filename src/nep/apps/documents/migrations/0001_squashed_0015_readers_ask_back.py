"""Documents as of 0015: revisions, distribution, copies, filled forms and the words of the library.

A new database begins here; one that ran the migrations it replaces goes on from them.
"""

import django.db.models.deletion
import nep.foundation.db.fields
import nep.foundation.db.ids
from django.db import migrations, models
from nep.foundation.db.initial import InitialMigration


SQLITE = (
    """CREATE VIRTUAL TABLE documents_word USING fts5(
        agency_id, folded, content='documents_document', content_rowid='id', prefix='1 2 3',
        tokenize='unicode61 remove_diacritics 0')""",
    "INSERT INTO documents_word(documents_word) VALUES ('rebuild')",
    """CREATE TRIGGER documents_word_added AFTER INSERT ON documents_document BEGIN
        INSERT INTO documents_word(rowid, agency_id, folded)
        VALUES (new.id, new.agency_id, new.folded); END""",
    """CREATE TRIGGER documents_word_gone AFTER DELETE ON documents_document BEGIN
        INSERT INTO documents_word(documents_word, rowid, agency_id, folded)
        VALUES ('delete', old.id, old.agency_id, old.folded); END""",
    """CREATE TRIGGER documents_word_changed AFTER UPDATE OF agency_id, folded
        ON documents_document
        WHEN old.folded <> new.folded OR old.agency_id <> new.agency_id BEGIN
        INSERT INTO documents_word(documents_word, rowid, agency_id, folded)
        VALUES ('delete', old.id, old.agency_id, old.folded);
        INSERT INTO documents_word(rowid, agency_id, folded)
        VALUES (new.id, new.agency_id, new.folded); END""",
)
# the words as they stand, not as a text parser reads them ("7.5" is no number here)
POSTGRESQL = (
    """CREATE INDEX documents_word ON documents_document USING gin (array_to_tsvector(
        string_to_array(rtrim(regexp_replace('a' || agency_id::text || ' ' || folded,
        '[^a-z0-9]+', ' ', 'g')), ' ')))""",
)


def make(apps, schema_editor):
    statements = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def unmake(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute("DROP INDEX documents_word")
            return
        for name in ("added", "gone", "changed"):
            cursor.execute(f"DROP TRIGGER documents_word_{name}")
        cursor.execute("DROP TABLE documents_word")


class Migration(InitialMigration):
    replaces = [('documents', '0001_initial'), ('documents', '0002_library_life_distribution'), ('documents', '0003_lists_know_what_is_in_force'), ('documents', '0004_codes_once'), ('documents', '0005_lists_by_state_and_code'), ('documents', '0006_changes_in_order'), ('documents', '0007_words_in_one_index'), ('documents', '0008_copies_terms_and_decisions'), ('documents', '0009_signatures_on_frozen_copies'), ('documents', '0010_lists_sifted_in_their_indexes'), ('documents', '0011_words_of_the_library'), ('documents', '0012_filled_forms_in_order'), ('documents', '0013_tags_in_a_table'), ('documents', '0014_tags_laid_out'), ('documents', '0015_readers_ask_back')]

    dependencies = [
        ('files', '0001_initial'),
        ('organization', '0002_absences'),
    ]

    operations = [
        migrations.CreateModel(
            name='SeparationException',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('pair', models.CharField(max_length=20)),
                ('reason', models.CharField(max_length=1000)),
                ('granted_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('granted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('agency', 'pair'), name='documents_one_exception_per_pair'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='documents_exception_reason')],
            },
        ),
        migrations.CreateModel(
            name='CodeMask',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20)),
                ('mask', models.CharField(max_length=60)),
                ('version', models.IntegerField(default=1)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'kind'), name='documents_one_mask_a_kind')],
            },
        ),
        migrations.CreateModel(
            name='ImportBatch',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('source', models.CharField(max_length=255)),
                ('source_key', models.CharField(max_length=64)),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('is_dry', models.BooleanField(default=False)),
                ('total', models.IntegerField(default=0)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('archive_file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('started_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
            ],
            options={
                'indexes': [models.Index(fields=['agency', '-started_at'], name='documents_imports')],
            },
        ),
        migrations.CreateModel(
            name='ReviewInterval',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20)),
                ('months', models.SmallIntegerField()),
                ('version', models.IntegerField(default=1)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'kind'), name='documents_one_interval_a_kind'), models.CheckConstraint(condition=models.Q(('months__gte', 1), ('months__lte', 120)), name='documents_interval_months')],
            },
        ),
        migrations.CreateModel(
            name='RouteTemplate',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20)),
                ('steps', models.JSONField(default=list)),
                ('version', models.IntegerField(default=1)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'kind'), name='documents_one_route_a_kind')],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80)),
                ('query', models.CharField(max_length=500)),
                ('created_at', models.DateTimeField()),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organization.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'person', 'name'), name='documents_view_name_once')],
            },
        ),
        migrations.CreateModel(
            name='ReadingTerm',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('days', models.SmallIntegerField()),
                ('version', models.IntegerField(default=1)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency',), name='documents_one_reading_term'), models.CheckConstraint(condition=models.Q(('days__gte', 1), ('days__lte', 60)), name='documents_reading_term_days')],
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20)),
                ('code', models.CharField(max_length=60)),
                ('title', models.CharField(max_length=600)),
                ('folded', models.CharField(max_length=700)),
                ('created_at', models.DateTimeField()),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('changed_at', models.DateTimeField()),
                ('code_key', models.CharField(max_length=60)),
                ('copied_from', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='documents.document')),
                ('in_force_since', models.DateField(null=True)),
                ('is_public', models.BooleanField(default=False)),
                ('level', models.CharField(default='internal', max_length=12)),
                ('next_review_on', models.DateField(null=True)),
                ('owner_unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='documents.document')),
                ('replaced_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaces', to='documents.document')),
                ('review_months', models.SmallIntegerField(null=True)),
                ('status', models.CharField(default='new', max_length=12)),
                ('tags', models.JSONField(default=list)),
                ('version', models.IntegerField(default=1)),
                ('withdraw_reason', models.CharField(blank=True, default='', max_length=1000)),
                ('withdrawn_on', models.DateField(null=True)),
                ('year', models.SmallIntegerField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['agency', '-in_force_since'], name='documents_newest'), models.Index(condition=models.Q(('next_review_on__isnull', False), ('status', 'in_force')), fields=['next_review_on'], name='documents_to_review'), models.Index(fields=['changed_at'], name='documents_changed'), models.Index(fields=['agency', 'code', 'status', 'kind', 'owner_unit', 'level'], name='documents_in_order'), models.Index(fields=['agency', 'kind', 'code', 'status', 'owner_unit', 'level'], name='documents_of_kind'), models.Index(fields=['agency', 'owner_unit', 'code', 'status', 'kind', 'level'], name='documents_of_unit'), models.Index(fields=['agency', 'status', 'code', 'kind', 'owner_unit', 'level', 'next_review_on'], name='documents_of_status_by_code'), models.Index(condition=models.Q(('level', 'restricted')), fields=['agency', 'code', 'status'], name='documents_restricted'), models.Index(condition=models.Q(('level', 'public')), fields=['agency', 'code', 'status'], name='documents_public'), models.Index(condition=models.Q(('next_review_on__isnull', False), ('status', 'in_force')), fields=['agency', 'next_review_on', 'code'], name='documents_reviews_due')],
                'constraints': [models.UniqueConstraint(fields=('agency', 'code'), name='documents_one_code'), models.CheckConstraint(condition=models.Q(('code', ''), _negated=True), name='documents_code_given'), models.CheckConstraint(condition=models.Q(('level__in', ['public', 'internal', 'restricted'])), name='documents_level_known'), models.CheckConstraint(condition=models.Q(('status__in', ['new', 'in_force', 'withdrawn', 'dropped'])), name='documents_status_known'), models.CheckConstraint(condition=models.Q(('parent', None), models.Q(('parent', models.F('id')), _negated=True), _connector='OR'), name='documents_not_own_parent'), models.UniqueConstraint(fields=('agency', 'code_key'), name='documents_one_code_key')],
            },
        ),
        migrations.CreateModel(
            name='ChangeRequest',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('wish', models.CharField(max_length=12)),
                ('kind', models.CharField(blank=True, default='', max_length=20)),
                ('title', models.CharField(blank=True, default='', max_length=600)),
                ('reason', models.CharField(max_length=1000)),
                ('content', models.TextField(blank=True, default='')),
                ('origin_type', models.CharField(blank=True, default='', max_length=30)),
                ('origin_id', models.BigIntegerField(null=True)),
                ('state', models.CharField(default='asked', max_length=12)),
                ('asked_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('decision_note', models.CharField(blank=True, default='', max_length=1000)),
                ('version', models.IntegerField(default=1)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('document', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='documents.document')),
            ],
            options={
                'indexes': [models.Index(fields=['agency', 'state', '-asked_at'], name='documents_requests'), models.Index(fields=['agency', '-asked_at', '-id'], name='documents_requests_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('wish__in', ['new', 'change', 'withdraw'])), name='documents_request_wish'), models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'accepted', 'refused', 'done', 'taken_back'])), name='documents_request_state'), models.CheckConstraint(condition=models.Q(('wish', 'new'), ('document__isnull', False), _connector='OR'), name='documents_request_names_document'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='documents_request_reason')],
            },
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('issue', models.CharField(max_length=10)),
                ('amendment', models.CharField(max_length=10)),
                ('state', models.CharField(default='draft', max_length=12)),
                ('change_note', models.CharField(blank=True, default='', max_length=1000)),
                ('content_hash', models.CharField(blank=True, default='', max_length=64)),
                ('drafted_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(null=True)),
                ('checked_at', models.DateTimeField(null=True)),
                ('approved_at', models.DateTimeField(null=True)),
                ('signing_prefix', models.CharField(blank=True, default='', max_length=4)),
                ('effective_from', models.DateField(null=True)),
                ('retired_on', models.DateField(null=True)),
                ('return_reason', models.CharField(blank=True, default='', max_length=1000)),
                ('exception_reason', models.CharField(blank=True, default='', max_length=1000)),
                ('version', models.IntegerField(default=1)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('checked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='documents.document')),
                ('drafted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('original_file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('returned_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('change_summary', models.TextField(blank=True, default='')),
                ('decision_number', models.CharField(blank=True, default='', max_length=120)),
                ('issued_on', models.DateField(null=True)),
                ('leader', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='package', to='documents.revision')),
                ('public_key', models.CharField(blank=True, default='', max_length=40)),
                ('published_file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('request', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='documents.changerequest')),
                ('attached_file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
            ],
            options={
                'indexes': [models.Index(fields=['agency', 'state'], name='documents_by_state'), models.Index(condition=models.Q(('state', 'approved')), fields=['effective_from'], name='documents_awaiting_day'), models.Index(condition=models.Q(('public_key', ''), _negated=True), fields=['public_key'], name='documents_public_key'), models.Index(condition=models.Q(('original_file__isnull', False), ('published_file__isnull', True), ('state', 'in_force')), fields=['id'], name='documents_without_copy')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'in_force')), fields=('document',), name='documents_one_in_force'), models.UniqueConstraint(condition=models.Q(('state__in', ('draft', 'submitted', 'checked', 'approved'))), fields=('document',), name='documents_one_open_revision'), models.UniqueConstraint(condition=models.Q(('state', 'dropped'), _negated=True), fields=('document', 'issue', 'amendment'), name='documents_revision_number_once'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'checked', 'approved', 'in_force', 'retired', 'dropped'])), name='documents_revision_state'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['approved', 'in_force', 'retired']), _negated=True), models.Q(models.Q(('content_hash', ''), _negated=True), ('approved_by__isnull', False), ('checked_by__isnull', False), ('effective_from__isnull', False)), _connector='OR'), name='documents_approved_in_full'), models.CheckConstraint(condition=models.Q(models.Q(('exception_reason', ''), _negated=True), ('approved_by__isnull', True), models.Q(models.Q(('drafted_by', models.F('checked_by')), _negated=True), models.Q(('drafted_by', models.F('approved_by')), _negated=True), models.Q(('checked_by', models.F('approved_by')), _negated=True)), _connector='OR'), name='documents_three_people')],
            },
        ),
        migrations.CreateModel(
            name='RevisionAuthor',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='authors', to='documents.revision')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('revision', 'person'), name='documents_author_once')],
            },
        ),
        migrations.CreateModel(
            name='Access',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('what', models.CharField(max_length=10)),
                ('at', models.DateTimeField()),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.revision')),
            ],
            options={
                'indexes': [models.Index(fields=['document', '-at'], name='documents_accessed')],
            },
        ),
        migrations.CreateModel(
            name='DocumentClause',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('standard', models.CharField(max_length=30)),
                ('clause', models.CharField(blank=True, default='', max_length=20)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clauses', to='documents.document')),
            ],
            options={
                'indexes': [models.Index(fields=['agency', 'standard', 'clause', 'document'], name='documents_by_clause')],
                'constraints': [models.UniqueConstraint(fields=('document', 'standard', 'clause'), name='documents_clause_once')],
            },
        ),
        migrations.CreateModel(
            name='FilledForm',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=300)),
                ('values', models.JSONField()),
                ('filled_at', models.DateTimeField()),
                ('record_id', models.BigIntegerField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='filled', to='documents.document')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('filled_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='filled', to='documents.revision')),
            ],
            options={
                'indexes': [models.Index(fields=['agency', 'document', '-filled_at'], name='documents_filled'), models.Index(fields=['filled_at', 'id'], name='documents_filled_order')],
            },
        ),
        migrations.CreateModel(
            name='ImportedRow',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('path', models.CharField(max_length=400)),
                ('sha256', models.CharField(blank=True, default='', max_length=64)),
                ('outcome', models.CharField(max_length=12)),
                ('reason_code', models.CharField(blank=True, default='', max_length=40)),
                ('reason', models.CharField(blank=True, default='', max_length=600)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='documents.importbatch')),
                ('document', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('batch', 'path'), name='documents_imported_once'), models.CheckConstraint(condition=models.Q(('outcome__in', ['created', 'changed', 'unchanged', 'refused'])), name='documents_import_outcome')],
            },
        ),
        migrations.CreateModel(
            name='LifeEntry',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('act', models.CharField(max_length=12)),
                ('at', models.DateTimeField()),
                ('person_name', models.CharField(blank=True, default='', max_length=120)),
                ('position_name', models.CharField(blank=True, default='', max_length=160)),
                ('unit_name', models.CharField(blank=True, default='', max_length=160)),
                ('prefix', models.CharField(blank=True, default='', max_length=4)),
                ('acting_for_name', models.CharField(blank=True, default='', max_length=120)),
                ('content_hash', models.CharField(blank=True, default='', max_length=64)),
                ('note', models.CharField(blank=True, default='', max_length=1000)),
                ('round', models.SmallIntegerField(default=1)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='history', to='documents.revision')),
            ],
            options={
                'indexes': [models.Index(fields=['revision', 'at'], name='documents_history')],
            },
        ),
        migrations.CreateModel(
            name='PaperCopy',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('number', models.IntegerField()),
                ('holder', models.CharField(max_length=200)),
                ('given_on', models.DateField()),
                ('to_recall_since', models.DateField(null=True)),
                ('ended_on', models.DateField(null=True)),
                ('end_kind', models.CharField(blank=True, default='', max_length=10)),
                ('end_note', models.CharField(blank=True, default='', max_length=300)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paper_copies', to='documents.document')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paper_copies', to='documents.revision')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('revision', 'number'), name='documents_copy_number_once'), models.CheckConstraint(condition=models.Q(models.Q(('end_kind', ''), ('ended_on', None)), models.Q(('end_kind__in', ['recalled', 'destroyed', 'lost']), ('ended_on__isnull', False)), _connector='OR'), name='documents_copy_end')],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('position', models.SmallIntegerField()),
                ('text', models.CharField(max_length=400)),
                ('options', models.JSONField()),
                ('right', models.SmallIntegerField()),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='documents.revision')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('revision', 'position'), name='documents_question_position_once'), models.CheckConstraint(condition=models.Q(('position__gte', 1), ('position__lte', 3)), name='documents_three_questions')],
            },
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('asked_at', models.DateTimeField()),
                ('due_on', models.DateField()),
                ('first_seen_at', models.DateTimeField(null=True)),
                ('downloaded_at', models.DateTimeField(null=True)),
                ('acknowledged_at', models.DateTimeField(null=True)),
                ('wrong_answers', models.SmallIntegerField(default=0)),
                ('ended_at', models.DateTimeField(null=True)),
                ('end_reason', models.CharField(blank=True, default='', max_length=300)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='documents.document')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='documents.revision')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('acknowledged_at', None), ('ended_at', None)), fields=['person', 'agency', 'due_on'], name='documents_to_read')],
                'constraints': [models.UniqueConstraint(fields=('revision', 'person'), name='documents_one_reading_each')],
            },
        ),
        migrations.CreateModel(
            name='Recipient',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('target', models.CharField(max_length=10)),
                ('key', models.CharField(max_length=40)),
                ('must_read', models.BooleanField(default=True)),
                ('added_at', models.DateTimeField()),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recipients', to='documents.document')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('position', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.position')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('person', None), ('position', None), ('target', 'everyone'), ('unit', None)), models.Q(('person', None), ('position', None), ('target', 'unit'), ('unit__isnull', False)), models.Q(('person', None), ('position__isnull', False), ('target', 'position'), ('unit', None)), models.Q(('person__isnull', False), ('position', None), ('target', 'person'), ('unit', None)), _connector='OR'), name='documents_recipient_target'), models.UniqueConstraint(fields=('document', 'key'), name='documents_recipient_once')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('due_on', models.DateField()),
                ('opened_at', models.DateTimeField()),
                ('result', models.CharField(blank=True, default='', max_length=12)),
                ('note', models.CharField(blank=True, default='', max_length=1000)),
                ('done_at', models.DateTimeField(null=True)),
                ('version', models.IntegerField(default=1)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='documents.document')),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('request', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.changerequest')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='documents.revision')),
            ],
            options={
                'indexes': [models.Index(fields=['agency', 'due_on'], name='documents_reviews')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('result', '')), fields=('document',), name='documents_one_open_review'), models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('result', '')), models.Q(('done_at__isnull', False), ('result__in', ['valid', 'change', 'withdraw', 'overtaken'])), _connector='OR'), name='documents_review_result')],
            },
        ),
        migrations.CreateModel(
            name='RouteStep',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('position', models.SmallIntegerField()),
                ('part', models.CharField(max_length=10)),
                ('needs', models.CharField(default='all', max_length=3)),
                ('due_on', models.DateField(null=True)),
                ('done_at', models.DateTimeField(null=True)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='route', to='documents.revision')),
                ('days', models.SmallIntegerField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('revision', 'position'), name='documents_route_position_once'), models.CheckConstraint(condition=models.Q(('part__in', ['consult', 'check', 'approve'])), name='documents_route_part'), models.CheckConstraint(condition=models.Q(('needs__in', ['all', 'any'])), name='documents_route_needs')],
            },
        ),
        migrations.CreateModel(
            name='RoutePerson',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('step', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='people', to='documents.routestep')),
                ('decided_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('step', 'person'), name='documents_route_person_once')],
            },
        ),
        migrations.CreateModel(
            name='CopyFault',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=40)),
                ('message', models.CharField(max_length=1000)),
                ('at', models.DateTimeField()),
                ('revision', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='copy_fault', to='documents.revision')),
            ],
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('position', models.SmallIntegerField()),
                ('field', models.CharField(max_length=40)),
                ('way', models.CharField(max_length=8)),
                ('person_name', models.CharField(max_length=120)),
                ('position_name', models.CharField(blank=True, default='', max_length=160)),
                ('unit_name', models.CharField(blank=True, default='', max_length=160)),
                ('signed_at', models.DateTimeField()),
                ('stamped_at', models.DateTimeField(null=True)),
                ('stamp_authority', models.CharField(blank=True, default='', max_length=200)),
                ('without_stamp', models.CharField(blank=True, default='', max_length=300)),
                ('signer', models.CharField(max_length=200)),
                ('subject', models.CharField(max_length=600)),
                ('issuer', models.CharField(max_length=300)),
                ('serial', models.CharField(max_length=64)),
                ('fingerprint', models.CharField(max_length=64)),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField()),
                ('is_trusted', models.BooleanField()),
                ('at_tag', models.CharField(blank=True, default='', max_length=40)),
                ('before_hash', models.CharField(max_length=64)),
                ('file_hash', models.CharField(max_length=64)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('before', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='documents.revision')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('revision', 'position'), name='documents_signature_in_turn'), models.UniqueConstraint(fields=('revision', 'before_hash'), name='documents_signature_on_the_last'), models.CheckConstraint(condition=models.Q(('way__in', ['file', 'token', 'outside'])), name='documents_signature_way'), models.CheckConstraint(condition=models.Q(('stamped_at__isnull', False), models.Q(('without_stamp', ''), _negated=True), _connector='OR'), name='documents_signature_says_why_unstamped')],
            },
        ),
        migrations.CreateModel(
            name='SigningRoom',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('key_hash', models.CharField(max_length=64)),
                ('begun_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('before_hash', models.CharField(max_length=64)),
                ('digest', models.CharField(max_length=64)),
                ('start', models.BigIntegerField()),
                ('end', models.BigIntegerField()),
                ('field', models.CharField(max_length=40)),
                ('at_tag', models.CharField(blank=True, default='', max_length=40)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('prepared', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signing_rooms', to='documents.revision')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('prepared__isnull', False)), fields=['ends_at'], name='documents_rooms_to_clear')],
                'constraints': [models.UniqueConstraint(fields=('key_hash',), name='documents_signing_key_once')],
            },
        ),
        migrations.CreateModel(
            name='DocumentTag',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('mark', models.CharField(max_length=80)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tag_marks', to='documents.document')),
            ],
            options={
                'indexes': [models.Index(fields=['agency', 'mark', 'document'], name='documents_by_tag')],
                'constraints': [models.UniqueConstraint(fields=('document', 'mark'), name='documents_tag_once')],
            },
        ),
        migrations.CreateModel(
            name='Inquiry',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('asked_at', models.DateTimeField()),
                ('text', models.CharField(max_length=1000)),
                ('answer', models.CharField(blank=True, default='', max_length=2000)),
                ('answered_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.agency')),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('asked_of', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.person')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inquiries', to='documents.document')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inquiries', to='documents.revision')),
            ],
            options={
                'indexes': [models.Index(fields=['document', '-asked_at'], name='documents_inquiries')],
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='documents_inquiry_text'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None), ('answered_by', None)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='documents_inquiry_answered_in_full')],
            },
        ),
        migrations.AddField(
            model_name='document',
            name='current',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.revision'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'in_force'), _negated=True), ('current__isnull', False), _connector='OR'), name='documents_in_force_has_current'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'withdrawn'), _negated=True), models.Q(('withdrawn_on__isnull', False), ('current', None)), _connector='OR'), name='documents_withdrawn_in_full'),
        ),
        migrations.RunPython(make, unmake),
    ]
