"""Plain rows to a graph and back: sequences, choices after a step, rows side by side."""

from collections.abc import Iterator
from dataclasses import replace

from nep.apps.procedures.rules.table._ends import ENDS, end_of, is_end, target_of
from nep.apps.procedures.rules.table._model import (
    DEFAULT_NAME,
    END,
    END_NAME,
    JOIN_NAME,
    NEXT,
    ROWS,
    SPLIT_NAME,
    START,
    Branch,
    Event,
    NotATable,
    Step,
    Table,
    begin_of,
    begins_with,
    events_of,
    gateway_id,
    node_of,
    row_of,
    runs,
)
from nep.bpmn import Flow, Node, Process


def plain_process(table: Table) -> Process:
    """Return the graph of a table without wiring of its own."""
    table = settle(table)
    together = list(runs(table.steps))
    aimed = _aimed(table)
    entries = {step.id: _entry(run, aimed) for run in together for step in run}
    entries |= {one: end_of(one).id for one in _told(table)} | {END: END}
    nodes = [begin_of(table)]
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
    if not together:
        flows.append(Flow(id="f-bat-dau", source=START, target=END))
    told = [end_of(one) for one in entries if is_end(one) and one != END]
    if not told or any(flow.target == END for flow in flows):
        nodes.append(Node(id=END, kind="end", name=END_NAME))
    nodes.extend(told)
    return Process(id=table.id, name=table.name, nodes=tuple(nodes), flows=tuple(flows))


def _aimed(table: Table) -> frozenset[str]:
    """Return the steps that some way leads to besides the order of the rows."""
    named = {branch.target for step in table.steps for branch in step.branches}
    named |= {event.target for step in table.steps for event in step.events}
    return frozenset(named | {step.after for step in table.steps if step.after})


def _told(table: Table) -> Iterator[str]:
    """Yield the ends besides the plain one that ways lead to, in the order of the rows."""
    for step in table.steps:
        branches, events = (
            (one.target for one in step.branches),
            (one.target for one in step.events),
        )
        yield from (one for one in (step.after, *branches, *events) if is_end(one) and one != END)


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
    nodes.append(Node(id=split, kind="parallel", name=SPLIT_NAME))
    for step in run:
        nodes.append(node_of(step))
        flows.append(Flow(id=f"f-{split}-{step.id}", source=split, target=step.id))
        flows.append(Flow(id=f"f-{step.id}", source=step.id, target=join))
        _add_events(step, nodes, flows, entries)
    nodes.append(Node(id=join, kind="parallel", name=JOIN_NAME))
    flows.append(Flow(id=f"f-{join}", source=join, target=target))


def _add_step(
    step: Step, nodes: list[Node], flows: list[Flow], entries: dict[str, str], target: str
) -> None:
    nodes.append(node_of(step))
    _add_events(step, nodes, flows, entries)
    if not step.branches:
        flows.append(Flow(id=f"f-{step.id}", source=step.id, target=target))
        return
    gateway, default = gateway_id(step.id), f"f-{gateway_id(step.id)}"
    nodes.append(Node(id=gateway, kind="exclusive", name=step.question, default=default))
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


def _add_events(step: Step, nodes: list[Node], flows: list[Flow], entries: dict[str, str]) -> None:
    nodes.extend(events_of(step))
    for one in step.events:
        target = entries.get(one.target, END)
        flows.append(Flow(id=f"f-{one.id}", source=one.id, target=target, bound=one.bound))


def plain_table(process: Process) -> Table:
    """Return the table of a graph that was made from rows alone.

    Raises NotATable for every other graph.
    """
    nodes = {node.id: node for node in process.nodes}
    told = {node.id: target_of(node) for node in process.nodes if node.kind in ENDS}
    ways = [replace(flow, target=told.get(flow.target, flow.target)) for flow in process.flows]
    flows = {flow.id: flow for flow in ways}
    outgoing: dict[str, list[Flow]] = {}
    for flow in ways:
        outgoing.setdefault(flow.source, []).append(flow)
    groups = {
        flow.target: node.id.removeprefix("tach-")
        for node in process.nodes
        if node.kind == "parallel" and node.id.startswith("tach-")
        for flow in outgoing.get(node.id, ())
    }
    tasks = [node for node in process.nodes if node.kind in ROWS]
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
        row = _step(task, main, group, outgoing.get(gateway_id(task.id), []), gateway)
        steps.append(replace(row, events=_events(task, process, outgoing)))
    begins = begins_with(process.nodes)
    table = settle(Table(process.id, process.name, tuple(steps), begins=begins))
    if plain_process(table) != replace(process, lanes=()):
        raise NotATable(process.id)
    return table


def _events(task: Node, process: Process, outgoing: dict[str, list[Flow]]) -> tuple[Event, ...]:
    return tuple(
        Event(node.id, node.trigger, ways[0].target, node.cancels, node.name, ways[0].bound)
        for node in process.nodes
        if node.attached_to == task.id
        and node.trigger is not None
        and (ways := outgoing.get(node.id, []))
    )


def _step(task: Node, main: Flow, group: str, ways: list[Flow], gateway: Node | None) -> Step:
    branches = tuple(
        Branch(way.id, way.target, way.name, way.condition, way.supplement, way.bound)
        for way in ways
        if gateway is not None and way.id != gateway.default
    )
    return replace(
        row_of(task),
        after=main.target,
        default_name=main.name if gateway is not None else DEFAULT_NAME,
        branches=branches,
        group=group,
        question=gateway.name if gateway is not None else "",
    )


def settle(table: Table) -> Table:
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
            events = tuple(
                replace(event, target=rows.get(event.target, event.target)) for event in step.events
            )
            after = NEXT if is_plain else target
            steps.append(replace(step, after=after, branches=branches, events=events))
    return replace(table, steps=tuple(steps))


def node_rows(table: Table) -> dict[str, int] | None:
    """Return the row of the diagram on which each node stands, None for rows with a wiring.

    Rows of the diagram follow those of the table, so that a changed way moves no step.
    """
    if table.wiring is not None:
        return None
    process = plain_process(table)
    together = {step.id: run[0].id for run in runs(table.steps) for step in run}
    rows: dict[str, int] = {}
    place, last = -1, ""
    for node in process.nodes:
        if node.attached_to:
            continue  # it stands on the edge of its step
        shared = together.get(node.id, node.id)
        if shared != last:
            place += 1
        rows[node.id], last = place, shared
    return rows
