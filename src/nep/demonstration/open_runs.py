"""The open steps of a case, as the play of the demonstration reads them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from nep.apps.cases.models import Case, CaseCall, CaseCorrection, StepRun
from nep.apps.cases.queries._plans import plan
from nep.apps.cases.rules.plan import Way
from nep.apps.cases.services._corrections import CORRECTION_SOURCE
from nep.apps.work.queries import open_items_of


@dataclass(frozen=True, slots=True)
class OpenRun:
    """One open step: who holds it, its limit in minutes, and its way back for supplement and usual way out if any."""

    id: int
    node: str
    round: int
    person_id: int | None
    unit_id: int | None
    role: str
    outside: bool
    opened_at: datetime
    limit_minutes: int | None
    supplement_flow: str | None
    usual_flow: str | None
    item_id: int | None


def open_runs(case_id: int) -> tuple[OpenRun, ...]:
    """Return the open steps of a case in the order they were opened."""
    rows = StepRun.objects.filter(case_id=case_id, closed_at=None).select_related("case")
    return tuple(
        OpenRun(
            row.id, row.node, row.round, row.person_id, row.unit_id, row.role, row.outside,
            row.opened_at, row.limit_minutes, _flow(row, lambda way: way.is_supplement),
            _usual_flow(row), row.item_id,
        )
        for row in rows.order_by("id")
    )  # fmt: skip


def holder_of(run_id: int) -> int | None:
    """Return who holds an open step now."""
    return StepRun.objects.filter(pk=run_id).values_list("person_id", flat=True).get()


def _flow(row: StepRun, wanted: Callable[[Way], bool]) -> str | None:
    ways = plan(row.case.content_hash).step(row.node).ways
    return next((way.flow for way in ways if wanted(way)), None)


def _usual_flow(row: StepRun) -> str | None:
    """Return the way to name at completion; None where conditions decide or there is one way."""
    steps = plan(row.case.content_hash).compiled.steps
    if any(way.condition is not None for way in steps[row.node].by_hand.values()):
        return None
    return _flow(row, lambda way: way.is_default)


def is_open(run_id: int) -> bool:
    """Say whether a step still waits to be done; a case may have ended or stopped meanwhile."""
    return StepRun.objects.filter(pk=run_id, closed_at=None).exists()


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands: its code, status, the date promised and the unit that holds it."""

    code: str
    status: int
    due_at: datetime | None
    unit_id: int | None


def standing(case_id: int) -> Standing:
    """Return how a case stands now."""
    row = Case.objects.only("code", "status", "result_due_at", "holder_unit_id").get(pk=case_id)
    return Standing(row.code, row.status, row.result_due_at, row.holder_unit_id)


@dataclass(frozen=True, slots=True)
class Held:
    """A piece of work beside the steps: who holds it, or whose role and unit it waits for."""

    id: int
    person_id: int | None
    unit_id: int | None
    role: str


def open_correction(case_id: int) -> Held | None:
    """Return the correction of a result under way, with who holds its work."""
    row = CaseCorrection.objects.filter(case_id=case_id, closed_at=None).first()
    if row is None:
        return None
    item = open_items_of(source_type=CORRECTION_SOURCE, source_id=row.pk)[0]
    return Held(row.pk, item.person_id, item.unit_id, item.role)


def outside_name(run_id: int) -> str:
    """Return the agency that an outside step names."""
    row = StepRun.objects.select_related("case").get(pk=run_id)
    return plan(row.case.content_hash).steps[row.node].outside


def called_case(case_id: int) -> int | None:
    """Return the case of the sub-procedure that a case called last, or None."""
    rows = CaseCall.objects.filter(case_id=case_id).order_by("-id")
    return rows.values_list("child_id", flat=True).first()


def cases_exist(agency_id: int) -> bool:
    """Say whether the agency has any case."""
    return Case.objects.filter(agency_id=agency_id).exists()
