"""Open due dates counted anew on the present calendar: what would move, case by case."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from nep.apps.cases.models import (
    Case,
    CaseExtension,
    CasePause,
    CaseWait,
    Reprojection,
    StepRun,
)
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.rules.promises import Extension, Promise, promise
from nep.apps.cases.rules.statuses import STATUS_NAMES
from nep.apps.cases.rules.timing import step_due
from nep.apps.cases.rules.waiting import TIMER, WORKING, TimerUnreadable, moment_anew
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.workcal import queries as workcal
from nep.kernel.errors import NotFound
from nep.worktime import Calendar, OutsideCalendar, Pause

PORTION = 200
MOST_SHOWN = 300


@dataclass(frozen=True, slots=True)
class StepMove:
    """The due date of one open step, before and after."""

    run_id: int
    item_id: int | None
    node: str
    number: int
    old: datetime | None
    new: datetime | None


@dataclass(frozen=True, slots=True)
class WaitMove:
    """The moment of one timer that counts working time, before and after."""

    wait_id: int
    name: str
    old: datetime
    new: datetime


@dataclass(frozen=True, slots=True)
class CaseMove:
    """What moves in one case; a case in which nothing moves has none."""

    case: Case
    promise: Promise
    steps: tuple[StepMove, ...]
    waits: tuple[WaitMove, ...] = ()

    @property
    def is_promise_moved(self) -> bool:
        """Say whether a clock of the case itself moves."""
        case, new = self.case, self.promise
        return (case.result_due_at, case.indicator_due_at, case.is_estimated) != (
            new.due_at, new.indicator_at, new.is_estimated,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class MoveLine:
    """One case of the preview."""

    id: int
    code: str
    tthc_name: str
    holder: str
    status: str
    old_due_at: datetime | None
    new_due_at: datetime | None
    is_promise_moved: bool
    steps: tuple[StepMove, ...]
    waits: tuple[WaitMove, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What counting anew would move: `open` cases looked at, `moved` of them, the first lines."""

    open: int
    moved: int
    later: int
    earlier: int
    steps: int
    lines: tuple[MoveLine, ...]


@dataclass(frozen=True, slots=True)
class ReprojectionLine:
    """One counting anew that was begun; `percent` tells how far it is."""

    id: int
    at: datetime
    by: str
    reason: str
    is_done: bool
    moved: int
    seen: int
    total: int
    percent: int
    finished_at: datetime | None


def open_cases(agency_id: int, *, after: int, limit: int) -> list[Case]:
    """Return the next accepted and unfinished cases run here, by id."""
    rows = Case.objects.filter(
        agency_id=agency_id, finished_at=None, origin="run", accepted_at__isnull=False, pk__gt=after
    )
    return list(rows.order_by("pk")[:limit])


def moves_of(cases: list[Case], *, calendar: Calendar) -> dict[int, CaseMove]:
    """Return by case what moves on a calendar. Four queries, whatever their number.

    A case whose clocks stand still is left out: its dates are counted when it goes on.
    """
    ids = [case.pk for case in cases]
    runs: dict[int, list[StepRun]] = defaultdict(list)
    for run in StepRun.objects.filter(case_id__in=ids, closed_at=None).order_by("id"):
        runs[run.case_id].append(run)
    pauses: dict[int, list[Pause]] = defaultdict(list)
    standing = set()
    for row in CasePause.objects.filter(case_id__in=ids, at_reception=False).order_by("started_at"):
        if row.ended_at is None and row.policy != "none":
            standing.add(row.case_id)
        pauses[row.case_id].append(
            Pause(row.kind, row.policy, row.started_at, row.ended_at, row.charged)  # type: ignore[arg-type]
        )
    extended = {
        row.pk: Extension(row.at, row.new_due_at, row.working_days)
        for row in CaseExtension.objects.filter(pk__in=ids)
    }
    waits: dict[int, list[CaseWait]] = defaultdict(list)
    for wait in CaseWait.objects.filter(case_id__in=ids, closed_at=None, kind=TIMER, trouble=""):
        waits[wait.case_id].append(wait)  # type: ignore[attr-defined]
    found = {}
    for case in cases:
        if case.pk in standing:
            continue
        stood = pauses[case.pk]
        moved = tuple(_waits(case, waits[case.pk], stood, calendar))
        move = _move(case, runs[case.pk], stood, extended.get(case.pk), calendar, moved)
        if move is not None:
            found[case.pk] = move
    return found


