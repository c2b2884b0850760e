"""The lines of a checklist, which become findings, and the evidence attached to them."""

from django.db import models
from django.db.models import Q

from nep.apps.audits.models._audit import Session
from nep.foundation.db import TimeOrderedIdField

_PERSON = "organization.Person"


class Finding(models.Model):
    """A question of a session, and what was found: one row from question to corrective action.

    `level` is empty until it is answered. `number` counts within the audit once it is sent to the
    unit; `answer` is what the unit said, `settlement` what the leader of the team said to that.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    session = models.ForeignKey(Session, models.CASCADE, related_name="findings")
    position = models.SmallIntegerField()
    number = models.SmallIntegerField(null=True)
    clause = models.CharField(max_length=12)
    question = models.CharField(max_length=400)
    hint = models.CharField(max_length=300, default="", blank=True)
    url = models.CharField(max_length=200, default="", blank=True)
    state = models.CharField(max_length=10, default="asked")
    level = models.CharField(max_length=11, default="", blank=True)
    text = models.TextField(default="", blank=True)
    noted_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=1000, default="", blank=True)
    answered_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    settlement = models.CharField(max_length=1000, default="", blank=True)
    settled_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    sheet_id = models.BigIntegerField(null=True)
    version = models.IntegerField(default=1)
    agency_id: int
    session_id: int
    noted_by_id: int | None
    answered_by_id: int | None
    settled_by_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "position"], name="audits_question_place"),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "asked",
                        "noted",
                        "sent",
                        "agreed",
                        "contested",
                        "kept",
                        "withdrawn",
                        "skipped",
                        "treated",
                    ]
                ),
                name="audits_finding_state",
            ),
            models.CheckConstraint(
                condition=Q(
                    level__in=["", "conform", "major", "minor", "observation", "opportunity"]
                ),
                name="audits_finding_level",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "skipped"], level="")
                | (~Q(state__in=["asked", "skipped"]) & ~Q(level="")),
                name="audits_answered_has_level",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "noted", "skipped"])
                | Q(level="conform")
                | ~Q(text=""),
                name="audits_finding_has_evidence",
            ),
            models.CheckConstraint(
                condition=~Q(state="treated")
                | Q(sheet_id__isnull=False, level__in=["major", "minor"]),
                name="audits_treated_has_sheet",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "level", "state"], name="audits_findings"),
            models.Index(fields=["agency", "clause", "state"], name="audits_by_clause"),
        ]


class Proof(models.Model):
    """A piece of evidence of a finding: a stored file or photo, or something of this site."""

    id = TimeOrderedIdField()
    finding = models.ForeignKey(Finding, models.CASCADE, related_name="proofs")
    kind = models.CharField(max_length=10)
    ref_id = models.BigIntegerField(default=0)
    title = models.CharField(max_length=300)
    url = models.CharField(max_length=300, default="", blank=True)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    added_by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    finding_id: int
    file_id: int | None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(file=None) & ~Q(url="")) | Q(file__isnull=False, url=""),
                name="audits_proof_is_one",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["case", "document", "record", "file", "link"]),
                name="audits_proof_kind",
            ),
        ]
