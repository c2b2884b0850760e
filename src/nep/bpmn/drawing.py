"""Draw a process as SVG on the server: classes only, no style attributes; a node whose words are not
written out in it has them as title."""

from collections.abc import Iterable, Mapping
from html import escape

from nep.bpmn.layout import LINE, Column, Layout, layout
from nep.bpmn.model import ENDS, GATEWAYS, Flow, Node, Process
from nep.bpmn.routing import Box, Point

_MARKS = {"exclusive": "×", "parallel": "+", "inclusive": "○"}
_KIND_WORDS = {
    "start": "Bắt đầu",
    "end": "Kết thúc",
    "terminate": "Chấm dứt",
    "task": "Bước",
    "exclusive": "Rẽ nhánh",
    "parallel": "Song song",
    "inclusive": "Rẽ một hoặc nhiều nhánh",
}
_STATE_WORDS = {
    "bp-err": "có lỗi", "bp-now": "đang ở đây", "bp-done": "đã xong",
    "bp-added": "thêm", "bp-removed": "bỏ", "bp-changed": "sửa", "bp-moved": "chuyển chỗ",
}  # fmt: skip
_BADGES = {
    "bp-err": "!", "bp-added": "+", "bp-removed": "–", "bp-changed": "≠", "bp-moved": "↕",
}  # fmt: skip  # told by a sign too, for a black and white print


def render_svg(
    process: Process,
    *,
    marks: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
    lanes: bool = True,
    title: str = "",
    moved: Mapping[str, Point] | None = None,
    tokens: Mapping[str, str] | None = None,
    running: Iterable[str] = (),
    rows: Mapping[str, int] | None = None,
) -> str:
    """Return the diagram as one `<svg>`.

    `marks` gives a node or flow its state: bp-err, bp-now, bp-done, or what became of it: bp-added,
    bp-removed, bp-changed, bp-moved (the prefix may be left out; several are parted by a blank);
    `labels` the words of a role key. Classes: bp, bp-lane, bp-head, bp-task, bp-event, bp-gw,
    bp-flow, bp-flow--back, bp-word, bp-out, bp-n, bp-bang. Ids never appear twice, so that several
    diagrams may stand on one page.
    """
    plan = layout(process, lanes=lanes, labels=labels, moved=moved, rows=rows)
    states = {name: _state(mark) for name, mark in (marks or {}).items()}
    words = title or f"Lưu đồ {process.name}".strip()
    count = sum(1 for node in process.nodes if node.kind == "task")
    tip = "bp-tip-" + "".join(c if c.isalnum() and c.isascii() else "-" for c in process.id)
    parts = [
        f'<svg class="bp" role="img" text-anchor="middle" viewBox="0 0 {plan.width:g} {plan.height:g}" '
        f'width="{plan.width:g}" height="{plan.height:g}" xmlns="http://www.w3.org/2000/svg">',
        f"<title>{escape(words)}, {count} bước</title>",
        f'<defs><marker id="{tip}" class="bp-tip" viewBox="0 0 10 10" refX="9" refY="5" '
        'markerWidth="7" markerHeight="7" orient="auto-start-reverse">'
        '<path d="M0 0L10 5L0 10z"/></marker></defs>',
    ]
    parts += [_lane(column, place) for place, column in enumerate(plan.lanes)]
    back = {flow.id for flow in process.flows if flow.supplement} | plan.back
    flows = [_flow(f, plan, f.id in back, states.get(f.id, "")) for f in process.flows]
    parts += [f'<g marker-end="url(#{tip})">', *flows, "</g>"]  # every flow inherits the tip
    numbers = _numbers(process)
    parts += [
        _node(node, plan.boxes[node.id], states.get(node.id, ""), numbers.get(node.id))
        for node in process.nodes
    ]
    parts += [_word(plan, flow.id) for flow in process.flows if flow.id in plan.words]
    parts += [
        _run(plan.waypoints[name]) for name in running if len(plan.waypoints.get(name, ())) > 1
    ]
    parts += [_coin(plan.boxes[name], word) for name, word in (tokens or {}).items()]
    return "".join([*parts, "</svg>"])


def _coin(box: Box, word: str) -> str:
    return (
        f'<g class="bp-coin"><title>{escape(word)}</title><circle cx="{box.x:g}" cy="{box.level:g}" '
        'r="9"/></g>'
    )


def _run(points: tuple[Point, ...]) -> str:
    return (
        '<circle class="bp-run" r="7"><animateMotion dur="0.9s" fill="freeze" '
        f'path="{_path(points)}"/></circle>'
    )


def _state(mark: str) -> str:
    return " ".join(one if one.startswith("bp-") else f"bp-{one}" for one in mark.split())


def _numbers(process: Process) -> dict[str, int]:
    tasks = [node.id for node in process.nodes if node.kind == "task"]
    return {name: number for number, name in enumerate(tasks, 1)}


def _lane(column: Column, place: int) -> str:
    odd = " bp-lane--odd" if place % 2 else ""
    middle = column.x + column.width / 2
    top = 27 - (len(column.name) - 1) * LINE / 2
    words = _lines(column.name, middle, top, "bp-head")
    return (
        f'<g class="bp-lane{odd}"><title>{escape(" ".join(column.name))}</title>'
        f'<rect x="{column.x:g}" y="0" width="{column.width:g}" height="{column.height:g}"/>'
        f'<path d="M{column.x:g} 44h{column.width:g}"/>{words}</g>'
    )


