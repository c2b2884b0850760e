"""What can be said of a process without running it: structure, and who does what in what time."""

import re
from collections import Counter, defaultdict
from decimal import Decimal

from nep.bpmn.conditions import ConditionError, parse_condition
from nep.bpmn.model import ENDS, GATEWAYS, KINDS, UNITS, Flow, Node, Process, Reason, title
from nep.bpmn.particulars import check_particulars, check_scopes

_CHOOSING = frozenset({"exclusive", "parallel", "event_gateway"})
_PASSED = (GATEWAYS - {"event_gateway"}) | {"send", "throw"}
_ID = re.compile(r"[^\s,:;=>!%\"'<&]+").fullmatch


def check_structure(process: Process) -> tuple[Reason, ...]:
    """Return what is wrong with the structure, in the order of the graph; empty when nothing is.

    Codes: `id_twice`, `id_form`, `kind_unknown`, `start_count`, `end_missing`, `flow_dangling`,
    `start_entered`, `end_left`, `node_loose`, `default_foreign`, `default_missing`,
    `condition_syntax`, `bound_form`, `limit_form`, `gateways_turn`, `lane_foreign`, and those of
    `check_particulars`.
    """
    outs: dict[str, list[Flow]] = defaultdict(list)
    ins: dict[str, list[Flow]] = defaultdict(list)
    for flow in process.flows:
        outs[flow.source].append(flow)
        ins[flow.target].append(flow)
    reasons = [*_ids(process), *check_scopes(process)]
    for node in process.nodes:
        reasons += _node(node, ins[node.id], outs[node.id])
    known = {node.id for node in process.nodes}
    for flow in process.flows:
        reasons += _flow(flow, known)
    for lane in process.lanes:
        reasons += [
            Reason("lane_foreign", f"Làn “{lane.name}” chứa bước không có: “{name}”.", lane.id)
            for name in lane.nodes
            if name not in known
        ]
    reasons += check_particulars(process, outs, ins)
    return (*reasons, *_turning_gateways(process, outs))


FATAL = frozenset(
    {"id_twice", "id_form", "kind_unknown", "start_count", "end_missing", "flow_dangling",
     "start_entered", "end_left", "node_loose", "parent_unknown", "flow_crosses",
     "boundary_loose", "boundary_entered", "trigger_missing", "trigger_foreign", "event_exits",
     "event_exit_entered", "instances_foreign"}
)  # fmt: skip
"""Codes without which the token game cannot be played at all."""


def check_duties(process: Process) -> tuple[Reason, ...]:
    """Return the steps without a responsible role, or without a limit and the mark "untimed".

    Codes: `step_without_role`, `step_without_limit`.
    """
    reasons = []
    for node in process.nodes:
        if node.kind != "task":
            continue
        if not node.role:
            reasons.append(
                Reason(
                    "step_without_role",
                    f"Bước {title(node)} chưa có người chịu trách nhiệm.",
                    node.id,
                )
            )
        if node.limit is None and not node.untimed:
            reasons.append(
                Reason(
                    "step_without_limit",
                    f"Bước {title(node)} chưa có thời hạn; ghi thời hạn hoặc chọn “không tính thời gian”.",
                    node.id,
                )
            )
    return tuple(reasons)


def _ids(process: Process) -> list[Reason]:
    names = [node.id for node in process.nodes] + [flow.id for flow in process.flows]
    reasons = [
        Reason("id_twice", f"Mã “{name}” dùng cho {count} phần tử.", name)
        for name, count in Counter(names).items()
        if count > 1
    ]
    reasons += [
        Reason("id_form", f"Mã “{name}” trống hoặc có ký tự không dùng được.", name)
        for name in names
        if not _ID(name)
    ]
    return reasons


def _node(node: Node, ins: list[Flow], outs: list[Flow]) -> list[Reason]:
    reasons = []

    def add(code: str, message: str) -> None:
        reasons.append(Reason(code, message, node.id))

    name = title(node)
    if node.kind not in KINDS:
        add("kind_unknown", f"Phần tử {name} thuộc loại lạ “{node.kind}”.")
    if node.kind == "start" and ins:
        add("start_entered", f"Điểm bắt đầu {name} không được có đường nối đi vào.")
    if node.kind in ENDS and outs:
        add("end_left", f"Điểm kết thúc {name} không được có đường nối đi ra.")
    if node.kind not in ("start", "boundary") and not ins:
        add("node_loose", f"Không có đường nối nào đi vào {name}.")
    if node.kind not in ENDS and not outs:
        add("node_loose", f"Không có đường nối nào đi ra khỏi {name}.")
    if node.default is not None and node.default not in {flow.id for flow in outs}:
        add("default_foreign", f"Nhánh mặc định của {name} không phải nhánh đi ra từ đó.")
    elif node.kind == "exclusive" and len(outs) > 1 and node.default is None:
        add("default_missing", f"Điểm rẽ nhánh {name} chưa chọn nhánh mặc định.")
    elif (
        node.default is None
        and node.kind not in _CHOOSING
        and len(outs) > 1
        and all(flow.condition for flow in outs)
    ):
        add(
            "default_missing", f"Mọi nhánh ra của {name} đều có điều kiện; hãy chọn nhánh mặc định."
        )
    if node.limit is not None and (node.limit.unit not in UNITS or node.limit.amount < Decimal(0)):
        add("limit_form", f"Thời hạn của bước {name} không hợp lệ.")
    return reasons


def _flow(flow: Flow, known: set[str]) -> list[Reason]:
    reasons = []
    for end, word in ((flow.source, "đầu"), (flow.target, "cuối")):
        if end not in known:
            reasons.append(
                Reason(
                    "flow_dangling",
                    f"Đường nối “{flow.id}” hở ở {word}: không có “{end}”.",
                    flow.id,
                )
            )
    if flow.condition.strip():
        try:
            parse_condition(flow.condition)
        except ConditionError as error:
            reasons.append(
                Reason(
                    "condition_syntax", f"Điều kiện “{flow.condition}”: {error.message}", flow.id
                )
            )
    if flow.bound is not None and flow.bound < 1:
        reasons.append(Reason("bound_form", f"Số vòng của “{flow.id}” phải từ 1 trở lên.", flow.id))
    return reasons


def _turning_gateways(process: Process, outs: dict[str, list[Flow]]) -> list[Reason]:
    """Find a cycle in which nobody acts and nothing is waited for: it could turn for ever."""
    gateways = {node.id for node in process.nodes if node.kind in _PASSED}
    for cycle in cycles_within(gateways, outs):
        return [
            Reason(
                "gateways_turn",
                "Có vòng lặp chỉ gồm các điểm rẽ nhánh, không đi qua bước nào.",
                cycle[0],
                path=cycle,
            )
        ]
    return []


def cycles_within(nodes: set[str], outs: dict[str, list[Flow]]) -> list[tuple[str, ...]]:
    """Return at most one cycle (first node repeated at the end) inside a set of nodes."""
    done: set[str] = set()
    for root in sorted(nodes):
        trail: list[str] = []
        on_trail: set[str] = set()
        stack: list[tuple[str, bool]] = [(root, False)]
        while stack:
            name, leaving = stack.pop()
            if leaving:
                on_trail.discard(trail.pop())
                done.add(name)
                continue
            if name in done:
                continue
            if name in on_trail:
                return [(*trail[trail.index(name) :], name)]
            trail.append(name)
            on_trail.add(name)
            stack.append((name, True))
            stack.extend((f.target, False) for f in outs.get(name, ()) if f.target in nodes)
    return []
