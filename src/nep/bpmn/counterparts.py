"""Which node and flow of one graph is which of another that says the same under other names."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from nep.bpmn.model import Flow, Node, Process


def counterparts(one: Process, other: Process, known: Mapping[str, str]) -> dict[str, str]:
    """Return the ids of the other graph by those of the one, as far as they can be told.

    `known` gives the pairs that are sure; what is named alike in both is a pair as well. From them
    every way onward is walked in both, and back: what is reached alike and is of one kind belongs
    together.
    """
    return _Walk(one, other, known).found


class _Walk:
    def __init__(self, one: Process, other: Process, known: Mapping[str, str]) -> None:
        self.left = {node.id: node for node in one.nodes}
        self.right = {node.id: node for node in other.nodes}
        same = {name: name for name in self.left if name in self.right and name not in known}
        self.found: dict[str, str] = {}
        self.taken: set[str] = set()
        for name, its in {**known, **_starts(one, other), **same}.items():
            if name in self.left and its in self.right:
                self._pair(name, its)
        queue = list(self.found)
        flows = (one.flows, other.flows)
        onward = tuple(_by(part, "source") for part in flows)
        backward = tuple(_by(part, "target") for part in flows)
        for name in queue:
            its = self.found[name]
            queue += self._follow(onward[0][name], onward[1][its], onward=True)
            queue += self._follow(backward[0][name], backward[1][its], onward=False)

    def _pair(self, name: str, its: str) -> bool:
        if name in self.found or its in self.taken:
            return False
        self.found[name] = its
        self.taken.add(its)
        return True

    def _follow(self, ours: list[Flow], theirs: list[Flow], *, onward: bool) -> list[str]:
        """Pair the flows of two nodes that are one, and what they lead to; return the new nodes."""
        reached = []
        for flow, its in self._alike(ours, theirs, onward):
            self._pair(flow.id, its.id)
            one, other = (flow.target, its.target) if onward else (flow.source, its.source)
            if _kind(self.left.get(one)) == _kind(self.right.get(other)) and self._pair(one, other):
                reached.append(one)
        return reached

    def _alike(self, ours: list[Flow], theirs: list[Flow], onward: bool) -> list[tuple[Flow, Flow]]:
        """Return the flows that belong together: of one id, to what is one, of one word, alone."""
        found: list[tuple[Flow, Flow]] = []
        left = [flow for flow in ours if flow.id not in self.found]
        right = [flow for flow in theirs if flow.id not in self.taken]

        def far(flow: Flow) -> str:
            return flow.target if onward else flow.source

        for alike in (
            lambda a, b: a.id == b.id,
            lambda a, b: self.found.get(far(a)) == far(b),
            lambda a, b: (
                bool(a.name or a.condition) and (a.name, a.condition) == (b.name, b.condition)
            ),
        ):
            for flow in list(left):
                its = [one for one in right if alike(flow, one)]
                if len(its) == 1:
                    found.append((flow, its[0]))
                    left.remove(flow)
                    right.remove(its[0])
        if len(left) == len(right) == 1:
            found.append((left[0], right[0]))
        return found


def _kind(node: Node | None) -> str:
    return "" if node is None else node.kind


def _starts(one: Process, other: Process) -> dict[str, str]:
    """Return the start of the whole as a pair."""
    first, second = (
        next((node.id for node in process.nodes if node.kind == "start" and not node.parent), None)
        for process in (one, other)
    )
    return {first: second} if first is not None and second is not None else {}


def _by(flows: Iterable[Flow], end: str) -> dict[str, list[Flow]]:
    found: dict[str, list[Flow]] = defaultdict(list)
    for flow in flows:
        found[getattr(flow, end)].append(flow)
    return found
