"""Tables of cases that went over to another version of their procedure."""

from django.db import models
from django.db.models import Q

from nep.apps.cases.models._case import Case
from nep.foundation.db import TimeOrderedIdField


class CaseMoving(models.Model):
    """One decision to let running cases of a version go on by another.

    `pairs` maps the steps of the one to those of the other; `wanted` names the cases, in order of
    their ids. The worker goes through them: `cursor` is the last one that is done, so that a
    second run goes on where the first stopped; `kept` holds (case, reason) of those that stayed.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    source_id = models.BigIntegerField()
    target_id = models.BigIntegerField()
    pairs = models.JSONField(default=dict)
    wanted = models.JSONField(default=list)
    reason = models.TextField()
    state = models.CharField(max_length=8, default="waiting")
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)
    cursor = models.BigIntegerField(default=0)
    moved = models.IntegerField(default=0)
    kept = models.JSONField(default=list)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "done"]), name="cases_moving_state"
            ),
            models.UniqueConstraint(
                fields=["agency", "source_id"],
                condition=Q(state="waiting"),
                name="cases_one_moving_at_a_time",
            ),
        ]


class CaseMove(models.Model):
    """One case gone over to another version; its id is that of the event that tells of it.

    What has a smaller id in the case followed `from_hash`. `steps` holds the numbers (old, new) of
    the steps that mean the same.
    """

    id = models.BigIntegerField(primary_key=True)
    case = models.ForeignKey(Case, models.CASCADE, related_name="moves")
    moving = models.ForeignKey(CaseMoving, models.PROTECT, related_name="moves")
    from_revision_id = models.BigIntegerField()
    from_hash = models.CharField(max_length=64)
    to_hash = models.CharField(max_length=64)
    steps = models.JSONField(default=list)
    at = models.DateTimeField()