def _flow(flow: Flow, plan: Layout, back: bool, state: str) -> str:
    points = plan.waypoints.get(flow.id, ())
    if len(points) < 2:
        return ""
    shape = _path(points)
    classes = " ".join(filter(None, ["bp-flow", "bp-flow--back" if back else "", state]))
    words = flow.name or flow.condition
    end = f"><title>{escape(words)}</title></path>" if words else "/>"
    return f'<path class="{classes}" d="{shape}"{end}'


def _path(points: tuple[tuple[float, float], ...], radius: float = 5) -> str:
    """Return a path with softly rounded corners that stops short of the arrow's tip."""
    pieces = [f"M{points[0][0]:g} {points[0][1]:g}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        near = _towards(corner, before, radius)
        far = _towards(corner, after, radius)
        pieces.append(f"L{near[0]:g} {near[1]:g}Q{corner[0]:g} {corner[1]:g} {far[0]:g} {far[1]:g}")
    end = _towards(points[-1], points[-2], 1.5)
    straight = len(points) == 2 and end[0] == points[0][0]
    return "".join([*pieces, f"V{end[1]:g}" if straight else f"L{end[0]:g} {end[1]:g}"])


def _towards(
    start: tuple[float, float], goal: tuple[float, float], distance: float
) -> tuple[float, float]:
    length = abs(goal[0] - start[0]) + abs(goal[1] - start[1])
    share = min(distance, length / 2) / length if length else 0
    return (
        round(start[0] + (goal[0] - start[0]) * share, 1),
        round(start[1] + (goal[1] - start[1]) * share, 1),
    )


def _node(node: Node, box: Box, state: str, number: int | None) -> str:
    title = f"{_KIND_WORDS.get(node.kind, '')} {number or ''}".strip()
    title += f": {node.name}" if node.name else ""
    told = [_STATE_WORDS[one] for one in state.split() if one in _STATE_WORDS]
    title += f" ({', '.join(told)})" if told else ""
    family = "bp-task" if node.kind == "task" else "bp-gw" if node.kind in GATEWAYS else "bp-event"
    more = ["bp-out"] if node.outside else []
    more += ["bp-event--end"] if node.kind in ENDS else []
    classes = " ".join(filter(None, [family, *more, state]))
    inner = _shape(node, box) + _inside(node, box)
    for place, sign in enumerate(_BADGES[one] for one in state.split() if one in _BADGES):
        x = box.right - 4 - 21 * place
        inner += (
            f'<g class="bp-bang"><circle cx="{x:g}" cy="{box.y - 1:g}" r="9"/>'
            f'<text x="{x:g}" y="{box.y + 3.5:g}">{sign}</text></g>'
        )
    if number is not None:
        x = box.x + 6 + 3.3 * len(str(number))
        inner += f'<text class="bp-n" x="{x:g}" y="{box.y - 4:g}">{number}</text>'
    if told or " ".join(box.lines) != node.name or not node.name:
        inner = f"<title>{escape(title)}</title>{inner}"
    return f'<g class="{classes}" data-node="{escape(node.id)}">{inner}</g>'


def _shape(node: Node, box: Box) -> str:
    if node.kind in GATEWAYS:
        x, y = box.middle, box.level
        return f'<path d="M{x:g} {box.y:g}L{box.right:g} {y:g}L{x:g} {box.bottom:g}L{box.x:g} {y:g}z"/>'
    radius = 4 if node.kind == "task" else box.height / 2
    return (
        f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" '
        f'rx="{radius:g}"/>'
    )


def _inside(node: Node, box: Box) -> str:
    """Return the words of a node and the sign of a gateway."""
    if not box.lines:
        return _sign(node, box.middle, box.level + 6, "bp-sign")
    top = box.level + 4.5 - (len(box.lines) - 1) * LINE / 2
    words = _lines(box.lines, box.middle, top, "")
    if node.kind in ("parallel", "inclusive"):
        words += _sign(node, box.middle, box.y + 17, "bp-sign bp-sign--s")
    return words


def _sign(node: Node, x: float, y: float, name: str) -> str:
    if node.kind not in _MARKS:
        return ""
    return f'<text class="{name}" x="{x:g}" y="{y:g}">{_MARKS[node.kind]}</text>'


def _lines(lines: tuple[str, ...], x: float, y: float, name: str) -> str:
    kind = f' class="{name}"' if name else ""
    return "".join(
        f'<text{kind} x="{x:g}" y="{y + place * LINE:g}">{escape(line)}</text>'
        for place, line in enumerate(lines)
    )


def _word(plan: Layout, name: str) -> str:
    label = plan.words[name]
    turn = f' transform="rotate(-90 {label.x:g} {label.y:g})"' if label.turned else ""
    anchor = f' text-anchor="{label.anchor}"' if label.anchor != "middle" else ""
    return (
        f'<text class="bp-word"{turn} x="{label.x:g}" y="{label.y:g}"{anchor}>'
        f"{escape(label.text)}</text>"
    )
