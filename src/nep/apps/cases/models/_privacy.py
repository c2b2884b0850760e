"""Tables that guard the applicant's data: who looked, what is held back, what was erased."""

from django.db import models
from django.db.models import F, Q

from nep.apps.cases.models._case import Case
from nep.foundation.db import TimeOrderedIdField


class CaseLook(models.Model):
    """Somebody saw the applicant's data in full; never changed, never removed.

    `way` is page, receipt, paper, export or joint; the same person's same way within some minutes
    is one row.
    """

    id = TimeOrderedIdField()
    case = models.ForeignKey(Case, models.CASCADE, db_index=False, related_name="looks")
    agency_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    way = models.CharField(max_length=8)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(way__in=["page", "receipt", "paper", "export", "joint"])
                & ~Q(reason=""),
                name="cases_look_way",
            )
        ]
        indexes = [
            models.Index(fields=["case", "-id"], name="cases_look_of_case"),
            models.Index(fields=["agency_id", "-id"], name="cases_look_newest"),
        ]


class CaseHold(models.Model):
    """A case whose data must stay: inspection, court, complaint. Open while not lifted."""

    id = TimeOrderedIdField()
    case = models.ForeignKey(Case, models.CASCADE, related_name="holds")
    reason = models.CharField(max_length=600)
    placed_at = models.DateTimeField()
    placed_by_id = models.BigIntegerField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by_id = models.BigIntegerField(null=True)
    lift_reason = models.CharField(max_length=600, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(lifted_at=None), name="cases_one_open_hold"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lift_reason="")
                | Q(lifted_at__gte=F("placed_at")) & ~Q(lift_reason=""),
                name="cases_hold_lifted",
            ),
        ]


class ErasureRun(models.Model):
    """One erasure by a rule: proposed with its preview, approved by another, done by the worker.

    `rule` is the key of the shipped rule, `months` what the agency chose within its bounds,
    `parts` what goes. Only cases that ended before `before` are taken. `cursor` is the last case
    looked at, so that a second run goes on where the first stopped.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    rule = models.CharField(max_length=20)
    months = models.IntegerField()
    parts = models.JSONField()
    before = models.DateTimeField()
    reason = models.TextField()
    state = models.CharField(max_length=8, default="asked")
    expected = models.IntegerField(default=0)
    asked_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField()
    approver_id = models.BigIntegerField()
    item_id = models.BigIntegerField()
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(default="", blank=True)
    cursor = models.BigIntegerField(default=0)
    seen = models.IntegerField(default=0)
    erased = models.IntegerField(default=0)
    spared = models.IntegerField(default=0)
    files = models.IntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["asked", "refused", "running", "done"]),
                name="cases_erasure_state",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_at=None)
                | Q(state__in=["refused", "running", "done"], decided_at__isnull=False),
                name="cases_erasure_decided",
            ),
            models.CheckConstraint(
                condition=~Q(approver_id=F("asked_by_id")), name="cases_erasure_two_people"
            ),
            models.UniqueConstraint(
                fields=["agency", "rule"],
                condition=Q(state__in=["asked", "running"]),
                name="cases_one_open_erasure_a_rule",
            ),
        ]
        indexes = [models.Index(fields=["agency", "-id"], name="cases_erasure_newest")]


class CaseErasure(models.Model):
    """The stub that stays: which part of a case was erased, when, by which run of which rule."""

    id = TimeOrderedIdField()
    case = models.ForeignKey(Case, models.CASCADE, db_index=False, related_name="erasures")
    run = models.ForeignKey(ErasureRun, models.PROTECT, related_name="erasures")
    part = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "part"], name="cases_one_erasure_a_part"),
            models.CheckConstraint(
                condition=Q(part__in=["contact", "applicant", "papers", "data", "voice", "fed"]),
                name="cases_erasure_part",
            ),
        ]


class ErasureMark(models.Model):
    """What one of the two people of a proposed erasure decided about words that officers wrote.

    `piece` goes everywhere in the case's own words, or stays where `keeps` overrules what the
    machine found. It is emptied once the run is decided and done: it may name the applicant.
    """

    id = TimeOrderedIdField()
    run = models.ForeignKey(ErasureRun, models.CASCADE, related_name="marks")
    case = models.ForeignKey(Case, models.CASCADE, related_name="erasure_marks")
    piece = models.CharField(max_length=300, default="", blank=True)
    keeps = models.BooleanField(default=False)
    marked_at = models.DateTimeField()
    marked_by_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "case", "piece"],
                condition=~Q(piece=""),
                name="cases_one_mark_a_piece",
            )
        ]
