"""Reviews, their frozen inputs, who takes part, what was decided, and their steps."""

from django.db import models
from django.db.models import F, Q

from nep.foundation.db import TimeOrderedIdField


class Review(models.Model):
    """One management review of a period.

    `agenda` is a list of texts, `remarks` words by input key. `minutes` is what the meeting said
    with its hash; it changes only until the head approves it. `item_id` is the open work item of
    who comes next.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    number = models.IntegerField()
    edition = models.CharField(max_length=4)
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=10, default="prepared")
    meets_on = models.DateField()
    meets_at = models.CharField(max_length=5, default="", blank=True)
    place = models.CharField(max_length=200, default="", blank=True)
    agenda = models.JSONField(default=list)
    remarks = models.JSONField(default=dict)
    chair = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    prepared_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    held_on = models.DateField(null=True)
    minutes = models.JSONField(default=dict)
    minutes_hash = models.CharField(max_length=64, default="", blank=True)
    written_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    written_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_note = models.CharField(max_length=1000, default="", blank=True)
    item_id = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()
    version = models.IntegerField(default=1)
    agency_id: int
    chair_id: int
    previous_id: int | None
    prepared_by_id: int
    written_by_id: int | None
    approved_by_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "number"], name="reviews_number_once"
            ),
            models.UniqueConstraint(
                fields=["agency"],
                condition=Q(state__in=["prepared", "held", "returned"]),
                name="reviews_one_running",
            ),
            models.UniqueConstraint(
                fields=["agency"], condition=Q(state="approved"), name="reviews_one_followed"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["prepared", "held", "returned", "approved", "closed", "dropped"]
                ),
                name="reviews_state_known",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__lt=F("ends_on")), name="reviews_period_order"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["prepared", "dropped"])
                | (Q(held_on__isnull=False, written_by__isnull=False) & ~Q(minutes_hash="")),
                name="reviews_held_has_minutes",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "closed"])
                | (
                    Q(approved_by__isnull=False, approved_at__isnull=False)
                    & ~Q(approved_by=F("written_by"))
                ),
                name="reviews_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "dropped"], ended_at__isnull=False)
                | (~Q(state__in=["closed", "dropped"]) & Q(ended_at=None)),
                name="reviews_ended_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(end_note=""), name="reviews_dropped_with_reason"
            ),
        ]
        indexes = [models.Index(fields=["agency", "-prepared_at"], name="reviews_newest")]


class FrozenInputs(models.Model):
    """The inputs as the data said that day, never changed; a later freezing is a row of its own."""

    id = TimeOrderedIdField()
    review = models.ForeignKey(Review, models.CASCADE, related_name="freezings")
    number = models.SmallIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    ends_on = models.DateField()
    frozen_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField()
    frozen_by_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="reviews_freezing_once")
        ]


class Participant(models.Model):
    """Somebody who is called to a review; `present` is known once it was held."""

    id = TimeOrderedIdField()
    review = models.ForeignKey(Review, models.CASCADE, related_name="participants")
    person = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    position = models.CharField(max_length=200, default="", blank=True)
    present = models.BooleanField(null=True)
    item_id = models.BigIntegerField(null=True)
    person_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "person"], name="reviews_called_once")
        ]


class ReviewDecision(models.Model):
    """What the meeting decided; approved, it is an action of the register."""

    id = TimeOrderedIdField()
    review = models.ForeignKey(Review, models.CASCADE, related_name="decisions")
    place = models.SmallIntegerField()
    output = models.CharField(max_length=20, default="", blank=True)
    title = models.CharField(max_length=400)
    owner = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    due_on = models.DateField()
    action_id = models.BigIntegerField(null=True)
    owner_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "place"], name="reviews_decision_place")
        ]


class ReviewMove(models.Model):
    """One step of a review's life, never changed."""

    id = TimeOrderedIdField()
    review = models.ForeignKey(Review, models.CASCADE, related_name="moves")
    move = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    text = models.TextField(default="", blank=True)
    by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by_id: int

    class Meta:
        indexes = [models.Index(fields=["review", "at"], name="reviews_moves")]
