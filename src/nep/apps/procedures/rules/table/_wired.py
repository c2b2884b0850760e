"""Rows beside a graph of any shape: the wiring is kept, the rows' ways out are read off it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from nep.apps.procedures.rules.table._ends import ENDS, target_of
from nep.apps.procedures.rules.table._model import (
    DEFAULT_NAME,
    END,
    GROUP,
    NEXT,
    ROWS,
    Branch,
    Event,
    NotATable,
    Step,
    Table,
    Wiring,
    begins_with,
    node_of,
    row_of,
)
from nep.bpmn import Flow, ModelError, Node, Process, compile_process

_MEETINGS = frozenset({"parallel", "inclusive", "event_gateway"})


def wired_process(table: Table) -> Process:
    """Return the graph of a table with wiring: rows in order, each followed by what it leads to."""
    wiring = table.wiring
    if wiring is None:
        raise ValueError("the table has no wiring")
    nodes = _in_order([node_of(step) for step in table.steps], wiring)
    if wiring.order:
        stored = {name: at for at, name in enumerate(wiring.order)}
        nodes.sort(key=lambda node: stored.get(node.id, len(stored)))
    place = {node.id: at for at, node in enumerate(nodes)}
    flows = sorted(wiring.flows, key=lambda flow: place.get(flow.source, len(place)))
    return Process(id=table.id, name=table.name, nodes=tuple(nodes), flows=tuple(flows))


def wired_table(process: Process) -> Table:
    """Return the rows and the wiring of a graph, rows in the order of its tasks.

    Raises NotATable when the graph cannot be compiled, or keeps parts of others.
    """
    if process.foreign:
        raise NotATable(process.id)
    try:
        compile_process(process)
    except ModelError as error:
        raise NotATable(process.id) from error
    wiring = Wiring(
        tuple(node for node in process.nodes if node.kind not in ROWS), tuple(process.flows)
    )
    rows = tuple(row_of(node) for node in process.nodes if node.kind in ROWS)
    table = rewired(Table(process.id, process.name, rows, wiring))
    written = wired_process(table)
    if written.nodes == process.nodes or table.wiring is None:
        return table
    order = tuple(node.id for node in process.nodes)
    return replace(table, wiring=replace(table.wiring, flows=process.flows, order=order))


def rewired(table: Table) -> Table:
    """Return the table with the ways out of its rows read off the wiring anew."""
    if table.wiring is None:
        return table
    table = replace(table, wiring=replace(table.wiring, order=()))
    graph = _Graph.of(table)
    process = wired_process(table)
    order = {node.id for node in process.nodes if node.kind not in ROWS}
    wiring = Wiring(tuple(node for node in process.nodes if node.id in order), tuple(process.flows))
    following = {
        step.id: other.id for step, other in zip(table.steps, table.steps[1:], strict=False)
    }
    steps = tuple(_read(step, graph, following.get(step.id, END)) for step in table.steps)
    return replace(table, steps=steps, wiring=wiring, begins=begins_with(wiring.nodes))


@dataclass(frozen=True, slots=True)
class Meeting:
    """What a wired step leads into: a gateway that parts ("parallel", "inclusive", "event_gateway") or gathers."""

    kind: str
    steps: tuple[str, ...]


def meetings(table: Table) -> dict[str, Meeting]:
    """Return for steps of a wiring the gateway they lead into and the steps after it."""
    graph = _Graph.of(table)
    found: dict[str, Meeting] = {}
    for step in table.steps if table.wiring is not None else ():
        ways = graph.outs[step.id]
        gateway = graph.nodes.get(ways[0].target) if len(ways) == 1 else None
        if gateway is None or gateway.kind not in _MEETINGS:
            continue
        outs = graph.outs[gateway.id]
        kind = gateway.kind if len(outs) > 1 else "join"
        found[step.id] = Meeting(kind, tuple(graph.first_step(one.target) for one in outs))
    return found


def group_rows(table: Table) -> tuple[Step, ...]:
    """Return every group of steps as a row: its name, what may end it, the row it leads to."""
    graph = _Graph.of(table)
    return tuple(
        replace(
            row_of(node),
            after=graph.first_step(ways[0].target) if (ways := graph.outs[node.id]) else END,
            after_bound=ways[0].bound if ways else None,
            events=_events(node.id, graph),
        )
        for node in graph.nodes.values()
        if node.kind == GROUP
    )


def way_into(table: Table, target: str, parent: str) -> str | None:
    """Return what the ways of a scope lead to for a row, or None.

    That is the row itself, the gateway before it where it waits with others, or the group that begins
    with it.
    """
    aimed = table.step(target)
    if aimed is None:
        return None
    graph = _Graph.of(table)
    if aimed.parent == parent:
        gates = (node.id for node in graph.nodes.values() if node.kind == "event_gateway")
        return next((one for one in gates if target in {f.target for f in graph.outs[one]}), target)
    return next(
        (
            node.id
            for node in graph.nodes.values()
            if node.kind == GROUP and node.parent == parent and graph.first_step(node.id) == target
        ),
        None,
    )


@dataclass(frozen=True, slots=True)
class _Graph:
    """A wiring by node: kinds, what leads out and how much leads in."""

    nodes: dict[str, Node]
    outs: dict[str, list[Flow]]
    ins: dict[str, int]

    @classmethod
    def of(cls, table: Table) -> "_Graph":
        wiring = table.wiring or Wiring((), ())
        nodes = {node.id: node for node in wiring.nodes}
        outs: dict[str, list[Flow]] = defaultdict(list)
        ins: dict[str, int] = defaultdict(int)
        for flow in wiring.flows:
            outs[flow.source].append(flow)
            ins[flow.target] += 1
        return cls(nodes, outs, ins)

    def choice(self, name: str) -> Node | None:
        """Return the choice that belongs to a step alone, or None."""
        ways = self.outs[name]
        gateway = self.nodes.get(ways[0].target) if len(ways) == 1 else None
        if gateway is None or gateway.kind != "exclusive" or self.ins[gateway.id] != 1:
            return None
        return gateway if len(self.outs[gateway.id]) > 1 else None

    def first_step(self, name: str) -> str:
        """Return the first step reached from a node, or END; into groups of steps and out of them."""
        seen, queue = {name}, [name]
        for one in queue:
            node = self.nodes.get(one)
            if node is None:
                return one
            if node.kind in ENDS and target_of(node) != END:
                return target_of(node)
            following = self._after(node)
            if not following:
                return END
            queue += [name for name in following if name not in seen]
            seen.update(following)
        return END

    def _after(self, node: Node) -> list[str]:
        """Return the nodes after one: the start within a group, after its end those after the group."""
        if node.kind == GROUP:
            inner = self.nodes.values()
            return [one.id for one in inner if one.parent == node.id and one.kind == "start"]
        source = node.parent if node.kind == "end" else node.id
        return [flow.target for flow in self.outs[source]] if source else []


def _read(step: Step, graph: _Graph, following: str) -> Step:
    ways = graph.outs[step.id]
    gateway = graph.choice(step.id)
    branches: tuple[Branch, ...] = ()
    question, name = "", DEFAULT_NAME
    main, bound = (ways[0].target, ways[0].bound) if ways else (END, None)
    if gateway is not None:
        outs = graph.outs[gateway.id]
        default = next((flow for flow in outs if flow.id == gateway.default), outs[0])
        branches = tuple(
            Branch(
                flow.id,
                graph.first_step(flow.target),
                flow.name,
                flow.condition,
                flow.supplement,
                flow.bound,
            )
            for flow in outs
            if flow is not default
        )
        main, name, question = default.target, default.name, gateway.name
        bound = default.bound
    target = graph.first_step(main)
    after = NEXT if target == following else target
    return replace(
        step, after=after, branches=branches, default_name=name, question=question, group="",
        events=_events(step.id, graph), after_bound=bound,
    )  # fmt: skip


def _events(host: str, graph: _Graph) -> tuple[Event, ...]:
    return tuple(
        Event(
            node.id, node.trigger, graph.first_step(node.id), node.cancels, node.name,
            next((flow.bound for flow in graph.outs[node.id]), None),
        )
        for node in graph.nodes.values()
        if node.attached_to == host and node.trigger is not None
    )  # fmt: skip


def _in_order(tasks: list[Node], wiring: Wiring) -> list[Node]:
    """Return the starts, then every task followed by what it leads to that is no row, last what holds on rows."""
    rest = {node.id: node for node in wiring.nodes}
    outs: dict[str, list[str]] = defaultdict(list)
    for flow in wiring.flows:
        outs[flow.source].append(flow.target)
    found: list[Node] = []

    def take(names: Iterable[str]) -> None:
        stack = list(names)[::-1]
        while stack:
            node = rest.pop(stack.pop(), None)
            if node is not None:
                found.append(node)
                stack.extend(reversed(outs[node.id]))

    take(_starts(tasks, wiring))
    for task in tasks:
        found.append(task)
        take(outs[task.id])
    events = [node for node in rest.values() if node.attached_to]
    for event in events:
        del rest[event.id]
    before = -1
    while len(found) != before:  # a group that only an event leads to may have events itself
        before = len(found)
        place = {node.id: at for at, node in enumerate(found)}
        events.sort(key=lambda node: place.get(node.attached_to, len(place)))
        take(name for event in events if event.attached_to in place for name in outs[event.id])
    return [*found, *rest.values(), *events]


def _starts(tasks: list[Node], wiring: Wiring) -> list[str]:
    """Return the starts: that of the process, then those of groups as their first rows stand."""
    around = {node.id: node.parent for node in wiring.nodes if node.kind == GROUP}
    first: dict[str, tuple[int, int]] = {"": (-1, 0)}
    for at, task in enumerate(tasks):
        chain, name = [], task.parent
        while name in around and name not in chain:
            chain.append(name)
            name = around[name]
        for depth, group in enumerate(chain[::-1]):
            first.setdefault(group, (at, depth))
    starts = [node for node in wiring.nodes if node.kind == "start"]
    last = (len(tasks), 0)
    return [one.id for one in sorted(starts, key=lambda one: first.get(one.parent, last))]
