"""A version of a procedure as its cases need it: steps in order, ways out, roles, limits.

Made once per content hash from the compiled process; nothing here is computed again per step.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from nep.apps.cases.rules.waiting import fields_read
from nep.apps.organization.rules import split_key
from nep.bpmn import (
    Compiled,
    Effect,
    Flow,
    Instances,
    Node,
    Process,
    State,
    TaskDone,
    advance,
    choices,
    decode_state,
    encode_state,
)
from nep.bpmn.tables import Exit
from nep.kernel.text import fold
from nep.worktime import minutes_of

OUTSIDE = "ngoai/"
MOST_FOLDS = 24
MOST_MOVES = 10_000
NOT_YET, LATE = "-", "L"
_TENTHS = "0123456789A"
SIGNS = f"{NOT_YET}{_TENTHS}{LATE}"
"""Every sign of a step in the progress of a case, from not yet done to done late."""
_PLAIN = frozenset({"start", "end", "terminate", "task", "exclusive", "parallel", "inclusive"})
_WAITING = frozenset({"catch", "receive", "boundary"})
_SENDING = frozenset({"send", "throw", "end"})
_ENTERED = frozenset({"task", "call"})


@dataclass(frozen=True, slots=True)
class Way:
    """A way out that a person picks when finishing a step.

    `targets` are the steps it leads to (none at the end of the process); `is_back` says that it
    leads to the same or an earlier step, `bound` how often at most the proof of time has it taken.
    """

    flow: str
    name: str
    targets: tuple[str, ...]
    is_back: bool
    is_supplement: bool
    is_default: bool
    bound: int | None = None


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One step. `number` counts from 1; minutes count 8 hours a day; `role` is within the unit."""

    node: str
    number: int
    name: str
    key: str
    unit_code: str
    role: str
    outside: str
    amount: Decimal | None
    unit: str
    minutes: int | None
    ways: tuple[Way, ...]
    following: tuple[str, ...]
    is_return: bool

    @property
    def label(self) -> str:
        """Return "Bước 3"."""
        return f"Bước {self.number}"


@dataclass(frozen=True, slots=True)
class Beyond:
    """What a process has besides steps, gateways and ends; all empty for most.

    `waits` are the timers and messages by node, `opinions` the steps that ask several, `lists` the
    field that says whom, `calls` the called versions, `errors` for each place the (event, code,
    name) that a person may report there, `groups` the sub-process a step stands in, `reads` the
    fields of the case the process reads, `starts_with` the message that opens a case.
    """

    waits: Mapping[str, Node] = field(default_factory=dict)
    opinions: Mapping[str, Instances] = field(default_factory=dict)
    lists: Mapping[str, str] = field(default_factory=dict)
    calls: Mapping[str, Node] = field(default_factory=dict)
    sends: Mapping[str, Node] = field(default_factory=dict)
    errors: Mapping[str, tuple[tuple[str, str, str], ...]] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    reads: frozenset[str] = frozenset()
    starts_with: str = ""

    def __bool__(self) -> bool:
        """Say whether there is anything that a case may wait for, ask or send."""
        return bool(
            self.waits or self.opinions or self.calls or self.sends or self.errors or self.groups
        )


