"""What may happen in a process seen as a net: places kept as bits, and moves between markings.

A place is a flow that carries a token, a running sub-process, or an event that has come on a step
that goes on. A step passes its token on at once; what can come on its border is one more move.
"""

from typing import NamedTuple

from nep.bpmn.model import Reason
from nep.bpmn.tables import Compiled, Step

MAX_WAYS = 1_024
"""More combinations of branches than this at one gateway are not searched."""
_PASSED = frozenset({"exclusive", "throw", "send"})


class TooManyWays(Exception):
    """A gateway has more combinations of branches than are searched."""

    def __init__(self, node: str) -> None:
        super().__init__(node)
        self.node = node


class Move(NamedTuple):
    """What may happen at a node where of the places of `looked_at` just `consumed` are filled.

    Of the marking `keeps` stays and one of `produced` is added. `rescues` ends a sub-process from
    outside: no excuse for what hangs within.
    """

    node: str
    consumed: int
    looked_at: int
    keeps: int
    produced: tuple[int, ...]
    rescues: bool = False


class Join(NamedTuple):
    """An inclusive join: its ways in, and for each the places a token can come from."""

    step: Step
    entries: int
    produced: tuple[int, ...]
    reach: tuple[tuple[int, int], ...]


class Net:
    """The places and moves of a compiled process; raises TooManyWays."""

    def __init__(self, compiled: Compiled) -> None:
        self.steps = compiled.steps
        flows = compiled.process.flows
        self.bits = {flow.id: 1 << place for place, flow in enumerate(flows)}
        self.targets = {self.bits[flow.id]: flow.target for flow in flows}
        self.flows = (1 << len(flows)) - 1
        self.running: dict[str, int] = {}
        self.spent: dict[str, int] = {}
        self.parents = {node.id: node.parent for node in compiled.process.nodes}
        place = 1 << len(flows)
        for step in self.steps.values():
            if step.kind == "subprocess":
                self.running[step.id] = place
            elif step.kind == "boundary" and not step.cancels and not step.repeats:
                self.spent[step.id] = place
            else:
                continue
            self.targets[place] = step.id
            place <<= 1
        self.inside = {name: self._inside(name) for name in self.running}
        self.first = self.produced(self.steps[compiled.start])
        self.moves: dict[int, tuple[Move, ...]] = dict.fromkeys(self.spent.values(), ())
        self.joins: dict[int, Join] = {}
        for step in self.steps.values():
            self._add(step)

    def produced(self, step: Step) -> tuple[int, ...]:
        """Return what a node may leave behind, whatever the data says."""
        bits = [self.bits[way.flow] for way in step.exits]
        if step.kind == "event_gateway" or (step.kind == "exclusive" and not step.forks):
            return tuple(bits)
        if step.forks:
            return (sum(bits),)
        others = [way for way in step.exits if way is not step.default]
        free = [self.bits[way.flow] for way in others if way.condition is not None]
        if 2 ** len(free) > MAX_WAYS:
            raise TooManyWays(step.id)
        found = [sum(self.bits[way.flow] for way in others if way.condition is None)]
        for bit in free:
            found += [mask | bit for mask in found]
        empty = self.bits[step.default.flow] if step.default is not None else 0
        return tuple(mask or empty for mask in found if mask or empty)

    def stands_in(self, node: str, scope: str) -> bool:
        """Tell whether a node stands in a sub-process, however deep."""
        parent = self.parents[node]
        while parent and parent != scope:
            parent = self.parents[parent]
        return parent == scope

    def _inside(self, scope: str) -> int:
        """Return every place in a sub-process."""
        found = 0
        for bit, node in self.targets.items():
            if self.stands_in(node, scope):
                found |= bit
        return found

    def _beside(self, step: Step) -> int:
        """Return the places of events that have come on the border of a step."""
        return sum(self.spent.get(name, 0) for name in step.boundaries)

    def _add(self, step: Step) -> None:
        entries = [self.bits[entry] for entry in step.entries]
        if step.kind == "parallel" and entries:
            together = sum(entries)
            self.moves[entries[0]] = (
                Move(step.id, together, together, ~together, self.produced(step)),
            )
            self.moves.update((entry, ()) for entry in entries[1:])
        elif step.upstream is not None:
            reach = tuple(
                (self.bits[entry], self._places(step.upstream[entry])) for entry in step.entries
            )
            join = Join(step, sum(entries), self.produced(step), reach)
            self.moves.update((entry, ()) for entry in entries)
            self.joins.update((entry, join) for entry in entries)
        elif step.kind == "subprocess":
            running = self.running[step.id]
            begun = tuple(running | first for first in self.produced(self.steps[step.inner]))
            for entry in entries:
                self.moves[entry] = (Move(step.id, entry, entry, ~entry, begun),)
            self.moves[running] = self._held(step, running, self.inside[step.id])
        else:
            for entry in entries:
                self.moves[entry] = self._ended(step, entry) or self._held(step, entry, 0)

    def _places(self, upstream: frozenset[str]) -> int:
        known = (self.bits.get(name, 0) | self.running.get(name, 0) for name in upstream)
        return sum(known)

    def _ended(self, step: Step, entry: int) -> tuple[Move, ...]:
        """Return what a terminate or error end does; nothing for other nodes."""
        scope = self.parents[step.id]
        if step.kind == "terminate":
            keeps = ~self.inside[scope] if scope else 0
            return (Move(step.id, entry, entry, keeps, (0,)),)
        if step.kind != "error_end":
            return ()
        code = (step.trigger.name if step.trigger is not None else "") or step.id
        while scope:
            catcher = self._catcher(self.steps[scope], code)
            if catcher is not None:
                gone = self.inside[scope] | self.running[scope] | self._beside(self.steps[scope])
                return (Move(step.id, entry, entry, ~gone, self.produced(catcher)),)
            scope = self.parents[scope]
        return (Move(step.id, entry, entry, 0, (0,)),)

    def _catcher(self, step: Step, code: str) -> Step | None:
        found = None
        for event in (self.steps[name] for name in step.boundaries):
            if event.trigger is None or event.trigger.kind != "error":
                continue
            if event.trigger.name == code:
                return event
            if not event.trigger.name:
                found = event
        return found

    def _held(self, step: Step, place: int, inside: int) -> tuple[Move, ...]:
        """Return how a step, or a sub-process when nothing is left inside, ends; and its events."""
        gone = place | self._beside(step)
        found = [Move(step.id, place, place | inside, ~gone, self.produced(step))]
        for event in (self.steps[name] for name in step.boundaries):
            ways = self.produced(event)
            if event.cancels:
                rescues = step.kind == "subprocess"
                found.append(Move(event.id, place, place, ~(gone | inside), ways, rescues))
            elif event.repeats:
                found.append(Move(event.id, place, place | self._under_way(event), -1, ways))
            else:
                spent = self.spent[event.id]
                came = tuple(way | spent for way in ways)
                looked_at = place | spent | self._under_way(event)
                found.append(Move(event.id, place, looked_at, -1, came))
        return tuple(found)

    def _under_way(self, event: Step) -> int:
        """Return the flows behind an event that are passed before anything else can come."""
        found, todo = 0, list(event.exits)
        while todo:
            way = todo.pop()
            target = self.steps[way.target]
            join = target.kind in ("parallel", "inclusive") and len(target.entries) > 1
            rests = target.kind in ("task", "receive", "catch", "call", "event_gateway")
            if found & self.bits[way.flow] or join or rests:
                continue
            found |= self.bits[way.flow]
            if target.kind in _PASSED or target.kind in ("parallel", "inclusive"):
                todo.extend(target.exits)
        return found


def too_many_ways(node: str, name: str) -> Reason:
    """Return the refusal of a gateway with too many branches of its own condition each."""
    return Reason(
        "too_many_states",
        f"Điểm {name} có quá nhiều nhánh có điều kiện để chứng minh.",
        node,
    )
