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


class FedSource(models.Model):
    """Another system that sends cases to an agency, and how.

    `columns` (field to head), `tthc_id` and `variant` hold for what it sends. A key is shown once;
    only its hash is kept. `folder` is the name of its folder below the watched one.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    way = models.CharField(max_length=6)
    key_id = models.CharField(max_length=24, default="", blank=True)
    key_hash = models.CharField(max_length=64, default="", blank=True)
    folder = models.CharField(max_length=80, default="", blank=True)
    columns = models.JSONField(default=dict)
    tthc_id = models.BigIntegerField(null=True)
    variant = models.CharField(max_length=200, default="", blank=True)
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "name"], name="cases_one_source_per_name"),
            models.UniqueConstraint(
                fields=["key_id"], condition=~Q(key_id=""), name="cases_one_source_per_key"
            ),
            models.UniqueConstraint(
                fields=["agency", "folder"],
                condition=~Q(folder=""),
                name="cases_one_source_per_folder",
            ),
            models.CheckConstraint(
                condition=Q(way="file", key_id="", folder="")
                | Q(way="api", folder="") & ~Q(key_id="") & ~Q(key_hash="")
                | Q(way="folder", key_id="") & ~Q(folder=""),
                name="cases_source_way",
            ),
        ]


class FedImport(models.Model):
    """One file or delivery of another system: looked at first, then brought in by the worker.

    `inline` holds the rows of a delivery that came without a file until they are brought in; `sha256`
    is then of what was sent, so that the same key with another content is seen.

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
    source = models.ForeignKey("FedSource", models.PROTECT, null=True, related_name="+")
    way = models.CharField(max_length=7, db_default="page", default="page")
    shape = models.CharField(max_length=7, db_default="table", default="table")
    receipt = models.CharField(max_length=32, db_default="", default="", blank=True)
    idempotency_key = models.CharField(max_length=200, db_default="", default="", blank=True)
    inline = models.TextField(db_default="", default="", blank=True)
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
                condition=Q(file__isnull=False)
                | Q(forgotten_at__isnull=False)
                | Q(way__in=["api", "folder"]),
                name="cases_fed_import_file",
            ),
            models.CheckConstraint(
                condition=Q(way__in=["page", "command", "api", "folder"]),
                name="cases_fed_import_way",
            ),
            models.UniqueConstraint(
                fields=["receipt"], condition=~Q(receipt=""), name="cases_fed_import_receipt"
            ),
            models.UniqueConstraint(
                fields=["source", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="cases_fed_import_once",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "-id"], name="cases_fed_import_newest"),
            models.Index(
                fields=["agency"],
                name="cases_fed_import_open",
                condition=Q(state__in=["waiting", "running"]),
            ),
        ]


class FedRow(models.Model):
    """One row of another system as its tellings say together; `key` names it within its case.

    `unmatched` holds its words, folded, while they mean neither step nor state; `conflict` says that
    its tellings contradict each other.
    """

    id = TimeOrderedIdField()
    case = models.ForeignKey(Case, models.CASCADE, db_index=False, related_name="fed_rows")
    key = models.CharField(max_length=64)
    data = models.JSONField()
    unmatched = models.CharField(max_length=300, db_default="", default="", blank=True)
    conflict = models.BooleanField(db_default=False, default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], name="cases_one_fed_row_per_key")
        ]
        indexes = [
            models.Index(
                fields=["unmatched", "case"],
                name="cases_fed_row_unmatched",
                condition=~Q(unmatched=""),
            ),
            models.Index(
                fields=["case"], name="cases_fed_row_conflict", condition=Q(conflict=True)
            ),
        ]


class FedWording(models.Model):
    """Which step another system's wording means, as a person said once; kept for next files.

    `by` says what is compared: the words of the work, its state, or the position of who did it.
    `source_id` and `tthc_id` are 0 where it holds for every source and every TTHC. `node` is the step in the procedure at that time, empty when the words mean no step; `step_name`
    finds it again in another version.
    """

    agency = models.ForeignKey("organization.Agency", models.CASCADE, related_name="+")
    source_id = models.BigIntegerField(db_default=0, default=0)
    tthc_id = models.BigIntegerField()
    by = models.CharField(max_length=6, db_default="words", default="words")
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
                fields=["agency", "source_id", "tthc_id", "by", "folded"],
                name="cases_one_meaning_per_wording",
            ),
            models.CheckConstraint(
                condition=Q(by__in=["words", "status", "role"]), name="cases_wording_by"
            ),
        ]


class FedWaiting(models.Model):
    """A row whose case is not known yet: it waits for the record that names its procedure."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.CASCADE, related_name="+")
    source = models.ForeignKey(FedSource, models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=60)
    key = models.CharField(max_length=64)
    data = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "code", "key"], name="cases_one_waiting_row_per_key"
            )
        ]


class FedDeviation(models.Model):
    """Where a case of another system left the declared order of its procedure.

    `place` is the place of the step run, from 0, that showed it.
    """

    id = TimeOrderedIdField()
    case = models.ForeignKey(Case, models.CASCADE, related_name="deviations")
    kind = models.CharField(max_length=8)
    node = models.CharField(max_length=80)
    number = models.SmallIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=200, default="", blank=True)
    place = models.IntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["skipped", "repeated", "order", "role"]),
                name="cases_deviation_kind",
            )
        ]
