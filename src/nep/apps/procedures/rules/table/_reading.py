"""Rows out of a graph that a person has drawn or rewired, kept as near to the old rows as can be."""

import heapq
from collections import defaultdict
from dataclasses import replace

from nep.apps.procedures.rules.table._model import ROWS, Table, Wiring, new_step_id, row_of
from nep.apps.procedures.rules.table._shape import plain_shape
from nep.apps.procedures.rules.table._wired import rewired, wired_process, wired_table
from nep.bpmn import Flow, Process

Rank = tuple[int, ...]


def passages(process: Process) -> tuple[Flow, ...]:
    """Return the ways of a graph with groups of steps walked through.

    A group leads to its start, its ends lead where the group leads; a group that no plain end
    leaves keeps its own ways.
    """
    groups = {node.id for node in process.nodes if node.kind == "subprocess"}
    if not groups:
        return process.flows
    leaving = defaultdict(list)
    found = []
    for node in process.nodes:
        if node.parent in groups and node.kind == "start":
            found.append(Flow(f"{node.parent} {node.id}", node.parent, node.id))
        elif node.parent in groups and node.kind == "end":
            leaving[node.parent].append(node.id)
    for flow in process.flows:
        ends = leaving.get(flow.source)
        found += [replace(flow, source=end) for end in ends] if ends else [flow]
    return tuple(found)


def table_of_graph(process: Process, known: Table, before: Process) -> Table:
    """Return the table of a graph that follows on `known`, whose graph was `before`.

    Rows keep their order while the way through the old steps is the same; a new step stands after
    the step it follows. Raises NotATable when the graph cannot run at all.
    """
    process = _named(process, known)
    order = _order(process, known, before)
    groups = {step.id: step.group for step in known.steps if step.group}
    plain = plain_shape(_with_defaults(process, order), order, groups)
    if plain is not None:
        return plain
    rank = {name: place for place, name in enumerate(order)}
    tasks = sorted((n for n in process.nodes if n.kind in ROWS), key=lambda n: rank[n.id])
    others = tuple(node for node in process.nodes if node.kind not in ROWS)
    wired_table(replace(process, lanes=()))  # refuses what cannot run
    rows = tuple(row_of(node) for node in tasks)
    return rewired(Table(process.id, process.name, rows, Wiring(others, process.flows)))


def _named(process: Process, known: Table) -> Process:
    """Return the graph with the names the table gives to steps that are new to it."""
    fresh: dict[str, str] = {}
    counting = known
    taken = {node.id for node in process.nodes}
    for node in process.nodes:
        if node.kind not in ROWS or known.step(node.id) is not None:
            continue
        name = new_step_id(counting)
        while name in taken and name != node.id:
            counting = replace(counting, steps=(*counting.steps, row_of(replace(node, id=name))))
            name = new_step_id(counting)
        fresh[node.id] = name
        counting = replace(counting, steps=(*counting.steps, row_of(replace(node, id=name))))
    if not fresh:
        return process
    return replace(
        process,
        nodes=tuple(
            replace(
                node,
                id=fresh.get(node.id, node.id),
                attached_to=fresh.get(node.attached_to, node.attached_to),
            )
            for node in process.nodes
        ),
        flows=tuple(
            replace(
                flow,
                source=fresh.get(flow.source, flow.source),
                target=fresh.get(flow.target, flow.target),
            )
            for flow in process.flows
        ),
    )


def _with_defaults(process: Process, order: tuple[str, ...]) -> Process:
    """Return the graph with a default at every choice: the unconditioned way that leads onward."""
    rank = {name: place for place, name in enumerate(order)}
    outs: dict[str, list[Flow]] = defaultdict(list)
    sources: dict[str, str] = {}
    for flow in process.flows:
        outs[flow.source].append(flow)
        sources.setdefault(flow.target, flow.source)
    nodes = []
    for node in process.nodes:
        ways = outs[node.id]
        if node.kind == "exclusive" and len(ways) > 1 and node.default is None:
            here = rank.get(sources.get(node.id, ""), -1)
            open_ways = [f for f in ways if not (f.condition or f.supplement or f.bound)]
            onward = [f for f in open_ways if rank.get(f.target, len(rank)) > here]
            chosen = next(iter([*onward, *open_ways]), None)
            node = replace(node, default=chosen.id if chosen else None)
        nodes.append(node)
    return replace(process, nodes=tuple(nodes))


