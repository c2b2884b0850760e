"""Fill what documents repeat of their revisions, and the history of earlier approvals."""

from django.db import migrations, models


def fill(apps, schema_editor):
    Document = apps.get_model("documents", "Document")
    Revision = apps.get_model("documents", "Revision")
    taken: set[tuple[int, str]] = set()
    for row in Document.objects.order_by("id").iterator():
        key = "".join(row.code.split()).upper()
        if (row.agency_id, key) in taken:
            key = f"{key[:36]}~{row.id}"
        taken.add((row.agency_id, key))
        row.code_key, row.changed_at = key, row.created_at
        in_force = Revision.objects.filter(document=row, state="in_force").first()
        if in_force is not None:
            row.status, row.current_id = "in_force", in_force.id
            row.in_force_since = in_force.effective_from
        row.save()


def write_history(apps, schema_editor):
    Revision = apps.get_model("documents", "Revision")
    LifeEntry = apps.get_model("documents", "LifeEntry")
    names = dict(apps.get_model("organization", "Person").objects.values_list("id", "name"))
    lines = []
    for row in Revision.objects.order_by("id").iterator():
        acts = (
            ("drafted", row.drafted_at, row.drafted_by_id, ""),
            ("submitted", row.submitted_at, row.drafted_by_id, ""),
            ("checked", row.checked_at, row.checked_by_id, ""),
            ("approved", row.approved_at, row.approved_by_id, row.signing_prefix),
        )
        lines += [
            LifeEntry(
                agency_id=row.agency_id,
                revision_id=row.id,
                act=act,
                at=at,
                person_id=person_id,
                person_name=names.get(person_id, ""),
                prefix=prefix,
                content_hash=row.content_hash if act != "drafted" else "",
            )
            for act, at, person_id, prefix in acts
            if at is not None
        ]
    LifeEntry.objects.bulk_create(lines, batch_size=500)


class Migration(migrations.Migration):
    """Data first, then the columns may be required."""

    atomic = True
    dependencies = [("documents", "0002_library_life_distribution")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(write_history, migrations.RunPython.noop),
    ]
