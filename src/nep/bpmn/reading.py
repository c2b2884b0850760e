"""Read BPMN 2.0 into a process, or say of every element why it is refused."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from nep.bpmn.markup import BPMNDI, NEP, OWN_DIAGRAM, PREFIXES, attributes, children, is_bpmn
from nep.bpmn.model import Lane, Node, Process, Reason
from nep.bpmn.parts import Parts, lanes_of
from nep.bpmn.references import references_of
from nep.bpmn.subset import FLOW_NODES, refusals_of
from nep.kernel.safexml import Element, XmlRefused, parse_xml

_NEP = "{" + NEP + "}"
_MADE_UP = re.compile(r"f\d+")
_OWN_ROOT = {"targetNamespace": NEP, "exporter": "Nếp"}
_OWN_PROCESS = {"isExecutable": "true", _NEP + "main": "true"}
_PROCESS_ORDER = {
    name: rank
    for rank, name in enumerate(
        ("documentation", "extensionElements", "auditing", "monitoring", "ioSpecification",
         "property", "laneSet", "dataObject", "dataObjectReference", "dataStoreReference",
         "textAnnotation", "association", "group")
    )
}  # fmt: skip
_ROOT_ORDER = {"BPMNDiagram": 1, "relationship": 2}
_BODIES = frozenset({"subProcess", "transaction", "adHocSubProcess"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a file: the process, or the reasons there is none.

    `lines` gives the line of each element of the process by its id. `sketch` is the process with
    what is refused in it, each as the nearest kind, to be drawn only. `executable` is false where
    the file says so of the process that was read.
    """

    process: Process | None
    reasons: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)
    sketch: Process | None = None
    executable: bool = True


def read_bpmn(data: bytes, *, process_id: str | None = None) -> Reading:
    """Read a BPMN 2.0 file and choose the process to run.

    Of several pools the one named, else the one marked executable, else the largest. Every refused
    element is listed, of all pools where none is named or marked. What is not executed (other
    pools, message flows, data objects, notes, extensions of others) is kept in `Process.foreign`,
    and so is each way of writing that the process alone does not tell.
    Reason codes: those of `parse_xml`, `not_bpmn`, `no_process`, `outside_…`, `condition_syntax`,
    `limit_form`, `bound_form`, `instances_form`.
    """
    declared: list[tuple[str, str]] = []
    try:
        root = parse_xml(data, declared=declared)
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
    main = chosen is not _choose(pools, None)
    reading = _Reader(root, chosen, declared).read(main=main)
    if reading.reasons and process_id is None and not any(map(_marked, pools)):
        references = references_of(root.children)
        others = [part for pool in pools if pool is not chosen for part in pool.children]
        more = [r for part in others if _is_node(part) for r in refusals_of(part, references)]
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


