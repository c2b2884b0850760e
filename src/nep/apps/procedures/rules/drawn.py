"""A diagram drawn by a person: BPMN in, the same draft as the table's edits make; and out again."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from nep.apps.procedures.rules.beside import (
    NOTHING_BESIDE,
    Beside,
    around_beside,
    shown_beside,
)
from nep.apps.procedures.rules.beside_drawn import beside_drawn, note_places
from nep.apps.procedures.rules.by_hand import (
    FELT,
    Places,
    kept_places,
    lines_by_hand,
    spare_lanes,
)
from nep.apps.procedures.rules.drawn_events import refused_name
from nep.apps.procedures.rules.table import (
    GROUP,
    ROWS,
    NotATable,
    Step,
    Table,
    node_rows,
    table_of_graph,
    to_process,
    with_lanes,
)
from nep.apps.procedures.rules.wording import OUTSIDE
from nep.bpmn import (
    Flow,
    ModelError,
    Node,
    Process,
    Reason,
    compile_process,
    layout,
    read_bpmn,
    read_drawn,
    write_bpmn,
)
from nep.bpmn.around import Around
from nep.bpmn.around_writing import drawn_around, without_around
from nep.bpmn.notes import BESIDE
from nep.bpmn.parts import kept_elements
from nep.bpmn.routing import Box
from nep.bpmn.structure import check_structure
from nep.kernel.decisions import Refused
from nep.kernel.text import clean, clean_lines

MOST_NODES = 600
MOST_STEPS = 200
LARGEST = 2_000_000
_ROW_KINDS = frozenset({"start", "end", "terminate", "task", "exclusive", "parallel", "inclusive"})
"""Kinds a table mends row by row; what is wrong with others is refused where it is drawn."""
_MENDED = frozenset({"call_unpinned", "call_unnamed", "message_unnamed"})
"""What a row of another kind may still lack: the table asks for it."""
_NO_GRAPH = frozenset({"start_count", "flow_crosses", "flow_dangling"})
"""What leaves no graph to make rows of."""
_PARTING = "toa-"
"""Before the name of a step in that of the gateway its several ways are led through."""
_ID = re.compile(r"[^\s,:;=>!%\"'<&]+").fullmatch
_TOLERATED = frozenset(
    {"BPMNDiagram", "collaboration", "documentation", "property", "message", "error"}
)
FOREIGN_WORDS = {
    "textAnnotation": "ghi chú tự do",
    "group": "khung nhóm",
    "dataObject": "đối tượng dữ liệu",
    "dataObjectReference": "đối tượng dữ liệu",
    "dataStoreReference": "kho dữ liệu",
    "process": "quy trình của bên khác",
}


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a person has drawn, as rows, and what they moved by hand."""

    table: Table
    places: Places
    beside: Beside = NOTHING_BESIDE


def editor_file(
    table: Table,
    *,
    names: Mapping[str, str],
    places: Places,
    title: str,
    beside: Beside = NOTHING_BESIDE,
) -> bytes:
    """Return the diagram as a BPMN file for a drawing program: a pool, a lane per role.

    Notes and data of `beside` stand where people put them, else in a margin.
    """
    process = with_lanes(to_process(table), dict(names), spare=spare_lanes(places))
    process = shown_beside(process, beside)
    plan = layout(process, moved=places, rows=node_rows(table))
    return write_bpmn(process, plan=plan, pool=title)


def read_drawing(
    data: bytes, *, table: Table, places: Places, beside: Beside = NOTHING_BESIDE
) -> Drawing | Refused:
    """Read a drawn diagram that began as the one of `table`, or say which element cannot stay.

    Codes: `drawing_large`, `drawing_refused` (an element no case can run through; its id is the
    field), `drawing_foreign`, `drawing_notes`, `message_name`, `error_name`.
    """
    if len(data) > LARGEST:
        return Refused("drawing_large", "Lưu đồ quá lớn để lưu.")
    reading = read_bpmn(data)
    if reading.process is None:
        return refused_reading(reading.reasons)
    before = to_process(table)
    foreign = _foreign(reading.process, around_beside(before, beside))
    if foreign is not None:
        return foreign
    process = tidied(reading.process, table)
    refused = unusable(process)
    if refused is not None:
        return refused
    unnamed = refused_name(reading, before)
    if unnamed is not None:
        return unnamed
    try:
        compile_process(process)
        drawn = table_of_graph(process, table, before)
    except ModelError as error:
        return Refused("drawing_refused", error.message)
    except NotATable as error:
        return Refused("drawing_refused", f"Lưu đồ chưa chạy được ở “{error}”.", field=str(error))
    kept = beside_drawn(reading.process, before=before, after=to_process(drawn), beside=beside)
    if isinstance(kept, Refused):
        return kept
    moved = _moved(data, table, drawn, places)
    notes: Places = {}
    if kept.parts:
        plan = layout(
            shown_beside(with_lanes(before, {}, spare=spare_lanes(places)), beside),
            moved=places,
            rows=node_rows(table),
        )
        notes = note_places(data, plan=plan, before=beside, after=kept, places=places)
    return Drawing(drawn, {**moved, **notes}, kept)


