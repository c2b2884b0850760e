"""Nonconformities, what each is about, and their steps."""

from django.db import models
from django.db.models import F, Q

from nep.foundation.db import TimeOrderedIdField


class Nonconformity(models.Model):
    """A requirement that was not met (or may not be, when `potential`), and what is done about it.

    `origin_*` name what it comes from. `rule` and `rule_key` say which rule over cases opened it,
    of which procedure and month. `round` counts how often its cause was sought; `round_since` is
    when the present round began, its actions are those opened since. `whys` is a list of texts.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    number = models.IntegerField()
    potential = models.BooleanField(default=False)
    level = models.CharField(max_length=5, default="", blank=True)
    clause = models.CharField(max_length=40, default="", blank=True)
    origin_kind = models.CharField(max_length=20)
    origin_id = models.BigIntegerField(default=0)
    origin_title = models.CharField(max_length=400, default="", blank=True)
    origin_url = models.CharField(max_length=200, default="", blank=True)
    rule = models.CharField(max_length=20, default="", blank=True)
    rule_key = models.CharField(max_length=40, default="", blank=True)
    title = models.CharField(max_length=400)
    detail = models.TextField(default="", blank=True)
    folded = models.CharField(max_length=500)
    found_on = models.DateField()
    due_on = models.DateField()
    unit = models.ForeignKey("organization.Unit", models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    reported_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    reported_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="reported")
    round = models.SmallIntegerField(default=1)
    round_since = models.DateTimeField()
    correction = models.TextField(default="", blank=True)
    correction_on = models.DateField(null=True)
    cause = models.TextField(default="", blank=True)
    whys = models.JSONField(default=list)
    analysed_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    analysed_at = models.DateTimeField(null=True)
    no_update_reason = models.CharField(max_length=600, default="", blank=True)
    checked_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    checked_at = models.DateTimeField(null=True)
    effect_on = models.DateField(null=True)
    effect_note = models.TextField(default="", blank=True)
    effect_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    effect_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    end_note = models.CharField(max_length=1000, default="", blank=True)
    item_id = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()
    version = models.IntegerField(default=1)
    agency_id: int
    unit_id: int | None
    owner_id: int | None
    reported_by_id: int | None
    analysed_by_id: int | None
    checked_by_id: int | None
    effect_by_id: int | None
    ended_by_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "number"], name="improvement_number_once"
            ),
            models.UniqueConstraint(
                fields=["agency", "rule", "rule_key"],
                condition=~Q(rule=""),
                name="improvement_one_a_rule_and_month",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "reported",
                        "analysed",
                        "acting",
                        "checked",
                        "effective",
                        "again",
                        "closed",
                        "rejected",
                    ]
                ),
                name="improvement_state_known",
            ),
            models.CheckConstraint(
                condition=Q(level__in=["", "major", "minor"]), name="improvement_level_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["reported", "again", "rejected"]) | ~Q(cause=""),
                name="improvement_cause_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["checked", "effective", "closed"])
                | (
                    Q(checked_by__isnull=False, effect_on__isnull=False)
                    & ~Q(checked_by=F("analysed_by"))
                    & (Q(owner=None) | ~Q(checked_by=F("owner")))
                ),
                name="improvement_checked_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["effective", "closed"])
                | (
                    Q(effect_by__isnull=False) & ~Q(effect_by=F("analysed_by")) & ~Q(effect_note="")
                ),
                name="improvement_effect_judged",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "rejected"], ended_at__isnull=False)
                | (~Q(state__in=["closed", "rejected"]) & Q(ended_at=None)),
                name="improvement_ended_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(end_note=""),
                name="improvement_rejected_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "state", "due_on", "id"], name="improvement_due"),
            models.Index(fields=["agency", "-reported_at", "-id"], name="improvement_newest"),
            models.Index(
                fields=["agency", "origin_kind", "origin_id"], name="improvement_of_origin"
            ),
        ]


class Subject(models.Model):
    """What a nonconformity is about besides its origin: cases, complaints … named, not copied."""

    id = TimeOrderedIdField()
    nonconformity = models.ForeignKey(Nonconformity, models.CASCADE, related_name="subjects")
    kind = models.CharField(max_length=20)
    ref_id = models.BigIntegerField()
    title = models.CharField(max_length=400)
    url = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["nonconformity", "kind", "ref_id"], name="improvement_subject_once"
            )
        ]
        indexes = [models.Index(fields=["kind", "ref_id"], name="improvement_about")]


class SheetMove(models.Model):
    """One step of a nonconformity's life, never changed."""

    id = TimeOrderedIdField()
    nonconformity = models.ForeignKey(Nonconformity, models.CASCADE, related_name="moves")
    move = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    round = models.SmallIntegerField()
    text = models.TextField(default="", blank=True)
    by = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by_id: int | None

    class Meta:
        indexes = [models.Index(fields=["nonconformity", "at"], name="improvement_moves")]


class RuleSetting(models.Model):
    """How an agency sets a rule over its cases; without a row the shipped values hold."""

    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    is_on = models.BooleanField(default=True)
    share = models.SmallIntegerField()
    least = models.SmallIntegerField()
    changed_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    changed_by_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "code"], name="improvement_one_setting"),
            models.CheckConstraint(
                condition=Q(share__gte=0, share__lte=100, least__gte=1, least__lte=1000),
                name="improvement_setting_bounds",
            ),
        ]
