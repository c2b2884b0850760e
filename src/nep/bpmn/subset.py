"""Which elements of BPMN run, and why each of the others is refused."""

from dataclasses import dataclass

from nep.bpmn.markup import child, is_bpmn
from nep.bpmn.model import Reason
from nep.kernel.safexml import Element

TASKS = frozenset({"task", "userTask", "manualTask", "serviceTask"})
GATEWAY_KINDS = {
    "exclusiveGateway": "exclusive",
    "parallelGateway": "parallel",
    "inclusiveGateway": "inclusive",
}
FLOW_NODES = frozenset(
    {
        *TASKS, *GATEWAY_KINDS, "startEvent", "endEvent", "sendTask", "receiveTask", "scriptTask",
        "businessRuleTask", "eventBasedGateway", "complexGateway", "intermediateCatchEvent",
        "intermediateThrowEvent", "boundaryEvent", "subProcess", "transaction", "adHocSubProcess",
        "callActivity", "choreographyTask", "subChoreography", "callChoreography", "event",
        "implicitThrowEvent",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Refusal:
    code: str
    words: str
    later: bool


_NODES = {
    "sendTask": _Refusal("send_task", "bước gửi thông điệp", True),
    "receiveTask": _Refusal("receive_task", "bước nhận thông điệp", True),
    "eventBasedGateway": _Refusal("event_gateway", "điểm rẽ nhánh theo sự kiện", True),
    "subProcess": _Refusal("sub_process", "quy trình con", True),
    "callActivity": _Refusal("call_activity", "lời gọi quy trình khác", True),
    "scriptTask": _Refusal("script_task", "bước chạy mã lệnh", False),
    "businessRuleTask": _Refusal("business_rule_task", "bước quy tắc nghiệp vụ", False),
    "complexGateway": _Refusal("complex_gateway", "điểm rẽ nhánh phức hợp", False),
    "transaction": _Refusal("transaction", "giao dịch", False),
    "adHocSubProcess": _Refusal("ad_hoc", "quy trình con tùy ý", False),
}
_EVENTS = {
    "messageEventDefinition": _Refusal("message_event", "sự kiện thông điệp", True),
    "timerEventDefinition": _Refusal("timer_event", "sự kiện hẹn giờ", True),
    "errorEventDefinition": _Refusal("error_event", "sự kiện lỗi", True),
    "signalEventDefinition": _Refusal("signal_event", "sự kiện tín hiệu", False),
    "escalationEventDefinition": _Refusal("escalation_event", "sự kiện báo cấp trên", False),
    "conditionalEventDefinition": _Refusal("conditional_event", "sự kiện điều kiện", False),
    "linkEventDefinition": _Refusal("link_event", "sự kiện nối trang", False),
    "compensateEventDefinition": _Refusal("compensation", "sự kiện bù trừ", False),
    "cancelEventDefinition": _Refusal("cancel_event", "sự kiện hủy giao dịch", False),
    "terminateEventDefinition": _Refusal("terminate_event", "sự kiện chấm dứt ở giữa", False),
}
_LOOPS = {
    "multiInstanceLoopCharacteristics": _Refusal("multi_instance", "bước làm nhiều lượt", True),
    "standardLoopCharacteristics": _Refusal("standard_loop", "dấu lặp trên bước", False),
}
_EVENT_SUB_PROCESS = _Refusal("event_sub_process", "quy trình con theo sự kiện", False)
_BARE_EVENT = _Refusal("bare_event", "sự kiện trung gian không nói rõ loại", False)
_UNKNOWN = _Refusal("unknown_element", "phần tử lạ", False)


def refusals_of(element: Element) -> list[Reason]:
    """Return why a flow node is refused, and every refused one inside it; empty when it runs."""
    reasons = [_reason(element, refusal) for refusal in _own(element)]
    for inner in element.children:
        if is_bpmn(inner) and inner.local in FLOW_NODES:
            reasons += refusals_of(inner)
    return reasons


def _own(element: Element) -> list[_Refusal]:
    found: list[_Refusal] = []
    local = element.local
    if local in (
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
    ):
        found += _event(element)
    elif local == "subProcess" and element.get("triggeredByEvent") == "true":
        found.append(_EVENT_SUB_PROCESS)
    elif local in _NODES:
        found.append(_NODES[local])
    elif local not in TASKS and local not in GATEWAY_KINDS:
        found.append(_UNKNOWN)
    found += [_LOOPS[c.local] for c in element.children if is_bpmn(c) and c.local in _LOOPS]
    if element.get("isForCompensation") == "true":
        found.append(_EVENTS["compensateEventDefinition"])
    return found


def _event(element: Element) -> list[_Refusal]:
    definitions = [
        c.local
        for c in element.children
        if is_bpmn(c) and (c.local.endswith("EventDefinition") or c.local == "eventDefinitionRef")
    ]
    if element.local == "endEvent" and definitions == ["terminateEventDefinition"]:
        return []
    if not definitions and element.local in ("startEvent", "endEvent"):
        return []
    return [_EVENTS.get(name, _UNKNOWN) for name in definitions] or [_BARE_EVENT]


def _reason(element: Element, refusal: _Refusal) -> Reason:
    name = element.get("name") or element.get("id") or element.local
    kept = "chưa chạy được ở phiên bản này" if refusal.later else "nằm ngoài tập con BPMN được chạy"
    attached = " gắn trên bước" if element.local == "boundaryEvent" else ""
    return Reason(
        ("not_yet_" if refusal.later else "outside_") + refusal.code,
        f"“{' '.join(name.split())}” là {refusal.words}{attached} ({element.local}), {kept}.",
        element.get("id"),
        element.line,
    )


def is_terminate(element: Element) -> bool:
    """Tell whether an end event ends the whole process at once."""
    return child(element, "terminateEventDefinition") is not None
