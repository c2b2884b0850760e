"""Let the database itself refuse to change or delete journal entries."""

from django.db import migrations

SQLITE = [
    """CREATE TRIGGER journal_entry_no_update BEFORE UPDATE ON journal_journalentry
       BEGIN SELECT RAISE(ABORT, 'nhật ký chỉ được ghi thêm'); END""",
    """CREATE TRIGGER journal_entry_no_delete BEFORE DELETE ON journal_journalentry
       BEGIN SELECT RAISE(ABORT, 'nhật ký chỉ được ghi thêm'); END""",
]
POSTGRESQL = [
    """CREATE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'nhật ký chỉ được ghi thêm'; END $$""",
    """CREATE TRIGGER journal_entry_no_change BEFORE UPDATE OR DELETE ON journal_journalentry
       FOR EACH ROW EXECUTE FUNCTION journal_refuse_change()""",
]
SQLITE_BACK = ["DROP TRIGGER journal_entry_no_update", "DROP TRIGGER journal_entry_no_delete"]
POSTGRESQL_BACK = [
    "DROP TRIGGER journal_entry_no_change ON journal_journalentry",
    "DROP FUNCTION journal_refuse_change()",
]


def guard(apps, schema_editor):
    """Create the triggers of the engine in use."""
    on_sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE if on_sqlite else POSTGRESQL:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    """Remove them again."""
    on_sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE_BACK if on_sqlite else POSTGRESQL_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
