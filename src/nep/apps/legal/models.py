"""Tables of external documents. Every day named `_to`, `expires_on` still belongs to the period."""

from django.db import models
from django.db.models import F, Q

from nep.foundation.db import TimeOrderedIdField


class ExternalDocument(models.Model):
    """A text of another body that the agency applies: law, standard, letter.

    `number` is its symbol as printed ("12/QĐ-UBND"); `number_key` the same in capitals without
    blanks, found exactly. `expires_on` is the last day it holds. Whether it holds today follows
    from the days; no column repeats it.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=80, default="", blank=True)
    number_key = models.CharField(max_length=80, default="", blank=True)
    issuer = models.CharField(max_length=200, default="", blank=True)
    title = models.CharField(max_length=600)
    folded = models.CharField(max_length=900)
    issued_on = models.DateField(null=True)
    effective_from = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaces")
    amended_by = models.ManyToManyField("self", symmetrical=False, related_name="amends")
    source_address = models.CharField(max_length=400, default="", blank=True)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    level = models.CharField(max_length=12, default="internal")
    kept_at = models.CharField(max_length=200, default="", blank=True)
    checked_on = models.DateField(null=True)
    note = models.CharField(max_length=1000, default="", blank=True)
    withdrawn_on = models.DateField(null=True)
    withdraw_reason = models.CharField(max_length=1000, default="", blank=True)
    added_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.IntegerField(default=1)
    agency_id: int
    replaced_by_id: int | None
    file_id: int | None
    added_by_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind", "number_key", "issuer"],
                condition=~Q(number_key="") & Q(withdrawn_on=None),
                name="legal_one_symbol",
            ),
            models.CheckConstraint(
                condition=Q(level__in=["public", "internal", "restricted"]),
                name="legal_level_known",
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None)
                | Q(effective_from=None)
                | Q(expires_on__gte=F("effective_from")),
                name="legal_period",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None, withdraw_reason="")
                | (Q(withdrawn_on__isnull=False) & ~Q(withdraw_reason="")),
                name="legal_withdrawn_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by=None) | ~Q(replaced_by=F("id")),
                name="legal_not_replaced_by_itself",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "number_key"], name="legal_symbol"),
            models.Index(fields=["agency", "-issued_on", "-id"], name="legal_newest"),
            models.Index(
                fields=["expires_on"],
                condition=Q(expires_on__isnull=False, withdrawn_on=None),
                name="legal_expiring",
            ),
            models.Index(  # all that the counts over the register ask for
                fields=["agency", "expires_on", "effective_from", "level", "kind"],
                condition=Q(withdrawn_on=None),
                name="legal_counted",
            ),
        ]


class Citation(models.Model):
    """Something of the agency names an external document: a document, a form, a step.

    `part` names a place inside the object (a step's node), else it is empty; `label` and `link`
    lead back to it.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    external = models.ForeignKey(ExternalDocument, models.PROTECT, related_name="citations")
    object_type = models.CharField(max_length=30)
    object_id = models.BigIntegerField()
    part = models.CharField(max_length=80, default="", blank=True)
    label = models.CharField(max_length=300)
    link = models.CharField(max_length=200)
    cited_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    cited_at = models.DateTimeField()
    agency_id: int
    external_id: int
    cited_by_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["external", "object_type", "object_id", "part"], name="legal_cited_once"
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "object_type", "object_id"], name="legal_cited_by")
        ]


class LegalReview(models.Model):
    """A look at what the law changed: every quarter, after a change, after a cited text expired.

    `result` is empty while it waits; `key` keeps one review of a kind, text and day.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=80)
    external = models.ForeignKey(
        ExternalDocument, models.PROTECT, null=True, related_name="reviews"
    )
    title = models.CharField(max_length=300)
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    result = models.CharField(max_length=12, default="", blank=True)
    note = models.CharField(max_length=1000, default="", blank=True)
    done_by = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    item_id = models.BigIntegerField(null=True)
    version = models.IntegerField(default=1)
    agency_id: int
    external_id: int | None
    done_by_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "key"], name="legal_one_review_a_key"),
            models.CheckConstraint(
                condition=Q(kind__in=["periodic", "change", "expiry"]), name="legal_review_kind"
            ),
            models.CheckConstraint(
                condition=Q(result="", done_at=None)
                | Q(result__in=["unchanged", "updated", "planned"], done_at__isnull=False),
                name="legal_review_result",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "due_on"], condition=Q(result=""), name="legal_reviews_open"
            )
        ]
