"""Blocks folded away before the search for markings: what is left is what blocks cannot say.

Steps in a row, choices and parallel work that come together again, and loops around a block are
folded into one flow, again and again. A fold keeps what the proof asks: whether every run can end,
and properly, whether every step can happen, and that no flow ever carries two tokens.
Source: T. Murata, Petri Nets: Properties, Analysis and Applications, Proc. IEEE 77(4), 1989, §V.
"""

from dataclasses import dataclass, field, replace
from itertools import pairwise

from nep.bpmn.model import GATEWAYS, Flow, Node, Process
from nep.bpmn.tables import Compiled, Step

_PASSED = frozenset({"task", "receive", "catch", "call", "send", "throw"})
_RESTS = frozenset({"task", "receive", "catch", "call"})
_FOLDED = _PASSED | GATEWAYS | {"start", "end", "subprocess"}
_BODIES = {"start": "start", "end": "end", "subprocess": "kept"}
_KINDS = {
    "merge": "exclusive", "sync": "parallel", "or_join": "inclusive", "choose": "exclusive",
    "fork": "parallel", "or_split": "inclusive",
}  # fmt: skip
_JOIN, _SPLIT, _CHOICE = "<", ">", "!"
"""End the ids of the parts of a node that joins, splits, or may be ended by an event."""
_PARTS = (_JOIN, _SPLIT, _CHOICE)


@dataclass(slots=True, eq=False)
class _Part:
    """A node, or its join or split; `kind` says how tokens pass.

    start, end, pass, merge (each token by itself), sync (one of each way in), or_join, choose (one
    way out), fork (every way out), or_split, kept (left as it is).
    """

    id: str
    kind: str
    node: Node
    entries: list["_Line"] = field(default_factory=list)
    exits: list["_Line"] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class _Line:
    """A flow between two parts; `via` are the nodes folded into it, `rests` that a token may rest."""

    flow: Flow
    source: _Part
    target: _Part
    via: tuple[str, ...] = ()
    rests: bool = False


@dataclass(frozen=True, slots=True)
class Folded:
    """What is left of a process, and the nodes folded into each of its flows."""

    process: Process
    via: dict[str, tuple[str, ...]]

    @property
    def is_whole(self) -> bool:
        """Tell whether everything was folded into one flow from the start to the end."""
        return len(self.process.flows) == 1

    def told(self, path: tuple[str, ...]) -> tuple[str, ...]:
        """Return a path through what is left as one through the whole process."""
        between = {
            (flow.source, flow.target): self.via[flow.id] for flow in reversed(self.process.flows)
        }
        found: list[str] = []
        for at, name in enumerate(path):
            passed = between.get((path[at - 1], name), ()) if at else ()
            for one in (*passed, name.rstrip("".join(_PARTS))):
                if not found or found[-1] != one:
                    found.append(one)
        return tuple(found)


def fold(compiled: Compiled) -> Folded:
    """Return what is left of a process when its blocks are folded."""
    return _Folding(compiled).run()


