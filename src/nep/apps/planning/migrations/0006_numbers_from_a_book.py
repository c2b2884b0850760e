"""Objectives take their numbers from a book; each year's book begins where its numbers ended."""

from django.db import migrations
from django.db.models import Max

BOOK = "mục tiêu chất lượng"


def open_books(apps, schema_editor):
    """Open a book for each year of an agency that has objectives."""
    years = apps.get_model("planning", "Objective").objects.values("agency_id", "year")
    book = apps.get_model("numbering", "Book")
    book.objects.bulk_create(
        book(agency_id=one["agency_id"], name=BOOK, year=one["year"], last_number=one["most"])
        for one in years.annotate(most=Max("number")).order_by("agency_id", "year")
    )


def close_books(apps, schema_editor):
    """Take the books away again; the numbers stay on the objectives."""
    apps.get_model("numbering", "Book").objects.filter(name=BOOK).delete()


class Migration(migrations.Migration):

    dependencies = [
        ("planning", "0005_conclusions_without_data_go_back"),
        ("numbering", "0001_initial"),
    ]

    operations = [migrations.RunPython(open_books, close_books)]
