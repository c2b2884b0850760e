"""The tags of the documents that are there already are laid into their table."""

import unicodedata

from django.db import migrations

SLICE = 1000


def mark(tag: str) -> str:
    """Return the mark as the library wrote it when this migration was made."""
    bare = unicodedata.normalize("NFD", tag.lower()).replace("đ", "d")
    bare = "".join(char for char in bare if not unicodedata.combining(char))
    return "#" + "-".join(bare.replace("#", " ").split())


def lay(apps, schema_editor):
    """Write one row for each tag of each document."""
    document, made = apps.get_model("documents", "Document"), []
    table = apps.get_model("documents", "DocumentTag")
    tagged = document.objects.exclude(tags=[]).values_list("pk", "agency_id", "tags")
    for pk, agency_id, tags in tagged.iterator(chunk_size=SLICE):
        marks = dict.fromkeys(mark(tag) for tag in tags)
        made += [table(document_id=pk, agency_id=agency_id, mark=one) for one in marks]
        if len(made) >= SLICE:
            table.objects.bulk_create(made)
            made = []
    table.objects.bulk_create(made)


def nothing(apps, schema_editor):
    """Leave the rows to the table's own removal."""


class Migration(migrations.Migration):
    dependencies = [("documents", "0013_tags_in_a_table")]
    operations = [migrations.RunPython(lay, nothing)]
