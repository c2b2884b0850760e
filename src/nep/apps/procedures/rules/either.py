"""Waits of which the first to come decides (an event-based gateway): who waits with whom, and making one.

On paper such a row says with which row above it waits; the ways in the rows are those of plain rows.
"""

from collections.abc import Mapping
from dataclasses import replace

from nep.apps.procedures.rules.table import (
    WAITS,
    NotATable,
    Step,
    Table,
    Wiring,
    from_process,
    to_process,
    unwired,
)
from nep.bpmn import Flow, Node, Process

GATEWAY = "event_gateway"
WAITS_WITH = "waits_with"
"""The fact of a row on its way to or from paper that names the row above with which it waits."""
FIRST_DECIDES = "việc nào đến trước thì đi theo việc ấy"
NOT_JOINED = "Chưa đọc được cách cùng chờ"


def together(table: Table) -> dict[str, tuple[str, ...]]:
    """Return for every row that waits with others all rows of that wait, itself too, as they stand."""
    if table.wiring is None:
        return {}
    gates = {node.id for node in table.wiring.nodes if node.kind == GATEWAY}
    into = {flow.target: flow.source for flow in table.wiring.flows if flow.source in gates}
    rows = [step.id for step in table.steps if step.id in into]
    return {row: tuple(one for one in rows if into[one] == into[row]) for row in rows}


def together_said(table: Table, row: str, waiting: Mapping[str, tuple[str, ...]]) -> str:
    """Return with what a row waits: "cùng chờ với bước 2b: việc nào đến trước thì đi tiếp theo việc ấy"."""
    others = [f"bước {table.label(one)}" for one in waiting.get(row, ()) if one != row]
    if not others:
        return ""
    return f"cùng chờ với {', '.join(others)}: {FIRST_DECIDES}"


def parted(table: Table) -> Table | None:
    """Return plain rows that tell with which row above they wait, or None where they say less."""
    waiting = together(table)
    gates = {node.id for node in table.wiring.nodes if node.kind == GATEWAY} if table.wiring else ()
    if not waiting or table.wiring is None:
        return None
    into = {flow.source: flow.target for flow in table.wiring.flows if flow.target in waiting}
    firsts = {gate: waiting[row][0] for gate, row in into.items() if gate in gates}
    flows = tuple(
        replace(flow, target=firsts.get(flow.target, flow.target))
        for flow in table.wiring.flows
        if flow.source not in gates
    )
    nodes = tuple(node for node in table.wiring.nodes if node.id not in gates)
    bare = unwired(replace(table, wiring=Wiring(nodes, flows)))
    told = replace(bare, steps=tuple(_telling(step, waiting) for step in bare.steps))
    again = joined(told)
    is_same = bare.wiring is None and _shape(again) == _shape(table)
    return told if is_same else None


def _telling(step: Step, waiting: Mapping[str, tuple[str, ...]]) -> Step:
    first = waiting.get(step.id, (step.id,))[0]
    return step.with_fact(WAITS_WITH, first if first != step.id else "")


def _shape(table: Table) -> tuple[frozenset[object], frozenset[object]]:
    """Return what a graph says, whatever its waiting gateways are called."""
    process, waiting = to_process(table), together(table)
    gates = {node.id for node in process.nodes if node.kind == GATEWAY}
    called = {
        flow.source: f"{GATEWAY} {waiting[flow.target]}"
        for flow in process.flows
        if flow.source in gates
    }
    nodes = frozenset(
        (called.get(n.id, n.id), n.kind, n.name if n.id not in gates else "") for n in process.nodes
    )
    flows = frozenset(
        (
            called.get(f.source, f.source),
            called.get(f.target, f.target),
            f.name,
            f.condition,
            f.bound,
        )
        for f in process.flows
    )
    return nodes, flows


def joined(table: Table) -> Table:
    """Return rows read from paper with those waiting together that say so, else with a note."""
    told = {step.id: step.fact(WAITS_WITH) for step in table.steps if step.fact(WAITS_WITH)}
    kinds = {step.id: step.kind for step in table.steps}
    bare = replace(table, steps=tuple(step.with_fact(WAITS_WITH, "") for step in table.steps))
    process = to_process(bare)
    for row, first in told.items():
        process = with_wait(process, first, row)
    try:
        if {kinds[one] for pair in told.items() for one in pair} <= WAITS:
            return unwired(from_process(process)) if told else table
    except NotATable:
        pass
    steps = tuple(_noted(step, bare, told.get(step.id, "")) for step in bare.steps)
    return replace(bare, steps=steps)


def _noted(step: Step, table: Table, first: str) -> Step:
    said = f"{NOT_JOINED}: bước {table.label(first)}"
    return replace(step, note=f"{step.note}\n{said}".strip()) if first else step


def with_wait(process: Process, row: str, fresh: str) -> Process:
    """Return the graph where a row waits together with another that nothing leads to yet."""
    gates = {node.id for node in process.nodes if node.kind == GATEWAY}
    gate = next((f.source for f in process.flows if f.target == row and f.source in gates), "")
    nodes, flows = list(process.nodes), list(process.flows)
    if not gate:
        gate = free(process, f"cho-{row}")
        host = next(node for node in nodes if node.id == row)
        nodes.insert(nodes.index(host), Node(gate, GATEWAY, parent=host.parent))
        flows = [replace(f, target=gate) if f.target == row else f for f in flows]
        flows.append(Flow(free(process, f"f-{gate}-{row}"), gate, row))
    flows.append(Flow(free(process, f"f-{gate}-{fresh}"), gate, fresh))
    return replace(process, nodes=tuple(nodes), flows=tuple(flows))


def without_wait(process: Process, row: str) -> Process:
    """Return the graph without a row that waits with others; one that is left waits alone."""
    gates = {node.id for node in process.nodes if node.kind == GATEWAY}
    gate = next(f.source for f in process.flows if f.target == row and f.source in gates)
    gone = {row}
    flows = [f for f in process.flows if row not in (f.source, f.target)]
    left = [f for f in flows if f.source == gate]
    if len(left) == 1:
        gone.add(gate)
        flows = [
            replace(f, target=left[0].target) if f.target == gate else f
            for f in flows
            if f is not left[0]
        ]
    nodes = tuple(node for node in process.nodes if node.id not in gone)
    return replace(process, nodes=nodes, flows=tuple(flows))


def free(process: Process, name: str) -> str:
    """Return a name that nothing in the graph has, made from this one."""
    taken = {node.id for node in process.nodes} | {flow.id for flow in process.flows}
    while name in taken:
        name += "-1"
    return name
