"""How long each place of a process may take at most: steps, waits, opinions, calls."""

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal

from nep.bpmn.model import Called, Limit, Node, Process, Reason, title
from nep.bpmn.timers import longest_wait

Span = tuple[Limit, ...]
"""Limits to be added; empty where no time is counted."""

CalledTime = Callable[[Called], Limit | None]
"""How long the procedure that a call names may take, None where nobody knows."""

NOTHING: Span = ()
_WAITS = frozenset({"receive", "catch"})
_TIMED = _WAITS | {"task", "call"}


class Spans:
    """The spans of all nodes of a process, and why some are not known."""

    def __init__(self, process: Process, *, called: CalledTime | None = None) -> None:
        self.nodes = {node.id: node for node in process.nodes}
        self.reasons: list[Reason] = []
        self.rivals = _rivals(process)
        self.cancelling: dict[str, list[Node]] = defaultdict(list)
        for node in process.nodes:
            if node.kind == "boundary" and node.cancels:
                self.cancelling[node.attached_to].append(node)
        self.called = called or (lambda _called: None)
        self.spans = {node.id: self._span(node) for node in process.nodes}

    def _span(self, node: Node) -> Span:
        if node.untimed or node.kind not in _TIMED:
            return NOTHING
        if node.limit is not None:
            return self._repeated(node, node.limit)
        if node.kind == "task":
            return self._unknown(
                node, "step_without_limit", "Bước {} chưa có thời hạn nên chưa cộng đủ thời gian."
            )
        if node.kind == "call":
            known = self.called(node.called) if node.called else None
            return (known,) if known else self._unknown(
                node, "call_without_limit",
                "Chưa biết quy trình con ở {} hết bao lâu; hãy ghi thời hạn cho bước này.",
            )  # fmt: skip
        return self._wait(node)

    def _wait(self, node: Node) -> Span:
        """Return how long a wait may last: its timer, or the timer that goes off before it comes."""
        waits = [
            span
            for one in (node, *self.rivals.get(node.id, ()))
            if one.trigger is not None and one.trigger.kind == "timer"
            and (span := longest_wait(one.trigger)) is not None
        ]  # fmt: skip
        if waits:
            return min(waits, key=roughly)
        return self._unknown(
            node, "wait_without_limit",
            "Chưa biết {} chờ bao lâu; hãy ghi thời hạn hoặc chọn “không tính thời gian”.",
        )  # fmt: skip

    def _repeated(self, node: Node, limit: Limit) -> Span:
        """Return the time of a step asked of several: the slowest, or one after the other."""
        if node.instances is None or not node.instances.sequential:
            return (limit,)
        if node.instances.count is None:
            return self._unknown(
                node, "opinions_without_count",
                "Bước {} hỏi lần lượt từng nơi mà chưa ghi số nơi nhiều nhất.",
            )  # fmt: skip
        return (Limit(limit.amount * node.instances.count, limit.unit),)

    def _unknown(self, node: Node, code: str, words: str) -> Span:
        self.reasons.append(Reason(code, words.format(title(node)), node.id))
        return NOTHING

    def until(self, boundary: Node) -> Span | None:
        """Return when a boundary event of a step happens at the latest, None: while it lasts.

        A timer that ends its step goes off after its own time; whatever else may happen as long as
        the step is open.
        """
        trigger = boundary.trigger
        if trigger is None or trigger.kind != "timer" or trigger.form == "cycle":
            return None
        return longest_wait(trigger)


def roughly(span: Span) -> Decimal:
    """Return a span in working hours, for comparing waits of several units."""
    return sum((limit.hours() for limit in span), Decimal(0))


def hours_of(span: Span, hours_per_day: int | Decimal) -> Decimal:
    """Return a span in hours: working hours, or clock hours of calendar days."""
    return sum((limit.hours(hours_per_day) for limit in span), Decimal(0))


def _rivals(process: Process) -> dict[str, tuple[Node, ...]]:
    """Return for each event behind an event gateway the others: the first that comes is taken."""
    nodes = {node.id: node for node in process.nodes}
    behind: dict[str, list[Node]] = defaultdict(list)
    for flow in process.flows:
        source, target = nodes.get(flow.source), nodes.get(flow.target)
        if source is not None and target is not None and source.kind == "event_gateway":
            behind[source.id].append(target)
    return {
        one.id: tuple(other for other in together if other.id != one.id)
        for together in behind.values()
        for one in together
    }
