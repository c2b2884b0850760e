"""What people decide about the matrix: clauses that do not apply, what is asked of a clause."""

from django.db import models
from django.db.models import Q

from nep.foundation.db import TimeOrderedIdField


class LeftOut(models.Model):
    """A clause (or all below a heading) that does not apply to an agency, with its justification.

    Source: TCVN ISO 9001:2015 điều 4.3.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    edition = models.CharField(max_length=4)
    clause = models.CharField(max_length=12)
    reason = models.CharField(max_length=1000)
    decided_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    ended_by = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    agency_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "edition", "clause"],
                condition=Q(ended_at=None),
                name="conformity_left_out_once",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="conformity_left_out_reasoned"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="conformity_left_out_ended_by",
            ),
        ]


class AskSetting(models.Model):
    """How much and how new an agency asks of a clause; without a row the shipped values hold."""

    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    clause = models.CharField(max_length=18)
    label = models.CharField(max_length=120)
    least = models.SmallIntegerField()
    months = models.SmallIntegerField()
    changed_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    agency_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "clause", "label"], name="conformity_one_ask_setting"
            ),
            models.CheckConstraint(
                condition=Q(least__gte=1, least__lte=1000, months__gte=0, months__lte=120),
                name="conformity_ask_bounds",
            ),
        ]
