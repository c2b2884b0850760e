"""Files (hồ sơ), the records in them, and holds."""

from django.db import models
from django.db.models import F, Q

from nep.apps.records.models._plans import Series
from nep.foundation.db import TimeOrderedIdField


class RecordFile(models.Model):
    """One file: opened, filled, closed, handed over to the archive or destroyed.

    `retain_until` is the last day it must be kept: the end of the year it was closed in plus its
    years; empty while open, when permanent and while its years are not decided. A destroyed file
    stays as a stub. `sealed_count` counts the records
    when it was closed. `changed_at` moves with the file and with what is put into it.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    series = models.ForeignKey(Series, models.PROTECT, related_name="files")
    code = models.CharField(max_length=60)
    title = models.CharField(max_length=400)
    folded = models.CharField(max_length=500)
    unit = models.ForeignKey("organization.Unit", models.PROTECT, null=True, related_name="+")
    keeper = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    medium = models.CharField(max_length=8, default="digital")
    location = models.CharField(max_length=200, default="", blank=True)
    sheets = models.IntegerField(null=True)
    state = models.CharField(max_length=12, default="open")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    retention_years = models.SmallIntegerField(null=True)
    is_permanent = models.BooleanField(default=False)
    retain_until = models.DateField(null=True)
    sealed_count = models.IntegerField(null=True)
    transferred_on = models.DateField(null=True)
    destroyed_on = models.DateField(null=True)
    is_auto = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    version = models.IntegerField(default=1)
    agency_id: int
    series_id: int
    unit_id: int | None
    keeper_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "code"], name="records_one_file_code"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "closed", "transferred", "destroyed"]),
                name="records_file_state",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_on=None)
                | Q(state__in=["closed", "transferred", "destroyed"], closed_on__isnull=False),
                name="records_file_closed_has_day",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                name="records_file_period",
            ),
            models.CheckConstraint(
                condition=~Q(state="destroyed") | Q(destroyed_on__isnull=False),
                name="records_file_destroyed_has_day",
            ),
            models.CheckConstraint(
                condition=Q(medium__in=["digital", "paper", "both"]), name="records_file_medium"
            ),
            models.UniqueConstraint(
                fields=["series"],
                condition=Q(is_auto=True, state="open"),
                name="records_one_open_auto_file",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "state", "code"], name="records_files_of_state"),
            models.Index(fields=["agency", "-opened_on", "-id"], name="records_files_newest"),
            models.Index(fields=["keeper", "state"], name="records_files_of_keeper"),
            models.Index(fields=["changed_at", "id"], name="records_files_changed"),
            models.Index(
                fields=["agency", "retain_until"],
                condition=Q(state="closed", retain_until__isnull=False),
                name="records_files_due",
            ),
        ]


class Record(models.Model):
    """One record: a published revision, a filled form, a finished case, or an upload.

    Without a file it waits to be filed. When its file is destroyed the row stays: title, days,
    name, size and hash of what was there.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    file = models.ForeignKey(RecordFile, models.PROTECT, null=True, related_name="records")
    number = models.IntegerField(null=True)
    title = models.CharField(max_length=600)
    folded = models.CharField(max_length=700)
    source_type = models.CharField(max_length=20)
    source_id = models.BigIntegerField(default=0)
    source_code = models.CharField(max_length=60, default="", blank=True)
    link = models.CharField(max_length=200, default="", blank=True)
    stored_file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=255, default="", blank=True)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, default="", blank=True)
    made_on = models.DateField()
    deposited_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    deposited_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)
    agency_id: int
    file_id: int | None
    stored_file_id: int | None
    deposited_by_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "source_type", "source_id"],
                condition=~Q(source_type="upload"),
                name="records_deposited_once",
            ),
            models.UniqueConstraint(fields=["file", "number"], name="records_number_in_file_once"),
            models.CheckConstraint(
                condition=Q(destroyed_at=None) | Q(stored_file=None),
                name="records_destroyed_has_no_bytes",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "-deposited_at"], condition=Q(file=None), name="records_unfiled"
            ),
            models.Index(fields=["changed_at", "id"], name="records_changed"),
        ]


class RecordEdition(models.Model):
    """The bytes a record held before a further edition came, such as a PDF signed afterwards.

    `position` counts the editions from 1; the newest stands in the record itself. Append-only
    until the file is destroyed, when the bytes go and the row stays.
    """

    id = TimeOrderedIdField()
    record = models.ForeignKey(Record, models.PROTECT, related_name="editions")
    position = models.SmallIntegerField()
    stored_file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=255, default="", blank=True)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, default="", blank=True)
    replaced_at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    record_id: int
    stored_file_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "position"], name="records_edition_in_turn")
        ]


class Hold(models.Model):
    """A file is held back from disposal: inspection, complaint, court. Open while not lifted."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    file = models.ForeignKey(RecordFile, models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=600)
    authority = models.CharField(max_length=200, default="", blank=True)
    placed_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True)
    lift_reason = models.CharField(max_length=600, default="", blank=True)
    agency_id: int
    file_id: int
    placed_by_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["file"], condition=Q(lifted_at=None), name="records_one_open_hold"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lift_reason="")
                | (Q(lifted_at__isnull=False) & ~Q(lift_reason="")),
                name="records_hold_lifted_with_reason",
            ),
        ]
