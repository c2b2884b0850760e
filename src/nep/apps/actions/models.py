"""Tables of actions."""

from django.db import models
from django.db.models import F, Q

from nep.foundation.db import TimeOrderedIdField


class Action(models.Model):
    """Something a person has to do because of an audit, a nonconformity, a risk, a decision …

    `origin_*` name what it comes from; nothing of the origin is copied but its title. `clause` is
    "2015:10.2.1" or empty. `first_due_on` stays when the day moves. `item_id` is the open work item.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    number = models.IntegerField()
    origin_kind = models.CharField(max_length=20)
    origin_id = models.BigIntegerField(default=0)
    origin_title = models.CharField(max_length=400, default="", blank=True)
    origin_url = models.CharField(max_length=200, default="", blank=True)
    clause = models.CharField(max_length=40, default="", blank=True)
    title = models.CharField(max_length=400)
    folded = models.CharField(max_length=500)
    owner = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    unit = models.ForeignKey("organization.Unit", models.PROTECT, null=True, related_name="+")
    checker = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    opened_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    first_due_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=10, default="open")
    evidence = models.CharField(max_length=2000, default="", blank=True)
    done_by = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    end_note = models.CharField(max_length=1000, default="", blank=True)
    item_id = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()
    version = models.IntegerField(default=1)
    agency_id: int
    owner_id: int
    unit_id: int | None
    checker_id: int | None
    opened_by_id: int
    done_by_id: int | None
    checked_by_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "number"], name="actions_number_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "returned", "done", "checked", "cancelled"]),
                name="actions_state_known",
            ),
            models.CheckConstraint(
                condition=Q(checker=None) | ~Q(checker=F("owner")), name="actions_checker_other"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "checked"])
                | Q(done_by__isnull=False, done_at__isnull=False),
                name="actions_done_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="checked")
                | (
                    Q(checked_by__isnull=False)
                    & ~Q(checked_by=F("done_by"))
                    & ~Q(checked_by=F("owner"))
                ),
                name="actions_checked_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["checked", "cancelled"], ended_at__isnull=False)
                | Q(state__in=["open", "returned", "done"], ended_at=None),
                name="actions_ended_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(end_note=""),
                name="actions_cancelled_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "state", "due_on", "id"], name="actions_due"),
            models.Index(fields=["owner", "state", "due_on"], name="actions_of_owner"),
            models.Index(fields=["agency", "origin_kind", "origin_id"], name="actions_of_origin"),
            models.Index(fields=["agency", "-opened_at", "-id"], name="actions_newest"),
        ]


class ActionProof(models.Model):
    """A piece of evidence: a stored file, or something of this site by its address."""

    id = TimeOrderedIdField()
    action = models.ForeignKey(Action, models.CASCADE, related_name="proofs")
    title = models.CharField(max_length=300)
    url = models.CharField(max_length=300, default="", blank=True)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    added_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    action_id: int
    file_id: int | None
    added_by_id: int

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(file=None) & ~Q(url="")) | Q(file__isnull=False, url=""),
                name="actions_proof_is_one",
            )
        ]


class ActionMove(models.Model):
    """One step of an action's life, never changed: who, when, from where, in which words."""

    id = TimeOrderedIdField()
    action = models.ForeignKey(Action, models.CASCADE, related_name="moves")
    move = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    due_on = models.DateField()
    text = models.CharField(max_length=2000, default="", blank=True)
    by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by_id: int

    class Meta:
        indexes = [models.Index(fields=["action", "at"], name="actions_moves")]
