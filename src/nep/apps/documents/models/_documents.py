"""A controlled document and what is said about it as a whole."""

from django.db import models
from django.db.models import F, Q

from nep.foundation.db import TimeOrderedIdField


class Document(models.Model):
    """A controlled document of an agency; what it says stands in its revisions.

    `status`, `current` and `in_force_since` repeat what the revisions say, so that a list needs
    one index; the services of a revision's life keep them in the same transaction. `code_key` is
    the code in capitals without blanks: a dead code is never used again.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=60)
    code_key = models.CharField(max_length=60)
    title = models.CharField(max_length=600)
    folded = models.CharField(max_length=700)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    owner_unit = models.ForeignKey("organization.Unit", models.PROTECT, null=True, related_name="+")
    level = models.CharField(max_length=12, default="internal")
    tags = models.JSONField(default=list)
    status = models.CharField(max_length=12, default="new")
    current = models.ForeignKey("documents.Revision", models.PROTECT, null=True, related_name="+")
    in_force_since = models.DateField(null=True)
    withdrawn_on = models.DateField(null=True)
    withdraw_reason = models.CharField(max_length=1000, default="", blank=True)
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaces")
    year = models.SmallIntegerField(null=True)
    copied_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="copies")
    review_months = models.SmallIntegerField(null=True)
    next_review_on = models.DateField(null=True)
    is_public = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "code"], name="documents_one_code"),
            models.UniqueConstraint(fields=["agency", "code_key"], name="documents_one_code_key"),
            models.CheckConstraint(condition=~Q(code=""), name="documents_code_given"),
            models.CheckConstraint(
                condition=Q(level__in=["public", "internal", "restricted"]),
                name="documents_level_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["new", "in_force", "withdrawn", "dropped"]),
                name="documents_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="in_force") | Q(current__isnull=False),
                name="documents_in_force_has_current",
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawn")
                | (Q(withdrawn_on__isnull=False) & Q(current=None)),
                name="documents_withdrawn_in_full",
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")), name="documents_not_own_parent"
            ),
        ]
        indexes = [
            # each holds what the library filters by: a list is sifted without reading a row
            models.Index(
                fields=["agency", "code", "status", "kind", "owner_unit", "level"],
                name="documents_in_order",
            ),
            models.Index(
                fields=["agency", "kind", "code", "status", "owner_unit", "level"],
                name="documents_of_kind",
            ),
            models.Index(
                fields=["agency", "owner_unit", "code", "status", "kind", "level"],
                name="documents_of_unit",
            ),
            models.Index(
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
            models.Index(
                fields=["agency", "code", "status"],
                condition=Q(level="restricted"),
                name="documents_restricted",
            ),
            models.Index(
                fields=["agency", "code", "status"],
                condition=Q(level="public"),
                name="documents_public",
            ),
            models.Index(fields=["agency", "-in_force_since"], name="documents_newest"),
            models.Index(fields=["changed_at"], name="documents_changed"),
            models.Index(
                fields=["next_review_on"],
                condition=Q(status="in_force", next_review_on__isnull=False),
                name="documents_to_review",
            ),
            models.Index(
                fields=["agency", "next_review_on", "code"],
                condition=Q(status="in_force", next_review_on__isnull=False),
                name="documents_reviews_due",
            ),
        ]


class DocumentClause(models.Model):
    """A document answers to a standard, as a whole (`clause` empty) or in one of its clauses."""

    id = TimeOrderedIdField()
    document = models.ForeignKey(Document, models.CASCADE, related_name="clauses")
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    standard = models.CharField(max_length=30)
    clause = models.CharField(max_length=20, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "standard", "clause"], name="documents_clause_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["agency", "standard", "clause", "document"], name="documents_by_clause"
            )
        ]


class DocumentTag(models.Model):
    """A tag of a document as the library looks for it; `mark` is `rules.tag_mark` of the tag."""

    id = TimeOrderedIdField()
    document = models.ForeignKey(Document, models.CASCADE, related_name="tag_marks")
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    mark = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "mark"], name="documents_tag_once")
        ]
        indexes = [models.Index(fields=["agency", "mark", "document"], name="documents_by_tag")]


class CodeMask(models.Model):
    """How an agency writes the codes of a kind, such as "QT-{seq:02}" or "{parent}/BM{seq:02}"."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    mask = models.CharField(max_length=60)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "kind"], name="documents_one_mask_a_kind")
        ]


class SavedView(models.Model):
    """A person's own filter of the library; `query` is the page's query string."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    person = models.ForeignKey("organization.Person", models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=500)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "person", "name"], name="documents_view_name_once"
            )
        ]


class ImportBatch(models.Model):
    """A folder or archive of documents being taken in; resumed where it stopped."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    source = models.CharField(max_length=255)
    source_key = models.CharField(max_length=64)
    started_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    is_dry = models.BooleanField(default=False)
    total = models.IntegerField(default=0)
    archive_file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["agency", "-started_at"], name="documents_imports")]


class ImportedRow(models.Model):
    """One file of a batch and what became of it."""

    id = TimeOrderedIdField()
    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    path = models.CharField(max_length=400)
    sha256 = models.CharField(max_length=64, default="", blank=True)
    outcome = models.CharField(max_length=12)
    reason_code = models.CharField(max_length=40, default="", blank=True)
    reason = models.CharField(max_length=600, default="", blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "path"], name="documents_imported_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["created", "changed", "unchanged", "refused"]),
                name="documents_import_outcome",
            ),
        ]