def _move(
    case: Case,
    runs: list[StepRun],
    pauses: list[Pause],
    extension: Extension | None,
    calendar: Calendar,
    waits: tuple[WaitMove, ...],
) -> CaseMove | None:
    try:
        new = promise(
            calendar=calendar, accepted_at=case.accepted_at or case.received_at,
            amount=case.promised_amount, unit=case.limit_unit, pauses=pauses, extension=extension,
        )  # fmt: skip
        steps = tuple(_steps(case, runs, calendar))
    except OutsideCalendar:
        return None
    move = CaseMove(case, new, steps, waits)
    return move if steps or waits or move.is_promise_moved else None


def _waits(
    case: Case, rows: list[CaseWait], pauses: list[Pause], calendar: Calendar
) -> Iterator[WaitMove]:
    """Yield the timers of a case that count working time and come at another moment now.

    One that comes again and again goes on from its last time.
    """
    plan = plan_for(case.content_hash)
    stops = [(one.start, one.end) for one in pauses if one.policy != "none" and one.end is not None]
    for row in rows:
        node = plan.beyond.waits.get(row.node)
        trigger = node.trigger if node is not None else None
        if node is None or trigger is None or row.due_at is None:
            continue
        if trigger.unit not in WORKING or trigger.form == "cycle":
            continue
        try:
            due = moment_anew(
                trigger, since=row.opened_at, calendar=calendar, data=json.loads(case.data),
                stops=stops,
            ).due_at  # fmt: skip
        except (TimerUnreadable, OutsideCalendar):
            continue
        if due != row.due_at:
            yield WaitMove(row.pk, node.name or node.id, row.due_at, due)


def _steps(case: Case, runs: list[StepRun], calendar: Calendar) -> Iterator[StepMove]:
    plan = plan_for(case.content_hash)
    for run in runs:
        step = plan.steps.get(run.node)
        if step is None or run.running_since is None or run.node in plan.beyond.opinions:
            continue  # whoever asked for an opinion chose until when
        gone = run.carried_minutes + run.used_minutes
        left = step.minutes - gone if gone and step.minutes is not None else None
        due = step_due(
            calendar=calendar, opened_at=run.running_since, amount=step.amount, unit=step.unit,
            left=left,
        )  # fmt: skip
        if due != run.due_at:
            yield StepMove(run.pk, run.item_id, run.node, run.number, run.due_at, due)


def reprojection_preview(*, actor: Actor) -> Preview:
    """Return what counting the actor's agency's open dates anew would move."""
    calendar = workcal.calendar_for(actor.agency_id)
    moves: list[CaseMove] = []
    looked, after = 0, 0
    while cases := open_cases(actor.agency_id, after=after, limit=PORTION):
        looked, after = looked + len(cases), cases[-1].pk
        moves += moves_of(cases, calendar=calendar).values()
    names = organization.person_names([move.case.holder_person_id for move in moves[:MOST_SHOWN]])
    dates = [
        (move.case.result_due_at, move.promise.due_at)
        for move in moves
        if move.case.result_due_at and move.promise.due_at
    ]
    return Preview(
        open=looked,
        moved=len(moves),
        later=sum(new > old for old, new in dates),
        earlier=sum(new < old for old, new in dates),
        steps=sum(len(move.steps) for move in moves),
        lines=tuple(_line(move, names) for move in moves[:MOST_SHOWN]),
    )


def _line(move: CaseMove, names: dict[int, str]) -> MoveLine:
    case = move.case
    return MoveLine(
        case.pk, case.code, case.tthc_name, names.get(case.holder_person_id or 0, ""),
        STATUS_NAMES[case.status], case.result_due_at, move.promise.due_at,
        case.result_due_at != move.promise.due_at, move.steps, move.waits,
    )  # fmt: skip


def reprojection_lines(*, actor: Actor) -> tuple[ReprojectionLine, ...]:
    """Return the countings anew of the actor's agency, newest first."""
    rows = list(Reprojection.objects.filter(agency_id=actor.agency_id).order_by("-id")[:20])
    names = organization.person_names([row.created_by_id for row in rows])
    return tuple(_told(row, names) for row in rows)


def _told(row: Reprojection, names: dict[int, str]) -> ReprojectionLine:
    done = row.state == "done"
    percent = 100 if done or not row.total else min(99, 100 * row.seen // row.total)
    return ReprojectionLine(
        row.pk, row.created_at, names.get(row.created_by_id or 0, ""), row.reason, done,
        row.moved, row.seen, row.total, percent, row.finished_at,
    )  # fmt: skip


def reprojection_line(*, actor: Actor, reprojection_id: int) -> ReprojectionLine:
    """Return one counting anew of the actor's agency. Raises NotFound."""
    row = Reprojection.objects.filter(pk=reprojection_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound("not_found", "Không tìm thấy lần tính lại này trong cơ quan của bạn.")
    return _told(row, organization.person_names([row.created_by_id]))
