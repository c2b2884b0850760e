"""The shapes of nodes: outlines, words inside, signs; classes only, no style attributes."""

from html import escape

from nep.bpmn.layout import LINE, STEPS
from nep.bpmn.lettering import wrap
from nep.bpmn.model import ENDS, GATEWAYS, Node
from nep.bpmn.routing import Box
from nep.bpmn.symbols import icon, marker, trigger_icon

_MARKS = {"exclusive": "×", "parallel": "+", "inclusive": "○"}
_CLOSED_HEIGHT = 100
"""Height no closed step reaches: a sub-process higher than this stands around its content."""
_RINGED = frozenset({"catch", "throw", "boundary"})


def classes_of(node: Node, box: Box) -> list[str]:
    """Return the classes of a node's group."""
    if node.kind in GATEWAYS:
        return ["bp-gw"]
    more = ["bp-out"] if node.outside else []
    if node.kind in STEPS:
        if is_frame(node, box):
            return ["bp-frame", *more]
        return ["bp-task", *(["bp-task--call"] if node.kind == "call" else []), *more]
    more += ["bp-event--end"] if node.kind in ENDS else []
    more += ["bp-event--side"] if node.kind == "boundary" and not node.cancels else []
    return ["bp-event", *more]


def is_frame(node: Node, box: Box) -> bool:
    """Tell whether a sub-process is drawn around its content."""
    return node.kind == "subprocess" and box.height > _CLOSED_HEIGHT


def rect(box: Box, radius: float, inset: float = 0, name: str = "") -> str:
    """Return a rounded rectangle, drawn in by `inset`."""
    kind = f' class="{name}"' if name else ""
    return (
        f'<rect{kind} x="{box.x + inset:g}" y="{box.y + inset:g}" '
        f'width="{box.width - 2 * inset:g}" height="{box.height - 2 * inset:g}" rx="{radius:g}"/>'
    )


def outline(node: Node, box: Box) -> str:
    """Return the outline of a node: diamond, step, frame or event with its rings."""
    if node.kind in GATEWAYS:
        x, y = box.middle, box.level
        return f'<path d="M{x:g} {box.y:g}L{box.right:g} {y:g}L{x:g} {box.bottom:g}L{box.x:g} {y:g}z"/>'
    if node.kind in STEPS:
        return rect(box, 8 if is_frame(node, box) else 4)
    ring = rect(box, box.height / 2 - 3, 3, "bp-ring") if node.kind in _RINGED else ""
    return rect(box, box.height / 2) + ring


def words_inside(node: Node, box: Box) -> str:
    """Return the words of a node, the sign of a gateway and what an event is about."""
    if is_frame(node, box):
        return text_lines(box.lines, box.middle, box.y + 20, "bp-head")
    if node.kind in STEPS:
        return _step_inside(node, box)
    if node.kind not in GATEWAYS:
        said = trigger_icon(node, box.x + 19 if box.lines else box.middle, box.level)
        middle = box.middle + (9 if said and box.lines else 0)
        top = box.level + 4.5 - (len(box.lines) - 1) * LINE / 2
        return said + text_lines(box.lines, middle, top, "")
    if not box.lines:
        level = box.level + (2 if node.kind == "event_gateway" else 6)
        return _sign(node, box.middle, level, "bp-sign")
    top = box.level + 4.5 - (len(box.lines) - 1) * LINE / 2
    words = text_lines(box.lines, box.middle, top, "")
    if node.kind == "event_gateway":
        return text_lines(box.lines, box.middle, top + 8, "") + icon(
            "event_gateway", box.middle, box.y + 20, small=True
        )
    if node.kind in ("parallel", "inclusive"):
        words += _sign(node, box.middle, box.y + 17, "bp-sign bp-sign--s")
    return words


def _step_inside(node: Node, box: Box) -> str:
    sign = marker(node)
    level = box.level - (7 if sign else 0)
    top = level + 4.5 - (len(box.lines) - 1) * LINE / 2
    words = text_lines(box.lines, box.middle, top, "")
    if node.kind in ("send", "receive"):
        words += trigger_icon(node, box.right - 14, box.y + 11)
    return words + (icon(sign, box.middle, box.bottom - 10) if sign else "")


def _sign(node: Node, x: float, y: float, name: str) -> str:
    if node.kind == "event_gateway":
        return icon("event_gateway", x, y - 2)
    if node.kind not in _MARKS:
        return ""
    return f'<text class="{name}" x="{x:g}" y="{y:g}">{_MARKS[node.kind]}</text>'


def text_lines(lines: tuple[str, ...], x: float, y: float, name: str) -> str:
    """Return lines of text one below the other."""
    kind = f' class="{name}"' if name else ""
    return "".join(
        f'<text{kind} x="{x:g}" y="{y + place * LINE:g}">{escape(line)}</text>'
        for place, line in enumerate(lines)
    )


def note_shape(box: Box, text: str, more: str = "") -> str:
    """Return a note: a bracket and the lines of its box; `more` goes into its tag."""
    bracket = f'<path d="M{box.x + 12:g} {box.y:g}H{box.x:g}V{box.bottom:g}H{box.x + 12:g}"/>'
    words = "".join(
        f'<text class="bp-edge" x="{box.x + 6:g}" y="{box.y + 14 + at * 15:g}" text-anchor="start">'
        f"{escape(line)}</text>"
        for at, line in enumerate(box.lines)
    )
    return f'<g class="bp-note"{more}><title>{escape(text)}</title>{bracket}{words}</g>'


def data_shape(box: Box, kind: str, name: str, *, at: Box | None = None, more: str = "") -> str:
    """Return a sheet ("data"), a store ("store") or a plain box, its name below or in the box `at`."""
    x, y, right, foot = box.x, box.y, box.right, box.bottom
    if kind == "store":
        dip = min(10.0, box.height / 5)
        path = (
            f"M{x:g} {y + dip:g}Q{box.middle:g} {y - dip:g} {right:g} {y + dip:g}V{foot - dip:g}"
            f"Q{box.middle:g} {foot + dip:g} {x:g} {foot - dip:g}z"
            f"M{x:g} {y + dip:g}Q{box.middle:g} {y + 3 * dip:g} {right:g} {y + dip:g}"
        )
    elif kind == "data":
        fold = min(10.0, box.width / 3)
        path = (
            f"M{x:g} {y:g}H{right - fold:g}L{right:g} {y + fold:g}V{foot:g}H{x:g}z"
            f"M{right - fold:g} {y:g}V{y + fold:g}H{right:g}"
        )
    else:
        path = f"M{x:g} {y:g}H{right:g}V{foot:g}H{x:g}z"
    at = at or Box(box.middle - 60, foot + 3, 120, 30)
    lines = wrap(name, max(at.width, 90.0), size=12, lines=3)
    words = text_lines(lines, at.middle, at.y + 11, "bp-edge")
    return f'<g class="bp-data"{more}><title>{escape(name)}</title><path d="{path}"/>{words}</g>'