def refused_reading(reasons: tuple[Reason, ...]) -> Refused:
    """Return the refusal of a file that was not read: its first reason, and how many more."""
    first = reasons[0]
    more = f" Còn {len(reasons) - 1} chỗ khác như vậy." if len(reasons) > 1 else ""
    return Refused("drawing_refused", first.message + more, field=first.element or "")


def _foreign(process: Process, around: Around) -> Refused | None:
    """Refuse what would be lost: groups, pools and extensions of others that are not `around`."""
    kept = without_around(process.foreign, around)
    for owner, local in kept_elements(replace(process, foreign=kept)):
        if local in BESIDE or local in _TOLERATED:
            continue
        words = FOREIGN_WORDS.get(local, local)
        return Refused(
            "drawing_foreign",
            f"Lưu đồ có {words}, quy trình không giữ được. Hãy xóa rồi lưu lại.",
            field=owner,
        )
    name = drawn_around(kept, around)
    return (
        None
        if name is None
        else Refused(
            "drawing_foreign",
            "Bên tham gia khác và thông điệp giữa các bên chỉ đến từ tệp mô hình, không vẽ thêm ở đây. "
            "Hãy xóa hình ấy rồi lưu lại.",
            field=name[:80],
        )
    )


def unusable(process: Process) -> Refused | None:
    """Return why no table can hold a graph, or None: its size, its names, what rows cannot mend."""
    steps = [node for node in process.nodes if node.kind in ROWS]
    if not any(node.kind == "task" for node in steps):
        return Refused("last_step", "Quy trình phải còn ít nhất một bước.")
    if len(steps) > MOST_STEPS or len(process.nodes) > MOST_NODES:
        return Refused("too_many_steps", f"Một quy trình có tối đa {MOST_STEPS} bước.")
    for node in process.nodes:
        trigger, called = node.trigger, node.called
        said = [trigger.name, trigger.value] if trigger else []
        said += [called.process, called.version] if called else []
        said += [node.instances.over, node.instances.until] if node.instances else []
        if any(len(text) > 400 for text in said):
            return Refused("drawing_refused", "Điều ghi trong sự kiện quá dài.", field=node.id[:80])
    others = {node.id for node in process.nodes if node.kind not in _ROW_KINDS}
    for reason in check_structure(process):
        is_elsewhere = reason.element in others and reason.code not in _MENDED
        if is_elsewhere or reason.code in _NO_GRAPH:
            message = _without_ids(reason.message, process)
            return Refused("drawing_refused", message, field=(reason.element or "")[:80])
    names = [node.id for node in process.nodes] + [flow.id for flow in process.flows]
    for name in names:
        if not _ID(name) or len(name) > 80:
            return Refused("drawing_refused", f"Mã “{name[:40]}” không dùng được.", field=name[:80])
    return None


def _without_ids(message: str, process: Process) -> str:
    """Return a sentence that does not show what a drawing program calls an element."""
    names = {node.id: node.name for node in process.nodes}
    for name, words in names.items():
        if not words:
            said = names.get(name.removeprefix(_PARTING)) or "chưa đặt tên"
            message = message.replace(f"“{name}”", f"“{said}”")
    return message


def tidied(process: Process, table: Table) -> Process:
    """Return the drawn graph as a draft says it: clean words, no lanes, several ways by gateways."""
    nodes = tuple(_node(node, table.step(node.id)) for node in process.nodes)
    flows = tuple(
        replace(
            flow,
            name=clean(flow.name)[:120],
            condition=clean(flow.condition)[:400],
            bound=None if flow.supplement or flow.bound is None else min(flow.bound, 20),
        )
        for flow in process.flows
    )
    tidy = Process(table.id, table.name, nodes, flows)
    return _with_gateways(tidy)


