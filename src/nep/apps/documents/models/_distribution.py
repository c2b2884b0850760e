"""Who gets a document, who has read it, where its paper copies are."""

from django.db import models
from django.db.models import Q

from nep.apps.documents.models._documents import Document
from nep.apps.documents.models._revisions import Revision
from nep.foundation.db import TimeOrderedIdField


class Recipient(models.Model):
    """A unit, position, role or person on a document's distribution list; the next version keeps it.

    Exactly one of the targets is given; "everyone" needs none. `key` repeats target and id
    ("unit:12"), so that a null never makes a double.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, models.CASCADE, related_name="recipients")
    target = models.CharField(max_length=10)
    key = models.CharField(max_length=40)
    unit = models.ForeignKey("organization.Unit", models.PROTECT, null=True, related_name="+")
    position = models.ForeignKey(
        "organization.Position", models.PROTECT, null=True, related_name="+"
    )
    person = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    must_read = models.BooleanField(default=True)
    added_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(target="everyone", unit=None, position=None, person=None)
                | Q(target="unit", unit__isnull=False, position=None, person=None)
                | Q(target="position", unit=None, position__isnull=False, person=None)
                | Q(target="person", unit=None, position=None, person__isnull=False),
                name="documents_recipient_target",
            ),
            models.UniqueConstraint(fields=["document", "key"], name="documents_recipient_once"),
        ]


class Reading(models.Model):
    """A person is asked to read a revision; acknowledged once, for ever."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, related_name="readings")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="readings")
    person = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    unit = models.ForeignKey("organization.Unit", models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    first_seen_at = models.DateTimeField(null=True)
    downloaded_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    wrong_answers = models.SmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "person"], name="documents_one_reading_each"
            )
        ]
        indexes = [
            models.Index(
                fields=["person", "agency", "due_on"],
                condition=Q(acknowledged_at=None, ended_at=None),
                name="documents_to_read",
            )
        ]


class ReadingTerm(models.Model):
    """Within how many working days an agency's people read what has come into force."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    days = models.SmallIntegerField()
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency"], name="documents_one_reading_term"),
            models.CheckConstraint(
                condition=Q(days__gte=1, days__lte=60), name="documents_reading_term_days"
            ),
        ]


class Question(models.Model):
    """One of at most three questions that show a revision was understood; `options` are texts."""

    id = TimeOrderedIdField()
    revision = models.ForeignKey(Revision, models.CASCADE, related_name="questions")
    position = models.SmallIntegerField()
    text = models.CharField(max_length=400)
    options = models.JSONField()
    right = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "position"], name="documents_question_position_once"
            ),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=3), name="documents_three_questions"
            ),
        ]


class Inquiry(models.Model):
    """A reader asks back about a revision; whom it went to, or who stands in, answers once."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, related_name="inquiries")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="inquiries")
    asked_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    text = models.CharField(max_length=1000)
    asked_of = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    answer = models.CharField(max_length=2000, default="", blank=True)
    answered_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="documents_inquiry_text"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="documents_inquiry_answered_in_full",
            ),
        ]
        indexes = [
            models.Index(fields=["document", "-asked_at"], name="documents_inquiries"),
        ]


class PaperCopy(models.Model):
    """A numbered paper copy of a revision: given to whom, when recalled or destroyed."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, related_name="paper_copies")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="paper_copies")
    number = models.IntegerField()
    holder = models.CharField(max_length=200)
    unit = models.ForeignKey("organization.Unit", models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    given_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    given_on = models.DateField()
    to_recall_since = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ended_by = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    end_kind = models.CharField(max_length=10, default="", blank=True)
    end_note = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "number"], name="documents_copy_number_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, end_kind="")
                | Q(ended_on__isnull=False, end_kind__in=["recalled", "destroyed", "lost"]),
                name="documents_copy_end",
            ),
        ]


class Access(models.Model):
    """Somebody opened, downloaded or printed a revision. Append-only."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    person = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    what = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["document", "-at"], name="documents_accessed")]
