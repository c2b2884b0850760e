"""The table of the data that steps ask for."""

from django.db import models

from nep.apps.cases.models._case import Case, StepRun
from nep.foundation.db import TimeOrderedIdField


class CaseStepData(models.Model):
    """What was typed into the data fields of one run of a step, as JSON by the fields' names.

    Labels and kinds stand in the version that the case is pinned to. Personal values go with the
    applicant at an erasure, all values with the case's own data.
    """

    id = TimeOrderedIdField()
    case = models.ForeignKey(Case, models.CASCADE, related_name="step_data")
    run = models.OneToOneField(StepRun, models.CASCADE, related_name="step_data")
    node = models.CharField(max_length=80)
    values = models.TextField(default="{}")
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
