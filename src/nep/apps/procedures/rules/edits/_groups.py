"""Edits of groups of steps: rows put under one name, the name, the group given up."""

from dataclasses import replace

from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.edits._ground import Answer, Changed, Edit, label
from nep.apps.procedures.rules.table import NotATable, Step, from_process, unwired
from nep.bpmn import Flow, Node, Process
from nep.kernel.decisions import Refused

_OPEN = Refused(
    "group_open",
    "Chỉ gộp được các bước liền nhau có một đường vào và một đường ra. Hãy chọn thêm hoặc bớt bước.",
    field="last",
)
_HELD = Refused(
    "group_held",
    "Nhóm này có việc xen vào cả nhóm hoặc cách kết thúc riêng. Hãy bỏ nhóm trên lưu đồ.",
)


def group_make(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Put the rows from this one to the row `last` under one name; they begin and end as one."""
    table, name = draft.table, edit.text("name")[:400]
    first, last = table.index(step.id) or 0, table.index(edit.text("last"))
    if not name:
        return Refused("group_name", "Hãy ghi tên nhóm.", field="name")
    if last is None or last < first:
        return Refused("group_last", "Hãy chọn bước cuối của nhóm.", field="last")
    rows = table.steps[first : last + 1]
    if any(row.parent for row in rows):
        return Refused("group_inside", "Có bước đã ở trong nhóm khác. Hãy bỏ nhóm ấy trước.")
    made = _enclosed(draft.process, {row.id for row in rows}, f"nhom-{step.id}", name)
    text = f"gộp {label(table, rows[0])} đến {label(table, rows[-1])} thành nhóm “{name}”"
    return _with(draft, made, text) if made is not None else _OPEN


def group_name(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Call the group that a row stands in otherwise."""
    name, process = edit.text("name")[:400], draft.process
    if not name:
        return Refused("group_name", "Hãy ghi tên nhóm.", field="name")
    if not step.parent:
        return Refused("group_gone", "Bước này không còn ở trong nhóm. Hãy tải lại trang.")
    nodes = tuple(replace(n, name=name) if n.id == step.parent else n for n in process.nodes)
    return _with(draft, replace(process, nodes=nodes), f"đặt tên nhóm “{name}”")


def group_drop(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Give up the group that a row stands in; its rows stand where the group stood."""
    if not step.parent:
        return Refused("group_gone", "Bước này không còn ở trong nhóm. Hãy tải lại trang.")
    group = next(node for node in draft.process.nodes if node.id == step.parent)
    made = _opened(draft.process, group)
    return _with(draft, made, f"bỏ nhóm “{group.name}”") if made is not None else _HELD


def _with(draft: Draft, process: Process, text: str) -> Answer:
    try:
        table = unwired(from_process(process))
    except NotATable:
        return _OPEN
    return Changed(replace(draft, table=table), text)


def _enclosed(process: Process, rows: set[str], name: str, words: str) -> Process | None:
    """Return the graph with some rows and the gateways between them in a sub-process, or None."""
    inside = _between(process, rows)
    into = [f for f in process.flows if f.source not in inside and f.target in inside]
    out = [f for f in process.flows if f.source in inside and f.target not in inside]
    if len({f.target for f in into}) != 1 or len({f.target for f in out}) != 1:
        return None
    taken = {node.id for node in process.nodes} | {flow.id for flow in process.flows}
    while name in taken:
        name += "-1"
    begin, end = f"bat-dau-{name}", f"ket-thuc-{name}"
    flows = [
        replace(f, target=name) if f in into else replace(f, target=end) if f in out else f
        for f in process.flows
    ]
    flows += [Flow(f"f-{begin}", begin, into[0].target), Flow(f"f-{name}", name, out[0].target)]
    nodes: list[Node] = []
    for node in process.nodes:
        if node.id in inside and name not in {one.id for one in nodes}:
            nodes += [Node(name, "subprocess", words), Node(begin, "start", parent=name)]
        nodes.append(replace(node, parent=name) if node.id in inside else node)
    return replace(process, nodes=(*nodes, Node(end, "end", parent=name)), flows=tuple(flows))


def _between(process: Process, rows: set[str]) -> set[str]:
    """Return the rows with the gateways that only they lead to or that lead only to them."""
    inside = set(rows)
    inside |= {node.id for node in process.nodes if node.attached_to in rows}
    gates = [
        node.id for node in process.nodes if node.kind in ("exclusive", "parallel", "inclusive")
    ]
    before = 0
    while before != len(inside):
        before = len(inside)
        for gate in gates:
            sources = {f.source for f in process.flows if f.target == gate}
            targets = {f.target for f in process.flows if f.source == gate}
            if sources <= inside or targets <= inside:
                inside.add(gate)
    return inside


def _opened(process: Process, group: Node) -> Process | None:
    """Return the graph without a sub-process, its content in its place, or None where that says less."""
    inner = [node for node in process.nodes if node.parent == group.id]
    begin = next(node.id for node in inner if node.kind == "start")
    ends = {node.id for node in inner if node.kind == "end" and node.trigger is None}
    onward = [f for f in process.flows if f.source == group.id]
    first = next((f.target for f in process.flows if f.source == begin), None)
    held = any(node.attached_to == group.id for node in process.nodes)
    held = held or any(
        n.kind in ("end", "terminate", "error_end") and n.id not in ends for n in inner
    )
    if held or len(onward) != 1 or first is None or onward[0].condition:
        return None
    gone = {group.id, begin, *ends}
    led = {group.id: first, **dict.fromkeys(ends, onward[0].target)}
    nodes = tuple(
        replace(node, parent=group.parent) if node.parent == group.id else node
        for node in process.nodes
        if node.id not in gone
    )
    flows = tuple(
        replace(f, target=led.get(f.target, f.target))
        for f in process.flows
        if f.source not in gone
    )
    return replace(process, nodes=nodes, flows=flows)
