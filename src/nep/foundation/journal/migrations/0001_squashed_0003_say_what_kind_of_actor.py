"""The journal as of 0003: entries that the database itself refuses to change or delete.

A new database begins here; one that ran the migrations it replaces goes on from them.
"""

import nep.foundation.db.fields
import nep.foundation.db.ids
from django.db import migrations, models
from nep.foundation.db.initial import InitialMigration


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


class Migration(InitialMigration):
    replaces = [('journal', '0001_initial'), ('journal', '0002_refuse_changes'), ('journal', '0003_say_what_kind_of_actor')]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='JournalCheckpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency_id', models.BigIntegerField()),
                ('sealed_on', models.DateField()),
                ('position', models.BigIntegerField()),
                ('chain_hash', models.CharField(max_length=64)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency_id', 'sealed_on'), name='journal_one_seal_a_day')],
            },
        ),
        migrations.CreateModel(
            name='JournalEntry',
            fields=[
                ('id', nep.foundation.db.fields.TimeOrderedIdField(default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False)),
                ('agency_id', models.BigIntegerField(null=True)),
                ('actor_id', models.BigIntegerField(null=True)),
                ('action', models.CharField(max_length=64)),
                ('object_type', models.CharField(max_length=40)),
                ('object_id', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('old', models.TextField(default='')),
                ('new', models.TextField(default='')),
                ('reason', models.TextField(default='')),
                ('content_hash', models.CharField(max_length=64)),
                ('actor_kind', models.CharField(max_length=8, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['agency_id', 'id'], name='journal_agency_order'), models.Index(fields=['object_type', 'object_id', 'id'], name='journal_object')],
            },
        ),
        migrations.CreateModel(
            name='JournalLink',
            fields=[
                ('entry_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('agency_id', models.BigIntegerField()),
                ('position', models.BigIntegerField()),
                ('chain_hash', models.CharField(max_length=64)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency_id', 'position'), name='journal_link_position')],
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
