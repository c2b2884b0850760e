"""The longest ways through a process: loops within their bounds, waits, opinions, sub-processes."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cached_property

from nep.bpmn.model import Flow, Node, Process
from nep.bpmn.spans import Spans, hours_of
from nep.bpmn.structure import cycles_within

MAX_PATHS = 50
"""So many of the longest paths are given out."""

Path = tuple[Decimal, tuple[str, ...]]
_ENDS = frozenset({"end", "terminate"})
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
    leads onward is a way like any other; bounded flows back are charged where they turn back.
    """

    def __init__(
        self, process: Process, spans: Spans, hours_per_day: int | Decimal, scope: str = ""
    ) -> None:
        self.nodes = {node.id: node for node in process.nodes if node.parent == scope}
        self.hours = {name: hours_of(spans.spans[name], hours_per_day) for name in self.nodes}
        self.surplus = dict.fromkeys(self.nodes, Decimal(0))
        self.outs: dict[str, list[str]] = defaultdict(list)
        self.back: list[Flow] = []
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
        self.order = self._sorted()
        self._add_loops()

    @cached_property
    def finished(self) -> list[Path]:
        """Return the longest ways from the start to an end without an error, longest first."""
        return self._best(lambda node: node.kind in _ENDS)

    def _connect(self, process: Process) -> None:
        events: dict[str, list[str]] = defaultdict(list)
        for node in self.nodes.values():
            if node.kind == "boundary":
                events[node.attached_to].append(node.id)
        for flow in process.flows:
            if flow.supplement or flow.source not in self.nodes:
                continue
            if flow.bound is not None:
                self.back.append(flow)
                continue
            self.outs[flow.source] += [flow.target, *events[flow.target]]
        asked = [one for one in process.flows if one.supplement and one.source in self.nodes]
        returns = [one for one in asked if one.source in _closure([one.target], self._onward)]
        for flow in asked:
            if flow not in returns:
                self.outs[flow.source] += [flow.target, *events[flow.target]]
        self.begins = [name for name, node in self.nodes.items() if node.kind == "start"]
        for flow in returns:
            if flow.target not in _closure(self.begins, self._onward):
                self.begins.append(flow.target)

    def _onward(self, name: str) -> list[str]:
        return [*self.outs.get(name, ()), *(one.target for one in self.back if one.source == name)]

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
            self._longest(name) + self._after[name] for name in self.begins if name in self._after
        ]
        return max([*known, *(hours for hours, _ in self.raised(""))], default=Decimal(0))

    def through(self, name: str) -> Decimal | None:
        """Return the hours of the longest way through a node, None where no way leads through it."""
        if name in self.nodes:
            return self._through(name, self._longest(name))
        for host, inner in self.inner.items():
            found = inner.through(name)
            if found is not None:
                return self._through(host, found + self.surplus[host])
        return None

    def _through(self, name: str, hours: Decimal) -> Decimal | None:
        if name not in self._before or name not in self._after:
            return None
        return self._before[name] + hours + self._after[name]

    @cached_property
    def _before(self) -> dict[str, Decimal]:
        """Return the hours of the longest way from the start up to each node, its own left out."""
        best: dict[str, Decimal] = {}
        for at in self.order:
            if at in self.begins:
                best.setdefault(at, Decimal(0))
            if at not in best or not self.options[at]:
                continue
            here = best[at] + self._longest(at)
            for target in self.outs[at]:
                if target not in best or best[target] < here:
                    best[target] = here
        return best

    @cached_property
    def _after(self) -> dict[str, Decimal]:
        """Return the hours of the longest way from each node to an end, its own left out."""
        best: dict[str, Decimal] = {}
        for at in reversed(self.order):
            onward = [best[t] + self._longest(t) for t in self.outs[at] if t in best]
            if self.nodes[at].kind in _ENDS or self.nodes[at].kind == "error_end":
                best[at] = Decimal(0)
            elif onward:
                best[at] = max(onward)
        return best

    def _best(self, is_end: Callable[[Node], bool]) -> list[Path]:
        """Return the longest ways from the scope's start to the ends meant, longest first."""
        best: dict[str, list[Path]] = {}
        for name in reversed(self.order):
            own = self.options[name]
            if is_end(self.nodes[name]):
                onward: list[Path] = [(Decimal(0), ())]
            else:
                targets = dict.fromkeys(self.outs[name])
                onward = [path for target in targets for path in best.get(target, ())]
            extra = self.surplus[name]
            found = [
                (hours + more + extra, (*path, *rest))
                for hours, path in own
                for more, rest in onward
            ]
            best[name] = sorted(found, key=_first_longest)[:MAX_PATHS]
        found = [path for name in self.begins for path in best.get(name, ())]
        return sorted(found, key=_first_longest)[:MAX_PATHS]

    def _best_to(self, name: str) -> Path | None:
        """Return the longest way from the start up to a node, the node itself left out."""
        best: dict[str, Path] = {}
        for at in self.order:
            if at in self.begins:
                best.setdefault(at, (Decimal(0), ()))
            if at not in best or at == name or not self.options[at]:
                continue
            hours, path = max(self.options[at], key=lambda one: one[0])
            here = (best[at][0] + hours + self.surplus[at], (*best[at][1], *path))
            for target in self.outs[at]:
                if target not in best or best[target][0] < here[0]:
                    best[target] = here
        return best.get(name)

    def _add_loops(self) -> None:
        """Charge each bounded loop where it turns back, inner loops before outer ones."""
        bodies = [(self._between(flow.target, flow.source), flow) for flow in self.back]
        onward = False
        for body, flow in sorted(bodies, key=lambda item: len(item[0])):
            if body:
                round_trip = self._longest_inside(body, flow.target, flow.source)
                self.surplus[flow.source] += (flow.bound or 0) * round_trip
            else:
                self.outs[flow.source].append(flow.target)
                onward = True
        if onward:
            self.order = self._sorted()

    def _between(self, first: str, last: str) -> set[str]:
        """Return the nodes on ways from `first` to `last`; empty when there is none."""
        ins: dict[str, list[str]] = defaultdict(list)
        for source, targets in self.outs.items():
            for target in targets:
                ins[target].append(source)
        return _closure([first], self.outs.__getitem__) & _closure([last], ins.__getitem__)

    def _longest_inside(self, body: set[str], first: str, last: str) -> Decimal:
        best: dict[str, Decimal] = {last: self._longest(last)}
        for name in reversed([name for name in self.order if name in body]):
            onward = [best[target] for target in self.outs[name] if target in best]
            if name != last and onward:
                best[name] = self._longest(name) + max(onward)
        return best.get(first, Decimal(0))

    def _longest(self, name: str) -> Decimal:
        return (
            max((hours for hours, _ in self.options[name]), default=Decimal(0)) + self.surplus[name]
        )

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


def _closure(names: Iterable[str], onward: Callable[[str], Iterable[str]]) -> set[str]:
    seen: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo.extend(onward(name))
    return seen
