"""Write a process as BPMN 2.0 XML with diagram interchange."""

import re
from collections import defaultdict

from nep.bpmn.canonical import amount_text
from nep.bpmn.layout import LETTER, Label, Layout, layout
from nep.bpmn.lettering import text_width
from nep.bpmn.markup import (
    BPMN,
    BPMNDI,
    DC,
    DI,
    NEP,
    OWN_DIAGRAM,
    XSI,
    attributes,
    escape_text,
    foreign_attributes,
)
from nep.bpmn.model import GATEWAYS, Flow, Lane, Node, Process
from nep.bpmn.routing import Box, Point

_ELEMENTS = {
    "start": "startEvent",
    "end": "endEvent",
    "terminate": "endEvent",
    "exclusive": "exclusiveGateway",
    "parallel": "parallelGateway",
    "inclusive": "inclusiveGateway",
}
POOL, COLLABORATION = "nep-pool", "nep-collaboration"
POOL_HEAD = 30
_FIRST = ("documentation", "extensionElements")
_BEFORE_FLOWS = (*_FIRST, "auditing", "monitoring", "ioSpecification", "property")
_SHOWN = re.compile(r'bpmnElement="([^"]*)"')
_ROOT = [
    ("xmlns:bpmn", BPMN), ("xmlns:bpmndi", BPMNDI), ("xmlns:dc", DC), ("xmlns:di", DI),
    ("xmlns:xsi", XSI), ("xmlns:nep", NEP), ("targetNamespace", NEP), ("exporter", "Nếp"),
]  # fmt: skip


def write_bpmn(process: Process, *, plan: Layout | None = None, pool: str | None = None) -> bytes:
    """Return the process as a BPMN 2.0 file; `read_bpmn` gives an equal process back.

    A diagram that came with the file is kept while it shows every element, else the lanes and
    steps stand as in `plan`, or laid out anew. `pool` names a pool drawn around the lanes, as
    drawing programs want it.
    """
    kept: dict[str, list[str]] = defaultdict(list)
    for foreign in process.foreign:
        kept[foreign.owner].append(foreign.xml)
    around = kept["definitions"]
    diagrams = [xml for xml in around if _local(xml) == "BPMNDiagram"]
    last = [xml for xml in around if _local(xml) == "relationship"]
    first = [xml for xml in around if xml not in diagrams and xml not in last]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<bpmn:definitions{attributes(_ROOT)}>"]
    if pool is not None:
        pairs = attributes([("id", POOL), ("name", pool), ("processRef", process.id)])
        first.append(
            f'<bpmn:collaboration id="{COLLABORATION}"><bpmn:participant{pairs}/>'
            "</bpmn:collaboration>"
        )
    lines += [*first, *_process(process, kept)]
    lines += (
        diagrams
        if _shows_all(diagrams, process)
        else _diagram(process, plan or layout(process), pool is not None)
    )
    lines += [*last, "</bpmn:definitions>", ""]
    return "\n".join(lines).encode()


def _process(process: Process, kept: dict[str, list[str]]) -> list[str]:
    pairs = [
        ("id", process.id),
        ("name", process.name),
        ("isExecutable", "true"),
        ("nep:main", "true"),
    ]
    before = [xml for xml in kept["process"] if _is_bpmn(xml) and _local(xml) in _BEFORE_FLOWS]
    extensions = [xml for xml in kept["process"] if not _is_bpmn(xml)]
    after = [xml for xml in kept["process"] if xml not in before and xml not in extensions]
    lines = [f"<bpmn:process{attributes(pairs)}>"]
    lines += [xml for xml in before if _local(xml) == "documentation"]
    lines += _extensions(extensions)
    lines += [xml for xml in before if _local(xml) != "documentation"]
    if process.lanes:
        lines.append('<bpmn:laneSet id="nep-lanes">')
        lines += [_lane(lane) for lane in process.lanes]
        lines.append("</bpmn:laneSet>")
    ins: dict[str, list[str]] = defaultdict(list)
    outs: dict[str, list[str]] = defaultdict(list)
    for flow in process.flows:
        ins[flow.target].append(flow.id)
        outs[flow.source].append(flow.id)
    in_lane = {name for lane in process.lanes for name in lane.nodes}
    lines += [_node(n, ins[n.id], outs[n.id], kept[n.id], n.id in in_lane) for n in process.nodes]
    lines += [_flow(flow, kept[flow.id]) for flow in process.flows]
    return [*lines, *after, "</bpmn:process>"]


