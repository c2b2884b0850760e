"""The longest ways through a process: loops within their bounds, waits, opinions, sub-processes."""

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from functools import cached_property

from nep.bpmn.looptimes import Back, closure, entering, parts_of
from nep.bpmn.model import Flow, Node, Process
from nep.bpmn.spans import Spans, hours_of
from nep.bpmn.structure import cycles_within

MAX_PATHS = 50
"""So many of the longest paths are given out."""

Path = tuple[Decimal, tuple[str, ...]]
_ENDS = frozenset({"end", "terminate"})
_NOTHING = Decimal(0)
_HOSTS = frozenset({"task", "call", "subprocess", "receive"})


class Unbounded(Exception):
    """A loop without a bound; `cycle` holds its nodes, the first one again at the end."""

    def __init__(self, cycle: tuple[str, ...]) -> None:
        super().__init__(" ".join(cycle))
        self.cycle = cycle


class Ways:
    """The ways through one scope: the process itself or an embedded sub-process.

    A boundary event is reached from where its step is reached, after its own time; returns for
    supplement are left out, and what only they lead to is a beginning of its own; a supplement that
    leads onward is a way like any other; what bounded flows back add is charged where their loops are
    entered (`looptimes`).
    """

    def __init__(
        self, process: Process, spans: Spans, hours_per_day: int | Decimal, scope: str = ""
    ) -> None:
        self.nodes = {node.id: node for node in process.nodes if node.parent == scope}
        self.hours = {name: hours_of(spans.spans[name], hours_per_day) for name in self.nodes}
        self.outs: dict[str, list[str]] = defaultdict(list)
        self.back: list[Back] = []
        self.inner = {
            name: Ways(process, spans, hours_per_day, name)
            for name, node in self.nodes.items()
            if node.kind == "subprocess"
        }
        self._connect(process)
        self.options: dict[str, list[Path]] = {}
        for name, node in self.nodes.items():
            if node.kind != "boundary":
                self.options[name] = self._own(node, spans, hours_per_day)
        for name, node in self.nodes.items():
            if node.kind == "boundary":
                self.options[name] = self._interrupted(node, spans, hours_per_day)
        found = cycles_within(set(self.nodes), self._flows())
        if found:
            raise Unbounded(found[0])
        self._add_loops()

    @cached_property
    def finished(self) -> list[Path]:
        """Return the longest ways from the start to an end without an error, longest first."""
        return self._best(lambda node: node.kind in _ENDS, ends_well=True)

    def _connect(self, process: Process) -> None:
        events: dict[str, list[str]] = defaultdict(list)
        for node in self.nodes.values():
            if node.kind == "boundary":
                events[node.attached_to].append(node.id)
        for flow in process.flows:
            if flow.supplement or flow.source not in self.nodes:
                continue
            if flow.bound is not None:
                reached = (flow.target, *events[flow.target])
                self.back.append(Back(flow.source, reached, flow.bound))
                continue
            self.outs[flow.source] += [flow.target, *events[flow.target]]
        asked = [one for one in process.flows if one.supplement and one.source in self.nodes]
        returns = [one for one in asked if one.source in closure([one.target], self._onward)]
        for flow in asked:
            if flow not in returns:
                self.outs[flow.source] += [flow.target, *events[flow.target]]
        self.begins = [name for name, node in self.nodes.items() if node.kind == "start"]
        for flow in returns:
            if flow.target not in closure(self.begins, self._onward):
                self.begins.append(flow.target)

    def _onward(self, name: str) -> list[str]:
        turns = (target for one in self.back if one.source == name for target in one.targets)
        return [*self.outs.get(name, ()), *turns]

    def _own(self, node: Node, spans: Spans, per_day: int | Decimal) -> list[Path]:
        if node.kind == "subprocess":
            found = [
                (hours, (node.id, *path)) for hours, path in self.inner[node.id].finished
            ]  # fmt: skip
            return _shortened(found, self._ended_by(node, spans, per_day))
        return _shortened([(self.hours[node.id], (node.id,))], self._ended_by(node, spans, per_day))

    def _ended_by(self, node: Node, spans: Spans, per_day: int | Decimal) -> Decimal | None:
        """Return after how many hours a timer ends a step at the latest, None where none does."""
        if node.kind not in _HOSTS:
            return None
        known = [spans.until(one) for one in spans.cancelling.get(node.id, ())]
        return min((hours_of(one, per_day) for one in known if one is not None), default=None)

    def _interrupted(self, node: Node, spans: Spans, per_day: int | Decimal) -> list[Path]:
        """Return the ways to a boundary event, from where its step begins."""
        host, trigger = node.attached_to, node.trigger
        if host not in self.nodes:
            return []
        if trigger is not None and trigger.kind == "error" and host in self.inner:
            raised = self.inner[host].raised(trigger.name)
            if raised:
                return [(hours, (host, *path, node.id)) for hours, path in raised[:MAX_PATHS]]
        longest = max(
            (hours for hours, _ in [*self.options[host], *self._raised_in(host)]),
            default=Decimal(0),
        )
        known = spans.until(node)
        if known is not None:
            hours = hours_of(known, per_day)
            longest = hours if not longest else min(longest, hours)
        return [(longest, (host, node.id))]

    def _raised_in(self, host: str) -> list[Path]:
        return self.inner[host].raised("") if host in self.inner else []

    def raised(self, code: str) -> list[Path]:
        """Return the ways to an error that leaves this scope; "" catches every code."""

        def leaves(node: Node) -> bool:
            if node.kind != "error_end":
                return False
            raised = node.trigger.name if node.trigger else ""
            return not code or raised == code

        found = self._best(leaves)
        for name, inner in self.inner.items():
            caught = [
                one for one in self.nodes.values()
                if one.attached_to == name and one.trigger is not None and one.trigger.kind == "error"
            ]  # fmt: skip
            if any(not one.trigger or not one.trigger.name for one in caught):
                continue
            codes = {one.trigger.name for one in caught if one.trigger}
            before = self._best_to(name)
            if before is None or (code and code in codes):
                continue
            for hours, path in inner.raised(code):
                found.append((before[0] + hours, (*before[1], name, *path)))
        return sorted(found, key=_first_longest)[:MAX_PATHS]

    def whole(self) -> list[Path]:
        """Return the longest ways from the start to any end, errors too, longest first."""
        found = [*self.finished, *self.raised("")]
        return sorted(dict.fromkeys(found), key=_first_longest)[:MAX_PATHS]

    def longest_hours(self) -> Decimal:
        """Return the hours of the longest way from the start to an end of any kind."""
        known = [
            self.extra.get(name, _NOTHING) + self._longest(name) + self._after[name]
            for name in self.begins
            if name in self._after
        ]
        known += [self.turning[name] for name in self.begins if name in self.turning]
        return max([*known, *(hours for hours, _ in self.raised(""))], default=Decimal(0))

    def through(self, name: str) -> Decimal | None:
        """Return the hours of the longest way through a node, None where no way leads through it."""
        if name in self.nodes:
            return self._through(name, self._longest(name))
        for host, inner in self.inner.items():
            found = inner.through(name)
            if found is not None:
                return self._through(host, found)
        return None

    def _through(self, name: str, hours: Decimal) -> Decimal | None:
        if name in self._before and name in self._after:
            return self._before[name] + hours + self._after[name]
        return self._turning(name)

    def _turning(self, name: str) -> Decimal | None:
        """Return the hours of the longest way through the loops of a node that only leads back."""
        part = [one for one, number in self.parts.items() if number == self.parts.get(name)]
        known = [
            self._before[one] + self._longest(one) + self._after[one]
            for one in part
            if one in self._before and one in self._after
        ]
        known += [
            self._before[one] + self.turning[one]
            for one in part
            if one in self._before and one in self.turning
        ]
        return max(known, default=None)

    @cached_property
    def _before(self) -> dict[str, Decimal]:
        """Return the hours of the longest way from the start up to each node, its own left out."""
        best: dict[str, Decimal] = {}
        for at in self.order:
            if at in self.begins:
                best.setdefault(at, self.extra.get(at, _NOTHING))
            if at not in best or not self.options[at]:
                continue
            for target in self.outs[at]:
                here = best[at] + self._longest(at) + self._entering(at, target)
                if target not in best or best[target] < here:
                    best[target] = here
        return best

    @cached_property
    def _after(self) -> dict[str, Decimal]:
        """Return the hours of the longest way from each node to an end, its own left out."""
        best: dict[str, Decimal] = {}
        for at in reversed(self.order):
            onward = [
                best[t] + self._longest(t) + self._entering(at, t)
                for t in self.outs[at]
                if t in best
            ]
            onward += [
                self.turning[t] for t in self.outs[at] if t in self.turning and self._crosses(at, t)
            ]
            if self.nodes[at].kind in _ENDS or self.nodes[at].kind == "error_end":
                best[at] = Decimal(0)
            elif onward:
                best[at] = max(onward)
        return best

    def _best(self, is_end: Callable[[Node], bool], *, ends_well: bool = False) -> list[Path]:
        """Return the longest ways from the scope's start to the ends meant, longest first.

        A way into loops that reach no end without turning back stops in the list where it enters.
        """
        best: dict[str, list[Path]] = {}
        for name in reversed(self.order):
            own = self.options[name]
            if is_end(self.nodes[name]):
                onward: list[Path] = [(Decimal(0), ())]
            else:
                onward = [
                    (hours + self._entering(name, target), path)
                    for target in dict.fromkeys(self.outs[name])
                    for hours, path in best.get(target, ())
                ]
                if ends_well:
                    onward += [
                        (self.turning[target], (target,))
                        for target in dict.fromkeys(self.outs[name])
                        if target in self.turning and self._crosses(name, target)
                    ]
            found = [(hours + more, (*path, *rest)) for hours, path in own for more, rest in onward]
            best[name] = sorted(found, key=_first_longest)[:MAX_PATHS]
        found = [
            (hours + self.extra.get(name, _NOTHING), path)
            for name in self.begins
            for hours, path in best.get(name, ())
        ]
        if ends_well:
            found += [(self.turning[one], (one,)) for one in self.begins if one in self.turning]
        return sorted(found, key=_first_longest)[:MAX_PATHS]

    def _best_to(self, name: str) -> Path | None:
        """Return the longest way from the start up to a node, the node itself left out."""
        best: dict[str, Path] = {}
        for at in self.order:
            if at in self.begins:
                best.setdefault(at, (self.extra.get(at, _NOTHING), ()))
            if at not in best or at == name or not self.options[at]:
                continue
            hours, path = max(self.options[at], key=lambda one: one[0])
            for target in self.outs[at]:
                more = hours + self._entering(at, target)
                here = (best[at][0] + more, (*best[at][1], *path))
                if target not in best or best[target][0] < here[0]:
                    best[target] = here
        return best.get(name)

    def _add_loops(self) -> None:
        """Charge each part of loops where it is entered; a bounded way that leads onward is plain."""
        self.parts = parts_of(self.outs, self.back)
        loops = []
        for one in self.back:
            if one.source in self.parts and not self._crosses(one.source, one.targets[0]):
                loops.append(one)
            else:
                self.outs[one.source] += one.targets
        self.order = self._sorted()
        ends = {name for name, node in self.nodes.items() if node.kind in _ENDS | {"error_end"}}
        self.extra, self.turning = entering(
            order=self.order, outs=self.outs, begins=self.begins, ends=ends, backs=loops, parts=self.parts,
            own={name: self._longest(name) for name in self.nodes if self.options[name]},
        ) if loops else ({}, {})  # fmt: skip

    def _crosses(self, name: str, target: str) -> bool:
        """Say whether a flow enters loops, or leads to what lies on none."""
        return name not in self.parts or self.parts[name] != self.parts.get(target)

    def _entering(self, name: str, target: str) -> Decimal:
        """Return what the loops add to a way that goes on from one node to another."""
        if not self.extra or not self._crosses(name, target):
            return _NOTHING
        return self.extra.get(target, _NOTHING)

    def _longest(self, name: str) -> Decimal:
        return max((hours for hours, _ in self.options[name]), default=_NOTHING)

    def _flows(self) -> dict[str, list[Flow]]:
        return {
            source: [Flow("", source, target) for target in targets]
            for source, targets in self.outs.items()
        }

    def _sorted(self) -> list[str]:
        """Return the nodes so that every way leads onward."""
        waiting = dict.fromkeys(self.nodes, 0)
        for targets in self.outs.values():
            for target in targets:
                waiting[target] += 1
        ready = [name for name, count in waiting.items() if count == 0]
        for name in ready:
            for target in self.outs[name]:
                waiting[target] -= 1
                if waiting[target] == 0:
                    ready.append(target)
        return ready


def _first_longest(path: Path) -> tuple[Decimal, tuple[str, ...]]:
    return -path[0], path[1]


def _shortened(found: list[Path], most: Decimal | None) -> list[Path]:
    """Return ways through a step none of which lasts longer than `most` hours."""
    if most is None:
        return found
    return [(min(hours, most), path) for hours, path in found]
