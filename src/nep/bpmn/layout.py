"""Lay a process out from top to bottom, one column per responsible role."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from nep.bpmn.around import NOTHING_AROUND, AroundPlaces, around_of, place_around
from nep.bpmn.flow_words import LETTER, Label, words_placed
from nep.bpmn.hand_lines import is_line, line_led
from nep.bpmn.lettering import text_width, wrap
from nep.bpmn.model import GATEWAYS, Flow, Lane, Node, Process
from nep.bpmn.nesting import (
    EDGE_EVENT,
    FRAME_HEAD,
    FRAME_PAD,
    Level,
    edge_boxes,
    edge_margin,
    edge_words,
    levels_of,
)
from nep.bpmn.notes import NotePlace, notes_of, place_notes, reach_of, whole_of
from nep.bpmn.routing import Box, Point, Router

TASK_WIDTH = 150
STEPS = frozenset({"task", "send", "receive", "call", "subprocess"})
LINE = 17
HEADER = 44
ROW_GAP = 46
NODE_GAP = 26
LANE_PAD = 22
EDGE = 16
NOTE_TOP = 8


@dataclass(frozen=True, slots=True)
class Column:
    """One lane: its role, its words, and where it stands (pixels)."""

    role: str
    name: tuple[str, ...]
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes by node, waypoints and words by flow, lanes; `back` holds the flows that lead back.

    `notes` holds the notes, data objects and stores that the process keeps, `around` the pools of
    others, their messages and frames.
    """

    width: float
    height: float
    boxes: dict[str, Box]
    waypoints: dict[str, tuple[tuple[float, float], ...]]
    lanes: tuple[Column, ...]
    words: dict[str, Label]
    back: frozenset[str]
    notes: tuple[NotePlace, ...] = ()
    around: AroundPlaces = NOTHING_AROUND


def layout(
    process: Process,
    *,
    lanes: bool = True,
    labels: Mapping[str, str] | None = None,
    moved: Mapping[str, tuple[float, ...]] | None = None,
    rows: Mapping[str, int] | None = None,
) -> Layout:
    """Place every node, flow and lane.

    `labels` gives the words of a role key; `lanes` off puts all in one column. `moved` says how
    far (across, down, in pixels) somebody has dragged a node from its place; it stays in its lane;
    under the id of a flow it holds the line that somebody has led by hand (`hand_lines`).
    `rows` gives the row of every node, so that a change of one way moves nothing; without it each
    node stands one row below the lowest node that leads to it. Notes and data that the process
    keeps stand in a margin on the right, or where `moved` says (`place_notes`); pools of others
    beside that (`place_around`).
    """
    plan = _laid(levels_of(process), "", _Wishes(lanes, labels or {}, moved or {}, rows))
    return _surrounded(process, _noted(process, plan, moved or {}))


def _surrounded(process: Process, plan: Layout) -> Layout:
    around = around_of(process.foreign)
    if not (around.pools or around.frames):
        return plan
    placed = place_around(
        around,
        boxes=plan.boxes,
        notes=[whole_of(one) for one in plan.notes],
        pointed={node.id for node in process.nodes if node.kind not in STEPS},
        edge=max(
            (lane.x + lane.width for lane in plan.lanes),
            default=plan.width - EDGE if not plan.notes else min(one.box.x for one in plan.notes),
        ),
        right=plan.width,
        height=plan.height,
    )
    reach = max([placed.right, *(box.right for _frame, box in placed.frames)])
    return replace(plan, around=placed, width=max(plan.width, round(reach + EDGE, 1)))


def _noted(process: Process, plan: Layout, moved: Mapping[str, tuple[float, ...]]) -> Layout:
    notes = notes_of(process.foreign)
    if not notes:
        return plan
    placed = place_notes(
        notes,
        boxes=plan.boxes,
        lines=plan.waypoints,
        right=plan.width,
        top=HEADER + NOTE_TOP if plan.lanes else NOTE_TOP,
        moved=moved,
    )
    right, bottom = reach_of(placed)
    return replace(
        plan,
        notes=placed,
        width=max(plan.width, right + EDGE),
        height=max(plan.height, bottom + EDGE),
    )