def _lane(lane: Lane) -> str:
    pairs = attributes([("id", lane.id), ("name", lane.name), ("nep:role", lane.role)])
    members = "".join(f"<bpmn:flowNodeRef>{escape_text(n)}</bpmn:flowNodeRef>" for n in lane.nodes)
    return f"<bpmn:lane{pairs}>{members}</bpmn:lane>"


def _node(node: Node, ins: list[str], outs: list[str], kept: list[str], in_lane: bool) -> str:
    element = _ELEMENTS.get(node.kind) or (
        "manualTask" if node.manual else "serviceTask" if node.service else "userTask"
    )
    pairs = [
        ("id", node.id),
        ("name", node.name or None),
        ("default", node.default),
        ("nep:role", node.role if node.role or in_lane else None),
        ("nep:limit", amount_text(node.limit.amount) if node.limit else None),
        ("nep:limitUnit", node.limit.unit if node.limit else None),
        ("nep:untimed", "true" if node.untimed else None),
        ("nep:outside", "true" if node.outside else None),
        ("nep:manual", "true" if node.manual and element != "manualTask" else None),
        ("nep:service", "true" if node.service and element != "serviceTask" else None),
    ]
    inner = (
        [f"<bpmn:documentation>{escape_text(node.note)}</bpmn:documentation>"] if node.note else []
    )
    inner += [xml for xml in kept if _is_bpmn(xml) and _local(xml) == "documentation"]
    forms = [f"<nep:form>{escape_text(form)}</nep:form>" for form in node.forms]
    inner += _extensions(forms + [xml for xml in kept if not _is_bpmn(xml)])
    inner += [f"<bpmn:incoming>{escape_text(name)}</bpmn:incoming>" for name in ins]
    inner += [f"<bpmn:outgoing>{escape_text(name)}</bpmn:outgoing>" for name in outs]
    inner += [xml for xml in kept if _is_bpmn(xml) and _local(xml) != "documentation"]
    if node.kind == "terminate":
        inner.append("<bpmn:terminateEventDefinition/>")
    head = f"<bpmn:{element}{attributes(pairs)}{foreign_attributes(node.extra)}"
    return f"{head}>{''.join(inner)}</bpmn:{element}>" if inner else f"{head}/>"


def _flow(flow: Flow, kept: list[str]) -> str:
    pairs = [
        ("id", flow.id),
        ("name", flow.name or None),
        ("sourceRef", flow.source),
        ("targetRef", flow.target),
        ("nep:supplement", "true" if flow.supplement else None),
        ("nep:bound", None if flow.bound is None else str(flow.bound)),
    ]
    inner = [xml for xml in kept if _is_bpmn(xml) and _local(xml) == "documentation"]
    inner += _extensions([xml for xml in kept if not _is_bpmn(xml)])
    inner += [xml for xml in kept if _is_bpmn(xml) and _local(xml) != "documentation"]
    if flow.condition:
        inner.append(
            '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">'
            f"{escape_text(flow.condition)}</bpmn:conditionExpression>"
        )
    head = f"<bpmn:sequenceFlow{attributes(pairs)}"
    return f"{head}>{''.join(inner)}</bpmn:sequenceFlow>" if inner else f"{head}/>"


def _extensions(parts: list[str]) -> list[str]:
    if not parts:
        return []
    return [f"<bpmn:extensionElements>{''.join(parts)}</bpmn:extensionElements>"]


def _local(xml: str) -> str:
    name = re.match(r"<([^\s/>]+)", xml)
    return name.group(1).rpartition(":")[2] if name else ""


def _is_bpmn(xml: str) -> bool:
    name = re.match(r"<([^\s/>]+)", xml)
    prefix = name.group(1).rpartition(":")[0] if name else ""
    return prefix in ("bpmn", "")


