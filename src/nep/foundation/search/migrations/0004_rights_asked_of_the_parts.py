"""Rights are asked of the parts; words stand side by side in PostgreSQL too."""

from django.db import migrations, models

# a place is left free between title and text, so that no phrase runs from one into the other
WORDS = """ALTER TABLE search_entry ADD COLUMN words tsvector GENERATED ALWAYS AS (ts_delete(
    setweight(to_tsvector('simple', folded_title), 'A') || '~~:1'::tsvector
    || setweight(to_tsvector('simple', folded), 'D'), '~~')) STORED"""
OLD_WORDS = """ALTER TABLE search_entry ADD COLUMN words tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('simple', folded_title), 'A')
    || setweight(to_tsvector('simple', folded), 'D')) STORED"""


def renew(schema_editor, words):
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("ALTER TABLE search_entry DROP COLUMN words")
        cursor.execute(words)
        cursor.execute("CREATE INDEX search_words ON search_entry USING gin (words)")


def forward(apps, schema_editor):
    renew(schema_editor, WORDS)


def backward(apps, schema_editor):
    renew(schema_editor, OLD_WORDS)


def add_column(apps, schema_editor):
    """Add the column in place: a table made anew on SQLite would lose its triggers."""
    schema_editor.execute("ALTER TABLE search_entry ADD COLUMN is_long bool NOT NULL DEFAULT false")


def drop_column(apps, schema_editor):
    schema_editor.execute("ALTER TABLE search_entry DROP COLUMN is_long")


class Migration(migrations.Migration):
    dependencies = [("search", "0003_stamps")]

    operations = [
        migrations.DeleteModel(name="Grant"),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add_column, drop_column)],
            state_operations=[
                migrations.AddField(
                    model_name="entry", name="is_long", field=models.BooleanField(default=False)
                )
            ],
        ),
        migrations.RunPython(forward, backward),
    ]
