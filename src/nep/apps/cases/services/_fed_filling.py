"""Filling the rows of a case of another system from its timeline: the same rows as of cases run
here."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nep.apps.cases.models import Case, CaseEvent, CasePause, StepRun
from nep.apps.cases.rules.fed_columns import FedRow as Row
from nep.apps.cases.rules.fed_timeline import FedStep, Timeline, policy_of
from nep.foundation.db import new_id
from nep.foundation.db.bulk import new_row
from nep.kernel.vietnamese import local

CASE_COLUMNS = (
    "status", "progress", "holder_person_id", "holder_unit_id", "step_number", "step_node",
    "step_due_at", "result_due_at", "result_due_original", "indicator_due_at", "is_estimated",
    "paused_since", "finished_at", "returned_at", "outcome", "on_time", "version", "received_at",
    "received_month", "accepted_at", "transfer_at", "tthc_id", "tthc_code", "tthc_name",
    "revision_id", "procedure_text", "content_hash", "limit_amount", "limit_unit", "pause_policy",
)  # fmt: skip
RUN_COLUMNS = (
    "node", "number", "round", "person_id", "unit_id", "role", "outside", "opened_at",
    "running_since", "closed_at", "limit_minutes", "carried_minutes", "used_minutes", "due_at",
    "late", "outcome", "closed_by_id",
)  # fmt: skip
_json = json.JSONEncoder(ensure_ascii=False).encode
PAUSE_COLUMNS = ("kind", "policy", "charged", "reason", "started_at", "ended_at")


@dataclass(slots=True)
class Known:
    """What stands of a case already; `events` are those that stand, as (kind, at, node, told)."""

    case: Case | None = None
    rows: dict[str, Row] = field(default_factory=dict)
    row_ids: dict[str, int] = field(default_factory=dict)
    runs: list[StepRun] = field(default_factory=list)
    events: list[tuple[str, datetime, str, str]] = field(default_factory=list)
    pauses: list[CasePause] = field(default_factory=list)


@dataclass(slots=True)
class Filling:
    """The rows of one case after it was told: new ones, changed ones, those no more."""

    runs: list[StepRun] = field(default_factory=list)
    changed_runs: list[StepRun] = field(default_factory=list)
    gone_runs: list[StepRun] = field(default_factory=list)
    events: list[CaseEvent] = field(default_factory=list)
    pauses: list[CasePause] = field(default_factory=list)
    changed_pauses: list[CasePause] = field(default_factory=list)
    gone_pauses: list[CasePause] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Names:
    """How the agency's people and units are found by what another system calls them."""

    person: Callable[[str], int | None]
    units: Mapping[str, int]


def fill_case(case: Case, made: Timeline, names: Names) -> None:
    """Set the case's standing from its timeline."""
    holder = made.holder if made.finished_at is None or made.returned_at is None else None
    case.status, case.progress, case.version = made.status, made.progress, case.version + 1
    case.holder_person_id = names.person(holder.row.actor) if holder else None
    case.holder_unit_id = names.units.get(holder.step.unit_code) if holder else None
    case.step_number = holder.step.number if holder else None
    case.step_node = holder.step.node if holder else ""
    case.step_due_at = holder.due_at if holder else None
    case.result_due_at, case.result_due_original = made.due_at, made.due_original
    case.indicator_due_at, case.is_estimated = made.indicator_due_at, made.is_estimated
    case.paused_since = made.paused_since
    case.finished_at, case.returned_at = made.finished_at, made.returned_at
    case.outcome, case.on_time = made.outcome, made.on_time


