"""A draft written as a model again: what its file said, with what was changed in the draft."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from nep.apps.procedures.rules.beside import Beside, Origin
from nep.apps.procedures.rules.by_hand import spare_lanes
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.table import node_rows, with_lanes
from nep.bpmn import (
    Flow,
    Foreign,
    Lane,
    Node,
    Process,
    layout,
    notes_of,
    renamed,
    write_bpmn,
)
from nep.bpmn.interchange import diagram_notes
from nep.bpmn.markup import local_name
from nep.bpmn.renaming import ids_of

Part = TypeVar("Part", Node, Flow)
_MESSAGE_FLOW = re.compile(
    r"<(?P<name>(?:[\w.-]+:)?messageFlow)\b(?P<told>[^<>]*?)(?:/>|>.*?</(?P=name)>)", re.S
)
_ENDS = re.compile(r'(?:sourceRef|targetRef)="(?:[^":]*:)?([^"]*)"')
_DRAWN = re.compile(
    r'<(?P<name>(?:[\w.-]+:)?BPMN(?:Shape|Edge))\b[^<>]*?bpmnElement="(?:[^":]*:)?(?P<of>[^"]*)"'
    r"[^<>]*?(?:/>|>.*?</(?P=name)>)",
    re.S,
)
_FIXED = {
    Node: frozenset({"id", "kind", "parent", "attached_to", "default"}),
    Flow: frozenset({"id", "source", "target"}),
}
"""What says how the parts of a graph hang together."""


def model_of(draft: Draft, names: Mapping[str, str]) -> bytes:
    """Return a draft as a BPMN file; `names` gives the words of role keys."""
    laned = with_lanes(draft.process, dict(names), spare=spare_lanes(draft.places))
    whole, called = restored(laned, draft.beside)
    if not {node.id for node in whole.nodes} <= set(called.values()):
        return write_bpmn(whole)
    moved = {called.get(name, name): spot for name, spot in draft.places.items()}
    rows = node_rows(draft.table)
    if rows is not None:
        rows = {called.get(name, name): row for name, row in rows.items()}
    return write_bpmn(whole, plan=layout(whole, labels=names, moved=moved, rows=rows))


def restored(process: Process, beside: Beside) -> tuple[Process, dict[str, str]]:
    """Return the graph of a draft, its lanes included, with everything its file said beside it,
    and what each of its nodes and flows is called there.

    While the ways are those that were read, the file comes back as it was but for what was changed
    in the rows. Else the graph is the draft's, under the file's names where they are known.
    """
    names = _names(process, beside)
    ours = renamed(process, names)
    if beside.origin is None:
        whole = ours
    elif _is_shape_kept(ours, beside.origin):
        whole = _as_read(ours, beside.origin)
    else:
        whole = _rewired(ours, beside.origin)
    called = {name: names.get(name, name) for name in _ids(process)}
    return replace(whole, foreign=_parts(whole, beside)), called


def _names(process: Process, beside: Beside) -> dict[str, str]:
    """Return the file's names, and free ones for what the file knows under its name otherwise."""
    names = dict(beside.names)
    theirs = set(names.values())
    taken = theirs | ids_of(beside.parts)
    said: set[str] = set()
    if beside.origin is not None:
        taken |= _ids(beside.origin.read)
        said = _ids(beside.origin.said)
    own = _ids(process)
    for name in sorted(own - names.keys()):
        if name in theirs or (name in taken and name not in said):
            fresh = f"{name}-1"
            while fresh in taken or fresh in own:
                fresh += "-1"
            names[name] = fresh
            taken.add(fresh)
    return names


def _ids(process: Process) -> set[str]:
    return {node.id for node in process.nodes} | {flow.id for flow in process.flows}


def _by_id(parts: Iterable[Part]) -> dict[str, Part]:
    return {part.id: part for part in parts}


def _is_shape_kept(ours: Process, origin: Origin) -> bool:
    """Tell whether the draft hangs together as it did when it was read from its model."""
    if _shape(ours) != _shape(origin.said):
        return False
    return _added(ours, origin) == _added(origin.said, origin)


def _shape(process: Process) -> set[tuple[str, ...]]:
    return {(n.id, n.kind, n.parent, n.attached_to) for n in process.nodes} | {
        (f.id, f.source, f.target) for f in process.flows
    }


def _added(process: Process, origin: Origin) -> set[Node | Flow]:
    """Return what a table says that its model does not: gateways of its own and their ways."""
    known = _ids(origin.read)
    parts: tuple[Node | Flow, ...] = (*process.nodes, *process.flows)
    return {part for part in parts if part.id not in known}


def _as_read(ours: Process, origin: Origin) -> Process:
    read = origin.read
    nodes, flows = _by_id(ours.nodes), _by_id(ours.flows)
    said_nodes, said_flows = _by_id(origin.said.nodes), _by_id(origin.said.flows)
    whole = replace(
        read,
        name=read.name if ours.name == origin.said.name else ours.name,
        nodes=tuple(
            _changed(one, said_nodes[one.id], nodes[one.id], is_shaped=False)
            if one.id in nodes
            else one
            for one in read.nodes
        ),
        flows=tuple(
            _changed(one, said_flows[one.id], flows[one.id], is_shaped=False)
            if one.id in flows
            else one
            for one in read.flows
        ),
    )
    return replace(whole, lanes=_lanes(ours, origin))