@dataclass(frozen=True, slots=True)
class _Wishes:
    lanes: bool
    labels: Mapping[str, str]
    moved: Mapping[str, tuple[float, ...]]
    rows: Mapping[str, int] | None


def _laid(
    levels: Mapping[str, Level], parent: str, wishes: _Wishes, above: frozenset[str] = frozenset()
) -> Layout:
    """Lay one level out, the content of its sub-processes first; none inside one of its own id."""
    above |= {parent}
    level = levels[parent]
    process = level.onward
    contents = {
        node.id: _laid(levels, node.id, replace(wishes, lanes=False), above)
        for node in process.nodes
        if node.kind == "subprocess" and node.id in levels and node.id not in above
    }
    rows, back = _placed_rows(process, wishes.rows)
    columns = _columns(process, wishes.labels) if wishes.lanes else []
    column_of = _column_of(process, columns, rows) if columns else dict.fromkeys(rows, 0)
    sizes = {node.id: _size(node, contents.get(node.id)) for node in process.nodes}
    margins = {host: edge_margin(events) for host, events in level.edges.items()}
    widths, places = _widths(process, rows, column_of, sizes, max(1, len(columns)), margins)
    feet = {rows[host] for host in level.edges}
    head = HEADER if columns else 0
    boxes, bottom = _boxes(process, rows, places, sizes, widths, head, feet)
    spans = _tops(rows, boxes)
    if wishes.moved:
        boxes = _dragged(boxes, wishes.moved, _edges(widths, places), head)
        bottom = max(bottom, *(box.bottom + ROW_GAP * 0.6 for box in boxes.values()))
    for host, events in level.edges.items():
        boxes |= edge_boxes(boxes[host], events)
        rows |= dict.fromkeys((event.id for event in events), rows[host])
    if feet:
        spans = [
            (top, foot + EDGE_EVENT / 2 if row in feet else foot)
            for row, (top, foot) in zip(sorted(set(rows.values())), spans, strict=True)
        ]
    router = Router(boxes, rows, spans, sum(widths) + EDGE)
    waypoints, texts = _led(level.process, router, boxes, rows, back, wishes.moved)
    bottom = max([bottom, *(y + EDGE for points in waypoints.values() for _, y in points)])
    numbered = [node.id for node in level.process.nodes if node.kind == "task"]
    beside = edge_words(level.edges, boxes)
    words = words_placed(texts, waypoints, back, boxes, numbered, top=head, beside=beside)
    right = max(
        [
            sum(widths) + EDGE,
            *(x for points in waypoints.values() for x, _ in points),
            *(_reach(label) for label in words.values()),
        ]
    )
    shown, x = [], float(EDGE)
    for (role, name), width in zip(columns, widths, strict=False):
        shown.append(Column(role, name, x, 0, width, bottom))
        x += width
    own = Layout(
        round(max(right, x) + EDGE, 1),
        bottom + 2,
        boxes,
        waypoints,
        tuple(shown),
        words,
        frozenset(back),
    )
    return _with_contents(own, contents)


def _placed_rows(
    process: Process, rows: Mapping[str, int] | None
) -> tuple[dict[str, int], set[str]]:
    """Return the row of each node and the flows that lead back."""
    if rows is None:
        back = _back_flows(process)
        return _rows(process, back), back
    known = {node.id: rows.get(node.id, 0) for node in process.nodes}
    back = {
        flow.id for flow in process.flows if known.get(flow.target, 0) <= known.get(flow.source, 0)
    }
    return known, back