def fill(case: Case, made: Timeline, known: Known, names: Names, *, is_anew: bool) -> Filling:
    """Return the rows of a case; only what lengthens the log is written, or with `is_anew` all of
    it after a mark."""
    found = Filling()
    runs = _runs(case, made, known, names, found)
    told = 0 if is_anew else len(known.events)
    for event in made.events[told:]:
        done = made.runs[event.run] if event.run is not None else None
        run = runs[event.run] if event.run is not None else None
        data = _event_data(event.kind, event.data, done, run, made.due_original)
        person = names.person(event.actor)
        if event.actor and person is None:
            data["by"] = event.actor
        found.events.append(
            new_row(
                CaseEvent, id=new_id(), case_id=case.pk, kind=event.kind, at=event.at, actor_id=person,
                node=event.node, data=_json(data),
            )
        )  # fmt: skip
    _pauses(case, made, known, found)
    return found


def due_text(due: datetime | None) -> str | None:
    """Return a promised moment as the log writes it."""
    return local(due).isoformat() if due else None


def told_words(data: Mapping[str, Any]) -> str:
    """Return what an event tells besides when and which step, so that another telling shows."""
    due = data.get("due") or ""
    return "\x1f".join(str(data.get(name, "")) for name in ("kind", "reason", "text", "note")) + due


def _runs(case: Case, made: Timeline, known: Known, names: Names, found: Filling) -> list[StepRun]:
    runs = []
    for place, step in enumerate(made.runs):
        old = known.runs[place] if place < len(known.runs) else None
        run = old or new_row(StepRun, id=new_id(), case_id=case.pk)
        before = _values(run, RUN_COLUMNS) if old else None
        _fill_run(run, step, names)
        if old is None:
            found.runs.append(run)
        elif before != _values(run, RUN_COLUMNS):
            found.changed_runs.append(run)
        runs.append(run)
    found.gone_runs = known.runs[len(made.runs) :]
    return runs


def _pauses(case: Case, made: Timeline, known: Known, found: Filling) -> None:
    for place, one in enumerate(made.pauses):
        old = known.pauses[place] if place < len(known.pauses) else None
        pause = old or new_row(CasePause, id=new_id(), case_id=case.pk, number=0, papers="[]")
        before = _values(pause, PAUSE_COLUMNS) if old else None
        pause.kind, pause.reason = one.kind, one.reason
        pause.policy = policy_of(one.kind, case.pause_policy)
        pause.charged = "agency" if one.kind == "agency" else "applicant"
        pause.started_at, pause.ended_at = one.started_at, one.ended_at
        if old is None:
            found.pauses.append(pause)
        elif before != _values(pause, PAUSE_COLUMNS):
            found.changed_pauses.append(pause)
    found.gone_pauses = known.pauses[len(made.pauses) :]


def _values(row: Any, columns: Sequence[str]) -> tuple:
    return tuple(getattr(row, name) for name in columns)


def _fill_run(run: StepRun, made: FedStep, names: Names) -> None:
    step = made.step
    run.node, run.number, run.round = step.node, step.number, made.round
    run.person_id = names.person(made.row.actor)
    run.unit_id, run.role = names.units.get(step.unit_code), step.role
    run.outside, run.opened_at = bool(step.outside), made.opened_at
    run.running_since, run.closed_at = made.running_since, made.closed_at
    run.limit_minutes, run.carried_minutes = step.minutes, made.carried
    run.used_minutes, run.due_at, run.late = made.used, made.due_at, made.late
    run.outcome = "done" if made.closed_at else ""
    run.closed_by_id = run.person_id if made.closed_at else None


def _event_data(
    kind: str,
    data: Mapping[str, Any],
    made: FedStep | None,
    run: StepRun | None,
    due: datetime | None,
) -> dict[str, Any]:
    if kind == "accepted":
        return {"channel": "fed", "due": due_text(due)}
    if made is None or run is None:
        return dict(data)
    if kind == "step_completed":
        closed = {"run": run.pk, "used": made.used, "result": made.result}
        return {**data, "closed": closed}
    fact: dict[str, Any] = {"run": run.pk, "node": run.node, "person": run.person_id}
    if run.person_id is None and made.row.actor:
        fact["name"] = made.row.actor
    if made.due_at is not None:
        fact |= {"due": made.due_at.isoformat(), "limit": made.step.minutes}
    return {"opened": [fact]}