def _rewired(ours: Process, origin: Origin) -> Process:
    nodes, flows = _by_id(origin.read.nodes), _by_id(origin.read.flows)
    said_nodes, said_flows = _by_id(origin.said.nodes), _by_id(origin.said.flows)
    return replace(
        ours,
        id=origin.read.id,
        name=origin.read.name if ours.name == origin.said.name else ours.name,
        nodes=tuple(
            _changed(nodes[one.id], said_nodes[one.id], one, is_shaped=True)
            if one.id in nodes and one.id in said_nodes and nodes[one.id].kind == one.kind
            else one
            for one in ours.nodes
        ),
        flows=tuple(
            _changed(flows[one.id], said_flows[one.id], one, is_shaped=True)
            if one.id in flows and one.id in said_flows
            else one
            for one in ours.flows
        ),
    )


def _changed(read: Part, said: Part, now: Part, *, is_shaped: bool) -> Part:
    """Return a part as it was read, with what was changed since; `is_shaped` takes how it hangs."""
    fixed = _FIXED[type(read)]
    new: dict[str, Any] = {}
    for one in fields(read):
        name = one.name
        if name in fixed:
            if is_shaped:
                new[name] = getattr(now, name)
        elif getattr(now, name) != getattr(said, name):
            new[name] = getattr(now, name)
    if "extra" in new and isinstance(read, Node) and isinstance(said, Node):
        new["extra"] = (*read.extra, *(pair for pair in new["extra"] if pair not in said.extra))
    return replace(read, **new)


def _lanes(ours: Process, origin: Origin) -> tuple[Lane, ...]:
    """Return the file's lanes while each is still of one role, else those of the draft."""
    roles = {node.id: node.role for node in ours.nodes if node.kind == "task"}
    said = {node.id: node.role for node in origin.said.nodes if node.kind == "task"}
    found = []
    for lane in origin.read.lanes:
        steps = [name for name in lane.nodes if name in roles]
        if any(roles[name] != said.get(name) for name in steps):
            if len({roles[name] for name in steps}) > 1:
                return ours.lanes
            lane = replace(lane, role=roles[steps[0]])
        found.append(lane)
    return tuple(found)


def _parts(whole: Process, beside: Beside) -> tuple[Foreign, ...]:
    """Return the kept parts that still have their place, the diagram while it is that of the ways."""
    there = _ids(whole)
    known = there | ids_of(beside.parts)
    is_drawn = beside.origin is not None and _is_led_as_read(whole, beside.origin)
    found = []
    for part in beside.parts:
        local = local_name(part.xml)
        if part.owner not in ("process", "definitions") and part.owner not in there:
            continue
        if local == "association" and not known >= set(_ENDS.findall(part.xml)):
            continue
        if local == "BPMNDiagram":
            if not is_drawn:
                continue
            part = replace(part, xml=_without_gone(part.xml, beside, known))
        elif local == "collaboration":
            part = replace(part, xml=_without_loose(part.xml, beside, there))
        found.append(part)
    return _with_new_notes(found)


def _with_new_notes(parts: list[Foreign]) -> tuple[Foreign, ...]:
    """Return the parts with the notes that were added since shown in the first diagram."""
    place = next((at for at, one in enumerate(parts) if local_name(one.xml) == "BPMNDiagram"), None)
    if place is None:
        return tuple(parts)
    xml = parts[place].xml
    shown = {found["of"] for found in _DRAWN.finditer(xml)}
    fresh = [note for note in notes_of(parts) if note.id not in shown]
    if fresh:
        drawn = "".join(diagram_notes(xml, fresh))
        whole = xml.replace("</bpmndi:BPMNPlane>", f"{drawn}</bpmndi:BPMNPlane>", 1)
        parts[place] = replace(parts[place], xml=whole)
    return tuple(parts)


def _is_led_as_read(whole: Process, origin: Origin) -> bool:
    read = {flow.id: (flow.source, flow.target) for flow in origin.read.flows}
    return all(read.get(flow.id, ("", "")) == (flow.source, flow.target) for flow in whole.flows)


def _without_gone(xml: str, beside: Beside, known: set[str] | frozenset[str]) -> str:
    """Return a diagram without the shapes and lines of what is gone."""
    origin = beside.origin
    lanes = {lane.id for lane in origin.read.lanes} if origin is not None else set()
    return _DRAWN.sub(
        lambda found: found[0] if found["of"] in known or found["of"] in lanes else "", xml
    )


def _without_loose(xml: str, beside: Beside, there: set[str]) -> str:
    """Return a collaboration without the message flows of nodes that are gone."""
    origin = beside.origin
    gone = (_ids(origin.read) if origin is not None else set()) - there
    return _MESSAGE_FLOW.sub(
        lambda found: "" if gone & set(_ENDS.findall(found["told"])) else found[0], xml
    )
