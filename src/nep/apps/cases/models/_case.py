"""Tables of cases.

`Case` holds the current state, materialised for lists; `StepRun` is one opened step with its
clock; `CaseEvent` is the append-only log that the control slip is read from, together with what the
journal tells of finished steps (`queries._log`). The applicant stands in a table of its own. People
are plain numbers, as in the worklist.
"""

from decimal import Decimal

from django.db import models
from django.db.models import Case as Either
from django.db.models import F, Q, When

from nep.foundation.db import TimeOrderedIdField


class Case(models.Model):
    """One case (hồ sơ), pinned to a version of its procedure: the one it began with, until moved.

    `state` is the engine's marking; `progress` has one sign per step of the table ("-" not yet,
    "0" … "9", "A" tenths of the limit used, "L" late); `handlers` remembers as JSON who last did
    the steps of each responsibility key. `result_due_at` is the promise to the applicant under
    the version's pause policy, `indicator_due_at` the same with waiting always subtracted.
    `internal` is work of the agency itself, asked for by a unit and without an applicant;
    `at_once` a case whose result is given on the spot, without receipt and promised date. `moved`
    says that it has gone over to another version (`CaseMove`); its promise stayed.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey(
        "organization.Agency", models.PROTECT, db_index=False, related_name="+"
    )
    code = models.CharField(max_length=60)
    lookup_key = models.CharField(max_length=32)
    tthc = models.ForeignKey("procedures.Tthc", models.PROTECT, related_name="+")
    tthc_code = models.CharField(max_length=30, default="", blank=True)
    tthc_name = models.CharField(max_length=600)
    revision = models.ForeignKey(
        "documents.Revision", models.PROTECT, db_index=False, related_name="+"
    )
    procedure_text = models.CharField(max_length=120)
    content_hash = models.CharField(max_length=64)
    origin = models.CharField(max_length=3, default="run")
    channel = models.CharField(max_length=10, default="counter")
    applicant_mask = models.CharField(max_length=160, default="", blank=True)
    received_at = models.DateTimeField()
    received_month = models.IntegerField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by_id = models.BigIntegerField(null=True)
    transfer_at = models.DateTimeField(null=True)
    limit_amount = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    limit_unit = models.CharField(max_length=12, default="", blank=True)
    pause_policy = models.CharField(max_length=10, default="restart")
    status = models.SmallIntegerField()
    state = models.TextField(default="", blank=True)
    data = models.TextField(default="{}")
    progress = models.TextField(default="", blank=True)
    handlers = models.TextField(default="{}")
    holder_person_id = models.BigIntegerField(null=True)
    holder_unit_id = models.BigIntegerField(null=True)
    step_number = models.SmallIntegerField(null=True)
    step_node = models.CharField(max_length=80, default="", blank=True)
    step_due_at = models.DateTimeField(null=True)
    result_due_at = models.DateTimeField(null=True)
    result_due_original = models.DateTimeField(null=True)
    indicator_due_at = models.DateTimeField(null=True)
    is_estimated = models.BooleanField(default=False)
    paused_since = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, default="", blank=True)
    on_time = models.CharField(max_length=5, default="", blank=True)
    urgent = models.BooleanField(default=False, db_default=False)
    internal = models.BooleanField(default=False, db_default=False)
    at_once = models.BooleanField(default=False, db_default=False)
    asked_unit_id = models.BigIntegerField(null=True)
    version = models.IntegerField(default=1)
    moved = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "code"], name="cases_one_code"),
            models.UniqueConstraint(fields=["lookup_key"], name="cases_one_lookup_key"),
            models.CheckConstraint(
                condition=Q(status__in=[1, 2, 4, 5, 6, 7, 8, 9, 10, 11]), name="cases_status_known"
            ),
            models.CheckConstraint(condition=Q(origin__in=["run", "fed"]), name="cases_origin"),
            models.CheckConstraint(
                condition=Q(status__in=[7, 8, 9, 10], finished_at__isnull=False)
                | Q(status__in=[1, 2, 4, 5, 6, 11], finished_at=None),
                name="cases_finished_has_time",
            ),
            models.CheckConstraint(
                condition=Q(on_time__in=["", "truoc", "dung", "tre"]), name="cases_on_time_word"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[5, 6, 11], paused_since__isnull=False)
                | Q(status__in=[1, 2, 4, 7, 8, 9, 10], paused_since=None),
                name="cases_pause_has_start",
            ),
            models.CheckConstraint(
                condition=Q(returned_at=None) | Q(status=10), name="cases_returned_status"
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "-received_at", "-id"], name="cases_newest"),
            models.Index(fields=["agency", "received_month", "internal"], name="cases_month"),
            models.Index(fields=["code"], name="cases_code"),
            models.Index(
                fields=["agency"],
                name="cases_urgent_open",
                condition=Q(urgent=True, finished_at=None),
            ),
            models.Index(
                fields=["agency", "result_due_at"],
                name="cases_open_due",
                condition=Q(finished_at=None),
            ),
        ]

    @property
    def promised_amount(self) -> Decimal | None:
        """Return the limit behind the promised date; none where the result is given at once."""
        return None if self.at_once else self.limit_amount


class CaseApplicant(models.Model):
    """Who handed the case in. Read only by the case's own page, papers and search."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="applicant")
    name = models.CharField(max_length=200)
    folded = models.CharField(max_length=200)
    identity = models.CharField(max_length=30, default="", blank=True)
    phone = models.CharField(max_length=30, default="", blank=True)
    email = models.CharField(max_length=120, default="", blank=True)
    address = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["folded"], name="cases_applicant_folded")]


