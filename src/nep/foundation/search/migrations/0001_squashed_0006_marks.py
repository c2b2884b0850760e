"""The index as of 0006: FTS5 beside the table on SQLite, a generated tsvector on PostgreSQL.

A new database begins here; one that ran the migrations it replaces goes on from them.
"""

import nep.foundation.db.fields
import nep.foundation.db.ids
from django.db import migrations, models
from nep.foundation.db.initial import InitialMigration


SQLITE = (
    """CREATE VIRTUAL TABLE search_words USING fts5(
        folded_title, folded, content='search_entry', content_rowid='id',
        tokenize='unicode61 remove_diacritics 0')""",
    # a word in the title weighs eight times one in the text
    "INSERT INTO search_words(search_words, rank) VALUES ('rank', 'bm25(8.0, 1.0)')",
    """CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN
        INSERT INTO search_words(rowid, folded_title, folded)
        VALUES (new.id, new.folded_title, new.folded); END""",
    """CREATE TRIGGER search_entry_gone AFTER DELETE ON search_entry BEGIN
        INSERT INTO search_words(search_words, rowid, folded_title, folded)
        VALUES ('delete', old.id, old.folded_title, old.folded); END""",
    """CREATE TRIGGER search_entry_changed AFTER UPDATE OF folded_title, folded ON search_entry
        WHEN old.folded_title <> new.folded_title OR old.folded <> new.folded BEGIN
        INSERT INTO search_words(search_words, rowid, folded_title, folded)
        VALUES ('delete', old.id, old.folded_title, old.folded);
        INSERT INTO search_words(rowid, folded_title, folded)
        VALUES (new.id, new.folded_title, new.folded); END""",
)
# a place is left free between title and text, so that no phrase runs from one into the other
POSTGRESQL = (
    """ALTER TABLE search_entry ADD COLUMN words tsvector GENERATED ALWAYS AS (ts_delete(
    setweight(to_tsvector('simple', folded_title), 'A') || '~~:1'::tsvector
    || setweight(to_tsvector('simple', folded), 'D'), '~~')) STORED""",
    "CREATE INDEX search_words ON search_entry USING gin (words)",
)


def make(apps, schema_editor):
    statements = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def unmake(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE search_entry DROP COLUMN words")
            return
        for name in ("added", "gone", "changed"):
            cursor.execute(f"DROP TRIGGER search_entry_{name}")
        cursor.execute("DROP TABLE search_words")


class Migration(InitialMigration):
    replaces = [('search', '0001_initial'), ('search', '0002_words'), ('search', '0003_stamps'), ('search', '0004_rights_asked_of_the_parts'), ('search', '0005_described_anew'), ('search', '0006_marks')]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('agency_id', models.BigIntegerField()),
                ('kind', models.CharField(max_length=20)),
                ('object_id', models.BigIntegerField()),
                ('sort', models.CharField(default='', max_length=20)),
                ('state', models.CharField(default='current', max_length=8)),
                ('unit_id', models.BigIntegerField(null=True)),
                ('is_open', models.BooleanField(default=True)),
                ('at', models.DateField(null=True)),
                ('code', models.CharField(default='', max_length=80)),
                ('title', models.CharField(max_length=600)),
                ('detail', models.CharField(default='', max_length=300)),
                ('link', models.CharField(max_length=200)),
                ('text_hash', models.CharField(default='', max_length=64)),
                ('folded_title', models.CharField(max_length=800)),
                ('folded', models.TextField(default='')),
                ('text', models.TextField(default='')),
                ('stamp', models.DateTimeField(null=True)),
                ('is_long', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(fields=['agency_id', 'sort', 'state'], name='search_of_sort'), models.Index(fields=['kind', 'stamp'], name='search_newest')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'object_id'), name='search_one_entry_each'), models.CheckConstraint(condition=models.Q(('state__in', ['current', 'open', 'old'])), name='search_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('kind', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('until', models.DateTimeField()),
            ],
        ),
        migrations.RunPython(make, unmake),
    ]