def _with_contents(own: Layout, contents: Mapping[str, Layout]) -> Layout:
    """Return a layout with what stands in its sub-processes put in their frames."""
    if not contents:
        return own
    boxes, waypoints, words = dict(own.boxes), dict(own.waypoints), dict(own.words)
    back = set(own.back)
    for name, inner in contents.items():
        frame = own.boxes[name]
        x = frame.x + (frame.width - inner.width) / 2
        y = frame.y + FRAME_HEAD
        boxes |= {
            one: replace(box, x=round(box.x + x, 1), y=round(box.y + y, 1))
            for one, box in inner.boxes.items()
        }
        waypoints |= {
            one: tuple((round(a + x, 1), round(b + y, 1)) for a, b in points)
            for one, points in inner.waypoints.items()
        }
        words |= {
            one: replace(label, x=round(label.x + x, 1), y=round(label.y + y, 1))
            for one, label in inner.words.items()
        }
        back |= inner.back
    return replace(own, boxes=boxes, waypoints=waypoints, words=words, back=frozenset(back))


def _led(
    process: Process,
    router: Router,
    boxes: Mapping[str, Box],
    rows: Mapping[str, int],
    back: set[str],
    moved: Mapping[str, tuple[float, ...]],
) -> tuple[dict[str, tuple[Point, ...]], dict[str, str]]:
    """Return the corners and the words of every flow, onward ones led first; those led by hand
    stand as they were drawn."""
    kinds = {node.id: node.kind for node in process.nodes}
    waypoints: dict[str, tuple[Point, ...]] = {}
    texts: dict[str, str] = {}
    outs: dict[str, int] = defaultdict(int)
    for flow in process.flows:
        outs[flow.source] += 1
    for flow in sorted(process.flows, key=lambda f: (f.id in back, rows.get(f.target, 0))):
        if flow.source not in boxes or flow.target not in boxes:
            continue
        branching = kinds[flow.source] in GATEWAYS and outs[flow.source] > 1
        points = _hand(flow, boxes, kinds, moved) or router.route(
            flow.source, flow.target, back=flow.id in back, branching=branching
        )
        waypoints[flow.id] = points
        text = flow.name or ("Trả bổ sung" if flow.supplement else "")
        if text:
            texts[flow.id] = text
    return waypoints, texts


def _hand(
    flow: Flow,
    boxes: Mapping[str, Box],
    kinds: Mapping[str, str],
    moved: Mapping[str, tuple[float, ...]],
) -> tuple[Point, ...] | None:
    numbers = moved.get(flow.id, ())
    if not is_line(flow, numbers):
        return None
    source, target = flow.source, flow.target
    return line_led(numbers, boxes[source], boxes[target], kinds=(kinds[source], kinds[target]))


def _back_flows(process: Process) -> set[str]:
    """Return the flows that lead back, found by walking from the start in drawn order."""
    outs: dict[str, list[Flow]] = defaultdict(list)
    for flow in process.flows:
        outs[flow.source].append(flow)
    for flows in outs.values():
        flows.sort(key=lambda f: f.supplement or f.bound is not None)
    back: set[str] = set()
    done: set[str] = set()
    active: set[str] = set()
    roots = [n.id for n in process.nodes if n.kind == "start"] + [n.id for n in process.nodes]
    for root in roots:
        stack: list[tuple[str, int]] = [(root, 0)] if root not in done else []
        active.update(name for name, _ in stack)
        while stack:
            name, at = stack.pop()
            if at >= len(outs[name]):
                active.discard(name)
                done.add(name)
                continue
            stack.append((name, at + 1))
            flow = outs[name][at]
            if flow.target in active:
                back.add(flow.id)
            elif flow.target not in done:
                active.add(flow.target)
                stack.append((flow.target, 0))
    return back


