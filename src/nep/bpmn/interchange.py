"""Write a layout as the diagram interchange of BPMN, as drawing programs open it."""

from collections.abc import Mapping, Sequence

from nep.bpmn.around import POOL_GAP
from nep.bpmn.layout import LETTER, STEPS, Label, Layout
from nep.bpmn.lettering import text_width
from nep.bpmn.markup import DC, DI, OWN_DIAGRAM, attributes, parse_kept
from nep.bpmn.model import GATEWAYS, Node, Process
from nep.bpmn.notes import Note, NotePlace, place_notes
from nep.bpmn.routing import Box, Point

POOL = "nep-pool"
POOL_HEAD = 30


def diagram_lines(process: Process, plan: Layout, collaboration: str | None) -> list[str]:
    """Return the lines of the diagram; with a `collaboration` a pool stands around the lanes."""
    pooled = collaboration is not None
    shown = collaboration or process.id
    lines = [
        f'<bpmndi:BPMNDiagram id="{OWN_DIAGRAM}">',
        f"<bpmndi:BPMNPlane{attributes([('id', 'nep-plane'), ('bpmnElement', shown)])}>",
    ]
    if pooled and plan.lanes:
        left, height = plan.lanes[0].x, max(lane.height for lane in plan.lanes)
        width = sum(lane.width for lane in plan.lanes)
        if any(one.box.right > left + width for one in plan.notes):
            pools = plan.around.pools
            margin = pools[0][1].x - POOL_GAP if pools else plan.width
            width = margin - left  # the margin they stand in belongs to the pool
        around = (left, -POOL_HEAD, width, height + POOL_HEAD)
        lines.append(_shape(POOL, around, ' isHorizontal="false"'))
    for lane, column in zip(process.lanes, plan.lanes, strict=False):
        bounds = (column.x, column.y, column.width, column.height)
        lines.append(_shape(lane.id, bounds, ' isHorizontal="false"'))
    frames = {node.parent for node in process.nodes}
    boxes = {node.id: _drawn_box(node, plan.boxes[node.id]) for node in process.nodes}
    for node in process.nodes:
        box = boxes[node.id]
        words = ""
        if node.kind not in STEPS and node.name:
            width = min(150.0, text_width(node.name, LETTER) + 8)
            words = _label(box.right + 6, box.y - 8, width, 18.0)
        opened = ' isExpanded="true"' if node.id in frames else ""
        lines.append(_shape(node.id, (box.x, box.y, box.width, box.height), opened, words))
    for flow in process.flows:
        points = list(plan.waypoints.get(flow.id, ()))
        if len(points) < 2 or flow.source not in boxes or flow.target not in boxes:
            continue
        points[0] = _touching(boxes[flow.source], points[0], points[1])
        points[-1] = _touching(boxes[flow.target], points[-1], points[-2])
        spots = "".join(f'<di:waypoint x="{x:g}" y="{y:g}"/>' for x, y in points)
        pairs = attributes([("id", f"{flow.id}_di"), ("bpmnElement", flow.id)])
        said = (
            _edge_label(plan.words[flow.id], points) if flow.name and flow.id in plan.words else ""
        )
        lines.append(f"<bpmndi:BPMNEdge{pairs}>{spots}{said}</bpmndi:BPMNEdge>")
    lines += [line for one in plan.notes for line in note_lines(one)]
    if pooled:
        lines += _around_lines(plan, boxes)
    return [*lines, "</bpmndi:BPMNPlane>", "</bpmndi:BPMNDiagram>"]


