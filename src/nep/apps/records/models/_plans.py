"""The file plan (danh mục hồ sơ) of a year.

Source: Nghị định 30/2020/NĐ-CP Điều 28, 29, Phụ lục V.
"""

from django.db import models
from django.db.models import Q

from nep.foundation.db import TimeOrderedIdField


class FilePlan(models.Model):
    """An agency's file plan of one year; approved by its leader at the start of the year.

    `edition` counts how often it was laid down: opened again after it was issued, it is the next.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    state = models.CharField(max_length=10, default="draft")
    made_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=120, default="", blank=True)
    edition = models.SmallIntegerField(default=1)
    version = models.IntegerField(default=1)
    agency_id: int
    made_by_id: int
    approved_by_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "year"], name="records_one_plan_a_year"),
            models.CheckConstraint(
                condition=Q(state="draft", approved_at=None)
                | Q(state="approved", approved_at__isnull=False, approved_by__isnull=False),
                name="records_plan_approved_in_full",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2100), name="records_plan_year"
            ),
        ]


class Series(models.Model):
    """A line of the plan: which files are made, by whom, kept how long, and who says so.

    `retention_years` is empty for permanent records and while nobody has decided; `mark` is "S"
    (read in the named source), "K" (known, to be checked) or "?" (not verified).
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    plan = models.ForeignKey(FilePlan, models.CASCADE, related_name="series")
    code = models.CharField(max_length=40)
    code_key = models.CharField(max_length=40)
    title = models.CharField(max_length=400)
    unit = models.ForeignKey("organization.Unit", models.PROTECT, null=True, related_name="+")
    keeper = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    retention_years = models.SmallIntegerField(null=True)
    is_permanent = models.BooleanField(default=False)
    basis = models.CharField(max_length=300, default="", blank=True)
    mark = models.CharField(max_length=1, default="?")
    note = models.CharField(max_length=400, default="", blank=True)
    position = models.IntegerField(default=0)
    version = models.IntegerField(default=1)
    agency_id: int
    plan_id: int
    unit_id: int | None
    keeper_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "code_key"], name="records_one_series_code"),
            models.CheckConstraint(
                condition=Q(mark__in=["S", "K", "?"]), name="records_retention_mark"
            ),
            models.CheckConstraint(
                condition=Q(is_permanent=False) | Q(retention_years=None),
                name="records_permanent_has_no_years",
            ),
            models.CheckConstraint(
                condition=Q(retention_years=None)
                | Q(retention_years__gte=1, retention_years__lte=100),
                name="records_retention_years",
            ),
        ]
        indexes = [models.Index(fields=["plan", "position", "code"], name="records_plan_order")]


class DepositRule(models.Model):
    """Records of a kind of source go by themselves into the series of this code, each year's."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    source_type = models.CharField(max_length=20)
    series_code = models.CharField(max_length=40)
    version = models.IntegerField(default=1)
    agency_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "source_type"], name="records_one_rule_a_source"
            )
        ]
