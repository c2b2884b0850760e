"""Two changes of one graph brought together; what both changed differently is named."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from nep.bpmn import Flow, Node, Process

Part = TypeVar("Part", Node, Flow)


def merged(base: Process, mine: Process, theirs: Process) -> Process | str:
    """Return the graph with both changes, or the id of the first part that both changed.

    Parts are told apart by id; what is new on my side and named like something new on theirs is
    named anew.
    """
    mine = _renamed(base, mine, theirs)
    nodes = _parts(_by_id(base.nodes), _by_id(mine.nodes), _by_id(theirs.nodes))
    if isinstance(nodes, str):
        return nodes
    flows = _parts(_by_id(base.flows), _by_id(mine.flows), _by_id(theirs.flows))
    if isinstance(flows, str):
        return flows
    known = {node.id for node in nodes}
    for flow in flows:
        if flow.source not in known or flow.target not in known:
            return flow.source if flow.source in known else flow.target
    return replace(theirs, nodes=tuple(nodes), flows=tuple(flows), lanes=())


def _by_id(parts: tuple[Part, ...]) -> dict[str, Part]:
    return {part.id: part for part in parts}


def _parts(
    base: Mapping[str, Part], mine: Mapping[str, Part], theirs: Mapping[str, Part]
) -> list[Part] | str:
    found: list[Part] = []
    for name in dict.fromkeys((*theirs, *mine)):
        old, ours, others = base.get(name), mine.get(name), theirs.get(name)
        if ours in (old, others):
            kept = others
        elif others == old:
            kept = ours
        else:
            return name
        if kept is not None:
            found.append(kept)
    return found


def _ids(process: Process) -> set[str]:
    return {node.id for node in process.nodes} | {flow.id for flow in process.flows}


def _renamed(base: Process, mine: Process, theirs: Process) -> Process:
    """Return my graph with its new parts named otherwise than the other's new parts."""
    known, taken = _ids(base), _ids(theirs)
    names: dict[str, str] = {}
    for part in sorted((_ids(mine) - known) & taken):
        name = f"{part}-m"
        while name in taken or name in names.values():
            name += "m"
        names[part] = name
    if not names:
        return mine
    named = names.get
    return replace(
        mine,
        nodes=tuple(
            replace(
                node,
                id=named(node.id, node.id),
                default=named(node.default, node.default) if node.default else None,
                attached_to=named(node.attached_to, node.attached_to),
                parent=named(node.parent, node.parent),
            )
            for node in mine.nodes
        ),
        flows=tuple(
            replace(
                flow,
                id=named(flow.id, flow.id),
                source=named(flow.source, flow.source),
                target=named(flow.target, flow.target),
            )
            for flow in mine.flows
        ),
    )
