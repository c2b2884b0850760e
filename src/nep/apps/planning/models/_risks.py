"""Risks and opportunities, their steps, how an agency rates them."""

from django.db import models
from django.db.models import F, Q

from nep.foundation.db import TimeOrderedIdField

_RATED = ["rated", "treating", "verified", "accepted"]


class Risk(models.Model):
    """A risk or an opportunity of an agency, rated by two steps whose product is computed.

    `origin_*` name what it comes from, `source_key` the proposal that it was taken over from, so
    that nothing is proposed twice. `procedure_id` with `node` is a procedure and a step of it, their
    words kept beside. `clause` is "2015:8.5.1" or empty. `round` counts how often it was rated anew;
    the actions of the present round are those opened since `round_since`.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=11)
    year = models.SmallIntegerField()
    number = models.IntegerField()
    title = models.CharField(max_length=400)
    cause = models.CharField(max_length=2000, default="", blank=True)
    effect = models.CharField(max_length=2000, default="", blank=True)
    controls = models.CharField(max_length=2000, default="", blank=True)
    folded = models.CharField(max_length=500)
    origin_kind = models.CharField(max_length=20, default="hand")
    origin_id = models.BigIntegerField(default=0)
    origin_title = models.CharField(max_length=400, default="", blank=True)
    origin_url = models.CharField(max_length=200, default="", blank=True)
    source_key = models.CharField(max_length=160, default="", blank=True)
    procedure_id = models.BigIntegerField(null=True)
    procedure_text = models.CharField(max_length=400, default="", blank=True)
    node = models.CharField(max_length=80, default="", blank=True)
    step_text = models.CharField(max_length=300, default="", blank=True)
    objective_id = models.BigIntegerField(null=True)
    objective_text = models.CharField(max_length=400, default="", blank=True)
    clause = models.CharField(max_length=40, default="", blank=True)
    unit = models.ForeignKey("organization.Unit", models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    opened_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="draft")
    round = models.SmallIntegerField(default=1)
    round_since = models.DateTimeField()
    method = models.CharField(max_length=12, default="", blank=True)
    likelihood = models.SmallIntegerField(null=True)
    impact = models.SmallIntegerField(null=True)
    product = models.SmallIntegerField(null=True)
    level = models.CharField(max_length=6, default="", blank=True)
    rated_by = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    rated_at = models.DateTimeField(null=True)
    left_likelihood = models.SmallIntegerField(null=True)
    left_impact = models.SmallIntegerField(null=True)
    left_product = models.SmallIntegerField(null=True)
    left_level = models.CharField(max_length=6, default="", blank=True)
    judged_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    judged_at = models.DateTimeField(null=True)
    judged_note = models.CharField(max_length=2000, default="", blank=True)
    review_on = models.DateField(null=True)
    happened = models.SmallIntegerField(default=0)
    happened_on = models.DateField(null=True)
    ended_by = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    end_note = models.CharField(max_length=1000, default="", blank=True)
    item_id = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()
    version = models.IntegerField(default=1)
    agency_id: int
    unit_id: int | None
    owner_id: int | None
    opened_by_id: int
    rated_by_id: int | None
    judged_by_id: int | None
    ended_by_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind", "year", "number"], name="planning_risk_number_once"
            ),
            models.UniqueConstraint(
                fields=["agency", "source_key"],
                condition=~Q(source_key="") & ~Q(state="closed"),
                name="planning_risk_one_a_source",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["risk", "opportunity"]), name="planning_risk_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", *_RATED, "closed"]),
                name="planning_risk_state_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    product=None, likelihood=None, impact=None, level="", method="", rated_by=None
                )
                | (
                    Q(
                        likelihood__gte=1,
                        impact__gte=1,
                        product=F("likelihood") * F("impact"),
                        level__in=["low", "medium", "high"],
                        method__in=["quantitative", "qualitative"],
                        rated_by__isnull=False,
                        rated_at__isnull=False,
                    )
                ),
                name="planning_risk_product_computed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_RATED) | Q(product__isnull=False),
                name="planning_risk_rated",
            ),
            models.CheckConstraint(
                condition=Q(
                    left_product=None, left_likelihood=None, left_impact=None, left_level=""
                )
                | Q(
                    left_likelihood__gte=1,
                    left_impact__gte=1,
                    left_product=F("left_likelihood") * F("left_impact"),
                    left_level__in=["low", "medium", "high"],
                ),
                name="planning_risk_rest_computed",
            ),
            models.CheckConstraint(
                condition=~Q(state="verified") | Q(left_product__isnull=False),
                name="planning_risk_verified_has_rest",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["verified", "accepted"])
                | (
                    Q(judged_by__isnull=False, judged_at__isnull=False, review_on__isnull=False)
                    & ~Q(judged_note="")
                    & ~Q(judged_by=F("rated_by"))
                    & (Q(owner=None) | ~Q(judged_by=F("owner")))
                ),
                name="planning_risk_judged_by_another",
            ),
            models.CheckConstraint(
                condition=(Q(state="closed", ended_at__isnull=False) & ~Q(end_note=""))
                | (~Q(state="closed") & Q(ended_at=None)),
                name="planning_risk_closed_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "kind", "state", "-product"], name="planning_risk_list"),
            models.Index(fields=["state", "review_on"], name="planning_risk_review"),
        ]


class RiskMove(models.Model):
    """One step of a risk's life, never changed."""

    id = TimeOrderedIdField()
    risk = models.ForeignKey(Risk, models.CASCADE, related_name="moves")
    move = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    round = models.SmallIntegerField()
    text = models.TextField(default="", blank=True)
    by = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by_id: int | None

    class Meta:
        indexes = [models.Index(fields=["risk", "at"], name="planning_risk_moves")]


class RiskScaleSetting(models.Model):
    """How an agency rates its risks; without a row the shipped quantitative method holds."""

    agency = models.OneToOneField("organization.Agency", models.PROTECT, related_name="+")
    method = models.CharField(max_length=12)
    medium_from = models.SmallIntegerField()
    high_from = models.SmallIntegerField()
    changed_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    agency_id: int
    changed_by_id: int

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(method__in=["quantitative", "qualitative"])
                & Q(medium_from__gte=2, high_from__gt=F("medium_from")),
                name="planning_scale_thresholds",
            )
        ]
