"""Editions of context, interested parties, scope and policy, and their steps."""

from django.db import models
from django.db.models import F, Q

from nep.foundation.db import TimeOrderedIdField

_ISSUED = ["in_force", "replaced"]


class Statement(models.Model):
    """One edition of one part; `content` is what `rules.context` reads, sealed by `content_hash`.

    A policy is approved as a controlled document: `document_id` and `revision_id` name it. `item_id`
    is the open work item.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    part = models.CharField(max_length=10)
    edition = models.SmallIntegerField()
    state = models.CharField(max_length=10, default="draft")
    content = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64, default="", blank=True)
    author = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    approver = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    effective_on = models.DateField(null=True)
    replaced_on = models.DateField(null=True)
    review_on = models.DateField(null=True)
    note = models.CharField(max_length=1000, default="", blank=True)
    document_id = models.BigIntegerField(null=True)
    revision_id = models.BigIntegerField(null=True)
    item_id = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()
    version = models.IntegerField(default=1)
    agency_id: int
    author_id: int
    approver_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "part", "edition"], name="planning_statement_once"
            ),
            models.UniqueConstraint(
                fields=["agency", "part"],
                condition=Q(state__in=["draft", "submitted"]),
                name="planning_statement_one_open",
            ),
            models.UniqueConstraint(
                fields=["agency", "part"],
                condition=Q(state="in_force"),
                name="planning_statement_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(part__in=["context", "parties", "scope", "policy"]),
                name="planning_statement_part_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "in_force", "replaced", "dropped"]),
                name="planning_statement_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", *_ISSUED])
                | (~Q(content_hash="") & Q(submitted_at__isnull=False)),
                name="planning_statement_sealed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_ISSUED)
                | Q(approved_at__isnull=False, effective_on__isnull=False),
                name="planning_statement_approved",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_ISSUED)
                | Q(part="policy", revision_id__isnull=False)
                | (Q(approver__isnull=False) & ~Q(approver=F("author"))),
                name="planning_statement_approved_by_another",
            ),
        ]
        indexes = [models.Index(fields=["agency", "part", "-edition"], name="planning_statements")]


class StatementMove(models.Model):
    """One step of an edition's life, never changed."""

    id = TimeOrderedIdField()
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="moves")
    move = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    text = models.CharField(max_length=1000, default="", blank=True)
    by = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by_id: int | None

    class Meta:
        indexes = [models.Index(fields=["statement", "at"], name="planning_statement_moves")]