def _shows_all(diagrams: list[str], process: Process) -> bool:
    shown = {name.rpartition(":")[2] for xml in diagrams for name in _SHOWN.findall(xml)}
    return bool(diagrams) and {n.id for n in process.nodes} | {f.id for f in process.flows} <= shown


def _diagram(process: Process, plan: Layout, pooled: bool) -> list[str]:
    shown = COLLABORATION if pooled else process.id
    lines = [
        f'<bpmndi:BPMNDiagram id="{OWN_DIAGRAM}">',
        f"<bpmndi:BPMNPlane{attributes([('id', 'nep-plane'), ('bpmnElement', shown)])}>",
    ]
    if pooled and plan.lanes:
        left, height = plan.lanes[0].x, max(lane.height for lane in plan.lanes)
        width = sum(lane.width for lane in plan.lanes)
        around = (left, -POOL_HEAD, width, height + POOL_HEAD)
        lines.append(_shape(POOL, around, ' isHorizontal="false"'))
    for lane, column in zip(process.lanes, plan.lanes, strict=False):
        bounds = (column.x, column.y, column.width, column.height)
        lines.append(_shape(lane.id, bounds, ' isHorizontal="false"'))
    boxes = {node.id: _drawn_box(node, plan.boxes[node.id]) for node in process.nodes}
    for node in process.nodes:
        box = boxes[node.id]
        words = ""
        if node.kind != "task" and node.name:
            width = min(150.0, text_width(node.name, LETTER) + 8)
            words = _label(box.right + 6, box.y - 8, width, 18.0)
        lines.append(_shape(node.id, (box.x, box.y, box.width, box.height), "", words))
    for flow in process.flows:
        points = list(plan.waypoints.get(flow.id, ()))
        if len(points) < 2:
            continue
        points[0] = _touching(boxes[flow.source], points[0], points[1])
        points[-1] = _touching(boxes[flow.target], points[-1], points[-2])
        spots = "".join(f'<di:waypoint x="{x:g}" y="{y:g}"/>' for x, y in points)
        pairs = attributes([("id", f"{flow.id}_di"), ("bpmnElement", flow.id)])
        said = _edge_label(plan.words[flow.id]) if flow.name and flow.id in plan.words else ""
        lines.append(f"<bpmndi:BPMNEdge{pairs}>{spots}{said}</bpmndi:BPMNEdge>")
    return [*lines, "</bpmndi:BPMNPlane>", "</bpmndi:BPMNDiagram>"]


def _drawn_box(node: Node, box: Box) -> Box:
    """Return the box as drawing programs draw it: events and gateways of one size, words beside."""
    side = 50.0 if node.kind in GATEWAYS else 36.0
    if node.kind == "task":
        return box
    return Box(round(box.middle - side / 2, 1), round(box.level - side / 2, 1), side, side)


def _touching(box: Box, end: Point, before: Point) -> Point:
    """Return where a line that comes from `before` meets the edge of a box."""
    if end[0] == before[0]:
        return (end[0], box.y if before[1] < box.level else box.bottom)
    return (box.x if before[0] < box.middle else box.right, end[1])


def _edge_label(label: Label) -> str:
    width = text_width(label.text, LETTER) + 6
    if label.turned:
        return _label(label.x - width / 2, label.y - 9, width, 18.0)
    left = {"start": label.x, "middle": label.x - width / 2, "end": label.x - width}[label.anchor]
    return _label(left, label.y - 13, width, 18.0)


def _label(x: float, y: float, width: float, height: float) -> str:
    return (
        f'<bpmndi:BPMNLabel><dc:Bounds x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"/>'
        "</bpmndi:BPMNLabel>"
    )


def _shape(name: str, bounds: tuple[float, float, float, float], more: str, words: str = "") -> str:
    x, y, width, height = bounds
    pairs = attributes([("id", f"{name}_di"), ("bpmnElement", name)])
    return (
        f"<bpmndi:BPMNShape{pairs}{more}>"
        f'<dc:Bounds x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"/>{words}'
        "</bpmndi:BPMNShape>"
    )
