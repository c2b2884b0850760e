"""What is listed is found through partial indexes; the state of an item stands in none of them.

PostgreSQL then closes an item without writing an index, when the next one is opened with it.
"""

from django.db import migrations, models
from django.db.models import Q

KEYS = {
    "work_open_of_person": ["person_id", "agency_id", "due_at", "id"],
    "work_open_of_role": ["agency_id", "unit_id", "role", "due_at", "id"],
    "work_open_of_agency": ["agency_id", "due_at", "id", "unit_id"],
}
ALSO = {
    "work_open_of_person": {"person_id__isnull": False},
    "work_open_of_role": {"person_id": None},
}


def list_what_is_open(apps, schema_editor):
    """List open items; what is closed was never on a list, whether it is counted or not."""
    items = apps.get_model("work", "WorkItem").objects.using(schema_editor.connection.alias)
    items.filter(state=0).update(listed=True)


def mark_what_is_closed(apps, schema_editor):
    """Let every closed item that is still counted say so itself."""
    items = apps.get_model("work", "WorkItem").objects.using(schema_editor.connection.alias)
    told = items.filter(stale=True, ends_id__isnull=False).values("ends_id")
    items.filter(pk__in=list(told.values_list("ends_id", flat=True))).update(stale=True)


def _index(name, condition):
    return models.Index(
        fields=KEYS[name], condition=Q(**condition, **ALSO.get(name, {})), name=name
    )


class Migration(migrations.Migration):
    dependencies = [("work", "0009_checks_by_function")]

    operations = [
        migrations.AddField(
            model_name="workitem",
            name="listed",
            field=models.BooleanField(default=False, db_default=False),
        ),
        migrations.AddField(
            model_name="workitem", name="ends_id", field=models.BigIntegerField(null=True)
        ),
        migrations.RunPython(list_what_is_open, mark_what_is_closed),
        migrations.AlterField(
            model_name="workitem",
            name="listed",
            field=models.BooleanField(default=True, db_default=True),
        ),
        *(migrations.RemoveIndex(model_name="workitem", name=name) for name in KEYS),
        *(
            migrations.AddIndex(model_name="workitem", index=_index(name, {"listed": True}))
            for name in KEYS
        ),
    ]
