"""What must hold of events, sub-processes, calls and steps done several times."""

from collections import defaultdict
from collections.abc import Iterable

from nep.bpmn.conditions import ConditionError, parse_condition
from nep.bpmn.model import ENDS, Flow, Node, Process, Reason, title
from nep.bpmn.timers import timer_problem

HOSTS = frozenset({"task", "receive", "subprocess", "call"})
_TRIGGERS: dict[str, tuple[str, ...]] = {
    "start": ("message",),
    "end": ("message",),
    "error_end": ("error",),
    "send": ("message",),
    "throw": ("message",),
    "receive": ("message",),
    "catch": ("timer", "message"),
    "boundary": ("timer", "message", "error"),
}
_NEEDED = frozenset({"send", "receive", "catch", "boundary"})
_TRIGGER_WORDS = {"timer": "hẹn giờ", "message": "thông điệp", "error": "lỗi"}


def check_particulars(
    process: Process, outs: dict[str, list[Flow]], ins: dict[str, list[Flow]]
) -> list[Reason]:
    """Return what is wrong with the parts of particular kinds, in the order of the graph.

    Codes: `parent_unknown`, `flow_crosses`, `trigger_missing`, `trigger_foreign`,
    `start_trigger`, `message_unnamed`, `timer_form`, `timer_value`, `timer_unit`,
    `boundary_loose`, `boundary_entered`, `boundary_twice`, `error_goes_on`, `attached_foreign`,
    `event_exits`, `event_exit_entered`, `instances_foreign`, `instances_form`, `call_unnamed`,
    `call_unpinned`, `called_foreign`.
    """
    nodes = {node.id: node for node in process.nodes}
    reasons: list[Reason] = []
    for node in process.nodes:
        reasons += _parent(node, nodes)
        reasons += _trigger(node)
        reasons += _asked(node)
        reasons += _called(node)
        if node.kind == "boundary" or node.attached_to:
            reasons += _boundary(node, nodes, ins[node.id])
        if node.kind == "event_gateway":
            reasons += _event_exits(node, nodes, outs[node.id], ins, process)
    for flow in process.flows:
        source, target = nodes.get(flow.source), nodes.get(flow.target)
        if source is not None and target is not None and source.parent != target.parent:
            reasons.append(
                Reason(
                    "flow_crosses",
                    f"Đường nối từ {title(source)} đến {title(target)} đi qua viền của một nhóm bước; "
                    "hãy nối vào hoặc ra khỏi chính nhóm ấy.",
                    flow.id,
                )
            )
    return [*reasons, *_twice(process, nodes)]


def check_scopes(process: Process) -> list[Reason]:
    """Return the sub-processes without exactly one start, or without an end.

    Codes: `start_count`, `end_missing`.
    """
    reasons: list[Reason] = []
    named = {node.id: title(node) for node in process.nodes if node.kind == "subprocess"}
    for owner in ("", *named):
        within = [node for node in process.nodes if node.parent == owner]
        starts = [node.id for node in within if node.kind == "start"]
        where = f"Nhóm bước {named[owner]}" if owner else "Quy trình"
        if len(starts) != 1:
            found = f"đang có {len(starts)}" if starts else "chưa có điểm nào"
            message = f"{where} phải có đúng một điểm bắt đầu, {found}."
            element = starts[1] if len(starts) > 1 else owner or None
            reasons.append(Reason("start_count", message, element))
        if not any(node.kind in ENDS for node in within):
            reasons.append(Reason("end_missing", f"{where} chưa có điểm kết thúc.", owner or None))
    return reasons


def _parent(node: Node, nodes: dict[str, Node]) -> list[Reason]:
    seen, at = {node.id}, node.parent
    while at:
        parent = nodes.get(at)
        if parent is None or parent.kind != "subprocess" or at in seen:
            message = f"Phần tử {title(node)} nằm trong một nhóm bước không có: “{at}”."
            return [Reason("parent_unknown", message, node.id)]
        seen.add(at)
        at = parent.parent
    return []


def _trigger(node: Node) -> list[Reason]:
    trigger, allowed = node.trigger, _TRIGGERS.get(node.kind, ())
    name = title(node)
    if trigger is None:
        if node.kind not in _NEEDED:
            return []
        message = f"Sự kiện {name} chưa ghi chờ hoặc gửi điều gì."
        return [Reason("trigger_missing", message, node.id)]
    if trigger.kind not in allowed:
        word = _TRIGGER_WORDS.get(trigger.kind, trigger.kind)
        message = f"{name} không thể mang dấu {word}."
        return [Reason("trigger_foreign", message, node.id)]
    if node.kind == "start" and node.parent:
        message = f"Điểm bắt đầu {name} trong nhóm bước không được chờ thông điệp."
        return [Reason("start_trigger", message, node.id)]
    if trigger.kind == "message" and not trigger.name.strip():
        return [Reason("message_unnamed", f"Thông điệp của {name} chưa có tên.", node.id)]
    if trigger.kind == "timer":
        problem = timer_problem(trigger)
        if problem is not None:
            code, words = problem
            return [Reason(code, f"Sự kiện hẹn giờ {name} {words}.", node.id)]
    return []