def _wished(declared: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the prefixes of the file by namespace, of namespaces that ours do not name."""
    found: dict[str, str] = {}
    for prefix, namespace in declared:
        taken = prefix in PREFIXES.values() or prefix in found.values()
        known = namespace in found or namespace in PREFIXES or not namespace
        if prefix and not taken and not known and not _MADE_UP.fullmatch(prefix):
            found[namespace] = prefix
    return found


class _Reader:
    def __init__(self, root: Element, element: Element, declared: list[tuple[str, str]]) -> None:
        self.root = root
        self.element = element
        self.declared = declared
        self.parts = Parts(references_of(root.children), _wished(declared), not root.namespace)

    def read(self, *, main: bool) -> Reading:
        """Read the parts in the order in which what is kept stands in the result."""
        self._definitions()
        self._own_process(main)
        nodes: list[Node] = []
        lanes: list[Lane] = []
        flows: list[Element] = []
        self._body(self.element, "process", "", nodes, lanes, flows)
        parts = self.parts
        read_flows = [parts.flow(part) for part in flows]
        process = Process(
            id=self.element.get("id", ""),
            name=self.element.get("name", ""),
            nodes=tuple(_with_lane_roles(nodes, lanes, parts.inner_roles)),
            flows=tuple(read_flows),
            lanes=tuple(lanes),
            foreign=tuple(parts.foreign),
        )
        return Reading(
            None if parts.reasons else process,
            tuple(parts.reasons),
            tuple(parts.warnings),
            parts.lines,
            process,
            self.element.get("isExecutable") not in ("false", "0"),
        )

    def _definitions(self) -> None:
        self._own_root()
        kept = []
        for part in self.root.children:
            if part is self.element or self.parts.is_own_name(part):
                continue
            if part.tag == "{" + BPMNDI + "}BPMNDiagram" and part.get("id") == OWN_DIAGRAM:
                continue
            if is_bpmn(part) and part.local == "process":
                self.parts.warn(
                    "other_pool", f"Quy trình “{part.get('name') or part.get('id')}” của bên khác "
                    "được giữ và vẽ, không chạy.", part.get("id"), part.line,
                )  # fmt: skip
            kept.append(part)
        for part in sorted(kept, key=lambda p: _ROOT_ORDER.get(p.local, 0)):
            self.parts.keep_part("definitions", part)

    def _own_root(self) -> None:
        """Keep the attributes and the namespaces of the root that ours does not have."""
        wished = self.parts.prefixes
        spaces = [(f"xmlns:{prefix}", uri) for uri, prefix in wished.items()]
        taken = {*PREFIXES.values(), *wished.values()}
        for prefix, uri in self.declared:
            if prefix and prefix not in taken and not _MADE_UP.fullmatch(prefix):
                taken.add(prefix)
                spaces.append((f"xmlns:{prefix}", uri))
        default = next((uri for prefix, uri in self.declared if not prefix and uri), None)
        if default is not None:
            spaces.append(("xmlns", default))
        own = self.root.attrib == _OWN_ROOT
        self.parts.keep_traits(
            "definitions", "definitions", {} if own else self.root.attrib, attributes(spaces)
        )

    def _own_process(self, main: bool) -> None:
        named = {
            k: v for k, v in self.element.attrib.items() if k != "id" and (k != "name" or not v)
        }
        if main:
            named[_NEP + "main"] = "true"
        if named != _OWN_PROCESS:
            self.parts.keep_traits("process", "process", named, always=True)

    def _body(
        self,
        body: Element,
        owner: str,
        parent: str,
        nodes: list[Node],
        lanes: list[Lane],
        flows: list[Element],
    ) -> None:
        """Read what stands in the process or in one sub-process, and in those within."""
        found, kept = [], []
        for part in body.children:
            if not is_bpmn(part):
                kept.append(part)
            elif part.local in FLOW_NODES:
                found.append(part)
            elif part.local == "sequenceFlow":
                flows.append(part)
            else:
                kept.append(part)
        for part in sorted(kept, key=lambda p: _PROCESS_ORDER.get(p.local, 99)):
            if is_bpmn(part) and part.local == "laneSet":
                lanes += self._lane_set(part, owner)
            elif not parent:
                self.parts.keep_part(owner, part)
        for part in found:
            nodes.append(self.parts.node(part, parent))
            if part.local in _BODIES:
                name = part.get("id", "")
                self._body(part, name, name, nodes, lanes, flows)

    def _lane_set(self, part: Element, owner: str) -> list[Lane]:
        """Return the lanes of the process; those inside a sub-process only give their roles."""
        lanes, nested = lanes_of(part)
        for lane in nested:
            self.parts.warn(
                "lanes_flattened", f"Các làn con của “{lane.get('name', '')}” được xếp ngang hàng.",
                lane.get("id"), lane.line,
            )  # fmt: skip
        if owner == "process":
            self.parts.keep_lanes(owner, part, lanes)
            return lanes
        self.parts.keep_part(owner, part)
        self.parts.inner_roles.update({name: lane.role for lane in lanes for name in lane.nodes})
        return []


def _with_lane_roles(nodes: list[Node], lanes: list[Lane], inner: Mapping[str, str]) -> list[Node]:
    """Give each node without a role of its own the role of its lane, or of what it stands in."""
    roles = {name: lane.role for lane in lanes for name in lane.nodes} | dict(inner)
    parents = {node.id: node.parent for node in nodes}
    found = []
    for node in nodes:
        if node.role != "\0":
            found.append(node)
            continue
        place, seen = node.id, set[str]()
        while place not in roles and parents.get(place) and place not in seen:
            seen.add(place)
            place = parents[place]
        found.append(replace(node, role=roles.get(place, "") if node.kind == "task" else ""))
    return found
