"""Waits of which the first to come decides (an event-based gateway): who waits with whom, and making one."""

from collections.abc import Mapping
from dataclasses import replace

from nep.apps.procedures.rules.table import Table
from nep.bpmn import Flow, Node, Process

GATEWAY = "event_gateway"


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
    return f"cùng chờ với {', '.join(others)}: việc nào đến trước thì đi theo việc ấy"


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
