"""The revisions of a document and their approval."""

from django.db import models
from django.db.models import F, Q

from nep.apps.documents.models._documents import Document
from nep.foundation.db import TimeOrderedIdField

OPEN_STATES = ("draft", "submitted", "checked", "approved")


class Revision(models.Model):
    """One version of a document. Issue and amendment are text: "01", "00".

    Revisions of one package (a document and its forms) name the leading one in `leader`; they
    move through check and approval together. `attached_file` is a PDF that the author laid beside
    the original; `published_file` is that one until the frozen PDF takes its place.
    `content_hash` covers the bytes of both, and the data of the cover.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, related_name="revisions")
    issue = models.CharField(max_length=10)
    amendment = models.CharField(max_length=10)
    state = models.CharField(max_length=12, default="draft")
    change_note = models.CharField(max_length=1000, default="", blank=True)
    content_hash = models.CharField(max_length=64, default="", blank=True)
    original_file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, related_name="+"
    )
    drafted_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    checked_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    signing_prefix = models.CharField(max_length=4, default="", blank=True)
    effective_from = models.DateField(null=True)
    retired_on = models.DateField(null=True)
    issued_on = models.DateField(null=True)
    decision_number = models.CharField(max_length=120, default="", blank=True)
    leader = models.ForeignKey("self", models.PROTECT, null=True, related_name="package")
    request = models.ForeignKey(
        "documents.ChangeRequest", models.PROTECT, null=True, related_name="revisions"
    )
    change_summary = models.TextField(default="", blank=True)
    published_file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, related_name="+"
    )
    attached_file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, related_name="+"
    )
    public_key = models.CharField(max_length=40, default="", blank=True)
    return_reason = models.CharField(max_length=1000, default="", blank=True)
    returned_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    exception_reason = models.CharField(max_length=1000, default="", blank=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document"],
                condition=Q(state="in_force"),
                name="documents_one_in_force",
            ),
            models.UniqueConstraint(
                fields=["document"],
                condition=Q(state__in=OPEN_STATES),
                name="documents_one_open_revision",
            ),
            models.UniqueConstraint(
                fields=["document", "issue", "amendment"],
                condition=~Q(state="dropped"),
                name="documents_revision_number_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[*OPEN_STATES, "in_force", "retired", "dropped"],
                ),
                name="documents_revision_state",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "in_force", "retired"])
                | (
                    ~Q(content_hash="")
                    & Q(
                        checked_by__isnull=False,
                        approved_by__isnull=False,
                        effective_from__isnull=False,
                    )
                ),
                name="documents_approved_in_full",
            ),
            models.CheckConstraint(
                condition=~Q(exception_reason="")
                | Q(approved_by__isnull=True)
                | (
                    ~Q(drafted_by=F("checked_by"))
                    & ~Q(drafted_by=F("approved_by"))
                    & ~Q(checked_by=F("approved_by"))
                ),
                name="documents_three_people",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "state"], name="documents_by_state"),
            models.Index(
                fields=["effective_from"],
                condition=Q(state="approved"),
                name="documents_awaiting_day",
            ),
            models.Index(
                fields=["public_key"], condition=~Q(public_key=""), name="documents_public_key"
            ),
            models.Index(
                fields=["id"],
                condition=Q(
                    state="in_force", published_file__isnull=True, original_file__isnull=False
                ),
                name="documents_without_copy",
            ),
        ]


class RevisionAuthor(models.Model):
    """A person who wrote part of a revision, and so neither checks nor approves it."""

    id = TimeOrderedIdField()
    revision = models.ForeignKey(Revision, models.CASCADE, related_name="authors")
    person = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revision", "person"], name="documents_author_once")
        ]


class CopyFault(models.Model):
    """Why a revision in force has no frozen PDF yet: a code and a sentence, and when to ask again."""

    id = TimeOrderedIdField()
    revision = models.OneToOneField(Revision, models.CASCADE, related_name="copy_fault")
    code = models.CharField(max_length=40)
    message = models.CharField(max_length=1000)
    at = models.DateTimeField()


class SeparationException(models.Model):
    """A tiny agency lets one person hold two of the three parts, with a reason, until ended."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    pair = models.CharField(max_length=20)
    reason = models.CharField(max_length=1000)
    granted_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "pair"],
                condition=Q(ended_at=None),
                name="documents_one_exception_per_pair",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="documents_exception_reason"),
        ]
