"""What happened to a case of another system: its steps, clocks, pauses and log. Pure.

The timeline is made again from all the rows known of a case, in an order that their contents alone
decide, so that the same rows tell the same whatever came first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from nep.apps.cases.rules import statuses
from nep.apps.cases.rules.fed_columns import FedRow
from nep.apps.cases.rules.fed_joining import first_received
from nep.apps.cases.rules.fed_steps import (
    REFUSED,
    Meaning,
    match_step,
    meaning_of,
    pinned_meaning,
    status_of,
)
from nep.apps.cases.rules.plan import Plan, PlanStep, progress_done, progress_start
from nep.apps.cases.rules.timing import (
    as_subtracted,
    on_time_word,
    result_deadline,
    step_due,
    working_minutes,
)
from nep.worktime import Calendar, OutsideCalendar, Pause, deadline

_STATES_FROM, _LAST = 10_000, 20_000
_PAUSE_KINDS = {
    statuses.SUPPLEMENT: "supplement",
    statuses.PAYMENT: "payment",
    statuses.PAUSED: "agency",
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a case is measured by: its version's plan and limit, the agency's calendar."""

    plan: Plan
    calendar: Calendar
    limit_amount: Decimal | None
    limit_unit: str
    policy: str


@dataclass(slots=True)
class FedStep:
    """One run of a step; minutes are working minutes."""

    step: PlanStep
    row: FedRow
    opened_at: datetime
    closed_at: datetime | None
    round: int = 1
    carried: int = 0
    used: int = 0
    running_since: datetime | None = None
    due_at: datetime | None = None
    late: bool | None = None
    result: str = ""


@dataclass(frozen=True, slots=True)
class FedPause:
    """A waiting of the case."""

    kind: str
    reason: str
    started_at: datetime
    ended_at: datetime | None
    after_run: int = -1


@dataclass(frozen=True, slots=True)
class FedNote:
    """A row whose words are neither a step nor a state."""

    row: FedRow
    after_run: int


@dataclass(frozen=True, slots=True)
class FedEvent:
    """One line of the log; `run` is the place of its step among the runs."""

    kind: str
    at: datetime
    node: str = ""
    run: int | None = None
    actor: str = ""
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def sign(self) -> tuple[str, datetime, str]:
        """Return what must stay the same once it is written."""
        return self.kind, self.at, self.node


@dataclass(slots=True)
class Timeline:
    """The whole of a case as far as its rows tell."""

    received_at: datetime
    runs: list[FedStep] = field(default_factory=list)
    pauses: list[FedPause] = field(default_factory=list)
    events: list[FedEvent] = field(default_factory=list)
    matched: int = 0
    unmatched: list[FedNote] = field(default_factory=list)
    progress: str = ""
    status: int = statuses.ACCEPTED
    outcome: str = ""
    on_time: str = ""
    finished_at: datetime | None = None
    returned_at: datetime | None = None
    paused_since: datetime | None = None
    due_at: datetime | None = None
    due_original: datetime | None = None
    indicator_due_at: datetime | None = None
    is_estimated: bool = False
    last_closed: FedStep | None = None
    nodes: dict[str, str] = field(default_factory=dict)

    @property
    def holder(self) -> FedStep | None:
        """Return the step that is open now."""
        return next((run for run in reversed(self.runs) if run.closed_at is None), None)


def timeline(rows: Sequence[FedRow], *, terms: Terms) -> Timeline:
    """Return what the rows of one case tell, in the order of their times."""
    ordered = in_order(rows, plan=terms.plan)
    made = Timeline(received_at=first_received(ordered))
    states = _read(made, ordered, terms)
    _measure(made, terms)
    _set_due(made, ordered, terms)
    _end(made, states, terms)
    _write_log(made, states)
    return made


def nodes_of(rows: Sequence[FedRow], *, plan: Plan) -> dict[str, str]:
    """Return by the key of each row the step it means, empty for none."""
    nodes: dict[str, str] = {}
    last = 0
    for row in in_order(rows, plan=plan):
        step = _meaning(row, plan, last).step
        nodes[row.key] = step.node if step else ""
        last = step.number if step else last
    return nodes