class CasePaper(models.Model):
    """One paper of a case: asked for by the TTHC, or added later. `state` is du, thieu or kc."""

    id = TimeOrderedIdField()
    case = models.ForeignKey(Case, models.CASCADE, db_index=False, related_name="papers")
    position = models.IntegerField()
    name = models.CharField(max_length=1000)
    originals = models.IntegerField(default=1)
    copies = models.IntegerField(default=0)
    is_required = models.BooleanField(default=True)
    state = models.CharField(max_length=5, default="du")
    source = models.CharField(max_length=10, default="applicant")
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=300, default="", blank=True)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "position"], name="cases_paper_place"),
            models.CheckConstraint(
                condition=Q(state__in=["du", "thieu", "kc"]), name="cases_paper_state"
            ),
            models.CheckConstraint(
                condition=Q(source__in=["applicant", "supplement", "officer"]),
                name="cases_paper_source",
            ),
        ]


class StepRun(models.Model):
    """One opened step and its clock.

    The clock: `limit_minutes` planned (8 hours a day), `carried_minutes` used by earlier runs of
    the same step, `used_minutes` of this run up to `running_since` (None while paused or closed).
    `late` is frozen when the step closes. `token` is the marking's; of what was taken back it
    is negated, since the marking gives that number out again.
    """

    id = TimeOrderedIdField()
    case = models.ForeignKey(Case, models.CASCADE, db_index=False, related_name="runs")
    token = models.IntegerField(default=0)
    node = models.CharField(max_length=80)
    number = models.SmallIntegerField()
    round = models.SmallIntegerField(default=1)
    person_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=20, default="", blank=True)
    outside = models.BooleanField(default=False)
    handed_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    running_since = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    limit_minutes = models.IntegerField(null=True)
    carried_minutes = models.IntegerField(default=0)
    used_minutes = models.IntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    late = models.BooleanField(null=True)
    outcome = models.CharField(max_length=12, default="", blank=True)
    closed_by_id = models.BigIntegerField(null=True)
    item_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="")
                | Q(closed_at__isnull=False) & ~Q(outcome=""),
                name="cases_run_closed_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(used_minutes__gte=0) & Q(carried_minutes__gte=0),
                name="cases_run_minutes",
            ),
            # One index for two ends: a step has its token for itself, and all steps of a case are
            # found together. Keys are positive, so no two ever meet. Nothing in it changes when
            # the step closes: PostgreSQL then writes no index.
            models.UniqueConstraint(
                F("case"),
                Either(
                    When(token__gt=0, then=-F("token")),
                    default=F("id"),
                    output_field=models.BigIntegerField(),
                ),
                name="cases_run_one_per_token",
            ),
        ]


class CaseEvent(models.Model):
    """One thing that happened to a case, besides its steps finished here, which the journal tells.

    Never changed, never removed. `data` is JSON.
    """

    id = TimeOrderedIdField()
    case = models.ForeignKey(Case, models.CASCADE, db_index=False, related_name="events")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    node = models.CharField(max_length=80, default="", blank=True)
    data = models.TextField(default="{}")

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="cases_event_order")]


class CasePause(models.Model):
    """A typed pause of a case; an open one has no end. `papers` is what was asked for, as JSON."""

    id = TimeOrderedIdField()
    case = models.ForeignKey(Case, models.CASCADE, related_name="pauses")
    number = models.IntegerField(default=0)
    kind = models.CharField(max_length=14)
    policy = models.CharField(max_length=8)
    charged = models.CharField(max_length=10, default="", blank=True)
    reason = models.TextField()
    papers = models.TextField(default="[]")
    started_at = models.DateTimeField()
    started_by_id = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by_id = models.BigIntegerField(null=True)
    at_reception = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at=None), name="cases_one_open_pause"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["supplement", "agency", "payment", "force_majeure"]),
                name="cases_pause_kind",
            ),
            models.CheckConstraint(
                condition=Q(policy__in=["stop", "restart", "none"]), name="cases_pause_policy"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="cases_pause_order",
            ),
        ]
