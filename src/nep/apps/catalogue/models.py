"""Tables of the published TTHC. They belong to the installation; imports to who brought them in."""

from django.db import models
from django.db.models import F, Q

from nep.foundation.db import TimeOrderedIdField


class Entry(models.Model):
    """One published TTHC by its base code, with the edition in force repeated for lists.

    `levels` holds every level between commas (",province,commune,"). The day of abolition no longer
    belongs to the entry; `state` follows from the days and is not stored.
    """

    id = TimeOrderedIdField()
    code = models.CharField(max_length=12)
    full_code = models.CharField(max_length=60, default="", blank=True)
    name = models.CharField(max_length=2000)
    folded = models.CharField(max_length=2400)
    field = models.CharField(max_length=300, default="", blank=True)
    field_folded = models.CharField(max_length=300, default="", blank=True)
    levels = models.CharField(max_length=60, default="", blank=True)
    issuer = models.CharField(max_length=300, default="", blank=True)
    agencies = models.CharField(max_length=1500, default="", blank=True)
    agencies_folded = models.CharField(max_length=1500, default="", blank=True)
    limit_amount = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    limit_unit = models.CharField(max_length=12, default="", blank=True)
    limit_text = models.CharField(max_length=200, default="", blank=True)
    fee = models.CharField(max_length=400, default="", blank=True)
    decision = models.CharField(max_length=80, default="", blank=True)
    paper_count = models.IntegerField(default=0)
    doubt_count = models.IntegerField(default=0)
    effective_from = models.DateField(null=True)
    abolished_from = models.DateField(null=True)
    abolition = models.CharField(max_length=200, default="", blank=True)
    edition = models.IntegerField(default=1)
    changed_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="catalogue_one_code"),
            models.CheckConstraint(
                condition=Q(limit_unit__in=["", "working_hour", "working_day", "calendar_day"]),
                name="catalogue_limit_unit",
            ),
            models.CheckConstraint(
                condition=Q(limit_amount=None, limit_unit="")
                | (Q(limit_amount__gt=0) & ~Q(limit_unit="")),
                name="catalogue_limit_whole",
            ),
            models.CheckConstraint(
                condition=Q(abolished_from=None, abolition="")
                | (Q(abolished_from__isnull=False) & ~Q(abolition="")),
                name="catalogue_abolished_by",
            ),
            models.CheckConstraint(
                condition=Q(abolished_from=None)
                | Q(effective_from=None)
                | Q(abolished_from__gte=F("effective_from")),
                name="catalogue_period",
            ),
        ]
        indexes = [
            models.Index(fields=["field_folded", "code"], name="catalogue_by_field"),
        ]


class EntryEdition(models.Model):
    """What was published of an entry from a day on; never changed once written.

    `content` is the written form of `rules.Published`; `effective_from` None means from the start.
    """

    id = TimeOrderedIdField()
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="editions")
    number = models.IntegerField()
    content = models.TextField()
    content_hash = models.CharField(max_length=64)
    decision = models.CharField(max_length=80, default="", blank=True)
    effective_from = models.DateField(null=True)
    source = models.CharField(max_length=8)
    person = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    entry_id: int
    person_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="catalogue_edition_number"),
            models.CheckConstraint(
                condition=Q(source__in=["record", "list", "hand"]), name="catalogue_edition_source"
            ),
        ]
        indexes = [
            models.Index(
                fields=["effective_from"],
                condition=Q(effective_from__isnull=False),
                name="catalogue_editions_dated",
            )
        ]


class SeenRow(models.Model):
    """The last row taken in of an entry from a kind of source, so that a second run changes nothing."""

    id = TimeOrderedIdField()
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="seen")
    source = models.CharField(max_length=12)
    row_hash = models.CharField(max_length=64)
    entry_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "source"], name="catalogue_seen_once")
        ]


class CatalogueImport(models.Model):
    """One file on its way into the catalogue: waiting → reading → done, or refused as a whole.

    `agency` is whose person brought it in; None for the command line. Counts are of rows done;
    `upload` is let go of at the end.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, default="current")
    decision = models.CharField(max_length=80, default="", blank=True)
    on = models.DateField(null=True)
    overwrite = models.BooleanField(default=False)
    upload = models.BinaryField(null=True)
    state = models.CharField(max_length=8, default="waiting")
    total = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    imported = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    refusal = models.CharField(max_length=600, default="", blank=True)
    agency_id: int | None
    person_id: int | None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "reading", "done", "refused"]),
                name="catalogue_import_state",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["current", "coming", "abolished"]),
                name="catalogue_import_kind",
            ),
            models.CheckConstraint(
                condition=Q(done=F("imported") + F("changed") + F("unchanged") + F("refused")),
                name="catalogue_import_adds_up",
            ),
        ]
        indexes = [models.Index(fields=["agency", "-id"], name="catalogue_imports_newest")]


class ImportOutcome(models.Model):
    """What became of one row of a file that was not simply unchanged."""

    id = TimeOrderedIdField()
    of_import = models.ForeignKey(CatalogueImport, models.CASCADE, related_name="outcomes")
    row = models.IntegerField()
    code = models.CharField(max_length=40, default="", blank=True)
    outcome = models.CharField(max_length=9)
    reason_code = models.CharField(max_length=40, default="", blank=True)
    reason = models.CharField(max_length=600, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of_import", "row"], name="catalogue_outcome_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["imported", "changed", "refused"]),
                name="catalogue_outcome_known",
            ),
        ]
