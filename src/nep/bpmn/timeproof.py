"""The proof of time: the worst path of a procedure against its statutory limit."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from nep.bpmn.model import ENDS, Flow, Limit, Node, Process, Reason, title
from nep.bpmn.structure import FATAL, check_structure, cycles_within

_UNTOLD = frozenset({"receive", "catch", "boundary", "event_gateway", "subprocess", "call"})
MAX_PATHS = 50
"""So many of the longest paths are given out."""


@dataclass(frozen=True, slots=True)
class PathTime:
    """One path from start to end, its hours, and what is left of the limit."""

    nodes: tuple[str, ...]
    hours: Decimal
    slack: Decimal | None


@dataclass(frozen=True, slots=True)
class TimeProof:
    """The verdict; `fits` is None where it cannot be said.

    Hours are working hours, or clock hours where every limit is in calendar days. Paths come
    longest first.
    """

    fits: bool | None
    worst: Decimal
    limit_hours: Decimal | None
    worst_path: tuple[str, ...]
    paths: tuple[PathTime, ...]
    reasons: tuple[Reason, ...]


def prove_time(
    process: Process, *, limit: Limit | None, hours_per_day: int | Decimal = 8
) -> TimeProof:
    """Compare the worst path with the limit.

    An exclusive gateway counts its worst branch, a parallel or inclusive block its longest; a
    return for supplement stops the clock and is left out; a loop counts as often as its bound.
    Nothing is said of a process with waits, sub-processes, calls or opinions (`time_not_told`).
    Reason codes: `step_without_limit`, `mixed_units`, `loop_without_bound`, `over_limit`, and
    those of the structure.
    """
    broken = tuple(r for r in check_structure(process) if r.code in FATAL)
    if broken:
        return TimeProof(None, Decimal(0), None, (), (), broken)
    untold = _untold(process)
    if untold:
        return TimeProof(None, Decimal(0), None, (), (), untold)
    reasons = [*_missing(process), *_mixed(process, limit)]
    graph = _Graph(process, hours_per_day)
    loose = graph.loose_cycle()
    if loose:
        reasons.append(_unbounded(process, loose))
        return TimeProof(None, Decimal(0), None, loose, (), tuple(reasons))
    longest = graph.longest_paths()
    allowed = None if limit is None else limit.hours(hours_per_day)
    mixed = any(reason.code == "mixed_units" for reason in reasons)
    paths = tuple(
        PathTime(nodes, hours, None if allowed is None or mixed else allowed - hours)
        for hours, nodes in longest
    )
    worst, worst_path = longest[0] if longest else (Decimal(0), ())
    if mixed or allowed is None or not longest:
        fits = None
    elif worst > allowed:
        fits = False
        reasons.append(_over(worst, allowed, worst_path, limit, hours_per_day))
    else:
        fits = None if reasons else True
    return TimeProof(fits, worst, allowed, worst_path, paths, tuple(reasons))


def _untold(process: Process) -> tuple[Reason, ...]:
    """Return the parts whose time is not reckoned: what is not proven is not said."""
    return tuple(
        Reason(
            "time_not_told",
            f"Chưa tính được thời gian qua {title(node)} (chờ, quy trình con hoặc hỏi nhiều nơi).",
            node.id,
        )
        for node in process.nodes
        if node.kind in _UNTOLD or node.instances is not None
    )


def _missing(process: Process) -> list[Reason]:
    return [
        Reason(
            "step_without_limit",
            f"Bước {title(node)} chưa có thời hạn nên chưa cộng đủ thời gian.",
            node.id,
        )
        for node in process.nodes
        if node.kind == "task" and node.limit is None and not node.untimed
    ]


def _mixed(process: Process, limit: Limit | None) -> list[Reason]:
    timed = [n for n in process.nodes if n.kind == "task" and n.limit is not None and not n.untimed]
    calendar = [n for n in timed if n.limit is not None and n.limit.unit == "calendar_day"]
    total = limit is not None and limit.unit == "calendar_day"
    if not calendar and not total:
        return []
    if len(calendar) == len(timed) and (limit is None or total):
        return []
    other = calendar[0] if calendar else next(iter(timed), None)
    if other is None:
        return []
    where = f"bước {title(other)} ghi “ngày”" if calendar else "thời hạn của thủ tục ghi “ngày”"
    return [
        Reason(
            "mixed_units",
            f"Không cộng được “ngày” với “ngày làm việc” hoặc “giờ làm việc”: {where}. "
            "Hãy xác định đó là ngày làm việc hay ngày theo lịch.",
            other.id if calendar else None,
        )
    ]


def _unbounded(process: Process, cycle: tuple[str, ...]) -> Reason:
    names = {node.id: title(node) for node in process.nodes}
    return Reason(
        "loop_without_bound",
        f"Vòng lặp qua {names[cycle[0]]} chưa ghi số vòng tối đa và không phải vòng trả lại để bổ "
        "sung, nên không tính được thời gian dài nhất.",
        cycle[0],
        path=cycle,
    )


def _over(
    worst: Decimal,
    allowed: Decimal,
    path: tuple[str, ...],
    limit: Limit | None,
    hours_per_day: int | Decimal,
) -> Reason:
    days = limit is not None and limit.unit != "working_hour"
    size = Decimal(hours_per_day) if limit is None or limit.unit != "calendar_day" else Decimal(24)
    unit = "ngày làm việc" if limit is not None and limit.unit == "working_day" else "ngày"
    words = [
        f"{_number(value / size)} {unit}" if days else f"{_number(value)} giờ làm việc"
        for value in (worst, allowed, worst - allowed)
    ]
    return Reason(
        "over_limit",
        f"Đường đi dài nhất hết {words[0]}, thời hạn luật định là {words[1]}: vượt {words[2]}.",
        path=path,
    )


def _number(value: Decimal) -> str:
    text = format(value.quantize(Decimal("0.01")), "f").rstrip("0").rstrip(".")
    return text.replace(".", ",")


class _Graph:
    """The process without returns for supplement; bounded flows back are kept apart."""

    def __init__(self, process: Process, hours_per_day: int | Decimal) -> None:
        self.process = process
        self.nodes = {node.id: node for node in process.nodes}
        self.weights = {node.id: _hours(node, hours_per_day) for node in process.nodes}
        self.outs: dict[str, list[Flow]] = defaultdict(list)
        self.back: list[Flow] = []
        for flow in process.flows:
            if flow.supplement:
                continue
            if flow.bound is not None:
                self.back.append(flow)
            else:
                self.outs[flow.source].append(flow)

    def loose_cycle(self) -> tuple[str, ...]:
        """Return a cycle without a bound, or nothing."""
        found = cycles_within(set(self.nodes), self.outs)
        return found[0] if found else ()

    def longest_paths(self) -> list[tuple[Decimal, tuple[str, ...]]]:
        """Return the longest paths from the start to an end, longest first."""
        self._add_loops()
        starts = [node.id for node in self.process.nodes if node.kind == "start"]
        order = self._order()
        best: dict[str, list[tuple[Decimal, tuple[str, ...]]]] = {}
        for name in reversed(order):
            if self.nodes[name].kind in ENDS:
                best[name] = [(self.weights[name], (name,))]
                continue
            onward = [
                (hours + self.weights[name], (name, *path))
                for target in dict.fromkeys(flow.target for flow in self.outs[name])
                for hours, path in best.get(target, ())
            ]
            best[name] = sorted(onward, key=lambda item: (-item[0], item[1]))[:MAX_PATHS]
        return best.get(starts[0], [])

    def _add_loops(self) -> None:
        """Charge each bounded loop where it turns back, inner loops before outer ones."""
        bodies = [(self._between(flow.target, flow.source), flow) for flow in self.back]
        for body, flow in sorted(bodies, key=lambda item: len(item[0])):
            if body:
                round_trip = self._longest_inside(body, flow.target, flow.source)
                self.weights[flow.source] += (flow.bound or 0) * round_trip
            else:
                self.outs[flow.source].append(flow)

    def _between(self, first: str, last: str) -> set[str]:
        """Return the nodes on ways from `first` to `last`; empty when there is none."""
        ins: dict[str, list[str]] = defaultdict(list)
        for flows in self.outs.values():
            for flow in flows:
                ins[flow.target].append(flow.source)
        after = _closure([first], lambda name: (flow.target for flow in self.outs[name]))
        before = _closure([last], lambda name: ins[name])
        return after & before

    def _longest_inside(self, body: set[str], first: str, last: str) -> Decimal:
        best: dict[str, Decimal] = {last: self.weights[last]}
        for name in reversed([name for name in self._order() if name in body]):
            onward = [best[flow.target] for flow in self.outs[name] if flow.target in best]
            if name != last and onward:
                best[name] = self.weights[name] + max(onward)
        return best.get(first, Decimal(0))

    def _order(self) -> list[str]:
        """Return the nodes so that every flow leads onward."""
        waiting = dict.fromkeys(self.nodes, 0)
        for flows in self.outs.values():
            for flow in flows:
                waiting[flow.target] += 1
        ready = [name for name, count in waiting.items() if count == 0]
        for name in ready:
            for flow in self.outs[name]:
                waiting[flow.target] -= 1
                if waiting[flow.target] == 0:
                    ready.append(flow.target)
        return ready


def _hours(node: Node, hours_per_day: int | Decimal) -> Decimal:
    if node.kind != "task" or node.limit is None or node.untimed:
        return Decimal(0)
    return node.limit.hours(hours_per_day)


def _closure(names: Iterable[str], onward) -> set[str]:  # type: ignore[no-untyped-def]
    seen: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo.extend(onward(name))
    return seen
