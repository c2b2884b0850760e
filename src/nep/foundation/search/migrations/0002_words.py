"""The words themselves: FTS5 beside the table on SQLite, a generated tsvector on PostgreSQL."""

from django.db import migrations

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
POSTGRESQL = (
    """ALTER TABLE search_entry ADD COLUMN words tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('simple', folded_title), 'A')
        || setweight(to_tsvector('simple', folded), 'D')) STORED""",
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


class Migration(migrations.Migration):
    """No model names the words; triggers and the generated column keep them equal to the rows."""

    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(make, unmake)]
