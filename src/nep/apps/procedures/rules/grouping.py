"""Groups of rows: a graph with rows put into a sub-process or taken out of it, and the paper's headings.

On paper a group is a heading across the table above its rows; the ways in the rows are those of the
table without its groups; what may end or accompany a whole group stands in its first row. Read back,
the rows below a heading are put under its name again.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from nep.apps.procedures.rules.either import GATEWAY, free
from nep.apps.procedures.rules.events import OF_GROUP, event_said
from nep.apps.procedures.rules.other_rows import group_names
from nep.apps.procedures.rules.table import (
    GROUP,
    NotATable,
    Step,
    Table,
    end_of,
    from_process,
    target_of,
    to_process,
    unwired,
)
from nep.apps.procedures.rules.threads import SPLITS
from nep.bpmn import Flow, Node, Process

CLOSED = "Hết nhóm bước"
NOT_GROUPED = "Chưa gộp lại được nhóm bước"
_LONGEST = 240
_HEADING = re.compile(r"Nhóm bước “(?P<name>.{1,400})”").fullmatch


def ungrouped(table: Table) -> Table | None:
    """Return a table without its groups where headings say them whole, else None."""
    names = group_names(table)
    if not names or any(_is_broken(table.steps, name) for name in names):
        return None
    process = to_process(table)
    groups = [node for node in process.nodes if node.id in names]
    if any(group.parent or len(group.name) > _LONGEST for group in groups):
        return None
    members = _members(table.steps, names)
    firsts = {key: rows[0] for key, _name, rows in members}
    for group in groups:
        made = opened(_lowered(process, group.id, firsts[group.id]), group)
        if made is None:
            return None
        process = made
    try:
        bare = unwired(from_process(process))
    except NotATable:
        return None
    again = _grouped(bare, members)
    is_same = again is not None and _shape(again) == _shape(to_process(table))
    in_order = [step.id for step in bare.steps] == [step.id for step in table.steps]
    return bare if is_same and in_order else None


def headed(table: Table) -> list[tuple[str, ...]]:
    """Return the headings that stand above each row: the part it is in, its group, a group's end."""
    names, found = group_names(table), []
    section, parent = "", ""
    for step in table.steps:
        lines = []
        inside = step.parent if step.parent in names else ""
        if parent and parent != inside and not inside:
            lines.append(CLOSED)
            section = ""
        if step.fact("section") != section:
            section = step.fact("section")
            lines += [section] if section else []
        if inside and inside != parent:
            lines.append(f"Nhóm bước “{names[inside]}”")
        parent = inside
        found.append(tuple(lines))
    return found


def regrouped(table: Table) -> Table:
    """Return rows read from Word with those below the heading of a group put under its name.

    A group whose rows do not begin and end as one stays a heading, and its first row says so.
    """
    runs: list[tuple[str, list[str]]] = []
    steps: list[Step] = []
    part, before = "", ""
    for step in table.steps:
        section = step.fact("section")
        found = _HEADING(section)
        if found is not None:
            if section != before:
                runs.append((found["name"], []))
            runs[-1][1].append(step.id)
        elif section != CLOSED:
            part = section
        before = section
        steps.append(step.with_fact("section", part))
    bare = _with_lost_events(replace(table, steps=tuple(steps)), {rows[0] for _name, rows in runs})
    for name, members in runs:
        made = _grouped(bare, [(f"nhom-{members[0]}", name, members)])
        bare = _with(bare, made, name, members)
    return bare


def _with_lost_events(table: Table, firsts: set[str]) -> Table:
    """Return the rows with a note where one tells of a whole group that it does not begin."""
    steps = []
    for step in table.steps:
        said = [
            f"{NOT_GROUPED}: {event_said(table, one, {}, is_whole=True)}"
            for one in step.events
            if one.id.startswith(OF_GROUP) and step.id not in firsts
        ]
        steps.append(replace(step, note="\n".join(filter(None, [step.note, *said]))))
    return replace(table, steps=tuple(steps))


def _with(table: Table, made: Process | None, name: str, members: Sequence[str]) -> Table:
    if made is not None:
        try:
            return unwired(from_process(made))
        except NotATable:
            pass
    said = f"{NOT_GROUPED}: “{name}”, {len(members)} dòng kể từ dòng này"
    return replace(
        table,
        steps=tuple(
            replace(step, note=f"{step.note}\n{said}".strip()) if step.id == members[0] else step
            for step in table.steps
        ),
    )