def in_order(rows: Sequence[FedRow], *, plan: Plan) -> list[FedRow]:
    """Return the rows in the order of their times; of one moment, in the order of the plan.

    Where a row stood in its file decides nothing: a file sorted otherwise tells the same.
    """
    if len(rows) == 1:
        return list(rows)
    places: dict[tuple[str, str, str | None], int] = {}

    def place(row: FedRow) -> int:
        words = row.step, row.status, row.node
        known = places.get(words)
        if known is None:
            known = places[words] = _place(row, plan)
        return known

    return sorted(
        rows, key=lambda row: (row.first_at, row.end or row.first_at, place(row), row.key)
    )


def _place(row: FedRow, plan: Plan) -> int:
    """Return where a row stands among those of its moment: taken in, steps, states, the rest."""
    step = plan.steps.get(row.node) if row.node else None
    if step is None and row.step:
        step = match_step(row.step, plan=plan)
    if step is not None:
        return step.number
    state = status_of(row.status) or (status_of(row.step) if row.step else None)
    if state is None:
        return _LAST
    return 0 if state <= statuses.ACCEPTED else _STATES_FROM + state


def _meaning(row: FedRow, plan: Plan, last: int) -> Meaning:
    if row.node is not None:
        return pinned_meaning(step=row.step, status=row.status, node=row.node, plan=plan)
    return meaning_of(step=row.step, status=row.status, plan=plan, last_number=last, role=row.role)


@dataclass(frozen=True, slots=True)
class _State:
    """A state that a row names, at a moment."""

    code: int
    at: datetime
    row: FedRow
    place: int
    after_run: int


def _read(made: Timeline, rows: Sequence[FedRow], terms: Terms) -> list[_State]:
    """Turn rows into runs and states; derive the times that the file does not hold."""
    states: list[_State] = []
    last = 0
    for place, row in enumerate(rows):
        before = rows[place - 1] if place else None
        after = rows[place + 1] if place + 1 < len(rows) else None
        start, end = _span(row, before, after, made.received_at)
        meaning = _meaning(row, terms.plan, last)
        made.nodes[row.key] = meaning.step.node if meaning.step else ""
        if not meaning or _names_an_unknown_step(row, meaning):
            made.unmatched.append(FedNote(row, len(made.runs) - 1))
        if not meaning:
            continue
        made.matched += 1
        if meaning.step is not None:
            last = meaning.step.number
            made.runs.append(FedStep(meaning.step, row, start, end))
        if meaning.status is not None:
            at = (end or start) if meaning.step is not None else row.first_at
            states.append(_State(meaning.status, at, row, place, len(made.runs) - 1))
    _read_pauses(made, rows, states)
    return states


def _names_an_unknown_step(row: FedRow, meaning: Meaning) -> bool:
    """Tell a row of work whose words mean no step, beside a state that only says "going on"."""
    return (
        row.node is None and bool(row.step) and meaning.step is None
        and meaning.status in statuses.MOVING
    )  # fmt: skip


def _span(
    row: FedRow, before: FedRow | None, after: FedRow | None, received_at: datetime
) -> tuple[datetime, datetime | None]:
    """Return when the work of a row began and ended.

    A file with one time only: an end begins where the row before ended, a start ends where the
    row after began.
    """
    if row.start is not None:
        if row.end is not None or row.has_end:
            return row.start, row.end
        return row.start, after.first_at if after else None
    end = row.first_at
    earlier = (before.end or before.first_at) if before else received_at
    return min(earlier, end), end


def _read_pauses(made: Timeline, rows: Sequence[FedRow], states: Sequence[_State]) -> None:
    for state in states:
        kind = _PAUSE_KINDS.get(state.code)
        if kind is None:
            continue
        row, after = state.row, rows[state.place + 1 : state.place + 2]
        own_end = (
            row.end if row.start and row.end and not row.step and row.end > row.start else None
        )
        ended = own_end or (max(after[0].first_at, state.at) if after else None)
        reason = row.note or row.step or row.status
        made.pauses.append(FedPause(kind, reason, state.at, ended, state.after_run))


