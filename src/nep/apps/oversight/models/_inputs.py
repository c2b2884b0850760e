"""Figures that cases do not tell, entered by hand, and the formulas of a province."""

from django.db import models
from django.db.models import Q

from nep.foundation.db import TimeOrderedIdField


class InputEdition(models.Model):
    """One figure of an agency and period as somebody entered it; the newest edition holds.

    `value` None takes the figure back: it is not known again, which is not nought.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    period = models.IntegerField()
    name = models.CharField(max_length=40)
    edition = models.IntegerField()
    value = models.BigIntegerField(null=True)
    source = models.CharField(max_length=300)
    at = models.DateTimeField()
    by_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "period", "name", "edition"], name="oversight_one_input_edition"
            ),
            models.CheckConstraint(
                condition=Q(value=None) | Q(value__gte=0), name="oversight_input_not_negative"
            ),
        ]


class FormulaEdition(models.Model):
    """The inputs and indicators of a province, whole, for periods from `from_month` on.

    `province_id` is that of the agencies. Periods before keep the formulas they had.
    """

    id = TimeOrderedIdField()
    province_id = models.BigIntegerField()
    edition = models.IntegerField()
    from_month = models.IntegerField()
    content = models.JSONField()
    reason = models.TextField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["province_id", "edition"], name="oversight_one_formula_edition"
            )
        ]