def _node(node: Node, known: Step | None) -> Node:
    name = clean(node.name)[:400]
    if node.kind not in ROWS:
        return replace(node, name=name, role="", extra=(), note="", forms=())
    limit = node.limit
    if limit is not None and limit.amount > 9999:
        limit = replace(limit, amount=Decimal(9999))
    facts = known.extra if known is not None else ()
    if known is not None and (limit, node.untimed) != (known.limit, known.untimed):
        facts = tuple(pair for pair in facts if pair[0] not in ("ask", "merged"))
    role = clean(node.role)[:160] if node.kind == "task" else ""
    return replace(
        node,
        name=name or "Bước chưa đặt tên",
        role=role,
        limit=None if node.untimed else limit,
        forms=tuple(clean(form)[:300] for form in node.forms if clean(form))[:40],
        outside=role.startswith(OUTSIDE),
        note=clean_lines(node.note)[:4000],
        extra=facts,
    )


def _with_gateways(process: Process) -> Process:
    """Return the graph with the several ways out of a step led through a gateway of that meaning."""
    outs: dict[str, list[Flow]] = defaultdict(list)
    for flow in process.flows:
        outs[flow.source].append(flow)
    nodes: list[Node] = []
    moved: dict[str, str] = {}
    added: list[Flow] = []
    taken = {node.id for node in process.nodes} | {flow.id for flow in process.flows}
    for node in process.nodes:
        ways = outs[node.id]
        if node.kind not in ROWS or len(ways) < 2:
            nodes.append(replace(node, default=None) if node.kind in ROWS else node)
            continue
        free = node.default is None and not any(way.condition for way in ways)
        gate, link = _fresh(f"{_PARTING}{node.id}", taken), _fresh(f"f-{_PARTING}{node.id}", taken)
        nodes += [
            replace(node, default=None),
            Node(
                gate,
                "parallel" if free else "inclusive",
                default=None if free else node.default,
                parent=node.parent,
            ),
        ]
        added.append(Flow(link, node.id, gate))
        moved |= {way.id: gate for way in ways}
    flows = tuple(replace(flow, source=moved.get(flow.id, flow.source)) for flow in process.flows)
    return replace(process, nodes=tuple(nodes), flows=(*flows, *added))


def _fresh(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "-1"
    taken.add(name)
    return name


def _moved(data: bytes, known: Table, table: Table, places: Places) -> Places:
    """Return what people moved by hand, by this drawing and before it."""
    before = with_lanes(to_process(known), {}, spare=spare_lanes(places))
    plan = layout(before, moved=places, rows=node_rows(known))
    drawn, drawn_lines = read_drawn(data)
    after = to_process(table)
    unmoved = {
        name
        for name, box in plan.boxes.items()
        if name in drawn
        and abs(drawn[name].middle - box.middle) < FELT
        and abs(drawn[name].level - box.level) < FELT
    }
    lines = lines_by_hand(
        drawn_lines, before=before, plan=plan, after=after, unmoved=unmoved, places=places
    )
    return {**kept_places(places), **_dragged(drawn, plan.boxes, known, after, places), **lines}


def _is_of_size(one: Box, other: Box | None) -> bool:
    return (
        other is not None and abs(one.width - other.width) + abs(one.height - other.height) < FELT
    )


def _dragged(
    drawn: Mapping[str, Box],
    boxes: Mapping[str, Box],
    known: Table,
    after: Process,
    places: Places,
) -> dict[str, tuple[float, ...]]:
    """Return how far every node that still stands was dragged, by this drawing and before it.

    What stands in a group goes along with it; a group drawn larger or smaller stays where it was.
    """
    roles = {step.id: step.role for step in known.steps}
    parents = {node.id: node.parent for node in to_process(known).nodes}
    found: dict[str, tuple[float, ...]] = {}
    for node in after.nodes:
        box, spot = boxes.get(node.id), drawn.get(node.id)
        if node.kind == "task" and roles.get(node.id, node.role) != node.role:
            continue  # it stands in another lane now, at the place the lane has for it
        if parents.get(node.id, node.parent) != node.parent:
            continue  # it stands in another group now
        across, down = places.get(node.id, (0.0, 0.0))[:2]
        frame, framed = boxes.get(node.parent), drawn.get(node.parent)
        is_grown = node.kind == GROUP and spot is not None and not _is_of_size(spot, box)
        if box is not None and spot is not None and not is_grown:
            x, y = spot.middle - box.middle, spot.level - box.level
            if frame is not None and framed is not None:
                x, y = x - (framed.x - frame.x), y - (framed.y - frame.y)
            if abs(x) >= FELT or abs(y) >= FELT:
                across, down = across + x, down + y
        if across or down:
            found[node.id] = (round(across, 1), round(down, 1))
    return found
