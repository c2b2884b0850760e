"""Read BPMN 2.0 into a process, or say of every element why it is refused."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from nep.bpmn.conditions import ConditionError, parse_condition
from nep.bpmn.markup import (
    BPMNDI,
    NEP,
    OWN_DIAGRAM,
    child,
    children,
    element_xml,
    is_bpmn,
)
from nep.bpmn.model import UNITS, Flow, Foreign, Lane, Limit, Node, Process, Reason
from nep.bpmn.subset import FLOW_NODES, GATEWAY_KINDS, TASKS, is_terminate, refusals_of
from nep.kernel.safexml import Element, XmlRefused, parse_xml

_WRAPPED = re.compile(r"\s*[$#]\{(.*)\}\s*", re.DOTALL)
_DATA_OBJECT = re.compile(r"bpmn:getDataObject\(\s*['\"]([^'\"]+)['\"]\s*\)")
_OWN_NODE = frozenset({"id", "name", "default"})
_PROCESS_ORDER = {
    name: rank
    for rank, name in enumerate(
        ("documentation", "extensionElements", "auditing", "monitoring", "ioSpecification",
         "property", "dataObject", "dataObjectReference", "dataStoreReference", "textAnnotation",
         "association", "group")
    )
}  # fmt: skip
_NEP = "{" + NEP + "}"


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a file: the process, or the reasons there is none.

    `lines` gives the line of each element of the process by its id.
    """

    process: Process | None
    reasons: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)


def read_bpmn(data: bytes, *, process_id: str | None = None) -> Reading:
    """Read a BPMN 2.0 file and choose the process to run.

    Of several pools the one named, else the one marked executable, else the largest. Every refused
    element is listed, of all pools where none is named or marked. What is not executed (other pools, message flows, data objects, notes,
    extensions of others) is kept in `Process.foreign`.
    Reason codes: those of `parse_xml`, `not_bpmn`, `no_process`, `not_yet_…`, `outside_…`,
    `condition_syntax`, `limit_form`, `bound_form`.
    """
    try:
        root = parse_xml(data)
    except XmlRefused as refusal:
        return Reading(None, (Reason(refusal.code, refusal.message, None, refusal.line),))
    if root.local != "definitions" or not is_bpmn(root):
        message = "Tệp không phải BPMN 2.0: phần tử gốc không phải “definitions”."
        return Reading(None, (Reason("not_bpmn", message, None, root.line),))
    pools = [p for p in children(root, "process") if _size(p)]
    chosen = _choose(pools, process_id)
    if chosen is None:
        wanted = f" “{process_id}”" if process_id else ""
        message = f"Tệp không có quy trình{wanted} nào để chạy."
        return Reading(None, (Reason("no_process", message, None, root.line),))
    reading = _Reader(root, chosen).read()
    if reading.reasons and process_id is None and not any(map(_marked, pools)):
        others = [part for pool in pools if pool is not chosen for part in pool.children]
        more = [r for part in others if _is_node(part) for r in refusals_of(part)]
        return replace(reading, reasons=(*reading.reasons, *more))
    return reading


def _is_node(part: Element) -> bool:
    return is_bpmn(part) and part.local in FLOW_NODES


def _size(process: Element) -> int:
    return sum(1 for part in process.children if _is_node(part))


def _marked(process: Element) -> bool:
    return process.get(_NEP + "main") == "true" or process.get("isExecutable") == "true"


def _choose(pools: list[Element], process_id: str | None) -> Element | None:
    if process_id is not None:
        return next((p for p in pools if p.get("id") == process_id), None)
    if not pools:
        return None

    def rank(process: Element) -> tuple[bool, bool, int]:
        return (
            process.get(_NEP + "main") == "true",
            process.get("isExecutable") == "true",
            _size(process),
        )

    return max(pools, key=rank)


