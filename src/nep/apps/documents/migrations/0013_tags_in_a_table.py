"""Tags get an index of their own, requests one in their order."""

import django.db.models.deletion
from django.db import migrations, models

import nep.foundation.db.fields
import nep.foundation.db.ids


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0012_filled_forms_in_order"),
        ("organization", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="DocumentTag",
            fields=[
                (
                    "id",
                    nep.foundation.db.fields.TimeOrderedIdField(
                        default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("mark", models.CharField(max_length=80)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.agency",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tag_marks",
                        to="documents.document",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["agency", "mark", "document"], name="documents_by_tag")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("document", "mark"), name="documents_tag_once"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="changerequest",
            index=models.Index(
                fields=["agency", "-asked_at", "-id"], name="documents_requests_newest"
            ),
        ),
    ]
