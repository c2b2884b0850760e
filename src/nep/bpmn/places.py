"""Where the shapes of a BPMN file's diagram stand."""

from collections.abc import Iterable

from nep.bpmn.markup import BPMNDI, DC, DI
from nep.bpmn.routing import Box, Point
from nep.kernel.safexml import Element, XmlRefused, parse_xml

_SHAPE, _BOUNDS = "{" + BPMNDI + "}BPMNShape", "{" + DC + "}Bounds"
_EDGE, _WAYPOINT = "{" + BPMNDI + "}BPMNEdge", "{" + DI + "}waypoint"


def read_places(data: bytes) -> dict[str, Point]:
    """Return the middle (pixels) of every shape by the element it shows.

    Shapes without readable bounds are left out; a file that is no XML has none.
    """
    return {name: (box.middle, box.level) for name, box in read_boxes(data).items()}


def read_boxes(data: bytes) -> dict[str, Box]:
    """Return the box of every shape by the element it shows; as `read_places`."""
    return read_drawn(data)[0]


def boxes_of(elements: Iterable[Element]) -> dict[str, Box]:
    """Return the box of every shape of some diagrams by the element it shows."""
    found: dict[str, Box] = {}
    for shape in _parts(elements, _SHAPE):
        bounds = next((part for part in shape.children if part.tag == _BOUNDS), None)
        if bounds is None:
            continue
        try:
            x, y, width, height = (
                float(bounds.get(name, "")) for name in ("x", "y", "width", "height")
            )
        except ValueError:
            continue
        box = Box(x, y, width, height)
        if max(abs(box.middle), abs(box.level)) < 1e6:
            found[shape.get("bpmnElement", "").rpartition(":")[2]] = box
    return found


def read_drawn(data: bytes) -> tuple[dict[str, Box], dict[str, tuple[Point, ...]]]:
    """Return the box of every shape and the points of every line; as `read_places`."""
    try:
        root = parse_xml(data)
    except XmlRefused:
        return {}, {}
    return boxes_of(root.children), lines_of(root.children)


def read_lines(data: bytes) -> dict[str, tuple[Point, ...]]:
    """Return the points of every line of the diagram by the flow it shows; as `read_places`."""
    return read_drawn(data)[1]


def lines_of(elements: Iterable[Element]) -> dict[str, tuple[Point, ...]]:
    """Return the points of every line of some diagrams by the flow it shows."""
    found: dict[str, tuple[Point, ...]] = {}
    for edge in _parts(elements, _EDGE):
        try:
            points = tuple(
                (float(part.get("x", "")), float(part.get("y", "")))
                for part in edge.children
                if part.tag == _WAYPOINT
            )
        except ValueError:
            continue
        if len(points) > 1 and all(abs(at) < 1e6 for point in points for at in point):
            found[edge.get("bpmnElement", "").rpartition(":")[2]] = points
    return found


def _parts(elements: Iterable[Element], tag: str) -> list[Element]:
    """Return the parts of a tag of all diagrams, deep ones too."""
    found, queue = [], [part for part in elements if part.namespace == BPMNDI]
    for part in queue:
        if part.tag == tag:
            found.append(part)
        else:
            queue.extend(part.children)
    return found
