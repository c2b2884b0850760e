"""Where the shapes of a BPMN file's diagram stand."""

from nep.bpmn.markup import BPMNDI, DC
from nep.bpmn.routing import Point
from nep.kernel.safexml import Element, XmlRefused, parse_xml

_SHAPE, _BOUNDS = "{" + BPMNDI + "}BPMNShape", "{" + DC + "}Bounds"


def read_places(data: bytes) -> dict[str, Point]:
    """Return the middle (pixels) of every shape by the element it shows.

    Shapes without readable bounds are left out; a file that is no XML has none.
    """
    try:
        root = parse_xml(data)
    except XmlRefused:
        return {}
    found: dict[str, Point] = {}
    for shape in _shapes(root):
        bounds = next((part for part in shape.children if part.tag == _BOUNDS), None)
        if bounds is None:
            continue
        try:
            x, y, width, height = (
                float(bounds.get(name, "")) for name in ("x", "y", "width", "height")
            )
        except ValueError:
            continue
        middle = (x + width / 2, y + height / 2)
        if max(map(abs, middle)) < 1e6:
            found[shape.get("bpmnElement", "").rpartition(":")[2]] = middle
    return found


def _shapes(root: Element) -> list[Element]:
    """Return the shapes of all diagrams, deep ones too."""
    found, queue = [], [part for part in root.children if part.namespace == BPMNDI]
    for part in queue:
        if part.tag == _SHAPE:
            found.append(part)
        else:
            queue.extend(part.children)
    return found