def _boundary(node: Node, nodes: dict[str, Node], ins: list[Flow]) -> list[Reason]:
    name, host = title(node), nodes.get(node.attached_to)
    if node.kind != "boundary":
        message = f"{name} không phải sự kiện gắn trên bước."
        return [Reason("attached_foreign", message, node.id)]
    if host is None or host.kind not in HOSTS or host.parent != node.parent:
        message = f"Sự kiện {name} không gắn trên bước, lời gọi hay nhóm bước nào cùng cấp."
        return [Reason("boundary_loose", message, node.id)]
    reasons = []
    if ins:
        message = f"Không đường nối nào được đi vào sự kiện {name} gắn trên bước."
        reasons.append(Reason("boundary_entered", message, node.id))
    if node.trigger is not None and node.trigger.kind == "error" and not node.cancels:
        message = f"Sự kiện lỗi {name} luôn dừng bước mà nó gắn vào."
        reasons.append(Reason("error_goes_on", message, node.id))
    return reasons


def _twice(process: Process, nodes: dict[str, Node]) -> Iterable[Reason]:
    """Find two error events on one border that catch the same code."""
    caught: dict[tuple[str, str], list[Node]] = defaultdict(list)
    for node in process.nodes:
        if node.kind == "boundary" and node.trigger is not None and node.trigger.kind == "error":
            caught[node.attached_to, node.trigger.name].append(node)
    for (_host, code), events in caught.items():
        for event in events[1:]:
            what = f"lỗi “{code}”" if code else "mọi lỗi"
            message = f"Bước này đã có một sự kiện khác nhận {what}; bỏ bớt {title(event)}."
            yield Reason("boundary_twice", message, event.id)


def _event_exits(
    node: Node,
    nodes: dict[str, Node],
    outs: list[Flow],
    ins: dict[str, list[Flow]],
    process: Process,
) -> list[Reason]:
    name, reasons = title(node), []
    targets = [nodes[flow.target] for flow in outs if flow.target in nodes]
    wrong = [one for one in targets if one.kind not in ("catch", "receive")]
    with_receive = any(one.kind == "receive" for one in targets)
    mixed = with_receive and any(
        one.trigger is not None and one.trigger.kind == "message" and one.kind == "catch"
        for one in targets
    )
    if wrong or len(outs) < 2 or node.default or any(flow.condition.strip() for flow in outs):
        message = (
            f"Sau điểm rẽ nhánh theo sự kiện {name} phải có từ hai nhánh, mỗi nhánh đi thẳng tới "
            "một sự kiện chờ, không kèm điều kiện."
        )
        reasons.append(Reason("event_exits", message, (wrong[0] if wrong else node).id))
    if mixed:
        message = f"Sau {name} chỉ dùng một cách chờ thông điệp: bước nhận hoặc sự kiện chờ."
        reasons.append(Reason("event_exits", message, node.id))
    hosts = {one.attached_to for one in process.nodes if one.kind == "boundary"}
    for one in targets:
        if len(ins[one.id]) > 1 or one.id in hosts:
            message = (
                f"Sự kiện {title(one)} đứng sau {name} nên không được có đường vào khác hay sự kiện "
                "gắn kèm."
            )
            reasons.append(Reason("event_exit_entered", message, one.id))
    return reasons


def _asked(node: Node) -> list[Reason]:
    asked = node.instances
    if asked is None:
        return []
    name = title(node)
    if node.kind != "task":
        message = f"{name} không thể làm nhiều lượt; chỉ bước có người làm mới hỏi được nhiều nơi."
        return [Reason("instances_foreign", message, node.id)]
    reasons = []
    if bool(asked.over) is (asked.count is not None) or (asked.count or 0) < 0:
        message = f"Bước {name} chưa ghi rõ hỏi bao nhiêu nơi: chọn một danh sách hoặc một số."
        reasons.append(Reason("instances_form", message, node.id))
    if asked.until.strip():
        try:
            parse_condition(asked.until)
        except ConditionError as error:
            message = f"Điều kiện dừng “{asked.until}” của {name}: {error.message}"
            reasons.append(Reason("condition_syntax", message, node.id))
    return reasons


def _called(node: Node) -> list[Reason]:
    name = title(node)
    if node.kind != "call":
        if node.called is None:
            return []
        message = f"{name} không phải lời gọi quy trình khác."
        return [Reason("called_foreign", message, node.id)]
    if node.called is None or not node.called.process.strip():
        message = f"Lời gọi {name} chưa ghi mã quy trình được gọi."
        return [Reason("call_unnamed", message, node.id)]
    if not node.called.version:
        message = (
            f"Lời gọi {name} chưa ghim lần ban hành nào của “{node.called.process}”; hãy chọn một "
            "lần ban hành."
        )
        return [Reason("call_unpinned", message, node.id)]
    return []
