"""Tables of what citizens say of their case: a rating with a remark, a reported deviation."""

from django.db import models
from django.db.models import F, Q

from nep.apps.cases.models._case import Case
from nep.foundation.db import TimeOrderedIdField


class CaseRating(models.Model):
    """What the holder of a receipt says of a finished case; one a case, changed for some days.

    `degree` is 1 (very unsatisfied) to 5. The remark is shown to the agency alone and goes with
    the erasure of what citizens wrote; the degree stays in the figures. `unit_id` is the unit that
    used the most time of the case, as its figures have it.
    """

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="rating")
    agency_id = models.BigIntegerField()
    tthc_id = models.BigIntegerField()
    unit_id = models.BigIntegerField(null=True)
    degree = models.SmallIntegerField()
    remark = models.TextField(default="", blank=True)
    rated_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changes = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(degree__gte=1) & Q(degree__lte=5), name="cases_rating_degree"
            ),
            models.CheckConstraint(
                condition=Q(changed_at__gte=F("rated_at")), name="cases_rating_order"
            ),
        ]
        indexes = [
            models.Index(fields=["agency_id", "-rated_at", "-case"], name="cases_rating_newest")
        ]


class CaseReport(models.Model):
    """A deviation that the holder of a receipt reports; answered by the unit, closed by ISO.

    `founded` is what the agency found. The citizen sees text and answer by the same key.
    """

    id = TimeOrderedIdField()
    case = models.ForeignKey(Case, models.CASCADE, related_name="reports")
    agency_id = models.BigIntegerField()
    unit_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=8)
    text = models.TextField(default="", blank=True)
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    founded = models.BooleanField(null=True)
    answer = models.TextField(default="", blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_id = models.BigIntegerField(null=True)
    measure = models.TextField(default="", blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["result", "late", "fee", "papers", "manner", "other"]),
                name="cases_report_kind",
            ),
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(closed_at=None),
                name="cases_one_open_report_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, founded=None)
                | Q(answered_at__isnull=False, founded__isnull=False),
                name="cases_report_answered",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(answered_at__isnull=False),
                name="cases_report_closed_after_answer",
            ),
        ]
        indexes = [models.Index(fields=["agency_id", "-id"], name="cases_report_newest")]
