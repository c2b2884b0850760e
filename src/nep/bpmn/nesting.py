"""What stands in what: the levels of sub-processes, and events on the edge of their step."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from nep.bpmn.lettering import text_width, wrap
from nep.bpmn.model import Flow, Node, Process
from nep.bpmn.routing import Box

EDGE_EVENT = 30.0
"""Width and height of an event on the edge of a step (pixels)."""
EDGE_LETTER = 12
EDGE_WORDS = 92
FRAME_HEAD = 30.0
FRAME_PAD = 6.0


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a process: its own nodes and flows, and the events on the edges of its steps."""

    process: Process
    edges: dict[str, list[Node]]

    @property
    def onward(self) -> Process:
        """Return the level without edge events: their flows leave the step they stand on."""
        home = {node.id: host for host, nodes in self.edges.items() for node in nodes}
        if not home:
            return self.process
        return replace(
            self.process,
            nodes=tuple(node for node in self.process.nodes if node.id not in home),
            flows=tuple(
                replace(flow, source=home.get(flow.source, flow.source))
                for flow in self.process.flows
            ),
        )


def levels_of(process: Process) -> dict[str, Level]:
    """Return the levels of a process by the sub-process they stand in, "" at the top.

    A node whose sub-process does not lead up to the top stands at the top; a flow stands in the
    level of both its ends, or nowhere.
    """
    parents = {node.id: node.parent for node in process.nodes}
    frames = {node.id for node in process.nodes if node.kind == "subprocess"}
    nodes: dict[str, list[Node]] = defaultdict(list)
    level: dict[str, str] = {}
    for node in process.nodes:
        level[node.id] = node.parent if _leads_up(node.parent, parents, frames) else ""
        nodes[level[node.id]].append(node)
    flows: dict[str, list[Flow]] = defaultdict(list)
    for flow in process.flows:
        here = level.get(flow.source)
        if here is not None and here == level.get(flow.target):
            flows[here].append(flow)
    if not nodes:
        return {"": Level(process, {})}
    found = {}
    for parent, inner in nodes.items():
        lanes = () if parent else process.lanes
        part = Process(process.id, process.name, tuple(inner), tuple(flows[parent]), lanes)
        found[parent] = Level(part, _edges(inner))
    found.setdefault("", Level(Process(process.id, process.name), {}))
    return found


def _leads_up(parent: str, parents: Mapping[str, str], frames: Iterable[str]) -> bool:
    seen = set[str]()
    while parent:
        if parent in seen or parent not in frames:
            return False
        seen.add(parent)
        parent = parents[parent]
    return True


def _edges(nodes: Iterable[Node]) -> dict[str, list[Node]]:
    """Return the events on the edge of each step; one that has the id of a step stands for itself."""
    hosts = {node.id for node in nodes if node.kind != "boundary"}
    found: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        if node.kind == "boundary" and node.attached_to in hosts and node.id not in hosts:
            found[node.attached_to].append(node)
    return dict(found)


def edge_margin(events: Iterable[Node]) -> float:
    """Return how much room the words of edge events need on each side of their step."""
    return EDGE_WORDS if any(node.name for node in events) else 0.0


def edge_boxes(host: Box, events: list[Node]) -> dict[str, Box]:
    """Place events on the lower edge of a step: right, left, then those between, without words."""
    y = host.bottom - EDGE_EVENT / 2
    between = max(1, len(events) - 1)
    found = {}
    for place, node in enumerate(events):
        if place == 0:
            x = host.right - EDGE_EVENT - 6
        elif place == 1:
            x = host.x + 6
        else:
            x = host.x + 6 + (host.width - EDGE_EVENT - 12) * (place - 1) / between
        lines = wrap(node.name, EDGE_WORDS - 8, size=EDGE_LETTER, lines=2) if place < 2 else ()
        found[node.id] = Box(round(x, 1), round(y, 1), EDGE_EVENT, EDGE_EVENT, lines)
    return found


def edge_words(
    edges: Mapping[str, list[Node]], boxes: Mapping[str, Box]
) -> list[tuple[float, float, float, float]]:
    """Return left, top, right and bottom of the words of edge events, which stand beside them."""
    found = []
    for name, events in edges.items():
        host = boxes[name]
        for event in (boxes[one.id] for one in events if boxes[one.id].lines):
            wide = max(text_width(line, EDGE_LETTER) for line in event.lines)
            left = event.right + 4 if event.middle >= host.middle else event.x - 4 - wide
            foot = host.bottom + 4 + 14 * len(event.lines)
            found.append((left, host.bottom + 3, left + wide, foot))
    return found
