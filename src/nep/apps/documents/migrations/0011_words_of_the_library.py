"""The words of codes, titles and tags: FTS5 beside the table on SQLite, a GIN index on PostgreSQL.

Unlike the index of the whole text, which the worker follows, it changes with the row: a document
is found in the library as soon as it is saved.
"""

from django.db import migrations

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


class Migration(migrations.Migration):
    """No model names the words; triggers and the index keep them equal to the rows.

    A later change that makes SQLite write the table anew (AlterField) drops its triggers and must
    run `make` again; a test of the library tells.
    """

    dependencies = [("documents", "0010_lists_sifted_in_their_indexes")]
    operations = [migrations.RunPython(make, unmake)]
