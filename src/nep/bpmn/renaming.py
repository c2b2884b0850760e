"""The same process under other names: ids of nodes, flows and kept parts, and what refers to them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from nep.bpmn.model import Foreign, Process

_TOLD = re.compile(
    r" (id|sourceRef|targetRef|bpmnElement|attachedToRef|default|processRef|dataObjectRef|"
    r'dataStoreRef)="([^":]*:)?([^"]*)"'
)
_SAID = re.compile(
    r"(<(?:[\w.-]+:)?(?:sourceRef|targetRef|flowNodeRef|incoming|outgoing)(?: [^<>]*)?>)"
    r"(\s*)([^<>\s]*)(\s*</)"
)
_ID = re.compile(r' (?:id|bpmnElement)="([^"]*)"')


def renamed_xml(xml: str, names: Mapping[str, str]) -> str:
    """Return a kept part with ids, and references to ids, named as `names` says."""
    if not names:
        return xml
    told = _TOLD.sub(
        lambda found: (
            f' {found[1]}="{found[2] or ""}{names[found[3]]}"' if found[3] in names else found[0]
        ),
        xml,
    )
    return _SAID.sub(
        lambda found: (
            f"{found[1]}{found[2]}{names[found[3]]}{found[4]}" if found[3] in names else found[0]
        ),
        told,
    )


def renamed(process: Process, names: Mapping[str, str]) -> Process:
    """Return a process with its nodes, flows and kept parts named as `names` says."""
    if not names:
        return process
    named = names.get
    return replace(
        process,
        id=named(process.id, process.id),
        nodes=tuple(
            replace(
                node,
                id=named(node.id, node.id),
                parent=named(node.parent, node.parent),
                attached_to=named(node.attached_to, node.attached_to),
                default=named(node.default, node.default) if node.default else node.default,
            )
            for node in process.nodes
        ),
        flows=tuple(
            replace(
                flow,
                id=named(flow.id, flow.id),
                source=named(flow.source, flow.source),
                target=named(flow.target, flow.target),
            )
            for flow in process.flows
        ),
        lanes=tuple(
            replace(lane, nodes=tuple(named(name, name) for name in lane.nodes))
            for lane in process.lanes
        ),
        foreign=tuple(renamed_part(part, names) for part in process.foreign),
    )


def renamed_part(part: Foreign, names: Mapping[str, str]) -> Foreign:
    """Return a kept part under other names; those of the process and the root stay."""
    return Foreign(names.get(part.owner, part.owner), renamed_xml(part.xml, names))


def ids_of(parts: Iterable[Foreign]) -> frozenset[str]:
    """Return every id that kept parts give."""
    return frozenset(found for part in parts for found in _ID.findall(part.xml))
