"""What agencies and administrators decide about editions; the editions themselves are shipped data."""

from django.db import models
from django.db.models import F, Q

from nep.foundation.db import TimeOrderedIdField


class EditionChoice(models.Model):
    """By which edition an agency goes from a day on, and for which it makes ready; never changed.

    The newest row is the one in force. `decision` is the decision's number; `target` may be empty.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    edition = models.CharField(max_length=4)
    target = models.CharField(max_length=4, default="", blank=True)
    since = models.DateField(null=True)
    decision = models.CharField(max_length=80, default="", blank=True)
    chosen_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()
    agency_id: int

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(target="") | Q(target__gt=F("edition")),
                name="standards_target_is_newer",
            )
        ]
        indexes = [models.Index(fields=["agency", "-id"], name="standards_choice_newest")]


class MinistryGuidance(models.Model):
    """A text of the Ministry that lets the agencies of a province go by an edition."""

    id = TimeOrderedIdField()
    province = models.ForeignKey("organization.Province", models.PROTECT, related_name="+")
    edition = models.CharField(max_length=4)
    number = models.CharField(max_length=80)
    issued_on = models.DateField()
    title = models.CharField(max_length=400)
    recorded_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    withdraw_reason = models.CharField(max_length=600, default="", blank=True)
    province_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["province", "edition", "number"],
                condition=Q(withdrawn_at=None),
                name="standards_guidance_once",
            ),
            models.CheckConstraint(
                condition=~Q(number="") & ~Q(title=""), name="standards_guidance_named"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdraw_reason=""),
                name="standards_withdrawn_with_reason",
            ),
        ]


class ClauseLabel(models.Model):
    """A Vietnamese title that an administrator set for a clause without an official one."""

    edition = models.CharField(max_length=4)
    number = models.CharField(max_length=12)
    label = models.CharField(max_length=200)
    changed_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="standards_one_label"),
            models.CheckConstraint(condition=~Q(label=""), name="standards_label_filled"),
        ]
