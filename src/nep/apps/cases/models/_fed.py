"""Tables of cases that another system runs and tells us of."""

from django.db import models
from django.db.models import Q

from nep.apps.cases.models._case import Case
from nep.foundation.db import TimeOrderedIdField


class FedMapping(models.Model):
    """Which column of another system's file means what, remembered per agency and header set."""

    agency = models.ForeignKey("organization.Agency", models.CASCADE, related_name="+")
    headers_hash = models.CharField(max_length=64)
    columns = models.JSONField()
    changed_at = models.DateTimeField()
    changed_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "headers_hash"], name="cases_one_mapping_per_headers"
            )
        ]


class FedImport(models.Model):
    """One file of another system: looked at first, then brought in by the worker.

    `heads` and `sample` (its first rows) let a person say what the columns mean; `report` is the
    tally of the trial, then of the import. `variant` names the procedure of the whole file where
    a TTHC has several. After its time the bytes go (`forgotten_at`); name, hash and counts stay.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    sha256 = models.CharField(max_length=64, default="", blank=True)
    size = models.BigIntegerField(default=0)
    forgotten_at = models.DateTimeField(null=True)
    heads = models.JSONField(default=list)
    sample = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    tthc_id = models.BigIntegerField(null=True)
    variant = models.CharField(max_length=200, default="", blank=True)
    state = models.CharField(max_length=8, default="looked")
    rows = models.IntegerField(default=0)
    rows_done = models.IntegerField(default=0)
    report = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["looked", "waiting", "running", "done", "failed"]),
                name="cases_fed_import_state",
            ),
            models.CheckConstraint(
                condition=Q(file__isnull=False) | Q(forgotten_at__isnull=False),
                name="cases_fed_import_file",
            ),
        ]
        indexes = [models.Index(fields=["agency", "-id"], name="cases_fed_import_newest")]


class FedRow(models.Model):
    """One row of another system as it was last told; `key` names it within its case."""

    id = TimeOrderedIdField()
    case = models.ForeignKey(Case, models.CASCADE, db_index=False, related_name="fed_rows")
    key = models.CharField(max_length=64)
    data = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], name="cases_one_fed_row_per_key")
        ]


class FedWording(models.Model):
    """Which step another system's wording means, as a person said once; kept for next files.

    `node` is the step in the procedure at that time, empty when the words mean no step; `step_name`
    finds it again in another version.
    """

    agency = models.ForeignKey("organization.Agency", models.CASCADE, related_name="+")
    tthc_id = models.BigIntegerField()
    folded = models.CharField(max_length=300)
    text = models.CharField(max_length=300)
    node = models.CharField(max_length=80, default="", blank=True)
    step_name = models.CharField(max_length=600, default="", blank=True)
    reason = models.TextField()
    changed_at = models.DateTimeField()
    changed_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "tthc_id", "folded"], name="cases_one_meaning_per_wording"
            )
        ]
