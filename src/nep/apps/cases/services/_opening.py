"""Opening steps: who gets them, when they are due, their rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Max, Q

from nep.apps.cases.models import CasePause, StepRun
from nep.apps.cases.queries._plans import followed
from nep.apps.cases.rules.moving import MOVED
from nep.apps.cases.rules.plan import Plan, PlanStep, pleat_text, was_open
from nep.apps.cases.rules.recall import TAKEN_BACK
from nep.apps.cases.rules.timing import step_due
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import Directory
from nep.apps.organization.rules import Actor
from nep.apps.work import services as work
from nep.apps.workcal import queries as workcal
from nep.foundation.db import Batch, inserts, new_id
from nep.kernel.compact_json import encoder
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import local
from nep.worktime import Calendar

RUN_TABLE, EVENT_TABLE, CASE_TABLE = "cases_steprun", "cases_caseevent", "cases_case"
_RUN = inserts(
    RUN_TABLE,
    "id", "case_id", "token", "node", "number", "round", "person_id", "unit_id", "role", "outside",
    "opened_at", "running_since", "limit_minutes", "carried_minutes", "used_minutes", "due_at",
    "outcome", "item_id",
)  # fmt: skip
_EVENT = inserts(EVENT_TABLE, "id", "case_id", "kind", "at", "actor_id", "node", "data")
_JSON = encoder()
SOURCE = "case"


@dataclass(slots=True)
class Ground:
    """What every opening of one action shares. `start` is when its clocks begin; `closing` is the
    (node, minutes used, round) of the step that the same action closes, `ends_id` its work item
    until an opened one names it."""

    actor: Actor
    now: datetime
    start: datetime
    case_id: int
    code: str
    detail: str
    plan: Plan
    progress: str
    handlers: dict[str, int]
    calendar: Calendar
    directory: Directory
    sender: tuple[int | None, int | None, str]
    receiver_id: int | None = None
    note: str = ""
    paused: bool = False
    closing: tuple[str, int, int] | None = None
    ends_id: int | None = None
    opened: list["Opened"] = field(default_factory=list)


class Opened(NamedTuple):
    """A step just opened."""

    run_id: int
    step: PlanStep
    person_id: int | None
    unit_id: int | None
    due_at: datetime | None
    token: int
    round: int
    role: str
    carried: int
    item_id: int
    since: datetime


def ground(
    *,
    actor: Actor,
    now: datetime,
    case_id: int,
    code: str,
    detail: str,
    plan: Plan,
    progress: str,
    handlers: Mapping[str, int],
    sender: tuple[int | None, int | None, str],
    start: datetime | None = None,
    receiver_id: int | None = None,
    note: str = "",
    paused: bool = False,
) -> Ground:
    """Return the ground of an action; `sender` is (person, unit, role) of who gives the case on."""
    return Ground(
        actor=actor,
        now=now,
        start=start if start is not None and start > now else now,
        case_id=case_id,
        code=code,
        detail=detail[:400],
        plan=plan,
        progress=progress,
        handlers=dict(handlers),
        calendar=workcal.calendar_for(actor.agency_id),
        directory=organization.directory(agency_id=actor.agency_id, today=local(now).date()),
        sender=sender,
        receiver_id=receiver_id,
        note=note,
        paused=paused,
    )


def open_step(batch: Batch, on: Ground, node: str, token: int) -> Opened:
    """Add the rows of one opened step to the batch: its run and its work item."""
    step = on.plan.steps[node]
    person_id, unit_id, role = holder_of(on, step)
    carried, round_ = 0, 1
    if was_open(on.progress, step):
        carried, round_ = _before(on, node)
    left = step.minutes - carried if carried and step.minutes is not None else None
    due_at = step_due(
        calendar=on.calendar, opened_at=on.start, amount=step.amount, unit=step.unit, left=left
    )
    return open_run(
        batch, on, step, token=token, holder=(person_id, unit_id, role), due_at=due_at,
        carried=carried, round_=round_, note=on.note,
    )  # fmt: skip


def open_run(
    batch: Batch,
    on: Ground,
    step: PlanStep,
    *,
    token: int,
    holder: tuple[int | None, int | None, str],
    due_at: datetime | None,
    carried: int = 0,
    round_: int = 1,
    note: str = "",
) -> Opened:
    """Add the run and the work item of a step whose holder (person, unit, role) and due are known."""
    person_id, unit_id, role = holder
    run_id, item_id = new_id(), new_id()
    batch.add(
        _RUN,
        [
            run_id, on.case_id, token, step.node, step.number, round_, person_id, unit_id, role,
            bool(step.outside), on.start, None if on.paused else on.start, step.minutes, carried, 0,
            due_at, "", item_id,
        ],
    )  # fmt: skip
    work.item_open(
        batch=batch,
        item_id=item_id,
        agency_id=on.actor.agency_id,
        kind="case",
        title=step.name[:300],
        detail=on.detail,
        link=case_path(on.case_id),
        source_type=SOURCE,
        source_id=on.case_id,
        source_code=on.code,
        step_label=f"Bước {step.number}/{len(on.plan.order)}",
        person_id=person_id,
        unit_id=unit_id,
        role=role,
        opened_at=on.now,
        started_at=on.start,
        due_at=due_at,
        limit_minutes=step.minutes,
        pleat=pleat_text(on.plan, on.progress, step),
        note=note[:500],
        paused=on.paused,
        ends_id=on.ends_id,
    )
    on.ends_id = None
    made = Opened(
        run_id, step, person_id, unit_id, due_at, token, round_, role, carried, item_id, on.start
    )  # fmt: skip
    on.opened.append(made)
    return made


def case_path(case_id: int) -> str:
    """Return the address of a case's page."""
    return f"/ho-so/{case_id}/"


