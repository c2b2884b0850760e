"""What `advance` needs, computed once per process: exits, joins, reachability."""

from collections import defaultdict
from dataclasses import dataclass

from nep.bpmn.conditions import ConditionError, Expr, parse_condition
from nep.bpmn.model import Flow, Instances, Node, Process, Trigger


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
    places, flows and nodes, a token can come from without passing the join itself. `plain` is a
    step nothing waits beside. `boundaries` are the events on its border, `host` is where such an
    event stands; `inner` is the start of a sub-process; `behind` gives for each event an event
    gateway waits for the way to it. `repeats` is an event that may come again while its step goes on.
    """

    id: str
    kind: str
    exits: tuple[Exit, ...]
    default: Exit | None
    entries: tuple[str, ...]
    forks: bool
    upstream: dict[str, frozenset[str]] | None
    by_hand: dict[str, Exit]
    plain: bool = False
    trigger: Trigger | None = None
    host: str = ""
    cancels: bool = True
    repeats: bool = False
    boundaries: tuple[str, ...] = ()
    inner: str = ""
    behind: dict[str, Exit] | None = None
    instances: Instances | None = None
    until: Expr | None = None


@dataclass(frozen=True, slots=True)
class Compiled:
    """A process ready to run; safe to share and to keep by content hash."""

    process: Process
    steps: dict[str, Step]
    start: str


def compile_process(process: Process) -> Compiled:
    """Return the tables of a process.

    Raises ModelError when there is not exactly one start at the top and in each sub-process, a flow
    dangles, a boundary event has no step or a condition does not parse; whether the process is
    sound is not judged here.
    """
    nodes = {node.id: node for node in process.nodes}
    if len(nodes) != len(process.nodes):
        raise ModelError("id_twice", "Hai phần tử của quy trình mang cùng một mã.")
    starts = _starts(process)
    exits: dict[str, list[Exit]] = defaultdict(list)
    entries: dict[str, list[Flow]] = defaultdict(list)
    for flow in process.flows:
        if flow.source not in nodes or flow.target not in nodes:
            raise ModelError("flow_dangling", f"Đường nối “{flow.id}” không nối đủ hai đầu.")
        exits[flow.source].append(_exit(flow))
        entries[flow.target].append(flow)
    hosted = _hosted(process, nodes)
    hosts = {node.id: node.attached_to for node in process.nodes if node.attached_to}
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
                {flow.id: _upstream(flow, entries, hosts) for flow in entries[node.id]}
                if node.kind == "inclusive" and len(entries[node.id]) > 1
                else None
            ),
            by_hand=_by_hand(node.id, exits, process) if node.kind == "task" else {},
            plain=node.kind == "task" and not node.instances and node.id not in hosted,
            trigger=node.trigger,
            host=node.attached_to,
            cancels=node.cancels,
            repeats=_repeats(node),
            boundaries=tuple(hosted.get(node.id, ())),
            inner=starts.get(node.id, "") if node.kind == "subprocess" else "",
            behind=({way.target: way for way in outs} if node.kind == "event_gateway" else None),
            instances=node.instances,
            until=_until(node),
        )
    return Compiled(process, steps, starts[""])


def _starts(process: Process) -> dict[str, str]:
    """Return the start of the process ("") and of each sub-process."""
    found: dict[str, list[str]] = {"": []}
    found.update({node.id: [] for node in process.nodes if node.kind == "subprocess"})
    for node in process.nodes:
        if node.kind == "start":
            found.setdefault(node.parent, []).append(node.id)
    for owner, starts in found.items():
        if len(starts) != 1:
            where = f"Quy trình con “{owner}”" if owner else "Quy trình"
            raise ModelError(
                "start_count", f"{where} phải có đúng một điểm bắt đầu, đang có {len(starts)}."
            )
    return {owner: starts[0] for owner, starts in found.items()}


def _hosted(process: Process, nodes: dict[str, Node]) -> dict[str, list[str]]:
    """Return the boundary events of each step, in their order."""
    found: dict[str, list[str]] = {}
    for node in process.nodes:
        if node.kind != "boundary":
            continue
        if node.attached_to not in nodes or node.trigger is None:
            raise ModelError("boundary_loose", f"Sự kiện “{node.id}” không gắn trên bước nào.")
        found.setdefault(node.attached_to, []).append(node.id)
    return found


def _repeats(node: Node) -> bool:
    """Tell whether a boundary event may come again while its step goes on."""
    trigger = node.trigger
    if node.kind != "boundary" or node.cancels or trigger is None:
        return False
    return trigger.kind == "message" or trigger.form == "cycle"


def _until(node: Node) -> Expr | None:
    if node.instances is None or not node.instances.until.strip():
        return None
    return _parsed(node.instances.until, f"Điều kiện dừng của bước “{node.id}”")


def choices(compiled: Compiled, node: str) -> tuple[Flow, ...]:
    """Return the flows a person may pick by hand when finishing a step, in their order.

    These are the ways out of the exclusive gateway directly after the step.
    """
    picked = compiled.steps[node].by_hand
    return tuple(flow for flow in compiled.process.flows if flow.id in picked)


def _exit(flow: Flow) -> Exit:
    condition = None
    if flow.condition.strip():
        condition = _parsed(flow.condition, f"Điều kiện của đường nối “{flow.id}”")
    return Exit(flow.id, flow.source, flow.target, condition)


def _parsed(text: str, what: str) -> Expr:
    try:
        return parse_condition(text)
    except ConditionError as error:
        raise ModelError("condition_syntax", f"{what}: {error.message}") from error


def _forks(kind: str, default: str | None, exits: tuple[Exit, ...]) -> bool:
    """Tell whether all exits are taken: also several flows out of a step or of the start."""
    if kind == "parallel":
        return True
    if kind == "exclusive":
        return len(exits) <= 1
    return default is None and all(way.condition is None for way in exits)


def _upstream(entry: Flow, entries: dict[str, list[Flow]], hosts: dict[str, str]) -> frozenset[str]:
    """Return the places from which a token can reach this way into its join.

    Behind a boundary event stands the step it is on. Flows do not cross the border of a
    sub-process, so the places are all of the join's own scope.
    """
    join, seen, stack = entry.target, {entry.id}, [entry]
    while stack:
        source = stack.pop().source
        while source and source != join and source not in seen:
            seen.add(source)
            for flow in entries[source]:
                if flow.id not in seen:
                    seen.add(flow.id)
                    stack.append(flow)
            source = hosts.get(source, "")
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
