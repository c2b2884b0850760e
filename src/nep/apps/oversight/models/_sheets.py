"""Officers' sheets. People are plain numbers, as in the worklist.

`period` is a year (2026), a quarter (20264) or a month (202611).
"""

from django.db import models
from django.db.models import Q

from nep.foundation.db import TimeOrderedIdField

STATES = ["moi", "tu-cham", "de-xuat", "quyet-dinh", "kien-nghi", "tra-loi"]
ACTS = ["tu-cham", "de-xuat", "quyet-dinh", "kien-nghi", "tra-loi"]


class SheetTermsEdition(models.Model):
    """The criteria, bands and quota an agency set for sheets opened from `since` on, whole."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    since = models.DateTimeField()
    content = models.JSONField()
    reason = models.TextField()
    by_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "since"], name="oversight_one_terms_edition_a_moment"
            )
        ]


class OfficerSheet(models.Model):
    """One person's sheet of one period; it exists from the first entry on.

    `terms` is the edition it is judged by, whole, as it stood when the sheet was opened. `points`
    (tenths) and `band` repeat the newest decision for lists, empty before it.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    person_id = models.BigIntegerField()
    period = models.IntegerField()
    terms = models.JSONField()
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="moi")
    points = models.IntegerField(null=True)
    band = models.CharField(max_length=20, default="", blank=True)
    version = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "period", "person_id"], name="oversight_one_sheet_a_period"
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="oversight_sheet_state"),
            models.CheckConstraint(
                condition=Q(state__in=["moi", "tu-cham", "de-xuat"], points=None, band="")
                | Q(state__in=["quyet-dinh", "kien-nghi", "tra-loi"], points__isnull=False)
                & ~Q(band=""),
                name="oversight_sheet_decided_has_band",
            ),
        ]
        indexes = [models.Index(fields=["person_id", "-period"], name="oversight_sheets_of")]


class SheetEntry(models.Model):
    """One thing written on a sheet; never changed, never removed.

    `points` are tenths by criterion, empty where the act gives none; `total` their sum; `band` the
    band decided. `evidence` are the step counts of the period as they stood at that moment.
    """

    id = TimeOrderedIdField()
    sheet = models.ForeignKey(OfficerSheet, models.PROTECT, related_name="entries")
    act = models.CharField(max_length=10)
    at = models.DateTimeField()
    by_id = models.BigIntegerField()
    points = models.JSONField(default=dict)
    total = models.IntegerField(null=True)
    band = models.CharField(max_length=20, default="", blank=True)
    text = models.TextField(default="", blank=True)
    evidence = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(act__in=ACTS), name="oversight_entry_act"),
        ]
        indexes = [models.Index(fields=["sheet", "id"], name="oversight_entry_order")]


class SheetPeriodClosing(models.Model):
    """The head's closing of a period: how many stood in each band, and the basis of an exception."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    period = models.IntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField()
    bands = models.JSONField()
    exception = models.TextField(default="", blank=True)
    note = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "period"], name="oversight_one_closing_a_period"
            )
        ]