def _order(process: Process, known: Table, before: Process) -> tuple[str, ...]:
    """Return the steps in the order of the rows to be."""
    tasks = [node.id for node in process.nodes if node.kind in ROWS]
    kept = [step.id for step in known.steps if step.id in set(tasks)]
    rank = _ranks(process, tasks, kept)
    stays = set(kept)
    if _ways_between(process, stays) == _ways_between(before, stays):
        return tuple(sorted(tasks, key=lambda name: (rank[name], tasks.index(name))))
    return _sorted_along(process, tasks, rank)


def _ranks(process: Process, tasks: list[str], kept: list[str]) -> dict[str, Rank]:
    """Return a place for every step: old ones as they stood, new ones right after what they follow.

    What only an interruption of a step leads to stands last, as the table puts it.
    """
    rank: dict[str, Rank] = {name: (place,) for place, name in enumerate(kept)}
    before: dict[str, list[str]] = defaultdict(list)
    for flow in passages(process):
        before[flow.target].append(flow.source)
    starts = {node.id for node in process.nodes if not node.attached_to}
    new = [name for name in tasks if name not in rank]
    followers: dict[Rank, int] = defaultdict(int)
    for _ in new:
        for name in new:
            found = None if name in rank else _first_before(name, before, rank, starts)
            if found is not None:
                rank[name] = (*found, followers[found])
                followers[found] += 1
    for name in new:
        rank.setdefault(name, (len(kept),))
    return rank


def _first_before(
    name: str, before: dict[str, list[str]], rank: dict[str, Rank], starts: set[str]
) -> Rank | None:
    """Return the place of the nearest placed step before; before all where the start comes first."""
    seen, queue = {name}, [name]
    for one in queue:
        if not before[one]:
            return (-1,) if one in starts else None
        for source in before[one]:
            if source in rank:
                return rank[source]
            if source not in seen:
                seen.add(source)
                queue.append(source)
    return None


def _ways_between(process: Process, stays: set[str]) -> set[tuple[str, str]]:
    """Return which of some steps lead to which, everything between them looked through."""
    outs: dict[str, list[str]] = defaultdict(list)
    for flow in passages(process):
        outs[flow.source].append(flow.target)
    found = set()
    for name in stays:
        seen, queue = set(), list(outs[name])
        for one in queue:
            if one in stays:
                found.add((name, one))
            elif one not in seen:
                seen.add(one)
                queue.extend(outs[one])
    return found


def _sorted_along(process: Process, tasks: list[str], rank: dict[str, Rank]) -> tuple[str, ...]:
    """Return the steps along the way from the start, old places deciding where the way does not."""
    outs = _onward(process)
    ins: dict[str, int] = defaultdict(int)
    for targets in outs.values():
        for target in targets:
            ins[target] += 1
    chosen = set(tasks)
    ready = [(rank.get(n.id, (-1,)), n.id) for n in process.nodes if not ins[n.id]]
    heapq.heapify(ready)
    found = []
    while ready:
        place, name = heapq.heappop(ready)
        if name in chosen:
            found.append(name)
        for target in outs[name]:
            ins[target] -= 1
            if not ins[target]:
                heapq.heappush(ready, (rank.get(target, place), target))
    return (*found, *(name for name in tasks if name not in set(found)))


def _onward(process: Process) -> dict[str, list[str]]:
    """Return where each node leads, ways that lead back left out (walked from the start)."""
    flows: dict[str, list[Flow]] = defaultdict(list)
    for flow in passages(process):
        flows[flow.source].append(flow)
    for ways in flows.values():
        ways.sort(key=lambda f: f.supplement or f.bound is not None)
    onward: dict[str, list[str]] = defaultdict(list)
    state: dict[str, int] = {}
    roots = sorted(process.nodes, key=lambda node: node.kind != "start")
    for root in roots:
        stack = [(root.id, 0)] if root.id not in state else []
        while stack:
            name, at = stack.pop()
            state[name] = 1
            if at >= len(flows[name]):
                state[name] = 2
                continue
            stack.append((name, at + 1))
            target = flows[name][at].target
            if state.get(target) == 1:
                continue
            onward[name].append(target)
            if target not in state:
                stack.append((target, 0))
    return onward


def unwired(table: Table) -> Table:
    """Return the table without wiring where its rows can say everything."""
    if table.wiring is None:
        return table
    order = tuple(step.id for step in table.steps)
    return plain_shape(wired_process(table), order, {}) or rewired(table)
