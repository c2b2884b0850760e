"""Read the nodes, flows and lanes of a file, keeping what the process alone does not tell."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from nep.bpmn.conditions import ConditionError, parse_condition
from nep.bpmn.markup import (
    NEP,
    attributes,
    child,
    children,
    element_xml,
    escape_text,
    is_bpmn,
    local_name,
    traits_xml,
)
from nep.bpmn.model import (
    UNITS,
    Flow,
    Foreign,
    Instances,
    Lane,
    Limit,
    Node,
    Process,
    Reason,
    Trigger,
)
from nep.bpmn.references import References
from nep.bpmn.subset import DRAWN_AS, FLOW_NODES, element_of, own_refusals
from nep.bpmn.triggers import (
    FORMAL,
    Found,
    called_of,
    event_xml,
    instances_of,
    instances_xml,
    named_id,
    named_xml,
    trigger_of,
    unwrapped,
)
from nep.kernel.safexml import Element

_NEP = "{" + NEP + "}"
_FALSE, _TRUE = ("false", "0"), ("true", "1")
_NEP_NODE = frozenset(
    _NEP + name for name in ("role", "limit", "limitUnit", "untimed", "outside", "manual",
                             "service", "version")
)  # fmt: skip
_NEP_FLOW = frozenset({_NEP + "supplement", _NEP + "bound"})
LOOP = "multiInstanceLoopCharacteristics"
ARTIFACTS = frozenset(
    {"dataObject", "dataObjectReference", "dataStoreReference", "textAnnotation", "association",
     "group"}
)  # fmt: skip
EARLY = frozenset({"auditing", "monitoring", "categoryValueRef"})
_ELSEWHERE = FLOW_NODES | {"incoming", "outgoing", "sequenceFlow", "laneSet"}


def is_event_part(local: str) -> bool:
    """Tell whether an element says what an event is about."""
    return local.endswith("EventDefinition") or local == "eventDefinitionRef"


def rank_of(local: str, bpmn: bool) -> int:
    """Return the place of a child among those of its node, as the schema orders them."""
    if not bpmn:
        return 3
    if local in ("documentation", "extensionElements"):
        return 0 if local == "documentation" else 1
    if local in EARLY:
        return 2
    if local == LOOP or local == "standardLoopCharacteristics":
        return 4
    if is_event_part(local) or local == "conditionExpression":
        return 5
    return 6 if local in ARTIFACTS else 3


def kept_elements(process: Process) -> tuple[tuple[str, str], ...]:
    """Return (owner, name) of every element of others that a process keeps.

    Ways of writing what the process itself tells are left out: kept attributes, conditions, lanes,
    event definitions.
    """
    told = {"sequenceFlow", "conditionExpression", "laneSet", LOOP}
    found = []
    for kept in process.foreign:
        local = local_name(kept.xml)
        again = local in told or is_event_part(local) or local == kept.owner
        if again or (local in FLOW_NODES and kept.owner != "definitions"):
            continue
        found.append((kept.owner, local))
    return tuple(found)


@dataclass
class Parts:
    """Reads one part after the other and collects what is refused, warned of and kept."""

    references: References
    prefixes: Mapping[str, str]
    bare: bool
    reasons: list[Reason] = field(default_factory=list)
    warnings: list[Reason] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    foreign: list[Foreign] = field(default_factory=list)
    inner_roles: dict[str, str] = field(default_factory=dict)

    def warn(self, code: str, message: str, element: str | None, line: int) -> None:
        """Note something that was read in its own way."""
        self.warnings.append(Reason(code, message, element, line))

    def keep_part(self, owner: str, part: Element) -> None:
        """Keep a child; of extension elements only those of others."""
        if is_bpmn(part) and part.local == "extensionElements":
            for inner in part.children:
                if inner.tag != _NEP + "form":
                    self.foreign.append(Foreign(owner, element_xml(inner, self.prefixes)))
        else:
            self.foreign.append(Foreign(owner, self._xml(part)))

    def keep_traits(
        self,
        owner: str,
        local: str,
        attrib: Mapping[str, str],
        spaces: str = "",
        *,
        always: bool = False,
    ) -> None:
        """Keep the attributes of an element as one that carries nothing else."""
        if attrib or spaces or always:
            xml = traits_xml(local, attrib, self.prefixes, spaces)
            self.foreign.append(Foreign(owner, xml))

    def keep_lanes(self, owner: str, part: Element, lanes: list[Lane]) -> None:
        """Keep the lanes of the file where ours would be written otherwise."""
        if self._xml(part) != lane_set_xml(lanes):
            self.keep_part(owner, part)

    def is_own_name(self, part: Element) -> bool:
        """Tell whether a message or an error is one that our writing defines for a trigger."""
        if part.local not in ("message", "error") or not is_bpmn(part):
            return False
        trigger = Trigger(part.local, name=part.get("name", ""))
        return part.get("id") == named_id(trigger) and self._xml(part) == named_xml(trigger)

    def node(self, part: Element, parent: str) -> Node:
        """Return one node; what is refused of it is noted, and it is then only to be drawn."""
        name = part.get("id", "")
        self.lines[name] = part.line
        self.reasons += own_refusals(part, self.references, inside=bool(parent))
        if part.local == "serviceTask":
            self.warn(
                "service_by_hand", f"Bước tự động “{part.get('name') or name}” được giao cho "
                "người chịu trách nhiệm bấm hoàn thành.", name, part.line,
            )  # fmt: skip
        extensions = child(part, "extensionElements")
        documentation = child(part, "documentation")
        told = documentation if documentation is not None and _plain(documentation) else None
        trigger = self._trigger(part)
        get = part.attrib.get
        node = Node(
            id=name,
            kind=_kind(part, self.references),
            name=get("name", ""),
            role=get(_NEP + "role", "\0"),
            limit=self._limit(part),
            untimed=get(_NEP + "untimed") == "true",
            forms=tuple(
                "".join(inner.itertext())
                for inner in (extensions.children if extensions is not None else ())
                if inner.tag == _NEP + "form"
            ),
            default=get("default") or None,
            outside=get(_NEP + "outside") == "true",
            manual=part.local == "manualTask" or get(_NEP + "manual") == "true",
            note=told.text if told is not None else "",
            extra=(),
            service=part.local == "serviceTask" or get(_NEP + "service") == "true",
            parent=parent,
            trigger=trigger,
            attached_to=get("attachedToRef", "") if part.local == "boundaryEvent" else "",
            cancels=part.local != "boundaryEvent" or get("cancelActivity") not in _FALSE,
            instances=self._instances(part),
            called=called_of(part),
        )
        self._keep_of(part, node, told)
        return _with(node, self._extra(part, node))

    def _xml(self, part: Element) -> str:
        return element_xml(part, self.prefixes, bare=self.bare)

    def _trigger(self, part: Element) -> Trigger | None:
        found: Found = trigger_of(part, self.references)
        if found.guessed and found.trigger is not None:
            what = "Thông điệp" if found.trigger.kind == "message" else "Lỗi"
            self.warn(
                "event_named", f"{what} của “{part.get('name') or part.get('id')}” không có tên "
                f"trong tệp, được gọi là “{found.trigger.name}”.", part.get("id"), part.line,
            )  # fmt: skip
        return found.trigger

    def _instances(self, part: Element) -> Instances | None:
        instances, wrong = instances_of(part)
        name = part.get("id")
        if instances is None:
            return None
        if wrong:
            message = f"Số lượt “{wrong}” của bước làm nhiều lượt không phải một số."
            self.reasons.append(Reason("instances_form", message, name, part.line))
        if instances.until:
            self._check(instances.until, name, part.line)
        return instances

    def _keep_of(self, part: Element, node: Node, told: Element | None) -> None:
        """Keep what stands in a node and is not told by it."""
        if part.local != element_of(node):
            self.keep_traits(node.id, part.local, {}, always=True)
        inners = [i for i in part.children if not (is_bpmn(i) and i.local in _ELSEWHERE)]
        for inner in sorted(inners, key=lambda i: rank_of(i.local, is_bpmn(i))):
            if inner is told:
                continue
            own = ""
            if is_bpmn(inner) and is_event_part(inner.local):
                own = event_xml(node)
            elif is_bpmn(inner) and inner.local == LOOP:
                own = instances_xml(node.instances)
            if not own or self._xml(inner) != own:
                self.keep_part(node.id, inner)

    def _extra(self, part: Element, node: Node) -> tuple[tuple[str, str], ...]:
        """Return the attributes of a node that it does not tell itself."""
        told = {"id": node.id, "name": node.name, "default": node.default or ""}
        if part.local == "boundaryEvent":
            told["attachedToRef"] = node.attached_to
            told["cancelActivity"] = "" if node.cancels else "false"
        if node.called is not None:
            told["calledElement"] = node.called.process
        if part.local in ("sendTask", "receiveTask"):
            told["messageRef"] = named_id(node.trigger) or ""
        return tuple(
            (key, value)
            for key, value in part.attrib.items()
            if key not in _NEP_NODE and not (told.get(key) == value and (value or key == "id"))
        )

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

    def flow(self, part: Element) -> Flow:
        """Return one sequence flow."""
        name = part.get("id", "")
        self.lines[name] = part.line
        bound = part.get(_NEP + "bound")
        if bound is not None and not (bound.isdecimal() and len(bound) < 9 and int(bound) > 0):
            message = f"Số vòng tối đa “{bound}” không hợp lệ."
            self.reasons.append(Reason("bound_form", message, name, part.line))
            bound = None
        told = {"id", "sourceRef", "targetRef", *(["name"] if part.get("name") else [])}
        more = {k: v for k, v in part.attrib.items() if k not in told and k not in _NEP_FLOW}
        self.keep_traits(name, "sequenceFlow", more)
        condition = self._condition(part, name)
        for inner in sorted(part.children, key=lambda i: rank_of(i.local, is_bpmn(i))):
            own = condition_xml(condition) if inner.local == "conditionExpression" else ""
            if not own or self._xml(inner) != own:
                self.keep_part(name, inner)
        return Flow(
            id=name,
            source=part.get("sourceRef", ""),
            target=part.get("targetRef", ""),
            name=part.get("name", ""),
            condition=condition,
            supplement=part.get(_NEP + "supplement") == "true",
            bound=None if bound is None else int(bound),
        )

    def _condition(self, part: Element, name: str) -> str:
        found = child(part, "conditionExpression")
        if found is None:
            return ""
        written = "".join(found.itertext())
        text = condition_of(part)
        if text != written:
            self.warn(
                "condition_translated", f"Điều kiện “{written.strip()}” được đọc là “{text}”.",
                name, found.line,
            )  # fmt: skip
        if text.strip():
            self._check(text, name, found.line)
        return text

    def _check(self, text: str, name: str | None, line: int) -> None:
        try:
            parse_condition(text)
        except ConditionError as error:
            message = f"Điều kiện “{text.strip()}” không đọc được: {error.message}"
            self.reasons.append(Reason("condition_syntax", message, name, line))


def condition_of(part: Element) -> str:
    """Return the condition of a flow in our language's writing."""
    found = child(part, "conditionExpression")
    return unwrapped("".join(found.itertext())) if found is not None else ""


