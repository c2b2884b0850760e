"""Why running cases are late and how much each person holds."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from nep.apps.cases.models import Case, StepRun
from nep.apps.cases.queries._lists import CaseFilter, filtered, group_condition
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.rules.timing import working_minutes
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.workcal import queries as workcal

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class LateCause:
    """The step that took most over its limit; minutes are working minutes."""

    case_id: int
    step_number: int
    step_name: str
    used: int
    limit: int
    is_open: bool

    @property
    def over(self) -> int:
        """Return the minutes over the limit."""
        return self.used - self.limit


@dataclass(frozen=True, slots=True)
class HolderLine:
    """How many running cases a person holds; `person_id` 0 stands for nobody yet."""

    person_id: int
    name: str
    running: int
    overdue: int


def late_causes(*, actor: Actor, case_ids: Collection[int], now: datetime) -> dict[int, LateCause]:
    """Return for each case the step that took most over its limit, where one did.

    Two queries for each thousand cases: a database takes so many names in one question.
    """
    wanted = list(case_ids)
    causes: dict[int, LateCause] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        causes |= _causes(actor, wanted[start : start + _AT_ONCE], now)
    return causes


def _causes(actor: Actor, case_ids: Sequence[int], now: datetime) -> dict[int, LateCause]:
    cases = dict(
        Case.objects.filter(agency_id=actor.agency_id, pk__in=case_ids).values_list(
            "id", "content_hash"
        )
    )
    calendar = workcal.calendar_for(actor.agency_id)
    causes: dict[int, LateCause] = {}
    runs = StepRun.objects.filter(case_id__in=cases).exclude(limit_minutes=None)
    for run in runs.order_by("id"):
        used = run.carried_minutes + run.used_minutes
        used += working_minutes(calendar, run.running_since, now)
        step = plan_for(cases[run.case_id]).steps.get(run.node)
        limit = run.limit_minutes or 0
        known = causes.get(run.case_id)
        if step is None or used <= limit or (known is not None and known.over >= used - limit):
            continue
        causes[run.case_id] = LateCause(
            run.case_id, run.number, step.name, used, limit, run.closed_at is None
        )
    return causes


def holder_lines(*, actor: Actor, now: datetime, limit: int = 12) -> tuple[HolderLine, ...]:
    """Return who holds running cases, most overdue first. One query besides the names."""
    rows = filtered(actor=actor, filter=CaseFilter(group="dang"), now=now)
    counted = (
        rows.values("holder_person_id")
        .annotate(running=Count("id"), late=Count("id", filter=_overdue(now)))
        .order_by("-late", "-running", "holder_person_id")[:limit]
    )
    found = list(counted)
    names = organization.person_names([row["holder_person_id"] for row in found])
    return tuple(
        HolderLine(
            row["holder_person_id"] or 0,
            names.get(row["holder_person_id"] or 0, ""),
            row["running"],
            row["late"],
        )
        for row in found
    )


def _overdue(now: datetime) -> Q:
    return group_condition("qua", now)
