"""Draw a file as it was drawn: its own diagram with pools, data and notes, as SVG on the server."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from html import escape

from nep.bpmn.layout import LETTER, STEPS
from nep.bpmn.lettering import wrap
from nep.bpmn.markup import BPMNDI, DC, DI, is_bpmn
from nep.bpmn.model import GATEWAYS, Node
from nep.bpmn.parts import Parts
from nep.bpmn.references import local_id, references_of
from nep.bpmn.routing import Box, Point
from nep.bpmn.shapes import (
    classes_of,
    data_shape,
    note_shape,
    outline,
    text_lines,
    words_inside,
)
from nep.bpmn.subset import FLOW_NODES
from nep.kernel.safexml import Element, XmlRefused, parse_xml

_DI, _DC = "{" + BPMNDI + "}", "{" + DC + "}"
_BAND = 28.0
_PAD = 16.0
_FAR = 100_000.0
_MOST = 4_000
_LINES = {"messageFlow": "bp-msg", "association": "bp-assoc", "dataInputAssociation": "bp-assoc",
          "dataOutputAssociation": "bp-assoc"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Shape:
    element: Element
    box: Box
    label: Box | None
    is_level: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class _Edge:
    element: Element
    points: tuple[Point, ...]
    label: Box | None


def portray(data: bytes, *, marks: Mapping[str, str] | None = None, title: str = "") -> str:
    """Return the file's own diagram as one `<svg>`, or "" where it has none that can be drawn.

    `marks` gives an element its state as in `render_svg`. A group or line of an element names it
    in `data-node` or `data-flow`.
    """
    try:
        root = parse_xml(data)
    except XmlRefused:
        return ""
    elements = {e.get("id", ""): e for e in root.iter() if is_bpmn(e) and e.get("id")}
    shapes, edges = _placed(root, elements, set(marks or ()))
    if not any(shape.element.local in FLOW_NODES for shape in shapes):
        return ""
    parts = Parts(references_of(root.children), {}, not root.namespace)
    states = {name: _state(mark) for name, mark in (marks or {}).items()}
    drawn = [_drawn(shape, parts, states.get(shape.element.get("id", ""), "")) for shape in
             sorted(shapes, key=_depth)]  # fmt: skip
    lines = [_line(edge, states.get(edge.element.get("id", ""), "")) for edge in edges]
    frames, others = _parted(drawn)
    left, top, width, height = _area(shapes, edges)
    tip = '<marker id="bp-tip-tep" class="bp-tip" viewBox="0 0 10 10" refX="9" refY="5" '
    return "".join(
        [
            '<svg class="bp" role="img" text-anchor="middle" '
            f'viewBox="{left:g} {top:g} {width:g} {height:g}" width="{width:g}" '
            f'height="{height:g}" xmlns="http://www.w3.org/2000/svg">'
            f"<title>{escape(title or 'Lưu đồ trong tệp')}</title>"
            f'<defs>{tip}markerWidth="7" markerHeight="7" orient="auto-start-reverse">'
            '<path d="M0 0L10 5L0 10z"/></marker></defs>',
            *frames,
            *lines,
            *others,
            "</svg>",
        ]
    )


def _placed(
    root: Element, elements: Mapping[str, Element], marked: set[str]
) -> tuple[list[_Shape], list[_Edge]]:
    """Return what the largest diagram shows, and below it the others that show a marked element."""
    planes = sorted(
        (
            plane
            for diagram in root.children
            if diagram.tag == _DI + "BPMNDiagram"
            for plane in diagram.children
            if plane.tag == _DI + "BPMNPlane"
        ),
        key=len,
        reverse=True,
    )
    shapes: list[_Shape] = []
    edges: list[_Edge] = []
    seen: set[str] = set()
    for plane in planes:
        some = [s for part in plane.children if (s := _shape(part, elements)) is not None]
        names = {shape.element.get("id", "") for shape in some}
        if shapes and not (names - seen) & marked:
            continue
        lines = [e for part in plane.children if (e := _edge(part, elements)) is not None]
        if shapes and some:
            _, top, _, height = _area(shapes, edges)
            down = top + height + _PAD - _area(some, lines)[1]
            some = [_lower(shape, down) for shape in some]
            lines = [
                replace(line, points=tuple((x, y + down) for x, y in line.points),
                        label=_moved(line.label, down))
                for line in lines
            ]  # fmt: skip
        seen |= names
        shapes += some
        edges += lines
    return shapes[:_MOST], edges[:_MOST]


def _lower(shape: _Shape, down: float) -> _Shape:
    return replace(
        shape, box=replace(shape.box, y=shape.box.y + down), label=_moved(shape.label, down)
    )


def _moved(box: Box | None, down: float) -> Box | None:
    return None if box is None else replace(box, y=box.y + down)


def _bounds(part: Element | None) -> Box | None:
    found = part.find(_DC + "Bounds") if part is not None else None
    if found is None:
        return None
    try:
        x, y, w, h = (float(found.get(name, "")) for name in ("x", "y", "width", "height"))
    except ValueError:
        return None
    if not all(abs(value) < _FAR for value in (x, y, w, h)) or w <= 0 or h <= 0:
        return None
    return Box(x, y, w, h)


def _shape(part: Element, elements: Mapping[str, Element]) -> _Shape | None:
    if part.tag != _DI + "BPMNShape":
        return None
    element = elements.get(local_id(part.get("bpmnElement")))
    box = _bounds(part)
    if element is None or box is None:
        return None
    return _Shape(
        element,
        box,
        _bounds(part.find(_DI + "BPMNLabel")),
        part.get("isHorizontal", "true") == "true",
        part.get("isExpanded", "true") == "true",
    )


def _edge(part: Element, elements: Mapping[str, Element]) -> _Edge | None:
    element = elements.get(local_id(part.get("bpmnElement")))
    if part.tag != _DI + "BPMNEdge" or element is None:
        return None
    points = []
    for spot in part.findall("{" + DI + "}waypoint"):
        try:
            x, y = float(spot.get("x", "")), float(spot.get("y", ""))
        except ValueError:
            return None
        if not (abs(x) < _FAR and abs(y) < _FAR):
            return None
        points.append((x, y))
    label = _bounds(part.find(_DI + "BPMNLabel"))
    return _Edge(element, tuple(points), label) if len(points) > 1 else None


def _depth(shape: _Shape) -> tuple[int, float]:
    order = {"participant": 0, "lane": 1, "group": 2}
    return order.get(shape.element.local, 3), -shape.box.width * shape.box.height


def _area(shapes: Iterable[_Shape], edges: Iterable[_Edge]) -> tuple[float, float, float, float]:
    xs, ys = [], []
    for shape in shapes:
        for box in (shape.box, shape.label):
            if box is not None:
                xs += [box.x, box.right]
                ys += [box.y, box.bottom + (24 if box is shape.box else 0)]
    for edge in edges:
        xs += [x for x, _ in edge.points]
        ys += [y for _, y in edge.points]
    left, top = min(xs) - _PAD, min(ys) - _PAD
    return left, top, max(xs) - left + _PAD, max(ys) - top + _PAD


def _state(mark: str) -> str:
    return " ".join(one if one.startswith("bp-") else f"bp-{one}" for one in mark.split())


def _parted(drawn: Iterable[tuple[bool, str]]) -> tuple[list[str], list[str]]:
    frames: list[str] = []
    others: list[str] = []
    for is_frame, svg in drawn:
        (frames if is_frame else others).append(svg)
    return frames, others


def _drawn(shape: _Shape, parts: Parts, state: str) -> tuple[bool, str]:
    """Return whether a shape stands behind the lines, and its group."""
    element, box = shape.element, shape.box
    name = " ".join((element.get("name") or "").split())
    if element.local in ("participant", "lane"):
        return True, _band(shape, name)
    if element.local in FLOW_NODES:
        return _node(shape, parts, state, name)
    if element.local == "group":
        inner = f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" rx="10"/>'
        return True, f'<g class="bp-group">{inner}</g>'
    if element.local == "textAnnotation":
        return False, _note(shape)
    return False, _data(shape, name)


def _band(shape: _Shape, name: str) -> str:
    box = shape.box
    kind = "bp-pool" if shape.element.local == "participant" else "bp-pool bp-pool--lane"
    frame = f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}"/>'
    room = box.height if shape.is_level else box.width
    words = wrap(name, max(20.0, room - 8), size=LETTER, lines=1)
    if not words:
        return f'<g class="{kind}">{frame}</g>'
    if shape.is_level:
        x, y = box.x + _BAND - 10, box.level
        said = (
            f'<text class="bp-head" transform="rotate(-90 {x:g} {y:g})" x="{x:g}" y="{y:g}">'
            f"{escape(words[0])}</text>"
        )
    else:
        said = text_lines(words, box.middle, box.y + 18, "bp-head")
    return f'<g class="{kind}"><title>{escape(name)}</title>{frame}{said}</g>'


def _node(shape: _Shape, parts: Parts, state: str, name: str) -> tuple[bool, str]:
    box = shape.box
    node = replace(parts.node(shape.element, ""), name=name)
    is_frame = node.kind == "subprocess" and shape.is_open and box.height > 60
    is_step = node.kind in STEPS
    if is_step:
        fit = max(1, int((box.height - 8) // 17))
        box = replace(box, lines=wrap(name, box.width - 10, size=LETTER, lines=fit))
    classes = ["bp-frame"] if is_frame else [c for c in classes_of(node, box) if c != "bp-frame"]
    classes = ["bp-task"] if is_step and not is_frame and not classes else classes
    if is_frame:
        top = replace(box, lines=wrap(name, box.width - 24, size=LETTER, lines=1))
        inner = outline(node, box) + text_lines(top.lines, box.middle, box.y + 18, "bp-head")
    else:
        closed = replace(node, kind="call") if node.kind == "subprocess" else node
        inner = outline(closed, box) + words_inside(closed, box)
        inner += "" if is_step else _below(node, shape, name)
    said = escape(
        f"{name} ({'có lỗi' if 'bp-err' in state else 'trên đường lỗi'})" if state else name
    )
    group = " ".join([*classes, *filter(None, [state])])
    tag = f'<g class="{group}" data-node="{escape(node.id)}">'
    return is_frame, f"{tag}<title>{said or escape(node.id)}</title>{inner}</g>"


def _below(node: Node, shape: _Shape, name: str) -> str:
    """Return the words of an event or a gateway where the file has them, else below it."""
    if not name:
        return ""
    box = shape.label or Box(shape.box.middle - 55, shape.box.bottom + 3, 110, 30)
    width = max(box.width, 60.0 if node.kind in GATEWAYS else 90.0)
    lines = wrap(name, width, size=12, lines=3)
    return text_lines(lines, box.middle, box.y + 11, "bp-edge")


def _note(shape: _Shape) -> str:
    text = " ".join("".join(shape.element.itertext()).split())
    fit = max(1, int(shape.box.height // 15))
    lines = wrap(text, shape.box.width - 10, size=12, lines=fit)
    return note_shape(replace(shape.box, lines=lines), text)


def _data(shape: _Shape, name: str) -> str:
    """Return a sheet, a store or a box for what else stands in a diagram."""
    local = shape.element.local
    kind = "store" if local.startswith("dataStore") else "data" if local.startswith("data") else ""
    return data_shape(shape.box, kind, name, at=shape.label)


def _line(edge: _Edge, state: str) -> str:
    spots = "L".join(f"{x:g} {y:g}" for x, y in edge.points)
    more = _LINES.get(edge.element.local, "")
    name = " ".join((edge.element.get("name") or "").split())
    classes = " ".join(filter(None, ["bp-flow", more, state]))
    tip = "" if more == "bp-assoc" else ' marker-end="url(#bp-tip-tep)"'
    end = f"><title>{escape(name)}</title></path>" if name else "/>"
    drawn = (
        f'<path class="{classes}" data-flow="{escape(edge.element.get("id", ""))}" '
        f'd="M{spots}"{tip}{end}'
    )
    if not name:
        return drawn
    if edge.label is not None:
        x, y = edge.label.middle, edge.label.y + 12
    else:
        place = (len(edge.points) - 1) // 2
        (x0, y0), (x1, y1) = edge.points[place], edge.points[place + 1]
        x, y = (x0 + x1) / 2, (y0 + y1) / 2 - 5
    lines = wrap(name, max(80.0, edge.label.width if edge.label else 0), size=LETTER, lines=2)
    return drawn + text_lines(lines, x, y, "bp-word")
