"""Indexes that hold what the library filters by; words get an index of their own next."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0009_signatures_on_frozen_copies"),
        ("organization", "0001_initial"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="document",
            name="documents_of_kind",
        ),
        migrations.RemoveIndex(
            model_name="document",
            name="documents_of_status",
        ),
        migrations.RemoveIndex(
            model_name="document",
            name="documents_of_unit",
        ),
        migrations.RemoveIndex(
            model_name="document",
            name="documents_of_status_by_code",
        ),
        migrations.RemoveIndex(
            model_name="document",
            name="documents_restricted",
        ),
        migrations.RemoveIndex(
            model_name="document",
            name="documents_words",
        ),
        migrations.RemoveIndex(
            model_name="documentclause",
            name="documents_by_clause",
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                fields=["agency", "code", "status", "kind", "owner_unit", "level"],
                name="documents_in_order",
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                fields=["agency", "kind", "code", "status", "owner_unit", "level"],
                name="documents_of_kind",
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                fields=["agency", "owner_unit", "code", "status", "kind", "level"],
                name="documents_of_unit",
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                fields=[
                    "agency",
                    "status",
                    "code",
                    "kind",
                    "owner_unit",
                    "level",
                    "next_review_on",
                ],
                name="documents_of_status_by_code",
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                condition=models.Q(("level", "restricted")),
                fields=["agency", "code", "status"],
                name="documents_restricted",
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                condition=models.Q(("level", "public")),
                fields=["agency", "code", "status"],
                name="documents_public",
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                condition=models.Q(("next_review_on__isnull", False), ("status", "in_force")),
                fields=["agency", "next_review_on", "code"],
                name="documents_reviews_due",
            ),
        ),
        migrations.AddIndex(
            model_name="documentclause",
            index=models.Index(
                fields=["agency", "standard", "clause", "document"], name="documents_by_clause"
            ),
        ),
    ]
