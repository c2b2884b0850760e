"""The wiring of a table as lines of its printed rows, and the same lines read back from Word.

Each line says one event or gateway ("Nút N1 là …") or one way ("Nối từ … đến …"); it stands in the
row of the step before it. Together they are the whole graph around the rows.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from nep.apps.procedures.rules.condition_words import Labels, condition_of, printed_condition
from nep.apps.procedures.rules.events import event_read, event_said
from nep.apps.procedures.rules.table import (
    END,
    ROWS,
    Step,
    Table,
    Wiring,
    end_of,
    events_of,
    is_end,
    rewired,
    target_of,
    to_process,
    unwired,
)
from nep.apps.procedures.rules.targets import ENDING, end_read, end_said
from nep.apps.procedures.rules.threads import threads_said
from nep.bpmn import ConditionError, Flow, ModelError, Node, Trigger, compile_process
from nep.bpmn.model import ENDS

MARK = "→"
KIND_WORDS: dict[str, str] = {
    "start": "điểm bắt đầu",
    "end": "điểm kết thúc",
    "terminate": "điểm chấm dứt cả hồ sơ",
    "exclusive": "chỗ rẽ một nhánh",
    "parallel": "chỗ làm song song",
    "inclusive": "chỗ rẽ một hoặc nhiều nhánh",
    "event_gateway": "chỗ chờ việc đến trước",
}
NOT_SAID = f"{MARK} Lưu đồ có phần bảng này không ghi được; hãy nhập lưu đồ từ tệp BPMN"
NOT_READ = "Chưa đọc được cách nối"
_KINDS = {words: kind for kind, words in KIND_WORDS.items()}
_END = re.compile(
    rf"^→ Nút (?P<key>N\d{{1,3}}) là điểm (?P<end>{ENDING})(?: “(?P<name>.{{1,400}})”)?$"
)
_NODE = re.compile(r"^→ Nút (?P<key>N\d{1,3}) là (?P<kind>[^“]+?)(?: “(?P<name>.{1,400})”)?$")
_WAY = re.compile(
    r"^→ Nối từ (?P<source>bước \d{1,3}[a-z]{0,3}|nút N\d{1,3}) đến (?P<target>bước \d{1,3}[a-z]{0,3}|nút N\d{1,3})"
    r"(?:, “(?P<name>.{1,200})”)?(?P<default>, mặc định)?(?: \[(?P<condition>.{1,1600})\])?"
    r"(?: \(tối đa (?P<bound>\d{1,3}) lần\))?(?P<supplement> \(chờ người nộp bổ sung\))?$"
)

_THREAD = re.compile(
    r"^→ Thuộc nhánh \d{1,3} trong \d{1,3} nhánh làm (?:song song|theo điều kiện: .{1,1700})$"
)
"""What the ways between the rows say as well: read over."""


def is_said(table: Table) -> bool:
    """Say whether lines can say all of a table's wiring: starts, ends, gateways, no sub-process.

    What may end or accompany a row is said by a line of its own where it leads straight on.
    """
    if table.wiring is None:
        return True
    if any(step.parent for step in table.steps):
        return False
    others = [node for node in table.wiring.nodes if node.kind != "boundary"]
    return all(_is_node_said(node) for node in others) and _are_events_said(table, table.wiring)


def _are_events_said(table: Table, wiring: Wiring) -> bool:
    told = [(step, event) for step in table.steps for event in step.events]
    if len(told) != sum(node.kind == "boundary" for node in wiring.nodes):
        return False
    ways = {flow.source: flow for flow in wiring.flows}
    return all(
        event_read(event_said(table, event, {}), step=step) is not None
        and ways[event.id].target == _end_or_row(event.target, wiring.nodes)
        and ways[event.id]
        == Flow(ways[event.id].id, event.id, ways[event.id].target, bound=event.bound)
        for step, event in told
    )


def _end_or_row(target: str, nodes: Iterable[Node]) -> str | None:
    """Return the node that an event leads to for a target of the table, or None."""
    if not is_end(target):
        return target
    return next(
        (node.id for node in nodes if node.kind in ENDS and target_of(node) == target), None
    )


def _is_node_said(node: Node) -> bool:
    bare = replace(node, trigger=None) if node.kind in (*ENDS, "start") else node
    plain = {field: getattr(bare, field) for field in ("id", "kind", "name", "default")}
    if bare != Node(**plain):
        return False
    if node.kind not in ENDS or (node.kind != "error_end" and node.trigger is None):
        return node.kind in KIND_WORDS
    usual = end_of(target_of(node))
    return (node.trigger, node.name) == (usual.trigger, usual.name)


def wiring_lines(table: Table, labels: Labels) -> dict[str, tuple[str, ...]]:
    """Return the lines of a wiring by the step in whose row they stand; {} for plain rows."""
    if table.wiring is None or not table.steps:
        return {}
    if not is_said(table):
        return {table.steps[0].id: (NOT_SAID,)}
    process = to_process(table)
    events = {node.id for node in process.nodes if node.kind == "boundary"}
    others = [node for node in process.nodes if node.kind not in ROWS and node.id not in events]
    keys = {node.id: f"nút N{place}" for place, node in enumerate(others, start=1)}
    keys |= {step.id: f"bước {table.label(step.id)}" for step in table.steps}
    defaults = {node.default for node in process.nodes if node.default}
    threads = threads_said(table, labels)
    found: dict[str, list[str]] = {
        step.id: [f"{MARK} Thuộc {threads[step.id]}"] if step.id in threads else []
        for step in table.steps
    }
    row = table.steps[0].id
    for node in process.nodes:
        if node.id in events:
            continue
        row = node.id if node.kind in ROWS else row
        if node.kind not in ROWS:
            said = keys[node.id].removeprefix("nút ")
            found[row].append(f"{MARK} Nút {said} là {_node_said(node)}")
        found[row] += [
            _way(flow, keys, flow.id in defaults, labels)
            for flow in process.flows
            if flow.source == node.id
        ]
    return {step: tuple(lines) for step, lines in found.items() if lines}


def _node_said(node: Node) -> str:
    if node.kind in ENDS and node.trigger is not None:
        return f"điểm {end_said(target_of(node))}"
    return KIND_WORDS[node.kind] + (f" “{node.name}”" if node.name else "")


def _way(flow: Flow, keys: Mapping[str, str], is_default: bool, labels: Labels) -> str:
    name = f", “{flow.name}”" if flow.name else ""
    usual = ", mặc định" if is_default else ""
    condition = f" [{printed_condition(flow.condition, labels)}]" if flow.condition else ""
    bound = f" (tối đa {flow.bound} lần)" if flow.bound is not None else ""
    wait = " (chờ người nộp bổ sung)" if flow.supplement else ""
    ends = f"từ {keys[flow.source]} đến {keys[flow.target]}"
    return f"{MARK} Nối {ends}{name}{usual}{condition}{bound}{wait}"


def is_wiring(line: str) -> bool:
    """Say whether a line of a row belongs to a wiring."""
    return line.startswith((f"{MARK} Nút N", f"{MARK} Nối từ ")) or bool(_THREAD.match(line))


def with_wiring(table: Table, lines: Sequence[Sequence[str]]) -> Table:
    """Return rows read from Word with the wiring that their lines say.

    Where the lines do not make a graph that runs, each goes back into the note of its row, saying
    that it was not read: nothing is lost silently.
    """
    if not any(lines):
        return table
    made = _wired(table, [line for row in lines for line in row])
    if made is not None:
        return made
    return replace(table, steps=tuple(map(_noted, table.steps, lines)))


def _noted(step: Step, lines: Sequence[str]) -> Step:
    said = [f"{NOT_READ}: {line.removeprefix(MARK).strip()}" for line in lines]
    return replace(step, note="\n".join(filter(None, [step.note, *said])))


def _wired(table: Table, lines: Sequence[str]) -> Table | None:
    ids = {f"bước {table.label(step.id)}": step.id for step in table.steps}
    nodes: dict[str, Node] = {}
    flows: list[Flow] = []
    defaults: dict[str, str] = {}
    for line in lines:
        node, way = _NODE.match(line), _WAY.match(line)
        end = _END.match(line)
        if end is not None and (told := end_read(end["end"])) != END:
            key = f"nút {end['key']}"
            special = end_of(told)
            ids[key], nodes[special.id] = special.id, special
            continue
        if node is not None and node["kind"] in _KINDS:
            key = f"nút {node['key']}"
            ids[key] = f"nut-{node['key'].lower()}"
            plain = Node(ids[key], _KINDS[node["kind"]], name=node["name"] or "")
            nodes[ids[key]] = _begun(plain, table)
        elif way is None and not _THREAD.match(line):
            return None
    for way in filter(None, map(_WAY.match, lines)):
        flow = _flow(way, ids, f"noi-{len(flows) + 1}")
        if flow is None:
            return None
        flows.append(flow)
        if way["default"]:
            defaults[flow.source] = flow.id
    for event in (event for step in table.steps for event in step.events):
        led = _end_or_row(event.target, nodes.values())
        if led is None:
            return None
        flows.append(Flow(f"noi-{event.id}", event.id, led, bound=event.bound))
    nodes |= {node.id: node for step in table.steps for node in events_of(step)}
    whole = tuple(replace(one, default=defaults.get(one.id)) for one in nodes.values())
    made = replace(table, wiring=Wiring(whole, tuple(flows)))
    try:
        compile_process(to_process(made))
    except ModelError:
        return None
    return unwired(rewired(made))


def _begun(node: Node, table: Table) -> Node:
    """Return the start with the message that the rows say cases begin with."""
    if node.kind != "start" or not table.begins:
        return node
    return replace(node, trigger=Trigger("message", name=table.begins))


def _flow(way: re.Match[str], ids: Mapping[str, str], name: str) -> Flow | None:
    source, target = ids.get(way["source"]), ids.get(way["target"])
    if source is None or target is None:
        return None
    try:
        condition = condition_of(way["condition"], {}) if way["condition"] else ""
    except ConditionError:
        return None
    return Flow(
        name, source, target, name=way["name"] or "", condition=condition,
        supplement=bool(way["supplement"]), bound=int(way["bound"]) if way["bound"] else None,
    )  # fmt: skip