def _members(steps: Iterable[Step], names: dict[str, str]) -> list[tuple[str, str, list[str]]]:
    rows = list(steps)
    return [
        (key, name, [one.id for one in rows if one.parent == key]) for key, name in names.items()
    ]


def _is_broken(steps: Sequence[Step], group: str) -> bool:
    """Say whether the rows of a group do not stand one below the other."""
    places = [place for place, step in enumerate(steps) if step.parent == group]
    return not places or places[-1] - places[0] + 1 != len(places)


def _grouped(table: Table, groups: Iterable[tuple[str, str, Sequence[str]]]) -> Process | None:
    process: Process | None = to_process(table)
    for key, name, members in groups:
        if process is not None:
            process = enclosed(_lifted(process, key, members[0]), set(members), key, name)
    return process


def _lowered(process: Process, group: str, first: str) -> Process:
    """Return the graph with the events of a group on its first row, under names that tell them."""
    held = [node.id for node in process.nodes if node.attached_to == group]
    called = {name: f"{OF_GROUP}{first}-q{place}" for place, name in enumerate(held, start=1)}
    return replace(
        process,
        nodes=tuple(
            replace(node, id=called[node.id], attached_to=first, parent=group)
            if node.id in called
            else node
            for node in process.nodes
        ),
        flows=tuple(replace(f, source=called.get(f.source, f.source)) for f in process.flows),
    )


def _lifted(process: Process, group: str, first: str) -> Process:
    """Return the graph with the events of the first row that tell of its group on the group."""
    mark = f"{OF_GROUP}{first}-q"
    nodes = tuple(
        replace(node, attached_to=group)
        if node.attached_to == first and node.id.startswith(mark)
        else node
        for node in process.nodes
    )
    return replace(process, nodes=nodes)


def _shape(process: Process) -> tuple[frozenset[object], frozenset[object]]:
    """Return what a graph says, whatever the events and gateways between its rows are called."""
    called = {
        node.id: f"{node.kind} {node.trigger} of {node.parent}"
        for node in process.nodes
        if node.parent and node.kind in ("start", "end", "error_end")
    }
    groups = {node.id for node in process.nodes if node.kind == GROUP}
    called |= {
        node.id: f"{node.trigger} {node.cancels} on {node.attached_to}"
        for node in process.nodes
        if node.attached_to in groups
    }
    nodes = frozenset(
        (called.get(node.id, node.id), node.kind, node.parent, node.attached_to)
        for node in process.nodes
    )
    flows = frozenset(
        (called.get(f.source, f.source), called.get(f.target, f.target), f.name, f.condition,
         f.bound, f.supplement)
        for f in process.flows
    )  # fmt: skip
    return nodes, flows


def enclosed(process: Process, rows: set[str], name: str, words: str) -> Process | None:
    """Return the graph with some rows, or groups, of one scope and the gateways between them in a sub-process.

    None where they are not entered and left in one way, or wait together with rows outside.

    Trouble that ends one of the rows ends the sub-process.
    """
    inside = _between(process, rows)
    process, troubles = _with_troubles(process, inside, name)
    inside |= {node.id for node in troubles}
    into = [f for f in process.flows if f.source not in inside and f.target in inside]
    out = [f for f in process.flows if f.source in inside and f.target not in inside]
    if len({f.target for f in into}) != 1 or len({f.target for f in out}) != 1:
        return None
    gates = {node.id for node in process.nodes if node.kind == GATEWAY}
    if gates & {f.source for f in into}:
        return None
    taken = {node.id for node in process.nodes} | {flow.id for flow in process.flows}
    while name in taken:
        name += "-1"
    scope = next(node.parent for node in process.nodes if node.id in rows)
    begin, end = f"bat-dau-{name}", f"ket-thuc-{name}"
    flows = [
        replace(f, target=name) if f in into else replace(f, target=end) if f in out else f
        for f in process.flows
    ]
    flows += [Flow(f"f-{begin}", begin, into[0].target), Flow(f"f-{name}", name, out[0].target)]
    within = _with_content(process, inside)
    nodes: list[Node] = []
    for node in process.nodes:
        if node.id in within and name not in {one.id for one in nodes}:
            nodes += [Node(name, GROUP, words, parent=scope), Node(begin, "start", parent=name)]
        nodes.append(replace(node, parent=name) if node.id in inside else node)
    return replace(process, nodes=(*nodes, Node(end, "end", parent=name)), flows=tuple(flows))


