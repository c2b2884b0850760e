"""The programme of a year, the papers given out, and the steps of every life."""

from django.db import models
from django.db.models import Q

from nep.apps.audits.models._audit import Audit
from nep.foundation.db import TimeOrderedIdField

_PERSON = "organization.Person"


class Programme(models.Model):
    """What an agency audits in a year. `standard` is the edition of its clauses ("2015").

    `edition` counts approvals; `excuse` says why clauses are left out. `item_id` is the open work
    item of who has to submit or approve it.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    standard = models.CharField(max_length=4, default="2015")
    state = models.CharField(max_length=10, default="draft")
    edition = models.SmallIntegerField(default=1)
    aim = models.TextField(default="", blank=True)
    excuse = models.CharField(max_length=600, default="", blank=True)
    made_by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    approved_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    item_id = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()
    version = models.IntegerField(default=1)
    agency_id: int
    made_by_id: int
    approved_by_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "year"], name="audits_one_programme"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "approved", "done"]),
                name="audits_programme_state",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "done"])
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="audits_programme_approved",
            ),
        ]


class ProgrammeLine(models.Model):
    """A unit in a month with its clauses; `reason` says why then, `weight` how grave (0 to 100)."""

    id = TimeOrderedIdField()
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="lines")
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")
    month = models.SmallIntegerField()
    clauses = models.JSONField(default=list)
    weight = models.SmallIntegerField(default=0)
    reason = models.CharField(max_length=400, default="", blank=True)
    programme_id: int
    unit_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "unit", "month"], name="audits_line_once_a_month"
            ),
            models.CheckConstraint(
                condition=Q(month__gte=1, month__lte=12), name="audits_line_month"
            ),
        ]


class AuditPaper(models.Model):
    """A paper as it was given out: its data, the PDF and the hash of both; never changed.

    `kind` is programme, decision, plan, checklist, minutes or report; `edition` counts from 1.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, models.PROTECT, null=True, related_name="papers")
    audit = models.ForeignKey(Audit, models.PROTECT, null=True, related_name="papers")
    kind = models.CharField(max_length=10)
    edition = models.SmallIntegerField()
    title = models.CharField(max_length=300)
    frozen = models.JSONField()
    sha256 = models.CharField(max_length=64)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    record_id = models.BigIntegerField(null=True)
    made_by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    file_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "kind", "edition"],
                condition=Q(audit=None),
                name="audits_programme_paper_once",
            ),
            models.UniqueConstraint(
                fields=["audit", "kind", "edition"],
                condition=Q(audit__isnull=False),
                name="audits_paper_once",
            ),
            models.CheckConstraint(
                condition=Q(programme=None, audit__isnull=False)
                | Q(programme__isnull=False, audit=None),
                name="audits_paper_of_one",
            ),
        ]


class Step(models.Model):
    """One step of the life of a programme or an audit, never changed."""

    id = TimeOrderedIdField()
    programme = models.ForeignKey(Programme, models.CASCADE, null=True, related_name="steps")
    audit = models.ForeignKey(Audit, models.CASCADE, null=True, related_name="steps")
    move = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    text = models.TextField(default="", blank=True)
    by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by_id: int | None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(programme=None, audit__isnull=False)
                | Q(programme__isnull=False, audit=None),
                name="audits_step_of_one",
            )
        ]
        indexes = [
            models.Index(fields=["programme", "at"], name="audits_programme_steps"),
            models.Index(fields=["audit", "at"], name="audits_steps"),
        ]
