"""Write a process as BPMN 2.0 XML with diagram interchange."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from nep.bpmn.around import around_of
from nep.bpmn.around_writing import COLLABORATION, category_lines, collaboration_xml, frame_lines
from nep.bpmn.canonical import amount_text
from nep.bpmn.interchange import diagram_lines
from nep.bpmn.layout import Layout, layout
from nep.bpmn.markup import (
    BPMN,
    BPMNDI,
    DC,
    DI,
    NEP,
    XSI,
    attributes,
    escape_text,
    foreign_attributes,
    is_written_bpmn,
    local_name,
    parse_kept,
)
from nep.bpmn.model import Flow, Node, Process
from nep.bpmn.parts import (
    ARTIFACTS,
    EARLY,
    LOOP,
    condition_of,
    condition_xml,
    is_event_part,
    lane_set_xml,
    lanes_of,
)
from nep.bpmn.references import References, references_of
from nep.bpmn.subset import element_of
from nep.bpmn.triggers import (
    MESSAGE_TASKS,
    called_of,
    event_xml,
    instances_of,
    instances_xml,
    named_id,
    named_xml,
    trigger_of,
)
from nep.kernel.safexml import Element

_BEFORE_FLOWS = ("documentation", "extensionElements", "auditing", "monitoring",
                 "ioSpecification", "property")  # fmt: skip
_SHOWN = re.compile(r'bpmnElement="([^"]*)"')
_SPACE = re.compile(r' xmlns:([^=\s]+)="([^"]*)"')
_ROOT = [
    ("xmlns:bpmn", BPMN), ("xmlns:bpmndi", BPMNDI), ("xmlns:dc", DC), ("xmlns:di", DI),
    ("xmlns:xsi", XSI), ("xmlns:nep", NEP),
]  # fmt: skip
_OWN_ROOT = [("targetNamespace", NEP), ("exporter", "Nếp")]


def write_bpmn(process: Process, *, plan: Layout | None = None, pool: str | None = None) -> bytes:
    """Return the process as a BPMN 2.0 file; `read_bpmn` gives an equal process back.

    What came with a file is written as it stood while it still says what the process says: its
    diagram while it shows every element, its lanes, conditions and event definitions. Else the
    lanes and steps stand as in `plan`, or laid out anew. `pool` names a pool drawn around the
    lanes, as drawing programs want it; what stands around the process is then written too.
    """
    kept: dict[str, list[str]] = defaultdict(list)
    for foreign in process.foreign:
        kept[foreign.owner].append(foreign.xml)
    traits, around = _traits(kept["definitions"], "definitions")
    diagrams = [xml for xml in around if local_name(xml) == "BPMNDiagram"]
    last = [xml for xml in around if local_name(xml) == "relationship"]
    first = [xml for xml in around if xml not in diagrams and xml not in last]
    head = traits or attributes(_OWN_ROOT)
    if " targetNamespace=" not in head:
        head += attributes(_OWN_ROOT[:1])
    lines = ['<?xml version="1.0" encoding="UTF-8"?>',
             f"<bpmn:definitions{attributes(_ROOT)}{head}>"]  # fmt: skip
    references, others = references_of(parse_kept(first)), around_of(process.foreign)
    if pool is not None:
        first += [*category_lines(others), collaboration_xml(process.id, pool, others)]
        kept["process"] += frame_lines(others)
    known = dict(_SPACE.findall(traits))
    writer = _Writer(process, kept, references)
    writer.prefixes = {namespace: prefix for prefix, namespace in known.items()}
    body = writer.process_lines()
    lines += [*first, *writer.names, *body]
    lines += (
        diagrams
        if _shows_all(diagrams, process)
        else diagram_lines(
            process, plan or layout(process), COLLABORATION if pool is not None else None
        )
    )
    lines += [*last, "</bpmn:definitions>", ""]
    return "\n".join([lines[0], lines[1], *(_without(line, known) for line in lines[2:])]).encode()


def _without(line: str, known: Mapping[str, str]) -> str:
    """Leave out declarations that the root of the file makes already, of the first tag."""
    if not known or " xmlns:" not in line:
        return line
    pieces = line.split("<")
    for place, piece in enumerate(pieces):
        if " xmlns:" in piece:
            tag, mark, text = piece.partition(">")
            pieces[place] = (
                _SPACE.sub(lambda found: "" if known.get(found[1]) == found[2] else found[0], tag)
                + mark
                + text
            )
    return "<".join(pieces)


def _traits(kept: Sequence[str], local: str) -> tuple[str, list[str]]:
    """Return the kept attributes of an element itself as text, and what else was kept in it."""
    opening = f"<bpmn:{local}"
    for place, xml in enumerate(kept):
        alone = xml.startswith(opening) and xml.endswith("/>") and xml.count("<") == 1
        if alone and xml[len(opening)] in " /":
            return xml[len(opening) : -2], [*kept[:place], *kept[place + 1 :]]
    return "", list(kept)


class _Writer:
    def __init__(
        self, process: Process, kept: Mapping[str, list[str]], references: References
    ) -> None:
        self.process = process
        self.kept = kept
        self.references = references
        self.names: dict[str, None] = {}
        self.open: list[str] = []
        self.prefixes: dict[str, str] = {}
        self.ins: dict[str, list[str]] = defaultdict(list)
        self.outs: dict[str, list[str]] = defaultdict(list)
        self.nodes: dict[str, list[Node]] = defaultdict(list)
        self.flows: dict[str, list[Flow]] = defaultdict(list)
        known = {node.id for node in process.nodes}
        parents = {node.id: node.parent for node in process.nodes}
        for node in process.nodes:
            reached = _reaches_top(node.parent, parents)
            self.nodes[node.parent if reached else ""].append(node)
        for flow in process.flows:
            self.ins[flow.target].append(flow.id)
            self.outs[flow.source].append(flow.id)
            home = flow.source if flow.source in known else flow.target
            parent = parents.get(home, "")
            self.flows[parent if _reaches_top(parent, parents) else ""].append(flow)
        self.in_lane = {name for lane in process.lanes for name in lane.nodes}
        for name in [node.id for node in process.nodes if node.kind == "task" and node.parent]:
            seen, place = set[str](), parents[name]
            while place and place not in seen:
                if place in self.in_lane:
                    self.in_lane.add(name)
                seen.add(place)
                place = parents.get(place, "")

    def process_lines(self) -> list[str]:
        """Return the lines of the process; `names` then holds the messages and errors it names."""
        process = self.process
        traits, kept = _traits(self.kept.get("process", []), "process")
        pairs = [("id", process.id), ("name", process.name or None)]
        if not any(xml.startswith("<bpmn:process") for xml in self.kept.get("process", [])):
            pairs += [("isExecutable", "true"), ("nep:main", "true")]
        elif process.name:
            traits = traits.replace(' name=""', "")
        bpmn = [xml for xml in kept if is_written_bpmn(xml)]
        before = [xml for xml in bpmn if local_name(xml) in _BEFORE_FLOWS]
        sets = [xml for xml in bpmn if local_name(xml) == "laneSet"]
        after = [xml for xml in bpmn if xml not in before and xml not in sets]
        lines = [f"<bpmn:process{attributes(pairs)}{traits}>"]
        lines += [xml for xml in before if local_name(xml) == "documentation"]
        lines += _extensions([xml for xml in kept if not is_written_bpmn(xml)])
        lines += [xml for xml in before if local_name(xml) != "documentation"]
        lines += self._lanes(sets)
        lines += self._body("")
        return [*lines, *after, "</bpmn:process>"]

    def _lanes(self, sets: list[str]) -> list[str]:
        lanes = self.process.lanes
        said = tuple(lane for part in parse_kept(sets) for lane in lanes_of(part)[0])
        if sets and said == lanes:
            return sets
        return [lane_set_xml(lanes)] if lanes else []

    def _body(self, parent: str) -> list[str]:
        """Return what stands in a sub-process; one inside another of the same id stays empty."""
        if parent in self.open:
            return []
        self.open.append(parent)
        lines = [self._node(node) for node in self.nodes[parent]]
        lines += [self._flow(flow) for flow in self.flows[parent]]
        self.open.pop()
        return lines

    def _node(self, node: Node) -> str:
        kept = self.kept.get(node.id, [])
        usual = element_of(node)
        element, kept = _own_element(kept, usual)
        bpmn = [xml for xml in kept if is_written_bpmn(xml)]
        said = _as_read(node, element, bpmn)
        named = trigger_of(said, self.references).trigger == node.trigger
        events = [xml for xml in bpmn if is_event_part(local_name(xml))]
        loops = [xml for xml in bpmn if local_name(xml) == LOOP]
        if not (events and named and _kind_kept(node, events)):
            events = [event_xml(node)]
            if not named:
                self._name(node)
        if not (loops and instances_of(said)[0] == node.instances):
            loops = [instances_xml(node.instances)]
        pairs = self._pairs(node, element, said, named)
        own = {key.replace("nep:", "{" + NEP + "}") for key, value in pairs if value is not None}
        extra = [(key, value) for key, value in node.extra if key not in own]
        inner = self._inner(node, bpmn, kept)
        inner += [*filter(None, loops), *filter(None, events)]
        if node.kind == "subprocess":
            inner += [xml for xml in bpmn if local_name(xml) == "laneSet"]
            inner += self._body(node.id)
            inner += [xml for xml in bpmn if local_name(xml) in ARTIFACTS]
        head = f"<bpmn:{element}{attributes(pairs)}{foreign_attributes(extra, self.prefixes)}"
        return f"{head}>{''.join(inner)}</bpmn:{element}>" if inner else f"{head}/>"

    def _pairs(
        self, node: Node, element: str, said: Element, named: bool
    ) -> list[tuple[str, str | None]]:
        pairs: list[tuple[str, str | None]] = [
            ("id", node.id),
            ("name", node.name or None),
            ("default", node.default),
        ]
        if node.kind == "boundary":
            pairs += [
                ("attachedToRef", node.attached_to),
                ("cancelActivity", None if node.cancels else "false"),
            ]
        if node.called is not None and called_of(said) != node.called:
            pairs.append(("calledElement", node.called.process or None))
        if element in MESSAGE_TASKS and not named:
            pairs.append(("messageRef", named_id(node.trigger)))
        return pairs + [
            ("nep:version", node.called.version or None if node.called else None),
            ("nep:role", node.role if node.role or node.id in self.in_lane else None),
            ("nep:limit", amount_text(node.limit.amount) if node.limit else None),
            ("nep:limitUnit", node.limit.unit if node.limit else None),
            ("nep:untimed", "true" if node.untimed else None),
            ("nep:outside", "true" if node.outside else None),
            ("nep:manual", "true" if node.manual and element != "manualTask" else None),
            ("nep:service", "true" if node.service and element != "serviceTask" else None),
        ]

    def _name(self, node: Node) -> None:
        if node.trigger is not None and named_id(node.trigger) is not None:
            self.names[named_xml(node.trigger)] = None

    def _inner(self, node: Node, bpmn: list[str], kept: list[str]) -> list[str]:
        """Return what stands in a node before what it is about."""
        note = escape_text(node.note)
        inner = [f"<bpmn:documentation>{note}</bpmn:documentation>"] if node.note else []
        inner += [xml for xml in bpmn if local_name(xml) == "documentation"]
        forms = [f"<nep:form>{escape_text(form)}</nep:form>" for form in node.forms]
        inner += _extensions(forms + [xml for xml in kept if not is_written_bpmn(xml)])
        inner += [xml for xml in bpmn if local_name(xml) in EARLY]
        ins, outs = self.ins[node.id], self.outs[node.id]
        inner += [f"<bpmn:incoming>{escape_text(name)}</bpmn:incoming>" for name in ins]
        inner += [f"<bpmn:outgoing>{escape_text(name)}</bpmn:outgoing>" for name in outs]
        placed = {"documentation", LOOP, "laneSet", *EARLY}
        if node.kind == "subprocess":
            placed |= ARTIFACTS
        inner += [
            xml for xml in bpmn
            if local_name(xml) not in placed and not is_event_part(local_name(xml))
        ]  # fmt: skip
        return inner

    def _flow(self, flow: Flow) -> str:
        traits, kept = _traits(self.kept.get(flow.id, []), "sequenceFlow")
        if flow.name:
            traits = traits.replace(' name=""', "")
        pairs = [
            ("id", flow.id),
            ("name", flow.name or None),
            ("sourceRef", flow.source),
            ("targetRef", flow.target),
            ("nep:supplement", "true" if flow.supplement else None),
            ("nep:bound", None if flow.bound is None else str(flow.bound)),
        ]
        bpmn = [xml for xml in kept if is_written_bpmn(xml)]
        said = [xml for xml in bpmn if local_name(xml) == "conditionExpression"]
        if said and condition_of(_holding("sequenceFlow", said)) != flow.condition:
            said = []
        inner = [xml for xml in bpmn if local_name(xml) == "documentation"]
        inner += _extensions([xml for xml in kept if not is_written_bpmn(xml)])
        inner += [
            xml for xml in bpmn if local_name(xml) not in ("documentation", "conditionExpression")
        ]
        inner += said or [*filter(None, [condition_xml(flow.condition)])]
        head = f"<bpmn:sequenceFlow{attributes(pairs)}{traits}"
        return f"{head}>{''.join(inner)}</bpmn:sequenceFlow>" if inner else f"{head}/>"


def _own_element(kept: list[str], usual: str) -> tuple[str, list[str]]:
    """Return the element a node was read from where it is not the usual one, and the rest kept."""
    for place, xml in enumerate(kept):
        name = xml.removeprefix("<bpmn:").removesuffix("/>")
        if name.isalpha() and name.endswith(("Task", "task", "Process", "Activity", "Gateway")):
            return name, [*kept[:place], *kept[place + 1 :]]
    return usual, kept


def _kind_kept(node: Node, events: list[str]) -> bool:
    """Tell whether kept event definitions still make an end of the same kind."""
    locals_ = {local_name(xml) for xml in events}
    return node.kind not in ("end", "terminate", "error_end") or (
        ("terminateEventDefinition" in locals_) == (node.kind == "terminate")
        or "eventDefinitionRef" in locals_
    )


def _as_read(node: Node, element: str, bpmn: Iterable[str]) -> Element:
    """Return the node as the reader met it, from what was kept of it."""
    part = _holding(element, bpmn)
    part.attrib = {"id": node.id, "name": node.name, **dict(node.extra)}
    if node.called is not None:
        part.attrib.setdefault("calledElement", "")
        part.attrib["{" + NEP + "}version"] = node.called.version
    return part


def _holding(local: str, xml: Iterable[str]) -> Element:
    part = Element("{" + BPMN + "}" + local, {}, 0)
    texts = list(xml)
    part.children = parse_kept(texts) if texts else []
    return part


def _reaches_top(parent: str, parents: Mapping[str, str]) -> bool:
    """Tell whether a chain of sub-processes ends at the top, as it does but in broken files."""
    seen = set[str]()
    while parent:
        if parent in seen or parent not in parents:
            return False
        seen.add(parent)
        parent = parents[parent]
    return True


def _extensions(parts: list[str]) -> list[str]:
    if not parts:
        return []
    return [f"<bpmn:extensionElements>{''.join(parts)}</bpmn:extensionElements>"]


def _shows_all(diagrams: list[str], process: Process) -> bool:
    """Tell whether a diagram shows all; the content of a closed sub-process may be hidden."""
    if not diagrams:
        return False
    shown = {name.rpartition(":")[2] for xml in diagrams for name in _SHOWN.findall(xml)}
    inner = {node.id for node in process.nodes if node.parent}
    inner |= {flow.id for flow in process.flows if flow.source in inner}
    whole = {n.id for n in process.nodes} | {f.id for f in process.flows}
    return whole - inner <= shown and (inner <= shown or not inner & shown)
