"""The step table and the process graph: two views of one model.

A row is a step; after it the process goes to the next row, to a named row, or to the end. A step
may end in branches (an exclusive choice whose default is the way just said), each with a
condition, a target and, when it leads back, a bound or the mark "return for supplement". Rows
that follow each other and share a group run side by side. Start, end, gateways and flows are
derived, with identifiers made from those of the steps, so that equal tables give equal graphs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from nep.bpmn import Flow, Lane, Limit, Node, Process

START, END = "bat-dau", "ket-thuc"
NEXT = ""
DEFAULT_NAME = "Đạt"


@dataclass(frozen=True, slots=True)
class Branch:
    """A way out of a step besides its default one; `target` is a step id or END."""

    id: str
    target: str
    name: str
    condition: str = ""
    supplement: bool = False
    bound: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table.

    `role` is a responsibility key ("PKH/specialist", or "ngoai/<agency>" for an outside step);
    `after` is NEXT, a step id or END; `group` joins neighbouring rows that run side by side;
    `extra` keeps what was printed and what still has to be asked.
    """

    id: str
    name: str
    role: str = ""
    limit: Limit | None = None
    untimed: bool = False
    forms: tuple[str, ...] = ()
    note: str = ""
    outside: bool = False
    after: str = NEXT
    default_name: str = DEFAULT_NAME
    branches: tuple[Branch, ...] = ()
    group: str = ""
    extra: tuple[tuple[str, str], ...] = ()

    def fact(self, name: str) -> str:
        """Return one of the extra facts, or nothing."""
        return next((value for key, value in self.extra if key == name), "")

    def with_fact(self, name: str, value: str) -> "Step":
        """Return the step with an extra fact set, or removed when the value is empty."""
        kept = [(key, old) for key, old in self.extra if key != name]
        if value:
            kept.append((name, value))
        return replace(self, extra=tuple(sorted(kept)))


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a process, in order."""

    id: str
    name: str
    steps: tuple[Step, ...]

    def index(self, step_id: str) -> int | None:
        """Return the place of a step from 0, or None."""
        return next((at for at, step in enumerate(self.steps) if step.id == step_id), None)

    def step(self, step_id: str) -> Step | None:
        """Return a step by its id, or None."""
        at = self.index(step_id)
        return None if at is None else self.steps[at]

    def number(self, step_id: str) -> int:
        """Return the number printed before a step, from 1; 0 for what is no step."""
        at = self.index(step_id)
        return 0 if at is None else at + 1


class NotATable(ValueError):
    """The process has a shape that no step table can show."""


def runs(steps: Iterable[Step]) -> Iterator[tuple[Step, ...]]:
    """Yield neighbouring steps that share a group together, every other step alone."""
    gathered: list[Step] = []
    for step in steps:
        if gathered and not (step.group and step.group == gathered[-1].group):
            yield tuple(gathered)
            gathered = []
        gathered.append(step)
    if gathered:
        yield tuple(gathered)


def to_process(table: Table) -> Process:
    """Return the graph of a table; the same table always gives the same graph."""
    table = _settle(table)
    together = list(runs(table.steps))
    aimed = _aimed(table)
    entries = {step.id: _entry(run, aimed) for run in together for step in run}
    entries[END] = END
    nodes = [Node(id=START, kind="start", name="Bắt đầu")]
    flows: list[Flow] = []
    for place, run in enumerate(together):
        if place == 0:
            flows.append(Flow(id="f-bat-dau", source=START, target=_entry(run, aimed)))
        following = _entry(together[place + 1], aimed) if place + 1 < len(together) else END
        if _entry(run, aimed).startswith("vao-"):
            meeting, split = f"vao-{run[0].group}", f"tach-{run[0].group}"
            nodes.append(Node(id=meeting, kind="exclusive"))
            flows.append(Flow(id=f"f-{meeting}", source=meeting, target=split))
        _add_run(run, nodes, flows, entries, following)
    nodes.append(Node(id=END, kind="end", name="Kết thúc"))
    if not together:
        flows.append(Flow(id="f-bat-dau", source=START, target=END))
    return Process(id=table.id, name=table.name, nodes=tuple(nodes), flows=tuple(flows))


def _aimed(table: Table) -> frozenset[str]:
    """Return the steps that some way leads to besides the order of the rows."""
    named = {branch.target for step in table.steps for branch in step.branches}
    return frozenset(named | {step.after for step in table.steps if step.after})


def _entry(run: tuple[Step, ...], aimed: frozenset[str]) -> str:
    """Return the node through which a run is entered.

    A split would wait for all its incoming flows, so several ways meet at a merge before it.
    """
    if len(run) == 1:
        return run[0].id
    is_met = any(step.id in aimed for step in run)
    return f"{'vao' if is_met else 'tach'}-{run[0].group}"


def _add_run(
    run: tuple[Step, ...],
    nodes: list[Node],
    flows: list[Flow],
    entries: dict[str, str],
    following: str,
) -> None:
    last = run[-1]
    target = entries.get(last.after, following) if last.after else following
    if len(run) == 1:
        _add_step(last, nodes, flows, entries, target)
        return
    split, join = f"tach-{last.group}", f"gop-{last.group}"
    nodes.append(Node(id=split, kind="parallel", name="Làm song song"))
    for step in run:
        nodes.append(_node(step))
        flows.append(Flow(id=f"f-{split}-{step.id}", source=split, target=step.id))
        flows.append(Flow(id=f"f-{step.id}", source=step.id, target=join))
    nodes.append(Node(id=join, kind="parallel", name="Chờ đủ các việc"))
    flows.append(Flow(id=f"f-{join}", source=join, target=target))


def _add_step(
    step: Step, nodes: list[Node], flows: list[Flow], entries: dict[str, str], target: str
) -> None:
    nodes.append(_node(step))
    if not step.branches:
        flows.append(Flow(id=f"f-{step.id}", source=step.id, target=target))
        return
    gateway, default = gateway_id(step.id), f"f-{gateway_id(step.id)}"
    nodes.append(Node(id=gateway, kind="exclusive", default=default))
    flows.append(Flow(id=f"f-{step.id}", source=step.id, target=gateway))
    flows.append(Flow(id=default, source=gateway, target=target, name=step.default_name))
    for branch in step.branches:
        flows.append(
            Flow(
                id=branch.id,
                source=gateway,
                target=entries.get(branch.target, END),
                name=branch.name,
                condition=branch.condition,
                supplement=branch.supplement,
                bound=branch.bound,
            )
        )


def gateway_id(step_id: str) -> str:
    """Return the id of the choice that stands after a step."""
    return f"re-{step_id}"


def _node(step: Step) -> Node:
    return Node(
        id=step.id,
        kind="task",
        name=step.name,
        role=step.role,
        limit=step.limit,
        untimed=step.untimed,
        forms=step.forms,
        outside=step.outside,
        note=step.note,
        extra=step.extra,
    )


def from_process(process: Process) -> Table:
    """Return the table of a graph.

    Raises NotATable when the graph was not made from a table.
    """
    nodes = {node.id: node for node in process.nodes}
    flows = {flow.id: flow for flow in process.flows}
    outgoing: dict[str, list[Flow]] = {}
    for flow in process.flows:
        outgoing.setdefault(flow.source, []).append(flow)
    groups = {
        flow.target: node.id.removeprefix("tach-")
        for node in process.nodes
        if node.kind == "parallel" and node.id.startswith("tach-")
        for flow in outgoing.get(node.id, ())
    }
    tasks = [node for node in process.nodes if node.kind == "task"]
    steps = []
    for task in tasks:
        main = flows.get(f"f-{task.id}")
        gateway = nodes.get(gateway_id(task.id))
        group = groups.get(task.id, "")
        if gateway is not None:
            main = flows.get(gateway.default or "")
        elif group:
            main = flows.get(f"f-gop-{group}")
        if main is None:
            raise NotATable(task.id)
        steps.append(_step(task, main, group, outgoing.get(gateway_id(task.id), []), gateway))
    table = _settle(Table(process.id, process.name, tuple(steps)))
    if to_process(table) != replace(process, lanes=()):
        raise NotATable(process.id)
    return table


def _step(task: Node, main: Flow, group: str, ways: list[Flow], gateway: Node | None) -> Step:
    branches = tuple(
        Branch(way.id, way.target, way.name, way.condition, way.supplement, way.bound)
        for way in ways
        if gateway is not None and way.id != gateway.default
    )
    return Step(
        id=task.id,
        name=task.name,
        role=task.role,
        limit=task.limit,
        untimed=task.untimed,
        forms=task.forms,
        note=task.note,
        outside=task.outside,
        after=main.target,
        default_name=main.name if gateway is not None else DEFAULT_NAME,
        branches=branches,
        group=group,
        extra=task.extra,
    )


def _settle(table: Table) -> Table:
    """Write every way in one form: to the first row of a run, to the following row as NEXT."""
    together = list(runs(table.steps))
    rows = {f"{kind}-{run[0].group}": run[0].id for run in together for kind in ("vao", "tach")}
    rows |= {step.id: run[0].id for run in together for step in run}
    steps = []
    for place, run in enumerate(together):
        following = together[place + 1][0].id if place + 1 < len(together) else END
        for step in run:
            target = rows.get(step.after, step.after)
            is_plain = target == following or step is not run[-1]
            branches = tuple(
                replace(branch, target=rows.get(branch.target, branch.target))
                for branch in step.branches
            )
            steps.append(replace(step, after=NEXT if is_plain else target, branches=branches))
    return replace(table, steps=tuple(steps))


def with_lanes(process: Process, names: dict[str, str]) -> Process:
    """Return the process with one named lane per role, in the order of the steps.

    Gateways stand in the lane of the step before them, the start in the first, the end in the
    last lane. `names` gives the words of a role key.
    """
    members: dict[str, list[str]] = {}
    role = next((node.role for node in process.nodes if node.kind == "task"), "")
    for node in process.nodes:
        if node.kind == "task":
            role = node.role
        members.setdefault(role, []).append(node.id)
    lanes = tuple(
        Lane(id=f"lan-{place}", name=names.get(key, key) or "Chưa giao", role=key, nodes=tuple(ids))
        for place, (key, ids) in enumerate(members.items(), start=1)
    )
    return replace(process, lanes=lanes)


def new_step_id(table: Table) -> str:
    """Return an identifier that no step of the table has."""
    used = {int(step.id[1:]) for step in table.steps if step.id[1:].isdigit()}
    return f"b{max(used, default=0) + 1}"