def _measure(made: Timeline, terms: Terms) -> None:
    """Give every run its clock: used and planned minutes, due date, late or not."""
    pauses = [one for one in made.pauses if policy_of(one.kind, terms.policy) != "none"]
    used_before: dict[str, int] = {}
    rounds: dict[str, int] = {}
    made.progress = progress_start(terms.plan)
    for run in sorted(made.runs, key=lambda one: one.opened_at):
        node = run.step.node
        run.round = rounds[node] = rounds.get(node, 0) + 1
        run.carried = used_before.get(node, 0)
        run.due_at = _step_due(run, pauses, terms)
        if run.closed_at is None:
            _measure_open(run, pauses, terms.calendar)
            continue
        run.used = _worked(terms.calendar, run.opened_at, run.closed_at, pauses)
        used_before[node] = run.carried + run.used
        run.late = run.due_at is not None and run.closed_at > run.due_at
        run.result = _result(run)
    for run in sorted(made.runs, key=lambda one: one.closed_at or one.opened_at):
        if run.closed_at is not None:
            made.last_closed = run
            made.progress = progress_done(
                made.progress, run.step, used=run.carried + run.used, late=bool(run.late)
            )


def _measure_open(run: FedStep, pauses: Sequence[FedPause], calendar: Calendar) -> None:
    during = [one for one in pauses if (one.ended_at or run.opened_at) >= run.opened_at]
    open_ = next((one for one in during if one.ended_at is None), None)
    if open_ is not None:
        run.used = _worked(calendar, run.opened_at, open_.started_at, pauses)
        return
    run.running_since = max([run.opened_at, *(one.ended_at for one in during if one.ended_at)])
    run.used = _worked(calendar, run.opened_at, run.running_since, pauses)


def _worked(calendar: Calendar, start: datetime, end: datetime, pauses: Sequence[FedPause]) -> int:
    minutes = working_minutes(calendar, start, end)
    for one in pauses:
        since, until = max(start, one.started_at), min(end, one.ended_at or end)
        minutes -= working_minutes(calendar, since, until)
    return max(0, minutes)


def _step_due(run: FedStep, pauses: Sequence[FedPause], terms: Terms) -> datetime | None:
    step = run.step
    if step.amount is None:
        return None
    left = step.minutes - run.carried if run.carried and step.minutes is not None else None
    inside = [
        Pause("supplement", "stop", one.started_at, one.ended_at)
        for one in pauses
        if one.ended_at is not None
        and one.ended_at > run.opened_at
        and (run.closed_at is None or one.started_at < run.closed_at)
    ]
    try:
        if not inside or left is not None:
            return step_due(
                calendar=terms.calendar, opened_at=run.opened_at, amount=step.amount,
                unit=step.unit, left=left,
            )  # fmt: skip
        return deadline(
            calendar=terms.calendar, received_at=run.opened_at, amount=step.amount,
            unit=step.unit, pauses=inside,
        ).due_at  # fmt: skip
    except OutsideCalendar:
        return None


def _result(run: FedStep) -> str:
    limit = run.step.minutes
    if run.late or limit is None:
        return "tre" if run.late else ""
    return "truoc" if run.carried + run.used < limit else "dung"


def _end(made: Timeline, states: Sequence[_State], terms: Terms) -> None:
    """Decide where the case stands now."""
    made.status = statuses.RUNNING if made.runs else statuses.ACCEPTED
    ends = [one for one in states if one.code in {*statuses.FINISHED, REFUSED}]
    stop = next((one for one in ends if one.code in {statuses.WITHDRAWN, statuses.STOPPED, REFUSED}),
                None)  # fmt: skip
    if stop is not None:
        withdrawn = stop.code == statuses.WITHDRAWN
        made.status = statuses.WITHDRAWN if withdrawn else statuses.STOPPED
        made.outcome, made.finished_at = ("withdrawn" if withdrawn else "stopped"), stop.at
        return
    _finish(made, ends)
    if made.finished_at is not None:
        made.outcome = "granted"
        made.on_time = on_time_word(finished_at=made.finished_at, due_at=made.due_at)
        return
    waiting = next((one for one in made.pauses if one.ended_at is None), None)
    if waiting is not None:
        made.status = statuses.PAUSE_STATUS[waiting.kind]
        made.paused_since = waiting.started_at