def _rows(process: Process, back: set[str]) -> dict[str, int]:
    """Return the row of each node: one below the lowest node that leads to it."""
    rows = {node.id: 0 for node in process.nodes}
    onward = [
        f for f in process.flows if f.id not in back and f.source in rows and f.target in rows
    ]
    ins: dict[str, int] = defaultdict(int)
    outs: dict[str, list[str]] = defaultdict(list)
    for flow in onward:
        ins[flow.target] += 1
        outs[flow.source].append(flow.target)
    ready = [name for name in rows if ins[name] == 0]
    for name in ready:
        for target in outs[name]:
            rows[target] = max(rows[target], rows[name] + 1)
            ins[target] -= 1
            if ins[target] == 0:
                ready.append(target)
    used = {row: place for place, row in enumerate(sorted(set(rows.values())))}
    return {name: used[row] for name, row in rows.items()}


def _columns(process: Process, labels: Mapping[str, str]) -> list[tuple[str, tuple[str, ...]]]:
    named = [(lane.role, labels.get(lane.role) or lane.name or lane.role) for lane in process.lanes]
    known = {role for role, _ in named}
    for node in process.nodes:
        if node.kind == "task" and node.role and node.role not in known:
            in_lane = any(node.id in lane.nodes for lane in process.lanes)
            if not in_lane:
                known.add(node.role)
                named.append((node.role, labels.get(node.role, node.role.removeprefix("ngoai/"))))
    return [(role, wrap(name, TASK_WIDTH, size=LETTER, lines=2)) for role, name in named]


def _column_of(
    process: Process, columns: list[tuple[str, tuple[str, ...]]], rows: dict[str, int]
) -> dict[str, int]:
    """Return each node's column; events and gateways stand with the step before, else after."""
    by_role: dict[str, int] = {}
    for place, (role, _) in enumerate(columns):
        by_role.setdefault(role, place)
    found = {name: place for place, lane in enumerate(process.lanes) for name in lane.nodes}
    for node in process.nodes:
        if node.role in by_role:
            found.setdefault(node.id, by_role[node.role])
    before: dict[str, list[str]] = defaultdict(list)
    after: dict[str, list[str]] = defaultdict(list)
    for flow in process.flows:
        before[flow.target].append(flow.source)
        after[flow.source].append(flow.target)
    order = sorted(rows, key=lambda name: rows[name])
    for neighbours, names in ((before, order), (after, order[::-1])):
        for name in names:
            near = [found[other] for other in neighbours[name] if other in found]
            if name not in found and near:
                found[name] = near[0]
    return {name: found.get(name, 0) for name in rows}


def _size(node: Node, content: Layout | None = None) -> tuple[float, float, tuple[str, ...]]:
    """Return width, height and lines of a node; a sub-process is as large as its content."""
    if content is not None:
        width = max(TASK_WIDTH, content.width + 2 * FRAME_PAD)
        lines = wrap(node.name, width - 24, size=LETTER, lines=1)
        return width, content.height + FRAME_HEAD + FRAME_PAD, lines
    if node.kind in STEPS:
        free = TASK_WIDTH - (52 if node.kind in ("send", "receive") else 20)
        lines = wrap(node.name or node.id, free, size=LETTER, lines=4)
        marked = 14 if node.instances is not None or node.kind in ("subprocess", "call") else 0
        return TASK_WIDTH, max(44, len(lines) * LINE + 16) + marked, lines
    if node.kind in GATEWAYS:
        if not node.name:
            return 38, 38, ()
        lines = wrap(node.name, 96, size=LETTER, lines=2)
        return 168, 88 if node.kind == "event_gateway" else 70, lines
    icon = 20 if node.trigger is not None or node.kind in ("catch", "throw", "boundary") else 0
    lines = wrap(node.name, TASK_WIDTH - 24 - icon, size=LETTER, lines=2)
    if not lines:
        return 30, 30, ()
    width = max(text_width(line, LETTER) for line in lines) + 36 + icon
    return max(96, min(TASK_WIDTH, width)), max(34, len(lines) * LINE + 14), lines


