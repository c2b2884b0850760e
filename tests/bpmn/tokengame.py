"""A second, slow token game written from the BPMN text, the judge of the engine.

A marking is a bag of flow names; known beforehand is only which flows enter and leave a node, every
inclusive join searches the paths anew (BPMN 2.0.2, 13.4.3 "Inclusive Gateway").
"""

import re
from collections import Counter
from collections.abc import Mapping

from nep.bpmn import Process

_CONDITION = re.compile(r"(\w+) == '(\w+)'")


class TokenGame:
    """Play a process; open steps are counted by node."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.kinds = {node.id: node.kind for node in process.nodes}
        self.defaults = {node.id: node.default for node in process.nodes}
        self.flows = {flow.id: flow for flow in process.flows}
        self._in: dict[str, list[str]] = {name: [] for name in self.kinds}
        self._out: dict[str, list[str]] = {name: [] for name in self.kinds}
        for flow in process.flows:
            self._in[flow.target].append(flow.id)
            self._out[flow.source].append(flow.id)
        self._joins = [
            name
            for name, kind in self.kinds.items()
            if kind == "inclusive" and len(self._in[name]) > 1
        ]
        self.marking: Counter[str] = Counter()
        self.open: Counter[str] = Counter()
        self.data: Mapping[str, str] = {}
        self.stuck: list[str] = []

    def start(self, data: Mapping[str, str]) -> None:
        self.data = data
        self._produce(next(name for name, kind in self.kinds.items() if kind == "start"))
        self._settle()

    def finish(self, node: str, data: Mapping[str, str]) -> None:
        assert self.open[node] > 0
        self.data = data
        self.open[node] -= 1
        self._produce(node)
        self._settle()

    @property
    def tokens(self) -> int:
        return sum(self.marking.values()) + sum(self.open.values()) + len(self.stuck)

    def ways_in(self, node: str) -> list[str]:
        return self._in[node]

    def ways_out(self, node: str) -> list[str]:
        return self._out[node]

    def _true(self, flow: str) -> bool:
        condition = self.flows[flow].condition
        match = _CONDITION.fullmatch(condition)
        assert match or not condition
        return match is None or self.data.get(match.group(1)) == match.group(2)

    def _produce(self, node: str) -> None:
        outs = self.ways_out(node)
        default = self.defaults[node]
        kind = self.kinds[node]
        if kind == "parallel" or (kind == "exclusive" and len(outs) == 1):
            taken = outs
        elif kind == "exclusive":
            right = [f for f in outs if f != default and self.flows[f].condition and self._true(f)]
            taken = right[:1] or ([default] if default else [])
        else:
            taken = [f for f in outs if f != default and self._true(f)]
            taken = taken or ([default] if default else [])
        if outs and not taken:
            self.stuck.append(node)
        self.marking.update(taken)

    def _settle(self) -> None:
        while self._move_plain() or self._move_inclusive():
            pass

    def _move_plain(self) -> bool:
        for flow in list(self.marking.elements()):
            node = self.flows[flow].target
            kind = self.kinds[node]
            if kind == "inclusive" and len(self.ways_in(node)) > 1:
                continue
            if kind == "parallel":
                if not all(self.marking[way] for way in self.ways_in(node)):
                    continue
                self.marking.subtract(self.ways_in(node))
            else:
                self.marking[flow] -= 1
            if kind == "terminate":
                self.marking.clear()
                self.open.clear()
            elif kind == "task":
                self.open[node] += 1
            elif kind != "end":
                self._produce(node)
            return True
        return False

    def _move_inclusive(self) -> bool:
        for node in self._joins:
            ways = self.ways_in(node)
            filled = [way for way in ways if self.marking[way]]
            if not filled:
                continue
            empty = [way for way in ways if not self.marking[way]]
            if any(self._blocks(place, node, filled, empty) for place in self._places(node)):
                continue
            self.marking.subtract(filled)
            self._produce(node)
            return True
        return False

    def _places(self, join: str) -> list[list[str]]:
        """Return for each token elsewhere the flows its way may begin with."""
        found = [[f] for f in +self.marking if self.flows[f].target != join]
        found += [self.ways_out(task) for task in +self.open]
        return found + [self.ways_out(node) for node in self.stuck]

    def _blocks(self, begin: list[str], join: str, filled: list[str], empty: list[str]) -> bool:
        reached, todo = set(), list(begin)
        while todo:
            flow = todo.pop()
            if flow in reached:
                continue
            reached.add(flow)
            if self.flows[flow].target != join:
                todo += self.ways_out(self.flows[flow].target)
        return any(way in reached for way in empty) and not any(way in reached for way in filled)