def _finish(made: Timeline, ends: Sequence[_State]) -> None:
    """Find when the case was dealt with and when its result was given out."""
    done = next((one.at for one in ends if one.code == statuses.DONE), None)
    given = next((one.at for one in reversed(ends) if one.code == statuses.RETURNED), None)
    is_open = [run for run in made.runs if run.closed_at is None]
    last = made.last_closed
    if last is not None and not is_open and not last.step.following:
        if last.step.is_return:
            given = given or last.closed_at
            done = done or _closed_before(made, last)
        done = done or last.closed_at
    elif is_open and last is not None and all(run.step.is_return for run in is_open):
        done = done or last.closed_at
    if given is not None:
        made.status, made.returned_at = statuses.RETURNED, given
        made.finished_at = min(done, given) if done else given
    elif done is not None:
        made.status, made.finished_at = statuses.DONE, done


def _closed_before(made: Timeline, last: FedStep) -> datetime | None:
    others = [run.closed_at for run in made.runs if run is not last and run.closed_at]
    return max(others, default=None)


def policy_of(kind: str, of_supplement: str) -> str:
    """Return how waiting of a kind is counted: a supplement as the version says, all else stops the
    clock and lets it go on, as in cases run here."""
    return of_supplement if kind == "supplement" else "stop"


def _set_due(made: Timeline, rows: Sequence[FedRow], terms: Terms) -> None:
    pauses = [
        Pause(one.kind, policy_of(one.kind, terms.policy), one.started_at, one.ended_at)  # type: ignore[arg-type]
        for one in made.pauses
        if one.ended_at is not None
    ]
    told = [row.due for row in rows if row.due]
    told += [row.due_new for row in rows if row.due_new]

    def due(held: Sequence[Pause]) -> datetime | None:
        try:
            found = result_deadline(
                calendar=terms.calendar, accepted_at=made.received_at,
                amount=terms.limit_amount, unit=terms.limit_unit, pauses=held,
            )  # fmt: skip
        except OutsideCalendar:
            return None
        made.is_estimated = found.estimated and found.due_at is not None
        return found.due_at

    made.due_original = told[0] if told else due(())
    made.due_at = told[-1] if told else due(pauses)
    made.indicator_due_at = due(as_subtracted(pauses))


def _write_log(made: Timeline, states: Sequence[_State]) -> None:
    """Write the log: received, each step opened and closed, pauses, notes, the end.

    Lines of one moment stand in the order of their rows.
    """
    lines: list[tuple[datetime, int, int, FedEvent]] = []

    def add(event: FedEvent, run: int, rank: int) -> None:
        lines.append((event.at, run, rank, event))

    giver = made.runs[0].row.actor if made.runs else ""
    for place, run in enumerate(made.runs):
        node, note = run.step.node, {"note": run.row.note} if run.row.note else {}
        add(FedEvent("step_opened", run.opened_at, node, place, giver), place, 0)
        if run.closed_at is not None:
            closed = FedEvent("step_completed", run.closed_at, node, place, run.row.actor, note)
            add(closed, place, 1)
        giver = run.row.actor
    for one in made.unmatched:
        text = {"text": one.row.step or one.row.status}
        data = text | ({"note": one.row.note} if one.row.note else {})
        event = FedEvent("fed_note", one.row.first_at, actor=one.row.actor, data=data)
        add(event, one.after_run, 2)
    for pause in made.pauses:
        data = {"kind": pause.kind, "reason": pause.reason}
        add(FedEvent("paused", pause.started_at, data=data), pause.after_run, 3)
        if pause.ended_at is not None:
            add(FedEvent("resumed", pause.ended_at), pause.after_run, 4)
    for state in states:
        if (ending := _ending(state)) is not None:
            add(ending, state.after_run, 5)
    lines.sort(key=lambda line: line[:3])
    made.events = [FedEvent("accepted", made.received_at), *(line[3] for line in lines)]


def _ending(state: _State) -> FedEvent | None:
    kinds = {
        statuses.WITHDRAWN: "withdrawn",
        statuses.STOPPED: "stopped",
        REFUSED: "stopped",
        statuses.RETURNED: "result_returned",
    }
    kind = kinds.get(state.code)
    if kind is None:
        return None
    reason = state.row.note or state.row.status or state.row.step
    return FedEvent(kind, state.at, actor=state.row.actor, data={"reason": reason})