def _widths(
    process: Process,
    rows: dict[str, int],
    column_of: dict[str, int],
    sizes: dict[str, tuple[float, float, tuple[str, ...]]],
    count: int,
    margins: Mapping[str, float],
) -> tuple[list[float], dict[str, tuple[int, float]]]:
    """Return the columns' widths and each node's column with its share of the width."""
    cells: dict[tuple[int, int], list[str]] = defaultdict(list)
    for node in process.nodes:
        cells[rows[node.id], column_of[node.id]].append(node.id)
    widths = [TASK_WIDTH + 2.0 * LANE_PAD] * count
    places = {}
    for (_, column), names in cells.items():
        widest = max(sizes[name][0] + 2 * margins.get(name, 0.0) for name in names)
        needed = len(names) * (widest + NODE_GAP) - NODE_GAP + 2 * LANE_PAD
        widths[column] = max(widths[column], needed)
        for place, name in enumerate(names):
            places[name] = (column, (place + 0.5) / len(names))
    return widths, places


def _boxes(
    process: Process,
    rows: dict[str, int],
    places: dict[str, tuple[int, float]],
    sizes: dict[str, tuple[float, float, tuple[str, ...]]],
    widths: list[float],
    header: float,
    feet: set[int],
) -> tuple[dict[str, Box], float]:
    """Return the boxes and the lowest point; `feet` are rows with events on lower edges."""
    heights: dict[int, float] = defaultdict(float)
    for node in process.nodes:
        heights[rows[node.id]] = max(heights[rows[node.id]], sizes[node.id][1])
    tops, y = {}, header + ROW_GAP * 0.6
    for row in sorted(heights):
        tops[row] = y
        y += heights[row] + ROW_GAP + (EDGE_EVENT if row in feet else 0)
    lefts = [EDGE + sum(widths[:place]) for place in range(len(widths))]
    boxes = {}
    for node in process.nodes:
        column, share = places[node.id]
        width, height, lines = sizes[node.id]
        row = rows[node.id]
        middle = lefts[column] + widths[column] * share
        boxes[node.id] = Box(
            round(middle - width / 2, 1),
            round(tops[row] + (heights[row] - height) / 2, 1),
            width, height, lines,
        )  # fmt: skip
    return boxes, y - ROW_GAP * 0.4


def _edges(
    widths: list[float], places: dict[str, tuple[int, float]]
) -> dict[str, tuple[float, float]]:
    """Return the left and right edge of the column each node stands in."""
    lefts = [EDGE + sum(widths[:place]) for place in range(len(widths) + 1)]
    return {name: (lefts[column], lefts[column + 1]) for name, (column, _) in places.items()}


def _dragged(
    boxes: dict[str, Box],
    moved: Mapping[str, tuple[float, ...]],
    edges: dict[str, tuple[float, float]],
    header: float,
) -> dict[str, Box]:
    """Return the boxes with those dragged by hand put there, inside their own column."""
    found = dict(boxes)
    for name, far in moved.items():
        box = boxes.get(name)
        if box is None or len(far) != 2:
            continue
        across, down = far
        left, right = edges[name]
        x = max(left + 4, min(box.x + across, right - box.width - 4))
        found[name] = replace(box, x=round(x, 1), y=round(max(header + 8, box.y + down), 1))
    return found


def _tops(rows: dict[str, int], boxes: dict[str, Box]) -> list[tuple[float, float]]:
    """Return top and bottom of each row."""
    spans: dict[int, tuple[float, float]] = {}
    for name, row in rows.items():
        top, bottom = spans.get(row, (1e9, 0.0))
        box = boxes[name]
        spans[row] = (min(top, box.y), max(bottom, box.y + box.height))
    return [spans[row] for row in sorted(spans)]


def _reach(label: Label) -> float:
    """Return how far to the right the words go."""
    return label.area[2] + 2


def lane_of(process: Process, name: str) -> Lane | None:
    """Return the lane a node stands in, or None."""
    return next((lane for lane in process.lanes if name in lane.nodes), None)
