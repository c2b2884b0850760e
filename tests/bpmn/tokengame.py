"""A second, slow token game written from the BPMN text, the judge of the engine.

Every running sub-process is a frame of its own with a bag of flow names and a list of what is open;
known beforehand is only which flows enter and leave a node. What moves is looked for anew after each
move; every inclusive join searches the paths anew (BPMN 2.0.2, 13.4.3 "Inclusive Gateway").
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from nep.bpmn import Process

_PLAIN = re.compile(r"(\w+) == '(\w+)'")
_COUNT = re.compile(r"(done|total) (>=|=) (\d+)")


class Open:
    """One thing that is open in a frame: a step, a wait, a call, a running sub-process."""

    def __init__(self, node: str, frame: "Frame") -> None:
        self.node = node
        self.frame = frame
        self.inner: Frame | None = None
        self.border: list[str] = []
        self.people = 1
        self.total = self.done = 0
        self.to_come = 0


class Frame:
    """The case itself, or one running sub-process."""

    def __init__(self, owner: Open | None) -> None:
        self.owner = owner
        self.marking: Counter[str] = Counter()
        self.things: list[Open] = []
        self.stuck: list[str] = []

    @property
    def empty(self) -> bool:
        return not (+self.marking or self.things or self.stuck)


class TokenGame:
    """Play a process; what is open is counted by node."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.nodes = {node.id: node for node in process.nodes}
        self.flows = {flow.id: flow for flow in process.flows}
        self._in: dict[str, list[str]] = {name: [] for name in self.nodes}
        self._out: dict[str, list[str]] = {name: [] for name in self.nodes}
        for flow in process.flows:
            self._in[flow.target].append(flow.id)
            self._out[flow.source].append(flow.id)
        self._joins = [
            node.id
            for node in process.nodes
            if node.kind == "inclusive" and len(self._in[node.id]) > 1
        ]
        self._borders: dict[str, list[str]] = {name: [] for name in self.nodes}
        for node in process.nodes:
            if node.kind == "boundary":
                self._borders[node.attached_to].append(node.id)
        self.case = Frame(None)
        self.data: Mapping[str, Any] = {}
        self.sent: Counter[str] = Counter()
        self.error = ""

    # What can happen.

    def start(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self._produce(self._begin_of(""), self.case)
        self._settle()

    def finish(self, node: str, data: Mapping[str, Any]) -> None:
        self.data = data
        thing = self._thing(node)
        if self.nodes[node].instances is None:
            self._close(thing)
            self._produce(node, thing.frame)
        else:
            thing.people -= 1
            thing.done += 1
            self._asked_on(thing)
        self._settle()

    def withdraw(self, node: str, data: Mapping[str, Any]) -> None:
        self.data = data
        thing = self._thing(node)
        thing.people -= 1
        thing.total -= 1
        self._asked_on(thing)
        self._settle()

    def come(self, node: str, data: Mapping[str, Any], *, last: bool = False) -> None:
        """Let an awaited timer or message come; `last` of a cycle."""
        self.data = data
        for thing in self._all_things():
            if node in thing.border:
                event = self.nodes[node]
                if event.cancels:
                    self._close(thing)
                elif last or event.trigger.form in ("date", "duration"):
                    thing.border.remove(node)
                self._produce(node, thing.frame)
                break
            if node in self._awaited(thing):
                self._close(thing)
                self._produce(node, thing.frame)
                break
        else:
            raise AssertionError(f"nobody waits for {node}")
        self._settle()

    def give_back(self, node: str, data: Mapping[str, Any]) -> None:
        self.data = data
        thing = self._thing(node)
        self._close(thing)
        self._produce(node, thing.frame)
        self._settle()

    def fail(self, node: str, code: str, data: Mapping[str, Any]) -> None:
        self.data = data
        thing = self._thing(node)
        self._raise_error(code, thing)
        self._settle()

    # What is to be seen.

    @property
    def open(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for thing in self._all_things():
            if self.nodes[thing.node].kind == "task":
                found[thing.node] += thing.people
        return found

    @property
    def waits(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for thing in self._all_things():
            found.update(self._awaited(thing))
            found.update(thing.border)
        return found

    @property
    def calls(self) -> Counter[str]:
        things = self._all_things()
        return Counter(thing.node for thing in things if self.nodes[thing.node].kind == "call")

    @property
    def tokens(self) -> int:
        """Return how many tokens there are, running sub-processes not counted."""
        return sum(
            sum(frame.marking.values())
            + len(frame.stuck)
            + sum(thing.people for thing in frame.things if thing.inner is None)
            for frame in self._frames()
        )

    @property
    def running(self) -> Counter[str]:
        """Return the running sub-processes and steps asked of several."""
        return Counter(
            thing.node
            for thing in self._all_things()
            if thing.inner is not None or self.nodes[thing.node].instances is not None
        )

    @property
    def ended(self) -> bool:
        return self.case.empty

    # How it goes on.

    def _frames(self) -> Iterator[Frame]:
        todo = [self.case]
        while todo:
            frame = todo.pop()
            yield frame
            todo += [thing.inner for thing in frame.things if thing.inner is not None]

    def _all_things(self) -> list[Open]:
        return [thing for frame in self._frames() for thing in frame.things]

    def _thing(self, node: str) -> Open:
        return next(thing for thing in self._all_things() if thing.node == node)

    def _begin_of(self, scope: str) -> str:
        (found,) = (n.id for n in self.process.nodes if n.kind == "start" and n.parent == scope)
        return found

    def _awaited(self, thing: Open) -> list[str]:
        kind = self.nodes[thing.node].kind
        if kind == "event_gateway":
            return [self.flows[flow].target for flow in self._out[thing.node]]
        return [thing.node] if kind in ("catch", "receive") else []

    def _close(self, thing: Open) -> None:
        """Take a thing away with all that is in it."""
        thing.frame.things.remove(thing)

    def _true(self, flow: str) -> bool:
        return _holds(self.flows[flow].condition, self.data)

    def _produce(self, node: str, frame: Frame) -> None:
        outs = self._out[node]
        default = self.nodes[node].default
        kind = self.nodes[node].kind
        if kind == "parallel" or (kind == "exclusive" and len(outs) == 1):
            taken = outs
        elif kind == "exclusive":
            right = [f for f in outs if f != default and self.flows[f].condition and self._true(f)]
            taken = right[:1] or ([default] if default else [])
        else:
            taken = [f for f in outs if f != default and self._true(f)]
            taken = taken or ([default] if default else [])
        if outs and not taken:
            frame.stuck.append(node)
        frame.marking.update(taken)

    def _settle(self) -> None:
        while self._move_plain() or self._complete() or self._move_inclusive():
            pass

    def _move_plain(self) -> bool:
        for frame in self._frames():
            for flow in list(frame.marking.elements()):
                node = self.flows[flow].target
                kind = self.nodes[node].kind
                ways = self._in[node]
                if kind == "inclusive" and len(ways) > 1:
                    continue
                if kind == "parallel":
                    if not all(frame.marking[way] for way in ways):
                        continue
                    frame.marking.subtract(ways)
                else:
                    frame.marking[flow] -= 1
                self._enter(node, frame)
                return True
        return False

    def _enter(self, node: str, frame: Frame) -> None:
        one = self.nodes[node]
        kind = one.kind
        if kind in ("send", "throw", "end") and one.trigger is not None:
            self.sent[node] += 1
        if kind == "terminate":
            self._wipe(frame)
        elif kind == "error_end":
            self._throw((one.trigger.name if one.trigger else "") or node, frame)
        elif kind in ("exclusive", "parallel", "inclusive", "send", "throw"):
            self._produce(node, frame)
        elif kind != "end":
            self._open(node, frame)

    def _open(self, node: str, frame: Frame) -> None:
        one, thing = self.nodes[node], Open(node, frame)
        thing.border = [
            event for event in self._borders[node] if self.nodes[event].trigger.kind != "error"
        ]
        if one.instances is not None:
            many = one.instances.count
            if one.instances.over:
                many = len(self.data[one.instances.over])
            if many == 0:
                self._produce(node, frame)
                return
            thing.total = many
            thing.people = 1 if one.instances.sequential else many
            thing.to_come = many - thing.people
        frame.things.append(thing)
        if one.kind == "subprocess":
            thing.inner = Frame(thing)
            self._produce(self._begin_of(node), thing.inner)

    def _asked_on(self, thing: Open) -> None:
        until = self.nodes[thing.node].instances.until
        counts = {**self.data, "done": thing.done, "total": thing.total}
        if thing.done == thing.total or (until and _holds(until, counts)):
            self._close(thing)
            self._produce(thing.node, thing.frame)
        elif thing.people == 0:
            thing.people = 1
            thing.to_come -= 1
            assert thing.to_come >= 0

    def _complete(self) -> bool:
        for frame in self._frames():
            if frame.owner is not None and frame.empty:
                owner = frame.owner
                self._close(owner)
                self._produce(owner.node, owner.frame)
                return True
        return False

    def _wipe(self, frame: Frame) -> None:
        frame.marking.clear()
        frame.things.clear()
        frame.stuck.clear()

    def _throw(self, code: str, frame: Frame) -> None:
        if frame.owner is None:
            self._wipe(frame)
            self.error = code
        else:
            self._raise_error(code, frame.owner)

    def _raise_error(self, code: str, thing: Open) -> None:
        """Let an error come out of a thing: to an event on its border, else to the frame around."""
        errors = [
            event
            for event in self._borders[thing.node]
            if self.nodes[event].trigger.kind == "error"
        ]
        named = [event for event in errors if self.nodes[event].trigger.name == code]
        caught = named or [event for event in errors if not self.nodes[event].trigger.name]
        if caught:
            self._close(thing)
            self._produce(caught[0], thing.frame)
        else:
            self._throw(code, thing.frame)

    # Inclusive joins.

    def _move_inclusive(self) -> bool:
        for frame in self._frames():
            for node in self._joins:
                ways = self._in[node]
                filled = [way for way in ways if frame.marking[way]]
                if not filled:
                    continue
                empty = [way for way in ways if not frame.marking[way]]
                places = self._places(node, frame)
                if any(self._blocks(place, node, filled, empty) for place in places):
                    continue
                frame.marking.subtract(filled)
                self._produce(node, frame)
                return True
        return False

    def _places(self, join: str, frame: Frame) -> list[list[str]]:
        """Return for each token of the frame elsewhere the flows its way may begin with."""
        found = [[flow] for flow in +frame.marking if self.flows[flow].target != join]
        found += [self._ways_from(thing.node) for thing in frame.things]
        return found + [self._ways_from(node) for node in frame.stuck]

    def _ways_from(self, node: str) -> list[str]:
        """Return the flows out of a node and out of the events on its border."""
        return [flow for one in (node, *self._borders[node]) for flow in self._out[one]]

    def _blocks(self, begin: list[str], join: str, filled: list[str], empty: list[str]) -> bool:
        reached, todo = set(), list(begin)
        while todo:
            flow = todo.pop()
            if flow in reached:
                continue
            reached.add(flow)
            if self.flows[flow].target != join:
                todo += self._ways_from(self.flows[flow].target)
        return any(way in reached for way in empty) and not any(way in reached for way in filled)


def _holds(condition: str, data: Mapping[str, Any]) -> bool:
    if not condition:
        return True
    count = _COUNT.fullmatch(condition)
    if count:
        name, sign, number = count.groups()
        return data[name] >= int(number) if sign == ">=" else data[name] == int(number)
    plain = _PLAIN.fullmatch(condition)
    assert plain, condition
    return data.get(plain.group(1)) == plain.group(2)
