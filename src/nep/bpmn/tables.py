"""What `advance` needs, computed once per process: exits, joins, reachability."""

from collections import defaultdict
from dataclasses import dataclass

from nep.bpmn.conditions import ConditionError, Expr, parse_condition
from nep.bpmn.model import Flow, Process


class ModelError(ValueError):
    """The process cannot run at all; `code` and `message` say why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Exit:
    """One way out of a node."""

    flow: str
    source: str
    target: str
    condition: Expr | None


@dataclass(frozen=True, slots=True)
class Step:
    """A node as the engine sees it.

    `forks` says that every exit is taken; `upstream` (inclusive joins) gives for each way in the
    places, flows and steps, a token can come from without passing the join itself.
    """

    id: str
    kind: str
    exits: tuple[Exit, ...]
    default: Exit | None
    entries: tuple[str, ...]
    forks: bool
    upstream: dict[str, frozenset[str]] | None
    by_hand: dict[str, Exit]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A process ready to run; safe to share and to keep by content hash."""

    process: Process
    steps: dict[str, Step]
    start: str


def compile_process(process: Process) -> Compiled:
    """Return the tables of a process.

    Raises ModelError when there is not exactly one start, a flow dangles or a condition does not
    parse; whether the process is sound is not judged here.
    """
    ids = {node.id for node in process.nodes}
    if len(ids) != len(process.nodes):
        raise ModelError("id_twice", "Hai phần tử của quy trình mang cùng một mã.")
    starts = [node.id for node in process.nodes if node.kind == "start"]
    if len(starts) != 1:
        raise ModelError(
            "start_count", f"Quy trình phải có đúng một điểm bắt đầu, đang có {len(starts)}."
        )
    exits: dict[str, list[Exit]] = defaultdict(list)
    entries: dict[str, list[Flow]] = defaultdict(list)
    for flow in process.flows:
        if flow.source not in ids or flow.target not in ids:
            raise ModelError("flow_dangling", f"Đường nối “{flow.id}” không nối đủ hai đầu.")
        exits[flow.source].append(_exit(flow))
        entries[flow.target].append(flow)
    steps = {}
    for node in process.nodes:
        outs = tuple(exits[node.id])
        steps[node.id] = Step(
            id=node.id,
            kind=node.kind,
            exits=outs,
            default=next((way for way in outs if way.flow == node.default), None),
            entries=tuple(flow.id for flow in entries[node.id]),
            forks=_forks(node.kind, node.default, outs),
            upstream=(
                {flow.id: _upstream(flow, entries) for flow in entries[node.id]}
                if node.kind == "inclusive" and len(entries[node.id]) > 1
                else None
            ),
            by_hand=_by_hand(node.id, exits, process) if node.kind == "task" else {},
        )
    return Compiled(process, steps, starts[0])


def choices(compiled: Compiled, node: str) -> tuple[Flow, ...]:
    """Return the flows a person may pick by hand when finishing a step, in their order.

    These are the ways out of the exclusive gateway directly after the step.
    """
    picked = compiled.steps[node].by_hand
    return tuple(flow for flow in compiled.process.flows if flow.id in picked)


def _exit(flow: Flow) -> Exit:
    condition = None
    if flow.condition.strip():
        try:
            condition = parse_condition(flow.condition)
        except ConditionError as error:
            raise ModelError(
                "condition_syntax", f"Điều kiện của đường nối “{flow.id}”: {error.message}"
            ) from error
    return Exit(flow.id, flow.source, flow.target, condition)


def _forks(kind: str, default: str | None, exits: tuple[Exit, ...]) -> bool:
    """Tell whether all exits are taken: also several flows out of a step or of the start."""
    if kind == "parallel":
        return True
    if kind == "exclusive":
        return len(exits) <= 1
    return default is None and all(way.condition is None for way in exits)


def _upstream(entry: Flow, entries: dict[str, list[Flow]]) -> frozenset[str]:
    """Return the places from which a token can reach this way into its join."""
    join, seen, stack = entry.target, {entry.id}, [entry]
    while stack:
        source = stack.pop().source
        if source == join or source in seen:
            continue
        seen.add(source)
        for flow in entries[source]:
            if flow.id not in seen:
                seen.add(flow.id)
                stack.append(flow)
    return frozenset(seen)


def _by_hand(node: str, exits: dict[str, list[Exit]], process: Process) -> dict[str, Exit]:
    """Return the exits of the exclusive gateways right after a step, merges looked through."""
    gateways = {n.id for n in process.nodes if n.kind == "exclusive"}
    found: dict[str, Exit] = {}
    stack = [way.target for way in exits[node]]
    seen: set[str] = set()
    while stack:
        target = stack.pop()
        if target not in gateways or target in seen:
            continue
        seen.add(target)
        if len(exits[target]) == 1:
            stack.append(exits[target][0].target)
        else:
            found.update({way.flow: way for way in exits[target]})
    return found