class _Folding:
    def __init__(self, compiled: Compiled) -> None:
        self.process = compiled.process
        self.parts: dict[str, _Part] = {}
        self.events: dict[str, list[Node]] = {}
        for node in self.process.nodes:
            if node.attached_to:
                self.events.setdefault(node.attached_to, []).append(node)
        self.choosing = {
            name
            for name, events in self.events.items()
            if all(event.cancels for event in events) and compiled.steps[name].kind in _PASSED
        }
        into: dict[str, _Part] = {}
        out_of: dict[str, _Part] = {}
        for node in self.process.nodes:
            into[node.id], out_of[node.id] = self._parts(node, compiled.steps[node.id])
        for flow in self.process.flows:
            self._draw(_Line(flow, out_of[flow.source], into[flow.target]))
        for name in self.choosing:
            for event in self.events[name]:
                chosen, came = self.parts[name + _CHOICE], into[event.id]
                self._draw(_Line(Flow(event.id + _CHOICE, chosen.id, came.id), chosen, came))
        self.todo = list(self.parts.values())

    def _parts(self, node: Node, step: Step) -> tuple[_Part, _Part]:
        """Add the parts of a node; return those that its ways in and its ways out belong to."""
        if node.kind in ("start", "end") and len(step.exits) < 2 and len(step.entries) < 2:
            only = self._part(node.id, node.kind, node)
            return only, only
        kept = node.id in self.events and node.id not in self.choosing
        came = node.attached_to in self.choosing
        if kept or (node.kind not in _FOLDED and not came):
            only = self._part(node.id, "kept", node)
            return only, only
        line: list[_Part] = []
        is_gateway = node.kind in GATEWAYS
        if len(step.entries) > 1:
            kind = {"parallel": "sync", "inclusive": "or_join"}.get(node.kind, "merge")
            line.append(self._part(node.id + _JOIN, kind, node))
        if not is_gateway or not (line or len(step.exits) > 1):
            kind = _BODIES.get(node.kind, "pass")
            line.append(self._part(node.id, kind, node))
        if node.id in self.choosing:
            line.append(self._part(node.id + _CHOICE, "choose", node))
        if len(step.exits) > 1:
            line.append(self._part(node.id + _SPLIT, _split_of(step), node))
        for one, other in pairwise(line):
            self._draw(_Line(Flow(other.id + _JOIN, one.id, other.id), one, other))
        return line[0], line[-1]

    def _part(self, name: str, kind: str, node: Node) -> _Part:
        made = self.parts[name] = _Part(name, kind, node)
        return made

    def _draw(self, line: _Line) -> None:
        line.source.exits.append(line)
        line.target.entries.append(line)

    def run(self) -> Folded:
        """Fold until nothing folds any more."""
        while True:
            while self.todo:
                part = self.todo.pop()
                if part.id in self.parts:
                    self._fold(part)
            if not self._fold_scopes():
                return self._left()

    def _fold(self, part: _Part) -> None:
        if part.kind not in ("start", "end", "kept") and len(part.entries) == 1 == len(part.exits):
            self._pass(part)
            return
        if part.kind in ("choose", "fork", "or_split"):
            if self._doubles(part) or self._loop(part) or self._ends(part):
                self._again(part)
                return
            if part.kind != "or_split":
                for line in part.exits:
                    if line.target.kind == part.kind and self._flattened(line, into=part):
                        return
        elif part.kind in ("merge", "sync"):
            for line in part.entries:
                if line.source.kind == part.kind and self._flattened(line, into=part):
                    return

    def _again(self, *parts: _Part) -> None:
        for part in parts:
            self.todo.append(part)
            self.todo += [line.target for line in part.exits]
            self.todo += [line.source for line in part.entries]

    def _pass(self, part: _Part) -> None:
        """Fold a part with one way in and one way out into one line."""
        before, after = part.entries[0], part.exits[0]
        if before is after or before.source.node.kind == "boundary":
            return  # what an event opens is told from what has passed: it may come again
        is_told = part.node.kind in GATEWAYS or not part.id.endswith(_PARTS)
        own = (part.node.id,) if is_told else ()
        line = _Line(
            before.flow, before.source, after.target, (*before.via, *own, *after.via),
            before.rests or after.rests or part.node.kind in _RESTS,
        )  # fmt: skip
        before.source.exits[before.source.exits.index(before)] = line
        after.target.entries[after.target.entries.index(after)] = line
        del self.parts[part.id]
        self._again(line.source, line.target)

    def _drop(self, line: _Line) -> None:
        line.source.exits.remove(line)
        line.target.entries.remove(line)
        self._again(line.target)

    def _doubles(self, part: _Part) -> bool:
        """Fold two ways from a split to the join of its kind into one."""
        fitting = {"choose": "merge", "fork": "sync", "or_split": "or_join"}[part.kind]
        for line in part.exits:
            same = [one for one in part.exits if one.target is line.target and one is not line]
            target = line.target
            ends = part.kind == "choose" and target.kind == "end"
            if not same or (target.kind != fitting and not ends):
                continue
            if (
                part.kind == "or_split"
                and not len(part.exits) == len(target.entries) == len(same) + 1
            ):
                continue
            for one in same:
                self._drop(one)
            return True
        return False

    def _loop(self, part: _Part) -> bool:
        """Leave out a way back to the merge right before a choice."""
        if part.kind != "choose" or len(part.entries) != 1:
            return False
        before = part.entries[0].source
        if before.kind != "merge" or len(before.exits) != 1:
            return False
        back = [line for line in part.exits if line.target is before]
        if not back or len(back) == len(part.exits) or len(back) == len(before.entries):
            return False
        for line in back:
            self._drop(line)
        self._again(before)
        return True

    def _ends(self, part: _Part) -> bool:
        """Leave out ways of a split that only end: a fork's beside others, a choice's but one."""
        ending = [line for line in part.exits if line.target.kind == "end"]
        if part.kind == "or_split" or not ending or len(part.exits) < 2:
            return False
        kept = ending[1:] if part.kind == "choose" or len(ending) == len(part.exits) else ending
        if not kept:
            return False
        for line in kept:
            del self.parts[line.target.id]
            line.source.exits.remove(line)
        return True

    def _flattened(self, line: _Line, *, into: _Part) -> bool:
        """Fold a split into the split before it, a join into the join after it, of one kind."""
        other = line.target if into is line.source else line.source
        if other is into or (line.rests and self._has_open_joins()):
            return False
        if into is line.source:
            if len(other.entries) != 1:
                return False
            into.exits.remove(line)
            for one in other.exits:
                one.source, one.via = into, (*line.via, *one.via)
                into.exits.append(one)
        else:
            if len(other.exits) != 1:
                return False
            into.entries.remove(line)
            for one in other.entries:
                one.target, one.via = into, (*one.via, *line.via)
                into.entries.append(one)
        del self.parts[other.id]
        self._again(into)
        return True

    def _has_open_joins(self) -> bool:
        return any(part.kind == "or_join" for part in self.parts.values())

    def _fold_scopes(self) -> bool:
        """Let a sub-process whose content is folded pass like a step; tell whether one does."""
        changed = False
        for part in list(self.parts.values()):
            if part.kind != "kept" or part.node.kind != "subprocess" or part.id in self.events:
                continue
            inner = [one for one in self.parts.values() if one.node.parent == part.id]
            if len(part.entries) != 1 or len(part.exits) != 1 or len(inner) != 2:
                continue
            if {one.kind for one in inner} == {"start", "end"}:
                for one in inner:
                    del self.parts[one.id]
                part.kind = "pass"
                self._again(part)
                changed = True
        return changed

    def _left(self) -> Folded:
        lines = [line for part in self.parts.values() for line in part.exits]
        nodes = [self._node(part) for part in self.parts.values()]
        flows = tuple(
            replace(line.flow, source=line.source.id, target=line.target.id) for line in lines
        )
        return Folded(
            Process(self.process.id, self.process.name, tuple(nodes), flows),
            {line.flow.id: line.via for line in lines},
        )

    def _node(self, part: _Part) -> Node:
        if part.kind in ("start", "end", "kept", "pass"):
            known = {line.flow.id for line in part.exits}
            default = part.node.default if part.node.default in known else None
            folded = part.kind == "pass" and part.node.kind == "subprocess"
            kind = "task" if folded else part.node.kind
            return replace(part.node, id=part.id, kind=kind, default=default)
        default = None
        if part.kind == "or_split":
            default = next(
                (line.flow.id for line in part.exits if line.flow.id == part.node.default), None
            )
        return Node(
            part.id, _KINDS[part.kind], part.node.name, parent=part.node.parent, default=default
        )


def _split_of(step: Step) -> str:
    if step.kind == "event_gateway" or (step.kind == "exclusive" and not step.forks):
        return "choose"
    return "fork" if step.forks else "or_split"
