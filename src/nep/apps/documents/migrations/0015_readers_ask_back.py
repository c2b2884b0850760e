"""A reader may ask the author of a revision back; question and answer stay with it."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import nep.foundation.db.fields
import nep.foundation.db.ids

PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0014_tags_laid_out"),
        ("organization", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Inquiry",
            fields=[
                (
                    "id",
                    nep.foundation.db.fields.TimeOrderedIdField(
                        default=nep.foundation.db.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("text", models.CharField(max_length=1000)),
                ("answer", models.CharField(blank=True, default="", max_length=2000)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="+", to="organization.agency"
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True, on_delete=PROTECT, related_name="+", to="organization.person"
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="+", to="organization.person"
                    ),
                ),
                (
                    "asked_of",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="+", to="organization.person"
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="inquiries", to="documents.document"
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="inquiries", to="documents.revision"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["document", "-asked_at"], name="documents_inquiries")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=~Q(text=""), name="documents_inquiry_text"
                    ),
                    models.CheckConstraint(
                        condition=Q(answered_at=None, answered_by=None, answer="")
                        | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                        name="documents_inquiry_answered_in_full",
                    ),
                ],
            },
        ),
    ]