def _before(on: Ground, node: str) -> tuple[int, int]:
    """Return the minutes that earlier runs of a step used, and the number of the next round.

    Of a case that went over to another version, the runs of what its moves say is this step. The
    run that this action closes is not yet closed in the database. What was used before a supplement
    with which the limit began anew is used no more.
    """
    rows = StepRun.objects.filter(Q(node=node) | Q(case__moved=True), case_id=on.case_id)
    rows = rows.exclude(closed_at=None).exclude(outcome__in=[TAKEN_BACK, MOVED])
    runs = list(rows.select_related("case"))
    versions = followed(runs[0].case) if runs else None
    restarts = CasePause.objects.filter(case_id=on.case_id, policy="restart", at_reception=False)
    anew = restarts.aggregate(last=Max("ended_at"))["last"]
    found = [
        (0 if anew and run.closed_at and run.closed_at <= anew else run.used_minutes, run.round)
        for run in runs
        if versions is not None and versions.meant(run.pk, run.node) == node
    ]
    if on.closing is not None and on.closing[0] == node:
        found.append(on.closing[1:])
    return sum(used for used, _ in found), max((number for _, number in found), default=0) + 1


def holder_of(on: Ground, step: PlanStep) -> tuple[int | None, int | None, str]:
    """Return (person, unit, role) of who gets a step.

    An outside step stays with its sender, who records hand-over and return. Otherwise: the person
    named by the sender, the only one in the role, who did this role's steps before, the sender,
    and else nobody yet: the step waits for its role.
    """
    if step.outside:
        return on.sender
    unit = on.directory.units.get(step.unit_code)
    unit_id = unit.id if unit else None
    people = on.directory.people(step.key)
    ids = [person.id for person in people]
    if on.receiver_id is not None:
        if on.receiver_id not in ids:
            raise Refusal(
                "receiver_unfit",
                f"Người được chọn hôm nay không giữ vai trò của {step.label.lower()}. "
                "Hãy chọn người trong danh sách.",
                field="receiver",
            )
        return on.receiver_id, unit_id, step.role
    if len(ids) == 1:
        return ids[0], unit_id, step.role
    for known in (on.handlers.get(step.key), on.actor.person_id):
        if known in ids:
            return known, unit_id, step.role
    return None, unit_id, step.role


def log(
    batch: Batch,
    *,
    case_id: int,
    kind: str,
    at: datetime,
    actor_id: int | None,
    data: Mapping[str, Any],
    node: str = "",
) -> int:
    """Add one event of the case to the batch; return its id."""
    event_id = new_id()
    batch.add(_EVENT, [event_id, case_id, kind, at, actor_id, node, _JSON(data)])
    return event_id


def opened_facts(on: Ground) -> list[dict[str, Any]]:
    """Return the opened steps as an event keeps them."""
    facts = []
    for one in on.opened:
        fact: dict[str, Any] = {"run": one.run_id, "node": one.step.node, "person": one.person_id}
        if one.due_at is not None:
            fact["due"] = one.due_at.isoformat()
            fact["limit"] = one.step.minutes
        if one.since != on.now:
            fact["from"] = one.since.isoformat()
        facts.append(fact)
    return facts


__all__ = [
    "CASE_TABLE", "RUN_TABLE", "SOURCE", "Ground", "Opened", "case_path", "ground", "holder_of", "log",
    "open_run", "open_step", "opened_facts",
]  # fmt: skip