NOTHING_BEYOND = Beyond()


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of a version, by node and in order.

    `met` keeps what was found by words, `moves` where a step leads that reads nothing of its case;
    `beyond` is what a process has besides steps, gateways and ends.
    """

    compiled: Compiled
    steps: dict[str, PlanStep]
    order: tuple[PlanStep, ...]
    folds: tuple[str, ...]
    total_minutes: int
    met: dict[tuple[str, int], PlanStep | None] = field(
        default_factory=dict, compare=False, repr=False
    )
    moves: dict[tuple[str, int, str | None], "Move"] = field(
        default_factory=dict, compare=False, repr=False
    )
    beyond: Beyond = NOTHING_BEYOND

    def step(self, node: str) -> PlanStep:
        """Return a step by its node."""
        return self.steps[node]

    def way(self, node: str, flow: str) -> Way | None:
        """Return a way out of a step, or None."""
        return next((way for way in self.steps[node].ways if way.flow == flow), None)

    def asked_after(self, node: str, flow: str | None) -> tuple[str, ...]:
        """Return the steps asking for opinions that a step leads to, whom to ask still to be said."""
        if not self.beyond.opinions:
            return ()
        way = self.way(node, flow) if flow else None
        targets = way.targets if way is not None else self.steps[node].following
        return tuple(one for one in targets if self.beyond.lists.get(one))

    def stops(self, node: str, flow: str | None) -> tuple[str, ...]:
        """Return the names of what a case waits for right after a step, before any other step."""
        if not (self.beyond.waits or self.beyond.calls):
            return ()
        flows = self.compiled.process.flows
        starts = (
            [one.target for one in flows if one.id == flow]
            if flow
            else [way.target for way in self.compiled.steps[node].exits]
        )
        return _stops(self, starts)


def _stops(plan: Plan, starts: list[str]) -> tuple[str, ...]:
    names = {one.id: one.name or one.id for one in plan.compiled.process.nodes}
    _parents, inner = _nesting(plan.compiled)
    found: list[str] = []
    seen: set[str] = set()
    stack = starts[::-1]
    while stack:
        place = stack.pop()
        if place in seen:
            continue
        seen.add(place)
        step = plan.compiled.steps[place]
        if step.kind in ("catch", "receive", "call"):
            found.append(names[place])
        elif place in inner:
            stack.append(inner[place])
        elif step.kind != "task":
            stack.extend(way.target for way in reversed(step.exits))
    return tuple(found)


class Move(NamedTuple):
    """What finishing a step leads to: the new marking, its text, what opens, closes, sticks, and
    whether nothing but the hand-over of the result is left."""

    state: State
    text: str
    effects: tuple[Effect, ...]
    only_returns: bool


def move(
    plan: Plan, marking: str, token: int, data: Mapping[str, Any], outcome: str | None
) -> Move:
    """Return where a case goes on from a marking when a step is finished.

    A step that reads nothing of its case leads from one marking to one other: that is worked out
    once per process. Raises EngineError, as `advance`; StateError.
    """
    known = None if data else plan.moves.get((marking, token, outcome))
    if known is None:
        event = TaskDone(token, data, outcome)
        state, effects = advance(plan.compiled, decode_state(marking), event)
        known = moved(plan, state, effects)
        if not data:
            if len(plan.moves) >= MOST_MOVES:
                plan.moves.clear()
            plan.moves[marking, token, outcome] = known
    return known


def moved(plan: Plan, state: State, effects: tuple[Effect, ...]) -> Move:
    """Return what an advance of the engine leads to."""
    return Move(state, encode_state(state), effects, only_returns(plan, state))


def only_returns(plan: Plan, state: State) -> bool:
    """Say whether nothing but the hand-over of the result is left to do, in any branch.

    While the work of one branch is open the case is being dealt with, whichever branch has come to
    the hand-over first.
    """
    nodes = [token.node for token in state.tokens if not token.flow]
    steps = plan.steps
    return bool(nodes) and all(node in steps and steps[node].is_return for node in nodes)


def plan_of(compiled: Compiled, order: Sequence[str]) -> Plan:
    """Return the plan of a process whose steps stand in this order."""
    nodes = {node.id: node for node in compiled.process.nodes}
    numbers = {node: number for number, node in enumerate(order, start=1)}
    steps = {}
    for node_id, number in numbers.items():
        node = nodes[node_id]
        outside = node.role.removeprefix(OUTSIDE) if node.role.startswith(OUTSIDE) else ""
        unit_code, role = ("", "") if outside else split_key(node.role)
        limit = None if node.untimed else node.limit
        following = _targets(compiled, [way.target for way in compiled.steps[node_id].exits])
        steps[node_id] = PlanStep(
            node=node_id,
            number=number,
            name=node.name,
            key="" if outside else node.role,
            unit_code=unit_code,
            role=role,
            outside=outside or ("cơ quan khác" if node.outside else ""),
            amount=limit.amount if limit else None,
            unit=limit.unit if limit else "",
            minutes=minutes_of(limit.amount, limit.unit) if limit else None,
            ways=tuple(
                _way(compiled, numbers, node_id, flow) for flow in _chosen(compiled, node_id)
            ),
            following=following,
            is_return=_is_return(node.name, role, following),
        )
    line = tuple(steps.values())
    folds = tuple(f"{step.minutes or 60}," for step in line)
    return Plan(
        compiled, steps, line, folds, sum(step.minutes or 0 for step in line),
        beyond=_beyond(compiled.process),
    )  # fmt: skip


def _beyond(process: Process) -> Beyond:
    """Return what a process has besides steps, gateways and ends."""
    if all(node.kind in _PLAIN and not (node.trigger or node.instances) for node in process.nodes):
        return NOTHING_BEYOND
    nodes = {node.id: node for node in process.nodes}
    waiting = {
        node.id: node
        for node in process.nodes
        if node.kind in _WAITING and node.trigger is not None and node.trigger.kind != "error"
    }
    asking = {node.id: node.instances for node in process.nodes if node.instances is not None}
    start = next((n for n in process.nodes if n.kind == "start" and not n.parent), None)
    return Beyond(
        waits=waiting,
        opinions=asking,
        lists={name: one.over for name, one in asking.items() if one.over},
        calls={node.id: node for node in process.nodes if node.kind == "call"},
        sends={
            node.id: node
            for node in process.nodes
            if node.kind in _SENDING and node.trigger is not None and node.trigger.kind == "message"
        },
        errors={
            name: found
            for name, node in nodes.items()
            if node.kind in _ENTERED and (found := _errors(node, nodes))
        },
        groups={
            node.id: nodes[node.parent].name or node.parent
            for node in process.nodes
            if node.kind == "task" and node.parent in nodes
        },
        reads=fields_read(process),
        starts_with=start.trigger.name if start is not None and start.trigger is not None else "",
    )


def _errors(node: Node, nodes: Mapping[str, Node]) -> tuple[tuple[str, str, str], ...]:
    """Return (event, code, name) of each error that is caught at a place or around it."""
    found: dict[str, tuple[str, str, str]] = {}
    place: Node | None = node
    while place is not None:
        for one in nodes.values():
            trigger = one.trigger if one.kind == "boundary" else None
            if one.attached_to == place.id and trigger is not None and trigger.kind == "error":
                found.setdefault(trigger.name, (one.id, trigger.name, one.name or trigger.name))
        place = nodes.get(place.parent)
    return tuple(found.values())


def _chosen(compiled: Compiled, node: str) -> tuple[Flow, ...]:
    return choices(compiled, node)


def _way(compiled: Compiled, numbers: dict[str, int], node: str, flow: Flow) -> Way:
    targets = _targets(compiled, [flow.target])
    first = min((numbers.get(target, 0) for target in targets), default=0)
    default = next(
        (step.default for step in compiled.steps.values() if step.id == flow.source), None
    )
    return Way(
        flow=flow.id,
        name=flow.name,
        targets=targets,
        is_back=bool(targets) and first <= numbers[node],
        is_supplement=flow.supplement,
        is_default=default is not None and default.flow == flow.id,
        bound=flow.bound,
    )


def _targets(compiled: Compiled, starts: Iterable[str]) -> tuple[str, ...]:
    """Return the steps first met from some places, gateways looked through, in table order."""
    found: dict[str, None] = {}
    seen: set[str] = set()
    parents, inner = _nesting(compiled)
    stack = list(reversed(list(starts)))
    while stack:
        place = stack.pop()
        if place in seen:
            continue
        seen.add(place)
        step = compiled.steps[place]
        if step.kind == "task":
            found[place] = None
        elif place in inner:
            stack.append(inner[place])
        else:
            exits = step.exits or _around(compiled, parents, place)
            stack.extend(way.target for way in reversed(exits))
    return tuple(found)


def _nesting(compiled: Compiled) -> tuple[dict[str, str], dict[str, str]]:
    """Return the sub-process of each node that stands in one, and the start of each sub-process."""
    within = [node for node in compiled.process.nodes if node.parent]
    return (
        {node.id: node.parent for node in within},
        {node.parent: node.id for node in within if node.kind == "start"},
    )


def _around(compiled: Compiled, parents: Mapping[str, str], place: str) -> Sequence[Exit]:
    """Return the ways out of the sub-processes that end where this node ends."""
    while (place := parents.get(place, "")) and not compiled.steps[place].exits:
        pass
    return compiled.steps[place].exits if place else ()


def _is_return(name: str, role: str, following: tuple[str, ...]) -> bool:
    """Say whether a step only hands the result over, so that the case is dealt with before it.

    Source: Quyết định 766/QĐ-TTg: thời điểm kết thúc là "đã xử lý xong", trước "đã trả kết quả".
    """
    return not following and role == "reception" and "tra ket qua" in fold(name)


def progress_start(plan: Plan) -> str:
    """Return the progress of a case that has done nothing yet."""
    return NOT_YET * len(plan.order)


def progress_done(progress: str, step: PlanStep, *, used: int, late: bool) -> str:
    """Return the progress after a step; `used` working minutes of its limit."""
    if late:
        sign = LATE
    elif not step.minutes:
        sign = _TENTHS[10]
    else:
        sign = _TENTHS[max(1, min(10, round(10 * used / step.minutes)))]
    at = step.number - 1
    return f"{progress[:at]}{sign}{progress[at + 1 :]}"


def was_open(progress: str, step: PlanStep) -> bool:
    """Say whether the step was done before in this case."""
    return progress[step.number - 1] != NOT_YET


def fold_states(plan: Plan, progress: str, now_node: str) -> list[tuple[int, int, str]]:
    """Return (planned minutes, percent used, state) of every step."""
    return [
        (step.minutes or 60, *_fold_state(sign, step.node == now_node))
        for step, sign in zip(plan.order, progress, strict=False)
    ]


def _fold_state(sign: str, is_now: bool) -> tuple[int, str]:
    if is_now:
        return 0, "now"
    if sign == NOT_YET:
        return 0, "next"
    if sign == LATE:
        return 100, "late"
    return 10 * _TENTHS.index(sign), "done"


_SEEN = {NOT_YET: "-2", LATE: "101", **{sign: str(10 * at) for at, sign in enumerate(_TENTHS)}}
_NOW = "-1"


def pleat_text(plan: Plan, progress: str, step: PlanStep) -> str:
    """Return the pleat as a work item keeps it; a long procedure shows the steps around this one."""
    at = step.number - 1
    first, last = 0, len(plan.folds)
    if last > MOST_FOLDS:
        first = max(0, min(at - MOST_FOLDS // 2, last - MOST_FOLDS))
        last = first + MOST_FOLDS
    parts = [plan.folds[i] + _SEEN[progress[i]] for i in range(first, last)]
    parts[at - first] = plan.folds[at] + _NOW
    return f"[{','.join(parts)}]"