def _around_lines(plan: Layout, boxes: Mapping[str, Box]) -> list[str]:
    """Return the lines of pools of others, of messages and frames."""
    around = plan.around
    lines = [
        _shape(pool.id, (box.x, -POOL_HEAD, box.width, box.height + POOL_HEAD),
               ' isHorizontal="false"')
        for pool, box in around.pools
    ]  # fmt: skip
    for frame, box in around.frames:
        wide = text_width(frame.name, LETTER) + 6
        said = _label(box.right - wide - 8, box.y + 3, wide, 16) if frame.name else ""
        lines.append(_shape(frame.id, (box.x, box.y, box.width, box.height), "", said))
    for one in around.messages:
        message, points = one.message, list(one.points)
        if message.source in boxes:
            points[0] = _touching(boxes[message.source], points[0], points[1])
        if message.target in boxes:
            points[-1] = _touching(boxes[message.target], points[-1], points[-2])
        pairs = attributes([("id", f"{message.id}_di"), ("bpmnElement", message.id)])
        spots = "".join(f'<di:waypoint x="{x:g}" y="{y:g}"/>' for x, y in points)
        wide, (x, y) = text_width(message.name, LETTER) + 6, one.at
        said = _label(x - wide, y - 14, wide, 16) if message.name else ""
        lines.append(f"<bpmndi:BPMNEdge{pairs}>{spots}{said}</bpmndi:BPMNEdge>")
    return lines


def note_lines(one: NotePlace) -> list[str]:
    """Return the lines of a note, a data object or a store, and of what binds it."""
    box = one.box
    words = ""
    if one.note.kind != "note" and one.note.text:
        words = _label(box.middle - 55, box.bottom + 3, 110, 15.0 * max(1, len(box.lines)))
    found = [_shape(one.note.id, (box.x, box.y, box.width, box.height), "", words)]
    for name, *ends in one.lines:
        pairs = attributes([("id", f"{name}_di"), ("bpmnElement", name)])
        spots = "".join(f'<di:waypoint x="{x:g}" y="{y:g}"/>' for x, y in ends)
        found.append(f"<bpmndi:BPMNEdge{pairs}>{spots}</bpmndi:BPMNEdge>")
    return found


def diagram_notes(diagram: str, notes: Sequence[Note]) -> list[str]:
    """Return the lines of notes that a kept diagram does not show yet, in a margin on its right."""
    boxes: dict[str, Box] = {}
    edges: dict[str, list[Point]] = {}
    for part in (part for root in parse_kept([diagram]) for part in root.iter()):
        of = part.get("bpmnElement", "").rpartition(":")[2]
        bounds = part.find("{" + DC + "}Bounds")
        if part.local == "BPMNShape" and bounds is not None:
            x, y, width, height = (
                _number(bounds.get(key)) for key in ("x", "y", "width", "height")
            )
            boxes[of] = Box(x, y, width, height)
        elif part.local == "BPMNEdge":
            edges[of] = [
                (_number(spot.get("x")), _number(spot.get("y")))
                for spot in part.findall("{" + DI + "}waypoint")
            ]
    right = max((box.right for box in boxes.values()), default=0.0) + 20
    top = min((box.y for box in boxes.values()), default=0.0)
    placed = place_notes(notes, boxes=boxes, lines=edges, right=right, top=top, moved={})
    return [line for one in placed for line in note_lines(one)]


def _number(text: str | None) -> float:
    try:
        return float(text or "")
    except ValueError:
        return 0.0


def _drawn_box(node: Node, box: Box) -> Box:
    """Return the box as drawing programs draw it: events and gateways of one size, words beside."""
    side = 50.0 if node.kind in GATEWAYS else 36.0
    if node.kind in STEPS:
        return box
    return Box(round(box.middle - side / 2, 1), round(box.level - side / 2, 1), side, side)


def _touching(box: Box, end: Point, before: Point) -> Point:
    """Return where a line that comes from `before` meets the edge of a box."""
    if end[0] == before[0]:
        return (end[0], box.y if before[1] < box.level else box.bottom)
    return (box.x if before[0] < box.middle else box.right, end[1])


def _edge_label(label: Label, points: list[Point]) -> str:
    """Return where the words stand; drawing programs write them level, so beside an upright line."""
    width = text_width(label.text, LETTER) + 6
    if label.turned:
        at = min((x for x, _y in points), key=lambda x: abs(x - label.x))
        return _label(at + 4 if label.x > at else at - 4 - width, label.y - 9, width, 18.0)
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
