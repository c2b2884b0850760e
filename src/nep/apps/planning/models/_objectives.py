"""Quality objectives, the year's list as approved, what each period came to."""

from django.db import models
from django.db.models import Q

from nep.foundation.db import TimeOrderedIdField


class ObjectiveList(models.Model):
    """The objectives of a year as they were put together and approved: one edition.

    `frozen` holds the rows as the head saw them, `sha256` its digest; a further edition follows
    when objectives come later. `item_id` is the open work item: to put together, or to approve.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    edition = models.SmallIntegerField()
    state = models.CharField(max_length=10, default="draft")
    gathered_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    gathered_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    return_note = models.CharField(max_length=600, default="", blank=True)
    frozen = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64, default="", blank=True)
    item_id = models.BigIntegerField(null=True)
    version = models.IntegerField(default=1)
    agency_id: int
    gathered_by_id: int | None
    approved_by_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "edition"], name="planning_list_edition_once"
            ),
            models.UniqueConstraint(
                fields=["agency", "year"],
                condition=Q(state__in=["draft", "sent"]),
                name="planning_one_open_list",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "sent", "approved"]), name="planning_list_state"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(approved_by__isnull=False, approved_at__isnull=False)
                & ~Q(sha256="")
                & Q(item_id=None),
                name="planning_list_approved_frozen",
            ),
        ]


class Objective(models.Model):
    """Something the agency wants to reach in a year, with its measure.

    `measure` is a key of the registry, empty when it is measured by hand. `whole` says how the year
    follows from its periods ("mean", "last", "sum"); `better` is "up" or "down". `to_confirm` marks
    a copy of last year that nobody has looked at. `item_id` is the open work item.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    number = models.IntegerField()
    title = models.CharField(max_length=400)
    measure = models.CharField(max_length=40, default="", blank=True)
    target = models.DecimalField(max_digits=12, decimal_places=2)
    better = models.CharField(max_length=4, default="up")
    unit_word = models.CharField(max_length=30, default="%", blank=True)
    method = models.CharField(max_length=600)
    frequency = models.CharField(max_length=8, default="quarter")
    whole = models.CharField(max_length=4, default="mean")
    unit = models.ForeignKey("organization.Unit", models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    copied_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    to_confirm = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default="proposed")
    of_list = models.ForeignKey(ObjectiveList, models.PROTECT, null=True, related_name="objectives")
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    met = models.BooleanField(null=True)
    judge_note = models.CharField(max_length=1000, default="", blank=True)
    judged_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    judged_at = models.DateTimeField(null=True)
    end_note = models.CharField(max_length=600, default="", blank=True)
    item_id = models.BigIntegerField(null=True)
    item_step = models.CharField(max_length=60, default="", blank=True)
    changed_at = models.DateTimeField()
    version = models.IntegerField(default=1)
    agency_id: int
    unit_id: int | None
    owner_id: int
    proposed_by_id: int
    copied_from_id: int | None
    of_list_id: int | None
    judged_by_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "number"], name="planning_objective_number_once"
            ),
            models.UniqueConstraint(
                fields=["copied_from", "year"], name="planning_objective_copied_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "gathered", "approved", "judged", "dropped"]),
                name="planning_objective_state",
            ),
            models.CheckConstraint(
                condition=Q(better__in=["up", "down"])
                & Q(frequency__in=["month", "quarter", "half", "year"])
                & Q(whole__in=["mean", "last", "sum"]),
                name="planning_objective_choices",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["gathered", "approved", "judged"])
                | Q(of_list__isnull=False, to_confirm=False),
                name="planning_objective_in_a_list",
            ),
            models.CheckConstraint(
                condition=Q(state="judged", judged_by__isnull=False, judged_at__isnull=False)
                & (Q(value__isnull=False, met__isnull=False)
                   | Q(value=None, met=None) & ~Q(measure=""))
                & ~Q(judged_by=models.F("owner"))
                | ~Q(state="judged") & Q(judged_by=None, judged_at=None),
                name="planning_objective_judged",
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(end_note=""),
                name="planning_objective_dropped_why",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["agency", "year", "state"], name="planning_objectives")]


class ObjectiveValue(models.Model):
    """What one period of an objective came to.

    `by` is who wrote it by hand, None when it was measured from data; `final` once its period had
    ended when it was measured. `cause` says why the target was missed.
    """

    id = TimeOrderedIdField()
    objective = models.ForeignKey(Objective, models.CASCADE, related_name="values_of")
    starts_on = models.DateField()
    ends_on = models.DateField()
    value = models.DecimalField(max_digits=14, decimal_places=2)
    of = models.IntegerField(null=True)
    url = models.CharField(max_length=300, default="", blank=True)
    met = models.BooleanField()
    final = models.BooleanField(default=False)
    evidence = models.CharField(max_length=1000, default="", blank=True)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    cause = models.CharField(max_length=1000, default="", blank=True)
    cause_by = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    objective_id: int
    file_id: int | None
    by_id: int | None
    cause_by_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["objective", "starts_on"], name="planning_one_value_a_period"
            ),
            models.CheckConstraint(
                condition=Q(by=None) | ~Q(evidence="") | Q(file__isnull=False),
                name="planning_hand_value_shown",
            ),
        ]


class ObjectiveMove(models.Model):
    """One step of an objective's life, never changed."""

    id = TimeOrderedIdField()
    objective = models.ForeignKey(Objective, models.CASCADE, related_name="moves")
    move = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    text = models.CharField(max_length=1000, default="", blank=True)
    by = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by_id: int | None

    class Meta:
        indexes = [models.Index(fields=["objective", "at"], name="planning_objective_moves")]
