"""Words of an entry may be blackened by law, its hash and place never; all else stays refused."""

from django.db import migrations, models

_SAME = ("id", "agency_id", "actor_id", "actor_kind", "action", "object_type", "object_id", "at",
         "content_hash")  # fmt: skip
_BEING = (
    "EXISTS (SELECT 1 FROM journal_journalblackening b "
    "WHERE b.entry_id = OLD.id AND b.kept_hash = '')"
)


def _same(how: str) -> str:
    return " AND ".join(f"NEW.{name} {how} OLD.{name}" for name in _SAME)


SQLITE = [
    "DROP TRIGGER journal_entry_no_update",
    f"""CREATE TRIGGER journal_entry_no_update BEFORE UPDATE ON journal_journalentry
       WHEN NOT ({_same("IS")} AND {_BEING})
       BEGIN SELECT RAISE(ABORT, 'nhật ký chỉ được ghi thêm'); END""",
]
POSTGRESQL = [
    f"""CREATE OR REPLACE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN
         IF TG_OP = 'UPDATE' THEN
           IF {_same("IS NOT DISTINCT FROM")} AND {_BEING} THEN RETURN NEW; END IF;
         END IF;
         RAISE EXCEPTION 'nhật ký chỉ được ghi thêm';
       END $$""",
]
SQLITE_BACK = [
    "DROP TRIGGER journal_entry_no_update",
    """CREATE TRIGGER journal_entry_no_update BEFORE UPDATE ON journal_journalentry
       BEGIN SELECT RAISE(ABORT, 'nhật ký chỉ được ghi thêm'); END""",
]
POSTGRESQL_BACK = [
    """CREATE OR REPLACE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'nhật ký chỉ được ghi thêm'; END $$""",
]


def loosen(apps, schema_editor):
    """Let the words of an entry that is being blackened change."""
    on_sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE if on_sqlite else POSTGRESQL:
        schema_editor.execute(statement)


def tighten(apps, schema_editor):
    """Refuse every change again."""
    on_sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE_BACK if on_sqlite else POSTGRESQL_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_squashed_0003_say_what_kind_of_actor")]

    operations = [
        migrations.CreateModel(
            name="JournalBlackening",
            fields=[
                ("entry_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("kept_hash", models.CharField(blank=True, default="", max_length=64)),
            ],
        ),
        migrations.RunPython(loosen, tighten),
    ]
