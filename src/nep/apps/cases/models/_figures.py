"""Facts of finished cases and the narrow roll-ups that figures are read from.

A finished case has one fact, written with its finish and never touched by a later change of
calendar or procedure. `FactPending` names the facts that no roll-up holds yet; a reader adds them.
Agencies, units and people are plain numbers. `b00` … `b15` count by the bounds of
`rules.figures.BOUNDS`.
"""

from django.db import models
from django.db.models import Q

from nep.apps.cases.models._case import Case

WORDS = ["truoc", "dung", "khong", "tre", "rut"]


class CaseFact(models.Model):
    """What figures need to know of a finished case; minutes are working minutes.

    `month` (202611) is that of the finish on Vietnam's clock. Work that is no TTHC
    is counted apart (`is_internal`). `word` is truoc, dung, tre, khong
    (no promised date) or rut (withdrawn, stopped). `unit_id` used the most time of it;
    `charged_*` name the step that took most over its limit of a late case. `used_minutes` leaves
    waiting out, which stands apart by who is charged. `late_by_indicator` counts as QĐ 766 does.
    """

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="fact")
    agency_id = models.BigIntegerField()
    month = models.IntegerField()
    received_month = models.IntegerField()
    tthc_id = models.BigIntegerField()
    field = models.CharField(max_length=200, default="", blank=True)
    channel = models.CharField(max_length=10)
    is_internal = models.BooleanField(default=False)
    unit_id = models.BigIntegerField(null=True)
    word = models.CharField(max_length=5)
    late_by_indicator = models.BooleanField()
    used_minutes = models.IntegerField()
    waited_applicant = models.IntegerField()
    waited_agency = models.IntegerField()
    bucket = models.SmallIntegerField()
    supplements = models.SmallIntegerField()
    steps = models.SmallIntegerField()
    steps_late = models.SmallIntegerField()
    reworks = models.SmallIntegerField()
    returns = models.SmallIntegerField()
    charged_unit_id = models.BigIntegerField(null=True)
    charged_person_id = models.BigIntegerField(null=True)
    charged_node = models.CharField(max_length=80, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(word__in=WORDS), name="cases_fact_word"),
            models.CheckConstraint(
                condition=Q(bucket__gte=0) & Q(bucket__lte=15), name="cases_fact_bucket"
            ),
        ]
        indexes = [models.Index(fields=["agency_id", "month"], name="cases_fact_month")]


class FactPending(models.Model):
    """A fact that the roll-ups do not hold yet; its row goes when it is folded."""

    case_id = models.BigIntegerField(primary_key=True)


class FiguresState(models.Model):
    """One row: who changes the roll-ups holds it locked; how far old cases have been counted.

    `counted_to` is the last case looked at, None once every case has its fact.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    counted_to = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="cases_single_figures_state")]


class Rollup(models.Model):
    """Counts of an agency in a month."""

    agency_id = models.BigIntegerField()
    month = models.IntegerField()
    used_minutes = models.BigIntegerField(default=0)
    b00 = models.IntegerField(default=0)
    b01 = models.IntegerField(default=0)
    b02 = models.IntegerField(default=0)
    b03 = models.IntegerField(default=0)
    b04 = models.IntegerField(default=0)
    b05 = models.IntegerField(default=0)
    b06 = models.IntegerField(default=0)
    b07 = models.IntegerField(default=0)
    b08 = models.IntegerField(default=0)
    b09 = models.IntegerField(default=0)
    b10 = models.IntegerField(default=0)
    b11 = models.IntegerField(default=0)
    b12 = models.IntegerField(default=0)
    b13 = models.IntegerField(default=0)
    b14 = models.IntegerField(default=0)
    b15 = models.IntegerField(default=0)

    class Meta:
        abstract = True


class CaseRollup(Rollup):
    """Counts of finished cases; `ended` = before + on_time + undated + late + stopped.

    Minutes and buckets are of those with a result; `stopped` ones are in `ended` alone.
    """

    ended = models.IntegerField(default=0)
    before = models.IntegerField(default=0)
    on_time = models.IntegerField(default=0)
    undated = models.IntegerField(default=0)
    late = models.IntegerField(default=0)
    stopped = models.IntegerField(default=0)
    late_by_indicator = models.IntegerField(default=0)
    supplemented = models.IntegerField(default=0)
    reworked = models.IntegerField(default=0)
    waited_applicant = models.BigIntegerField(default=0)
    waited_agency = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


class StepRollup(Rollup):
    """Counts of the closed steps of finished cases; `steps` = in_time + late + untimed."""

    steps = models.IntegerField(default=0)
    in_time = models.IntegerField(default=0)
    late = models.IntegerField(default=0)
    untimed = models.IntegerField(default=0)
    returns = models.IntegerField(default=0)
    reworks = models.IntegerField(default=0)
    limit_minutes = models.BigIntegerField(default=0)
    timed_minutes = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


class AgencyMonth(CaseRollup):
    """Finished cases of an agency by month."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency_id", "month"], name="cases_agency_month")
        ]
        indexes = [models.Index(fields=["month"], name="cases_month_of_all")]


class ProcedureMonth(CaseRollup):
    """Finished cases of an agency by TTHC and month."""

    tthc_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency_id", "month", "tthc_id"], name="cases_procedure_month"
            )
        ]
        indexes = [models.Index(fields=["tthc_id", "month"], name="cases_month_of_tthc")]


class UnitMonth(CaseRollup):
    """Finished cases of an agency by the unit that used the most time of them; 0 is none."""

    unit_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency_id", "month", "unit_id"], name="cases_unit_month"
            )
        ]


class TraitMonth(CaseRollup):
    """Finished cases of an agency by a trait: "field" of the TTHC or "channel" of the intake."""

    trait = models.CharField(max_length=7)
    value = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency_id", "month", "trait", "value"], name="cases_trait_month"
            )
        ]


class PersonMonth(StepRollup):
    """Steps that a person closed, in cases finished in the month.

    0 is nobody of this house: steps of nobody, and those that another agency did.
    """

    person_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency_id", "month", "person_id"], name="cases_person_month"
            )
        ]


class StepMonth(StepRollup):
    """Steps of a procedure's version (by its content hash) in cases finished in the month."""

    tthc_id = models.BigIntegerField()
    content_hash = models.CharField(max_length=64)
    node = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency_id", "month", "tthc_id", "content_hash", "node"],
                name="cases_step_month",
            )
        ]
