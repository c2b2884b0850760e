"""Draw a process as SVG on the server: classes only, no style attributes; a node whose words are not
written out in it has them as title."""

from collections.abc import Iterable, Mapping
from html import escape

from nep.bpmn.around_shapes import frame_shape, message_line, message_words, pool_shape
from nep.bpmn.layout import LINE, Column, Layout, layout
from nep.bpmn.model import Flow, Node, Process
from nep.bpmn.nesting import EDGE_EVENT
from nep.bpmn.notes import NotePlace
from nep.bpmn.routing import Box, Point
from nep.bpmn.shapes import (
    classes_of,
    data_shape,
    note_shape,
    outline,
    text_lines,
    words_inside,
)
from nep.bpmn.symbols import trigger_icon

_KIND_WORDS = {
    "start": "Bắt đầu",
    "end": "Kết thúc",
    "terminate": "Chấm dứt",
    "task": "Bước",
    "exclusive": "Rẽ nhánh",
    "parallel": "Song song",
    "inclusive": "Rẽ một hoặc nhiều nhánh",
    "event_gateway": "Rẽ theo sự kiện tới trước",
    "error_end": "Kết thúc vì lỗi",
    "send": "Gửi",
    "receive": "Chờ nhận",
    "catch": "Chờ",
    "throw": "Gửi đi",
    "boundary": "Sự kiện trên bước",
    "subprocess": "Quy trình con",
    "call": "Gọi quy trình",
}
_STATE_WORDS = {
    "bp-err": "có lỗi", "bp-now": "đang ở đây", "bp-done": "đã xong",
    "bp-path": "trên đường lỗi",
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
    moved: Mapping[str, tuple[float, ...]] | None = None,
    tokens: Mapping[str, str] | None = None,
    running: Iterable[str] = (),
    rows: Mapping[str, int] | None = None,
) -> str:
    """Return the diagram as one `<svg>`.

    `marks` gives a node or flow its state: bp-err, bp-now, bp-done, bp-path (see `path_marks`), or
    what became of it: bp-added, bp-removed, bp-changed, bp-moved (the prefix may be left out;
    several are parted by a blank); `labels` the words of a role key; `tokens` the words of a token
    by the node it rests at. Classes: bp, bp-lane, bp-head, bp-task, bp-event, bp-gw, bp-frame,
    bp-flow, bp-flow--back, bp-word, bp-out, bp-n, bp-bang, bp-ico, bp-ring; bp-note, bp-data and
    bp-assoc of the notes and data that the process keeps; bp-pool, bp-msg and bp-group of what others
    do around it. Ids never appear twice, so that several
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
    numbers = _numbers(process)
    drawn = {
        node.id: _node(node, plan, states.get(node.id, ""), numbers.get(node.id))
        for node in process.nodes
    }
    frames = {name for name, shape in drawn.items() if shape.startswith('<g class="bp-frame')}
    parts += [drawn[node.id] for node in _outer_first(process, frames)]
    parts += [frame_shape(frame.name, box) for frame, box in plan.around.frames]
    back = {flow.id for flow in process.flows if flow.supplement} | plan.back
    flows = [_flow(f, plan, f.id in back, states.get(f.id, "")) for f in process.flows]
    flows += [message_line(one) for one in plan.around.messages]
    parts += [f'<g marker-end="url(#{tip})">', *flows, "</g>"]  # every flow inherits the tip
    parts += [_ties(one) for one in plan.notes]
    parts += [pool_shape(pool.name, box) for pool, box in plan.around.pools]
    parts += [drawn[node.id] for node in process.nodes if node.id not in frames]
    parts += [_note(one, states.get(one.note.id, "")) for one in plan.notes]
    parts += [_word(plan, flow.id) for flow in process.flows if flow.id in plan.words]
    parts += [message_words(one) for one in plan.around.messages]
    parts += [
        _run(plan.waypoints[name]) for name in running if len(plan.waypoints.get(name, ())) > 1
    ]
    parts += [_coin(plan.boxes[name], word) for name, word in (tokens or {}).items()]
    return "".join([*parts, "</svg>"])


def path_marks(process: Process, path: Iterable[str]) -> dict[str, str]:
    """Return the marks of a path to a failure: its nodes, and the flows taken between them."""
    seen: set[str] = set()
    marks: dict[str, str] = {}
    for name in path:
        for flow in process.flows:
            if flow.target == name and flow.source in seen:
                marks[flow.id] = "bp-path"
        seen.add(name)
        marks[name] = "bp-path"
    return marks


def _outer_first(process: Process, frames: set[str]) -> list[Node]:
    """Return the frames of sub-processes, those around others before them."""
    parents = {node.id: node.parent for node in process.nodes}

    def depth(node: Node) -> int:
        count, place = 0, node.parent
        while place and count < len(parents):
            count, place = count + 1, parents.get(place, "")
        return count

    return sorted((node for node in process.nodes if node.id in frames), key=depth)


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
    words = text_lines(column.name, middle, top, "bp-head")
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


def _node(node: Node, plan: Layout, state: str, number: int | None) -> str:
    box = plan.boxes[node.id]
    title = f"{_KIND_WORDS.get(node.kind, '')} {number or ''}".strip()
    title += f": {node.name}" if node.name else ""
    told = [_STATE_WORDS[one] for one in state.split() if one in _STATE_WORDS]
    title += f" ({', '.join(told)})" if told else ""
    classes = " ".join(filter(None, [*classes_of(node, box), state]))
    edge = node.kind == "boundary" and box.width == EDGE_EVENT and bool(node.attached_to)
    inner = outline(node, box) + (_edge_words(node, box, plan) if edge else words_inside(node, box))
    inner += _badges(box.right, box.y, state)
    if number is not None:
        x = box.x + 6 + 3.3 * len(str(number))
        inner += f'<text class="bp-n" x="{x:g}" y="{box.y - 4:g}">{number}</text>'
    if told or " ".join(box.lines) != node.name or not node.name:
        inner = f"<title>{escape(title)}</title>{inner}"
    return f'<g class="{classes}" data-node="{escape(node.id)}">{inner}</g>'


def _ties(one: NotePlace) -> str:
    return "".join(
        f'<path class="bp-flow bp-assoc" d="M{x0:g} {y0:g}L{x1:g} {y1:g}"/>'
        for _name, (x0, y0), (x1, y1) in one.lines
    )


def _note(one: NotePlace, state: str) -> str:
    """Return a note, a data object or a store; what became of it is said by its class and a sign."""
    note, box = one.note, one.box
    more = f' data-note="{escape(note.id)}"'
    told = [_STATE_WORDS[mark] for mark in state.split() if mark in _STATE_WORDS]
    text = note.text + (f" ({', '.join(told)})" if told else "")
    if note.kind == "note":
        shape = note_shape(box, text, more)
    else:
        at = Box(box.middle - 55, box.bottom + 3, 110, 30)
        shape = data_shape(box, note.kind, text, at=at, more=more)
    badges = _badges(box.right, box.y, state)
    return f'<g class="{state}">{shape}{badges}</g>' if state else shape


def _badges(right: float, top: float, state: str) -> str:
    """Return the signs of what became of something, from the right of its upper edge."""
    said = ""
    for place, sign in enumerate(_BADGES[one] for one in state.split() if one in _BADGES):
        x = right - 4 - 21 * place
        said += (
            f'<g class="bp-bang"><circle cx="{x:g}" cy="{top - 1:g}" r="9"/>'
            f'<text x="{x:g}" y="{top + 3.5:g}">{sign}</text></g>'
        )
    return said


def _edge_words(node: Node, box: Box, plan: Layout) -> str:
    """Return the sign of an event on the edge of a step, its words beside it, below the step."""
    said = trigger_icon(node, box.middle, box.level)
    host = plan.boxes.get(node.attached_to)
    if not box.lines or host is None:
        return said
    right = box.middle >= host.middle
    x = box.right + 4 if right else box.x - 4
    anchor = "start" if right else "end"
    return said + "".join(
        f'<text class="bp-edge" x="{x:g}" y="{box.level + 14 + place * 14:g}" '
        f'text-anchor="{anchor}">{escape(line)}</text>'
        for place, line in enumerate(box.lines)
    )


def _word(plan: Layout, name: str) -> str:
    label = plan.words[name]
    turn = f' transform="rotate(-90 {label.x:g} {label.y:g})"' if label.turned else ""
    anchor = f' text-anchor="{label.anchor}"' if label.anchor != "middle" else ""
    return (
        f'<text class="bp-word"{turn} x="{label.x:g}" y="{label.y:g}"{anchor}>'
        f"{escape(label.text)}</text>"
    )
