"""The open steps of a case, as the play of the demonstration reads them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from nep.apps.cases.models import Case, StepRun
from nep.apps.cases.queries._plans import plan
from nep.apps.cases.rules.plan import Way


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


def cases_exist(agency_id: int) -> bool:
    """Say whether the agency has any case."""
    return Case.objects.filter(agency_id=agency_id).exists()