def _with_content(process: Process, names: set[str]) -> set[str]:
    """Return nodes with all that stands in those of them which are groups."""
    within, before = set(names), 0
    while before != len(within):
        before = len(within)
        within |= {node.id for node in process.nodes if node.parent in within}
    return within


def _with_troubles(
    process: Process, inside: set[str], group: str
) -> tuple[Process, tuple[Node, ...]]:
    """Return the graph with ends of its own for the trouble that some rows end in, and those ends."""
    known = {node.id: node for node in process.nodes if node.kind == "error_end"}
    led = {
        flow.id: replace(end_of(target_of(end), group), name=end.name, parent=end.parent)
        for flow in process.flows
        if flow.source in inside and (end := known.get(flow.target)) is not None
    }
    flows = tuple(
        replace(flow, target=led[flow.id].id) if flow.id in led else flow for flow in process.flows
    )
    made = {node.id: node for node in led.values()}
    aimed = {flow.target for flow in flows}
    nodes = tuple(node for node in process.nodes if node.id not in known or node.id in aimed)
    return replace(process, nodes=(*nodes, *made.values()), flows=flows), tuple(made.values())


def _between(process: Process, rows: set[str]) -> set[str]:
    """Return the rows with the gateways that only they lead to or that lead only to them.

    A split goes along with all its threads, a join with all that it waits for.
    """
    inside = set(rows)
    inside |= {node.id for node in process.nodes if node.attached_to in rows}
    gates = [
        node
        for node in process.nodes
        if node.kind in ("exclusive", "parallel", "inclusive", "event_gateway")
    ]
    before = 0
    while before != len(inside):
        before = len(inside)
        for gate in gates:
            sources = {f.source for f in process.flows if f.target == gate.id}
            targets = {f.target for f in process.flows if f.source == gate.id}
            many = [ends for ends in (sources, targets) if len(ends) > 1]
            if gate.kind in SPLITS and many:
                is_in = all(ends <= inside for ends in many)
            else:
                is_in = sources <= inside or targets <= inside
            if is_in:
                inside.add(gate.id)
    return inside


def opened(process: Process, group: Node) -> Process | None:
    """Return the graph without a sub-process, its content in its place, or None where that says less.

    Several ways into it, or out of its content, meet before a gateway that would wait for all of them.
    """
    inner = [node for node in process.nodes if node.parent == group.id]
    begin = next((node.id for node in inner if node.kind == "start"), None)
    ends = {node.id for node in inner if node.kind == "end" and node.trigger is None}
    onward = [f for f in process.flows if f.source == group.id]
    first = next((f.target for f in process.flows if f.source == begin), None)
    held = any(node.attached_to == group.id for node in process.nodes)
    held = held or any(n.kind in ("end", "terminate") and n.id not in ends for n in inner)
    if held or len(onward) != 1 or first is None or onward[0].condition:
        return None
    gone = {group.id, begin, *ends}
    nodes = tuple(
        replace(node, parent=group.parent) if node.parent == group.id else node
        for node in process.nodes
        if node.id not in gone
    )
    flows = tuple(f for f in process.flows if f.source not in gone)
    made = replace(process, nodes=nodes, flows=flows)
    made = _led(made, ends, onward[0].target)
    return _led(made, {group.id}, onward[0].target if first in ends else first)


def _led(process: Process, gone: set[str], target: str) -> Process:
    """Return the graph with the ways to what is gone leading to a node, met before a split or join."""
    nodes = {node.id: node for node in process.nodes}
    ways = [flow for flow in process.flows if flow.target in gone]
    place, met = target, process
    if len(ways) > 1 and nodes[target].kind in SPLITS:
        place = free(process, f"vao-{target}")
        meeting = Node(place, "exclusive", parent=nodes[target].parent)
        onward = Flow(free(process, f"f-{place}"), place, target)
        met = replace(process, nodes=(*process.nodes, meeting), flows=(*process.flows, onward))
    flows = tuple(replace(f, target=place) if f in ways else f for f in met.flows)
    return replace(met, flows=flows)
