"""Find the plain rows of a graph drawn by hand, where rows can say it."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace

from nep.apps.procedures.rules.table._ends import ENDS, end_of, target_of
from nep.apps.procedures.rules.table._model import (
    DEFAULT_NAME,
    END,
    END_NAME,
    JOIN_NAME,
    ROWS,
    SPLIT_NAME,
    START,
    START_NAME,
    Branch,
    Event,
    Step,
    Table,
    begins_with,
    gateway_id,
    row_of,
)
from nep.apps.procedures.rules.table._plain import plain_process, settle
from nep.bpmn import Flow, Node, Process


class _NotPlain(Exception):
    """The graph says something that rows cannot."""


def plain_shape(process: Process, order: tuple[str, ...], groups: dict[str, str]) -> Table | None:
    """Return the plain table that says the same as a graph, or None where rows cannot.

    `order` are the steps as the rows should stand; `groups` the names of side-by-side groups that
    steps had before. Merges (an exclusive gateway with one way out and no name) count for nothing.
    """
    try:
        shape = _Shape.of(process)
        table = shape.table(order, groups)
    except _NotPlain:
        return None
    return table if shape.same_as(plain_process(table)) else None


@dataclass(slots=True)
class _Shape:
    """A graph seen with its merges looked through; `known` renames gateways as rows name them."""

    process: Process
    nodes: dict[str, Node]
    outs: dict[str, list[Flow]]
    ins: dict[str, list[Flow]]
    known: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, process: Process) -> "_Shape":
        nodes = {node.id: node for node in process.nodes}
        shape = cls(process, nodes, {}, {})
        flows = [
            replace(flow, target=shape.beyond(flow.target, process))
            for flow in process.flows
            if not _is_merge(nodes.get(flow.source), process)
        ]
        outs: dict[str, list[Flow]] = defaultdict(list)
        ins: dict[str, list[Flow]] = defaultdict(list)
        for flow in flows:
            outs[flow.source].append(flow)
            ins[flow.target].append(flow)
        shape.outs, shape.ins = outs, ins
        return shape

    def beyond(self, name: str, process: Process) -> str:
        """Return the first node after the merges that a flow leads into."""
        seen: set[str] = set()
        while _is_merge(self.nodes.get(name), process):
            if name in seen:
                raise _NotPlain
            seen.add(name)
            name = next(flow.target for flow in process.flows if flow.source == name)
        return name

    def table(self, order: tuple[str, ...], groups: dict[str, str]) -> Table:
        """Return the rows. Raises _NotPlain."""
        starts = [n for n in self.nodes.values() if n.kind == "start"]
        ends = {n.id: target_of(n) for n in self.nodes.values() if n.kind in ENDS}
        if len(starts) != 1 or len(set(ends.values())) != len(ends):
            raise _NotPlain
        self.known |= {name: END if one == END else end_of(one).id for name, one in ends.items()}
        self.known[starts[0].id] = START
        threads = self._threads(groups)
        steps = {name: self._step(name, threads) for name in order}
        steps = {name: replace(step, events=self._events(name)) for name, step in steps.items()}
        rows = _neighbours(order, {name: steps[name].group for name in order})
        return settle(
            Table(
                self.process.id,
                self.process.name,
                tuple(steps[name] for name in rows),
                begins=begins_with(starts),
            )
        )

    def _threads(self, groups: dict[str, str]) -> dict[str, tuple[str, str]]:
        """Return (group, join) of every step that runs side by side."""
        found: dict[str, tuple[str, str]] = {}
        for split in [n for n in self.nodes.values() if n.kind == "parallel"]:
            ways = self.outs[split.id]
            if len(ways) < 2:
                continue
            steps = [flow.target for flow in ways]
            joins = {self._only(name).target for name in steps if self._is_task(name)}
            join = self.nodes.get(next(iter(joins), ""))
            if len(joins) != 1 or join is None or join.kind != "parallel":
                raise _NotPlain
            if {flow.source for flow in self.ins[join.id]} != set(steps):
                raise _NotPlain
            group = next((groups[name] for name in steps if groups.get(name)), f"s{steps[0]}")
            self.known |= {split.id: f"tach-{group}", join.id: f"gop-{group}"}
            found |= dict.fromkeys(steps, (group, join.id))
        return found

    def _is_task(self, name: str) -> bool:
        node = self.nodes.get(name)
        if node is None or node.kind not in ROWS:
            raise _NotPlain
        return True

    def _only(self, name: str) -> Flow:
        ways = self.outs[name]
        if len(ways) != 1:
            raise _NotPlain
        return ways[0]

    def _step(self, name: str, threads: dict[str, tuple[str, str]]) -> Step:
        row, way = row_of(self.nodes[name]), self._only(name)
        if name in threads:
            group, join = threads[name]
            return replace(row, group=group, after=self._place(self._only(join).target))
        gateway = self.nodes.get(way.target)
        if gateway is None or gateway.kind != "exclusive":
            return replace(row, after=self._place(way.target), default_name=DEFAULT_NAME)
        if len(self.ins[gateway.id]) != 1:
            raise _NotPlain
        self.known[gateway.id] = gateway_id(name)
        default = next((f for f in self.outs[gateway.id] if f.id == gateway.default), None)
        if default is None:
            raise _NotPlain
        branches = tuple(
            Branch(
                flow.id,
                self._place(flow.target),
                flow.name,
                flow.condition,
                flow.supplement,
                flow.bound,
            )
            for flow in self.outs[gateway.id]
            if flow is not default
        )
        return replace(
            row,
            after=self._place(default.target),
            default_name=default.name,
            branches=branches,
            question=gateway.name,
        )

    def _events(self, name: str) -> tuple[Event, ...]:
        return tuple(
            Event(node.id, node.trigger, self._place(self._only(node.id).target), node.cancels,
                  node.name, self._only(node.id).bound)
            for node in self.process.nodes
            if node.attached_to == name and node.trigger is not None
        )  # fmt: skip

    def _place(self, name: str) -> str:
        """Return a target as rows name it: a step, the first step of a group, or END."""
        node = self.nodes.get(name)
        if node is not None and node.kind in ROWS:
            return name
        if node is not None and node.kind in ENDS:
            return target_of(node)
        if node is not None and node.kind == "parallel" and len(self.outs[name]) > 1:
            return self.outs[name][0].target
        raise _NotPlain

    def same_as(self, drawn: Process) -> bool:
        """Say whether rows give this graph again: same nodes, names and ways."""
        other = _Shape.of(drawn)
        return self._content() == other._content()

    def _content(self) -> tuple[Counter, Counter]:
        name = self.known.get
        nodes = Counter(
            (
                name(n.id, n.id),
                n.kind,
                n.name or _usual_name(n, name(n.id, n.id)),
                n.role,
                n.limit,
                n.trigger,
                n.attached_to,
                n.cancels,
            )
            for n in self.nodes.values()
            if not _is_merge(n, self.process)
        )
        defaults = {node.default for node in self.nodes.values() if node.default}
        ways = Counter(
            (
                name(flow.source, flow.source), name(flow.target, flow.target), flow.name,
                flow.condition, flow.supplement, flow.bound, flow.id in defaults,
            )
            for flows in self.outs.values() for flow in flows
        )  # fmt: skip
        return nodes, ways


def _usual_name(node: Node, name: str) -> str:
    """Return what rows call an event or a gateway that nobody has named."""
    if node.kind in ENDS and target_of(node) != END:
        return end_of(target_of(node)).name
    if name in (START, END):
        return START_NAME if name == START else END_NAME
    if name.startswith("tach-"):
        return SPLIT_NAME
    return JOIN_NAME if name.startswith("gop-") else ""


def _is_merge(node: Node | None, process: Process) -> bool:
    if node is None or node.kind != "exclusive" or node.name:
        return False
    ways = [flow for flow in process.flows if flow.source == node.id]
    if len(ways) != 1:
        return False
    return not (ways[0].name or ways[0].condition or ways[0].supplement or ways[0].bound)


def _neighbours(order: tuple[str, ...], groups: dict[str, str]) -> list[str]:
    """Return the order with the steps of a group brought together at the first of them."""
    found: list[str] = []
    for name in order:
        if name in found:
            continue
        group = groups[name]
        found += [one for one in order if groups[one] == group] if group else [name]
    return found
