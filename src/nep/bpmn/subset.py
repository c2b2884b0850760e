"""Which elements of BPMN run, and why each of the others is refused."""

from dataclasses import dataclass

from nep.bpmn.markup import children, is_bpmn
from nep.bpmn.model import Node, Reason
from nep.bpmn.references import References
from nep.kernel.safexml import Element

TASKS = frozenset({"task", "userTask", "manualTask", "serviceTask"})
GATEWAY_KINDS = {
    "exclusiveGateway": "exclusive",
    "parallelGateway": "parallel",
    "inclusiveGateway": "inclusive",
    "eventBasedGateway": "event_gateway",
}
KINDS_OF = {
    **dict.fromkeys(TASKS, "task"), **GATEWAY_KINDS,
    "startEvent": "start", "endEvent": "end", "intermediateCatchEvent": "catch",
    "intermediateThrowEvent": "throw", "boundaryEvent": "boundary", "sendTask": "send",
    "receiveTask": "receive", "subProcess": "subprocess", "callActivity": "call",
}  # fmt: skip
DRAWN_AS = {
    **KINDS_OF, "transaction": "subprocess", "adHocSubProcess": "subprocess",
    "subChoreography": "subprocess", "complexGateway": "exclusive", "event": "catch",
    "implicitThrowEvent": "throw", "callChoreography": "call",
}  # fmt: skip
"""The kind an element is drawn as; what is not named here looks like a step."""
_ELEMENTS = {kind: local for local, kind in KINDS_OF.items() if kind != "task"} | {
    "terminate": "endEvent", "error_end": "endEvent"
}  # fmt: skip
FLOW_NODES = frozenset(
    {*KINDS_OF, *DRAWN_AS, "scriptTask", "businessRuleTask", "choreographyTask"}
)  # fmt: skip
EVENTS = frozenset(
    {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
)


@dataclass(frozen=True, slots=True)
class _Refusal:
    code: str
    words: str
    later: bool = False


_NODES = {
    "scriptTask": _Refusal("script_task", "bước chạy mã lệnh"),
    "businessRuleTask": _Refusal("business_rule_task", "bước quy tắc nghiệp vụ", True),
    "complexGateway": _Refusal("complex_gateway", "điểm rẽ nhánh phức hợp"),
    "transaction": _Refusal("transaction", "giao dịch"),
    "adHocSubProcess": _Refusal("ad_hoc", "quy trình con tùy ý"),
}
_EVENTS = {
    "messageEventDefinition": _Refusal("message_event", "sự kiện thông điệp"),
    "timerEventDefinition": _Refusal("timer_event", "sự kiện hẹn giờ"),
    "errorEventDefinition": _Refusal("error_event", "sự kiện lỗi"),
    "signalEventDefinition": _Refusal("signal_event", "sự kiện tín hiệu", True),
    "escalationEventDefinition": _Refusal("escalation_event", "sự kiện báo cấp trên", True),
    "conditionalEventDefinition": _Refusal("conditional_event", "sự kiện điều kiện"),
    "linkEventDefinition": _Refusal("link_event", "sự kiện nối trang"),
    "compensateEventDefinition": _Refusal("compensation", "sự kiện bù trừ"),
    "cancelEventDefinition": _Refusal("cancel_event", "sự kiện hủy giao dịch"),
    "terminateEventDefinition": _Refusal("terminate_event", "sự kiện chấm dứt ở giữa"),
}
_RUN = {
    "startEvent": frozenset({"messageEventDefinition"}),
    "endEvent": frozenset(
        {"terminateEventDefinition", "errorEventDefinition", "messageEventDefinition"}
    ),
    "intermediateCatchEvent": frozenset({"timerEventDefinition", "messageEventDefinition"}),
    "intermediateThrowEvent": frozenset({"messageEventDefinition"}),
    "boundaryEvent": frozenset(
        {"timerEventDefinition", "messageEventDefinition", "errorEventDefinition"}
    ),
}
_BARE = frozenset({"startEvent", "endEvent", "intermediateThrowEvent"})
_STANDARD_LOOP = _Refusal("standard_loop", "dấu lặp trên bước", True)
_MANY_TIMES = _Refusal("multi_instance", "phần tử làm nhiều lượt mà không phải bước của người")
_EVENT_SUB_PROCESS = _Refusal("event_sub_process", "quy trình con theo sự kiện", True)
_BARE_EVENT = _Refusal("bare_event", "sự kiện trung gian không nói rõ loại")
_MANY_EVENTS = _Refusal("multiple_event", "sự kiện chờ nhiều loại cùng lúc")
_INNER_START = _Refusal("inner_message_start", "sự kiện thông điệp ở đầu quy trình con")
_INSTANTIATE = _Refusal("instantiate", "phần tử giữa quy trình tự mở hồ sơ mới")
_UNKNOWN = _Refusal("unknown_element", "phần tử lạ")


def element_of(node: Node) -> str:
    """Return the element of BPMN a node is written as."""
    usual = "manualTask" if node.manual else "serviceTask" if node.service else "userTask"
    return _ELEMENTS.get(node.kind, usual)


def refusals_of(element: Element, references: References, *, inside: bool = False) -> list[Reason]:
    """Return why a flow node is refused, and every refused one inside it; empty when it runs."""
    reasons = own_refusals(element, references, inside=inside)
    for inner in element.children:
        if is_bpmn(inner) and inner.local in FLOW_NODES:
            reasons += refusals_of(inner, references, inside=True)
    return reasons


def own_refusals(element: Element, references: References, *, inside: bool = False) -> list[Reason]:
    """Return why a flow node itself is refused; `inside` a sub-process no message begins."""
    return [_reason(element, refusal) for refusal in _own(element, references, inside)]


def _own(element: Element, references: References, inside: bool) -> list[_Refusal]:
    found: list[_Refusal] = []
    local = element.local
    if local in EVENTS:
        found += _event(element, references, inside)
    elif local == "subProcess" and element.get("triggeredByEvent") in ("true", "1"):
        found.append(_EVENT_SUB_PROCESS)
    elif local in _NODES:
        found.append(_NODES[local])
    elif local not in KINDS_OF:
        found.append(_UNKNOWN)
    if children(element, "standardLoopCharacteristics"):
        found.append(_STANDARD_LOOP)
    if local not in TASKS and children(element, "multiInstanceLoopCharacteristics"):
        found.append(_MANY_TIMES)
    if element.get("isForCompensation") in ("true", "1"):
        found.append(_EVENTS["compensateEventDefinition"])
    if element.get("instantiate") in ("true", "1"):
        found.append(_INSTANTIATE)
    return found


def _event(element: Element, references: References, inside: bool) -> list[_Refusal]:
    names = [definition.local for definition in references.definitions(element)]
    if not names:
        return [] if element.local in _BARE else [_BARE_EVENT]
    runs = _RUN[element.local]
    if all(name in runs for name in names):
        if len(names) > 1:
            return [_MANY_EVENTS]
        return [_INNER_START] if inside and element.local == "startEvent" else []
    return [_EVENTS.get(name, _UNKNOWN) for name in names if name not in runs]


def _reason(element: Element, refusal: _Refusal) -> Reason:
    name = element.get("name") or element.get("id") or element.local
    kept = (
        "chưa chạy được, dành cho phiên bản sau"
        if refusal.later
        else "nằm ngoài tập con BPMN được chạy"
    )
    attached = " gắn trên bước" if element.local == "boundaryEvent" else ""
    return Reason(
        "outside_" + refusal.code,
        f"“{' '.join(name.split())}” là {refusal.words}{attached} ({element.local}), {kept}.",
        element.get("id"),
        element.line,
    )
