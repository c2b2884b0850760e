"""Reviews on their day, and controlled forms in use."""

from django.db import models
from django.db.models import Q

from nep.apps.documents.models._documents import Document
from nep.apps.documents.models._revisions import Revision
from nep.foundation.db import TimeOrderedIdField


class ReviewInterval(models.Model):
    """After how many months documents of a kind are reviewed in an agency."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    months = models.SmallIntegerField()
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind"], name="documents_one_interval_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(months__gte=1, months__lte=120), name="documents_interval_months"
            ),
        ]


class Review(models.Model):
    """A review of the revision in force: still valid, to be changed, or to be withdrawn."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, related_name="reviews")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="reviews")
    due_on = models.DateField()
    opened_at = models.DateTimeField()
    result = models.CharField(max_length=12, default="", blank=True)
    note = models.CharField(max_length=1000, default="", blank=True)
    done_by = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    request = models.ForeignKey(
        "documents.ChangeRequest", models.PROTECT, null=True, related_name="+"
    )
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=Q(result=""), name="documents_one_open_review"
            ),
            models.CheckConstraint(
                condition=Q(result="", done_at=None)
                | Q(
                    result__in=["valid", "change", "withdraw", "overtaken"],
                    done_at__isnull=False,
                ),
                name="documents_review_result",
            ),
        ]
        indexes = [models.Index(fields=["agency", "due_on"], name="documents_reviews")]


class FilledForm(models.Model):
    """A controlled form filled in from the revision then in force, kept as a record."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, related_name="filled")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="filled")
    title = models.CharField(max_length=300)
    values = models.JSONField()
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    filled_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    filled_at = models.DateTimeField()
    record_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["agency", "document", "-filled_at"], name="documents_filled"),
            models.Index(fields=["filled_at", "id"], name="documents_filled_order"),
        ]