class _Reader:
    def __init__(self, root: Element, element: Element) -> None:
        self.root = root
        self.element = element
        self.reasons: list[Reason] = []
        self.warnings: list[Reason] = []
        self.lines: dict[str, int] = {}
        self.foreign: list[Foreign] = []

    def read(self) -> Reading:
        """Read the parts in the order in which what is kept stands in the result."""
        self._definitions()
        kept = []
        nodes, flows, lanes = [], [], []
        for part in self.element.children:
            if not is_bpmn(part):
                kept.append(part)
            elif part.local in FLOW_NODES:
                nodes.append(part)
            elif part.local == "sequenceFlow":
                flows.append(part)
            elif part.local == "laneSet":
                lanes += self._lanes(part)
            else:
                kept.append(part)
        for part in sorted(kept, key=lambda p: _PROCESS_ORDER.get(p.local, 99)):
            self._keep_part("process", part)
        read_nodes = [node for part in nodes for node in self._node(part)]
        read_flows = [self._flow(part) for part in flows]
        if self.reasons:
            return Reading(None, tuple(self.reasons), tuple(self.warnings), self.lines)
        process = Process(
            id=self.element.get("id", ""),
            name=self.element.get("name", ""),
            nodes=tuple(_with_lane_roles(read_nodes, lanes)),
            flows=tuple(read_flows),
            lanes=tuple(lanes),
            foreign=tuple(self.foreign),
        )
        return Reading(process, (), tuple(self.warnings), self.lines)

    def _definitions(self) -> None:
        for part in self.root.children:
            if part is self.element:
                continue
            if part.tag == "{" + BPMNDI + "}BPMNDiagram" and part.get("id") == OWN_DIAGRAM:
                continue
            if is_bpmn(part) and part.local == "process":
                self.warnings.append(
                    Reason("other_pool", f"Quy trình “{part.get('name') or part.get('id')}” của bên "
                           "khác được giữ và vẽ, không chạy.", part.get("id"), part.line)
                )  # fmt: skip
            self._keep("definitions", part)

    def _keep(self, owner: str, part: Element) -> None:
        self.foreign.append(Foreign(owner, element_xml(part)))

    def _keep_part(self, owner: str, part: Element) -> None:
        """Keep a child; of extension elements only those of others."""
        if is_bpmn(part) and part.local == "extensionElements":
            for inner in part.children:
                if inner.namespace != NEP:
                    self._keep(owner, inner)
        else:
            self._keep(owner, part)

    def _node(self, part: Element) -> list[Node]:
        refusals = refusals_of(part)
        self.reasons += refusals
        name = part.get("id", "")
        self.lines[name] = part.line
        if refusals:
            return []
        if part.local == "serviceTask":
            self.warnings.append(
                Reason("service_by_hand", f"Bước tự động “{part.get('name') or name}” được giao cho "
                       "người chịu trách nhiệm bấm hoàn thành.", name, part.line)
            )  # fmt: skip
        forms, note = self._inside(part, name)
        get = part.attrib.get
        return [
            Node(
                id=name,
                kind=_kind(part),
                name=get("name", ""),
                role=get(_NEP + "role", "\0"),
                limit=self._limit(part),
                untimed=get(_NEP + "untimed") == "true",
                forms=forms,
                default=get("default"),
                outside=get(_NEP + "outside") == "true",
                manual=part.local == "manualTask" or get(_NEP + "manual") == "true",
                note=note,
                extra=tuple(
                    (key, value)
                    for key, value in part.attrib.items()
                    if key not in _OWN_NODE and not key.startswith(_NEP)
                ),
                service=part.local == "serviceTask" or get(_NEP + "service") == "true",
            )
        ]

    def _inside(self, part: Element, name: str) -> tuple[tuple[str, ...], str]:
        """Return forms and note of a node; keep everything else that is not executed."""
        extensions = child(part, "extensionElements")
        forms = tuple(
            "".join(inner.itertext())
            for inner in (extensions.children if extensions is not None else ())
            if inner.tag == _NEP + "form"
        )
        note = ""
        for inner in part.children:
            if is_bpmn(inner) and inner.local in ("incoming", "outgoing"):
                continue
            if inner.local == "terminateEventDefinition":
                continue
            if (
                inner.local == "documentation"
                and not note
                and not inner.children
                and not inner.attrib
            ):
                note = inner.text
            else:
                self._keep_part(name, inner)
        return forms, note

    def _limit(self, part: Element) -> Limit | None:
        amount, unit = part.get(_NEP + "limit"), part.get(_NEP + "limitUnit", "")
        if amount is None:
            return None
        try:
            value = Decimal(amount)
        except InvalidOperation:
            value = Decimal(-1)
        if unit in UNITS and value.is_finite() and value > 0:
            return Limit(value, unit)
        message = f"Thời hạn “{amount} {unit}” của bước không hợp lệ."
        self.reasons.append(Reason("limit_form", message, part.get("id"), part.line))
        return None

    def _flow(self, part: Element) -> Flow:
        name = part.get("id", "")
        self.lines[name] = part.line
        for inner in part.children:
            if inner.local != "conditionExpression":
                self._keep_part(name, inner)
        bound = part.get(_NEP + "bound")
        if bound is not None and not (bound.isdecimal() and int(bound) > 0):
            message = f"Số vòng tối đa “{bound}” không hợp lệ."
            self.reasons.append(Reason("bound_form", message, name, part.line))
            bound = None
        return Flow(
            id=name,
            source=part.get("sourceRef", ""),
            target=part.get("targetRef", ""),
            name=part.get("name", ""),
            condition=self._condition(part, name),
            supplement=part.get(_NEP + "supplement") == "true",
            bound=None if bound is None else int(bound),
        )

    def _condition(self, part: Element, name: str) -> str:
        found = child(part, "conditionExpression")
        if found is None:
            return ""
        written = "".join(found.itertext())
        wrapped = _WRAPPED.fullmatch(written)
        text = _DATA_OBJECT.sub(r"\1", wrapped.group(1) if wrapped else written)
        if text != written:
            self.warnings.append(
                Reason("condition_translated", f"Điều kiện “{written.strip()}” được đọc là “{text}”.",
                       name, found.line)
            )  # fmt: skip
        if text.strip():
            try:
                parse_condition(text)
            except ConditionError as error:
                message = f"Điều kiện “{text.strip()}” không đọc được: {error.message}"
                self.reasons.append(Reason("condition_syntax", message, name, found.line))
        return text

    def _lanes(self, part: Element) -> list[Lane]:
        """Return the lanes of a set, innermost ones where lanes are nested."""
        lanes = []
        for lane in children(part, "lane"):
            nested = child(lane, "childLaneSet")
            if nested is not None:
                lanes += self._lanes(nested)
                self.warnings.append(
                    Reason("lanes_flattened", f"Các làn con của “{lane.get('name', '')}” được xếp "
                           "ngang hàng.", lane.get("id"), lane.line)
                )  # fmt: skip
            members = tuple(inner.text.strip() for inner in children(lane, "flowNodeRef"))
            if nested is None or members:
                name = lane.get("name", "")
                role = lane.get(_NEP + "role", name)
                lanes.append(Lane(lane.get("id", ""), name, role, members))
        return lanes


def _kind(part: Element) -> str:
    if part.local in TASKS:
        return "task"
    if part.local == "startEvent":
        return "start"
    if part.local == "endEvent":
        return "terminate" if is_terminate(part) else "end"
    return GATEWAY_KINDS[part.local]


def _with_lane_roles(nodes: list[Node], lanes: list[Lane]) -> list[Node]:
    """Give each node without a role of its own the role of its lane."""
    roles = {name: lane.role for lane in lanes for name in lane.nodes}
    return [
        replace(node, role=roles.get(node.id, "") if node.kind == "task" else "")
        if node.role == "\0"
        else node
        for node in nodes
    ]