def condition_xml(condition: str) -> str:
    """Write a condition; empty where there is none."""
    if not condition:
        return ""
    inner = escape_text(condition)
    return f"<bpmn:conditionExpression{FORMAL}>{inner}</bpmn:conditionExpression>"


def lanes_of(part: Element) -> tuple[list[Lane], list[Element]]:
    """Return the lanes of a set, innermost ones where lanes are nested, and those that nest."""
    lanes: list[Lane] = []
    nesting: list[Element] = []
    for lane in children(part, "lane"):
        nested = child(lane, "childLaneSet")
        if nested is not None:
            inner, deeper = lanes_of(nested)
            lanes += inner
            nesting += [*deeper, lane]
        members = tuple(inner.text.strip() for inner in children(lane, "flowNodeRef"))
        if nested is None or members:
            name = lane.get("name", "")
            role = lane.get(_NEP + "role", name)
            lanes.append(Lane(lane.get("id", ""), name, role, members))
    return lanes, nesting


def lane_set_xml(lanes: list[Lane] | tuple[Lane, ...]) -> str:
    """Write lanes as one set."""
    return f'<bpmn:laneSet id="nep-lanes">{"".join(map(_lane_xml, lanes))}</bpmn:laneSet>'


def _lane_xml(lane: Lane) -> str:
    pairs = attributes([("id", lane.id), ("name", lane.name), ("nep:role", lane.role)])
    members = "".join(f"<bpmn:flowNodeRef>{escape_text(n)}</bpmn:flowNodeRef>" for n in lane.nodes)
    return f"<bpmn:lane{pairs}>{members}</bpmn:lane>" if members else f"<bpmn:lane{pairs}/>"


def _plain(documentation: Element) -> bool:
    return not documentation.children and not documentation.attrib and bool(documentation.text)


def _kind(part: Element, references: References) -> str:
    kind = DRAWN_AS.get(part.local, "task")
    if kind != "end":
        return kind
    names = {definition.local for definition in references.definitions(part)}
    if "terminateEventDefinition" in names:
        return "terminate"
    return "error_end" if "errorEventDefinition" in names else "end"


def _with(node: Node, extra: tuple[tuple[str, str], ...]) -> Node:
    return replace(node, extra=extra) if extra else node
