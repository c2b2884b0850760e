"""The ISO year of an agency, its hand-overs, and the acts of ISO work counted by month."""

from django.db import models
from django.db.models import Q

from nep.foundation.db import TimeOrderedIdField


class IsoYear(models.Model):
    """That an agency has opened the obligations of a year, anew or from the year before."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    copied_from = models.SmallIntegerField(null=True)
    opened_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    agency_id: int
    opened_by_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "year"], name="conformity_one_year"),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2100), name="conformity_year_bounds"
            ),
        ]


class YearItem(models.Model):
    """One obligation of an opened year.

    `code` is that of the shipped obligation, or "rieng-N" for one of the agency's own. `done_on` and
    `evidence` are only written where no data can tell. What was copied waits for a look
    (`confirmed_at`) where something in it has to change.
    """

    id = TimeOrderedIdField()
    iso_year = models.ForeignKey(IsoYear, models.CASCADE, related_name="items")
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    due_on = models.DateField()
    role = models.CharField(max_length=20)
    minutes = models.IntegerField(default=0)
    is_own = models.BooleanField(default=False)
    is_copied = models.BooleanField(default=False)
    confirmed_at = models.DateTimeField(null=True)
    excluded = models.CharField(max_length=600, default="", blank=True)
    done_on = models.DateField(null=True)
    evidence = models.CharField(max_length=600, default="", blank=True)
    done_by = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    item_id = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()
    version = models.IntegerField(default=1)
    iso_year_id: int
    agency_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["iso_year", "code"], name="conformity_obligation_once_a_year"
            ),
            models.CheckConstraint(
                condition=Q(done_on=None) | (~Q(evidence="") & Q(done_by__isnull=False)),
                name="conformity_done_by_hand_has_evidence",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=0, minutes__lte=10_000), name="conformity_minutes_bounds"
            ),
        ]
        indexes = [models.Index(fields=["agency", "year", "due_on"], name="conformity_year_order")]


class SecretaryHandover(models.Model):
    """What one ISO secretary gives the next: frozen with its hash when made."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    number = models.IntegerField()
    giver = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    receiver = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    remark = models.TextField(default="", blank=True)
    content = models.JSONField()
    seal = models.CharField(max_length=64)
    made_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    item_id = models.BigIntegerField(null=True)
    agency_id: int
    giver_id: int
    receiver_id: int
    made_by_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "number"], name="conformity_handover_number_once"
            ),
            models.CheckConstraint(
                condition=~Q(giver=models.F("receiver")), name="conformity_handover_to_another"
            ),
        ]
        indexes = [models.Index(fields=["agency", "-made_at"], name="conformity_handovers")]


class BurdenCount(models.Model):
    """How many acts of a kind a person has done in a month, folded from the journal."""

    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    month = models.IntegerField()
    person = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    action = models.CharField(max_length=64)
    count = models.IntegerField()
    agency_id: int
    person_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "month", "person", "action"], name="conformity_burden_once"
            ),
            models.CheckConstraint(condition=Q(count__gt=0), name="conformity_burden_positive"),
        ]


class BurdenMark(models.Model):
    """Up to which place of an agency's journal its acts are counted."""

    agency = models.OneToOneField("organization.Agency", models.PROTECT, related_name="+")
    position = models.BigIntegerField(default=0)
    agency_id: int
