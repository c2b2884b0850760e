"""The proof that every case can end: an explicit search over all markings.

A marking is a set of places kept as one integer (`transitions`); a step passes its token on at
once, so that a procedure of 60 steps has few markings. Data is left open: every condition may turn
out either way, every event may come or not.
"""

from dataclasses import dataclass, replace

from nep.bpmn.folding import Folded, fold
from nep.bpmn.model import Node, Process, Reason, title
from nep.bpmn.structure import FATAL, check_structure
from nep.bpmn.tables import Compiled, ModelError, Step, compile_process
from nep.bpmn.transitions import Move, Net, TooManyWays, too_many_ways


@dataclass(frozen=True, slots=True)
class Soundness:
    """The verdict; `path` holds the node ids from the start to the failure."""

    sound: bool
    states: int
    reasons: tuple[Reason, ...] = ()
    path: tuple[str, ...] = ()


def prove_soundness(process: Process, *, cap: int = 100_000) -> Soundness:
    """Decide whether every run can end, ends properly, and every step can happen.

    What hangs inside a sub-process is not excused by an event that ends it from outside. Reason
    codes: those of `check_structure` that stop the search, `deadlock`, `inclusive_cycle`,
    `unsafe`, `token_left`, `repeated_event`, `no_end`, `dead_step`, `too_many_states`.
    """
    broken = tuple(reason for reason in check_structure(process) if reason.code in FATAL)
    if broken:
        return Soundness(False, 0, broken)
    try:
        compiled = compile_process(without_conditions(process))
    except ModelError as error:  # pragma: no cover - check_structure says it first
        return Soundness(False, 0, (Reason(error.code, error.message),))
    folded = _proven_folded(fold(compiled), cap)
    if folded.sound:
        return folded
    found = searched(compiled, process, cap)
    if folded.path and any(reason.code == "too_many_states" for reason in found.reasons):
        return folded
    return found


def searched(compiled: Compiled, process: Process, cap: int) -> Soundness:
    """Return the verdict of the search over all markings, nothing folded."""
    try:
        search = _Search(compiled, {node.id: node for node in process.nodes}, cap)
    except _Failed as failure:
        return Soundness(False, 0, (failure.reason,))
    return search.run()


def _proven_folded(folded: Folded, cap: int) -> Soundness:
    """Prove what is left of a process when its blocks are folded.

    A failure has its path told through the whole process; no path where nothing is certain: too
    many markings, or a flow that never carries a token.
    """
    if folded.is_whole:
        return Soundness(True, 1)
    left = folded.process
    try:
        search = _Search(compile_process(left), {node.id: node for node in left.nodes}, cap)
    except _Failed:
        return Soundness(False, 0)
    found = search.run()
    if found.sound:
        return found if search.all_carried() else Soundness(False, found.states)
    if not found.path or found.reasons[0].code == "too_many_states":
        return Soundness(False, found.states)
    path = folded.told(found.path)
    reasons = tuple(replace(one, element=path[-1], path=path) for one in found.reasons)
    return Soundness(False, found.states, reasons, path)


def search_markings(
    process: Process, *, cap: int = 100_000
) -> tuple[dict[str, Step], dict[int, tuple[str, str]], tuple[int, ...]] | None:
    """Return the steps, the (flow, target) of each bit and all markings; None of an unsound process.

    The bit of an event that has come beside its step names the event twice.
    """
    if any(reason.code in FATAL for reason in check_structure(process)):
        return None
    compiled = compile_process(without_conditions(process))
    try:
        search = _Search(compiled, {node.id: node for node in process.nodes}, cap)
    except _Failed:
        return None
    if not search.run().sound:
        return None
    named = {search.bits[flow.id]: (flow.id, flow.target) for flow in process.flows}
    named |= {bit: (event, event) for event, bit in search.net.spent.items()}
    return search.steps, named, search.settled()


def without_conditions(process: Process) -> Process:
    """Give every condition an easy form: the proof asks whether there is one, not what it says."""
    return Process(
        process.id, process.name, process.nodes,
        tuple(
            type(flow)(flow.id, flow.source, flow.target, condition="true" if flow.condition.strip() else "")
            for flow in process.flows
        ),
    )  # fmt: skip


class _Failed(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


class _Search:
    def __init__(self, compiled: Compiled, nodes: dict[str, Node], cap: int) -> None:
        self.nodes = nodes
        self.cap = cap
        self.steps = compiled.steps
        self.start = compiled.start
        self.cyclic = _steps_on_cycles(compiled)
        try:
            self.net = Net(compiled)
        except TooManyWays as error:
            raise _Failed(too_many_ways(error.node, self._name(error.node))) from error
        self.bits, self.targets = self.net.bits, self.net.targets
        self.parents: dict[int, tuple[int, str]] = {}

    def run(self) -> Soundness:
        """Search breadth first, so that the path to a failure is a shortest one."""
        try:
            back = self._explore()
        except _Failed as failure:
            reason = failure.reason
            return Soundness(False, len(self.parents), (reason,), reason.path)
        reasons = [*self._endless(back), *self._dead_steps()]
        path = reasons[0].path if reasons else ()
        return Soundness(not reasons, len(self.parents), tuple(reasons), path)

    def all_carried(self) -> bool:
        """Tell whether every flow carries a token in some marking."""
        carried = 0
        for marking in self.parents:
            carried |= marking
        return carried & self.net.flows == self.net.flows

    def settled(self) -> tuple[int, ...]:
        """Return the flows and the events that came of every marking, but where a sub-process ends."""
        kept, held = self.net.flows | sum(self.net.spent.values()), self.net.running
        done = [(bit, self.net.inside[name]) for name, bit in held.items()]
        return tuple(
            dict.fromkeys(
                marking & kept
                for marking in self.parents
                if not any(marking & bit and not marking & inside for bit, inside in done)
            )
        )

    def _explore(self) -> dict[int, list[int]]:
        """Visit every marking; return for each the markings before it."""
        parents, moves, joins = self.parents, self.net.moves, self.net.joins
        todo = list(self.net.first)
        back: dict[int, list[int]] = {first: [] for first in todo}
        parents.update((first, (0, self.start)) for first in todo)
        for marking in todo:
            rest, moved = marking, marking == 0
            while rest:
                bit = rest & -rest
                rest ^= bit
                fired = moves[bit] if bit not in joins else self._join(marking, bit)
                for node, consumed, looked_at, keeps, ways, rescues in fired:
                    if marking & looked_at != consumed:
                        continue
                    if not rescues:
                        moved = True
                    kept = marking & keeps
                    for produced in ways:
                        if kept & produced:
                            self._unsafe(marking, node, kept & produced)
                        after = kept | produced
                        if after in back:
                            back[after].append(marking)
                            continue
                        parents[after] = (marking, node)
                        back[after] = [marking]
                        todo.append(after)
            if not moved:
                self._deadlock(marking)
            if len(todo) > self.cap:
                self._too_many(marking)
        return back

    def _join(self, marking: int, bit: int) -> tuple[Move, ...]:
        step, entries, produced, reach = self.net.joins[bit]
        filled = marking & entries
        if filled & -filled != bit:
            return ()
        good = bad = 0
        for entry, mask in reach:
            if marking & entry:
                good |= mask
            else:
                bad |= mask
        if (marking & ~entries) & bad & ~good:
            return ()
        return (Move(step.id, filled, filled, ~filled, produced),)

    def _path(self, marking: int) -> tuple[str, ...]:
        """Return the nodes that fired from the start up to a marking."""
        found = []
        while marking in self.parents:
            marking, node = self.parents[marking]
            found.append(node)
            if node == self.start:
                break
        return tuple(reversed(found))

    def _name(self, node: str) -> str:
        return title(self.nodes[node])

    def _unsafe(self, marking: int, node: str, doubled: int) -> None:
        path = (*self._path(marking), node)
        target = self.targets[doubled & -doubled]
        if self.steps[node].repeats:
            raise _Failed(
                Reason("repeated_event",
                       f"Sự kiện {self._name(node)} có thể đến lần nữa khi việc của lần trước chưa "
                       f"xong, nên {self._name(target)} được giao hai lần.",
                       target, path=path)
            )  # fmt: skip
        again = [
            name for name in set(path)
            if path.count(name) > 1 and self.steps[name].kind in ("parallel", "inclusive")
            and len(self.steps[name].exits) > 1
        ]  # fmt: skip
        if again:
            raise _Failed(
                Reason("token_left",
                       f"Quay lại từ trong một nhánh song song: khi {self._name(again[0])} mở lần nữa, "
                       f"việc cũ ở nhánh kia vẫn còn, nên {self._name(target)} được giao hai lần.",
                       target, path=path)
            )  # fmt: skip
        raise _Failed(
            Reason("unsafe",
                   f"Hai nhánh chạy song song cùng đi vào {self._name(target)} mà không chờ nhau, "
                   "nên phần sau bị làm hai lần.",
                   target, path=path)
        )  # fmt: skip

    def _deadlock(self, marking: int) -> None:
        rest, waiting = marking & self.net.flows, []
        while rest:
            bit = rest & -rest
            rest ^= bit
            if self.targets[bit] not in waiting:
                waiting.append(self.targets[bit])
        node = waiting[0]
        path = (*self._path(marking), node)
        if any(name in self.cyclic and self.steps[name].upstream is not None for name in waiting):
            raise _Failed(
                Reason("inclusive_cycle",
                       f"Điểm hợp nhánh {self._name(node)} nằm trong vòng lặp qua chính nó và có "
                       "trường hợp chờ mãi.", node, path=path)
            )  # fmt: skip
        raise _Failed(
            Reason("deadlock",
                   f"Hồ sơ có thể kẹt ở {self._name(node)}: điểm này chờ đủ các nhánh, "
                   "nhưng có nhánh không bao giờ tới.", node, path=path)
        )  # fmt: skip

    def _too_many(self, marking: int) -> None:
        raise _Failed(
            Reason("too_many_states",
                   f"Quy trình có hơn {self.cap:,} trạng thái nên không chứng minh được. Hãy vẽ lại "
                   "thành các khối: mỗi điểm tách có một điểm hợp cùng loại.".replace(",", ".", 1),
                   None, path=self._path(marking))
        )  # fmt: skip

    def _endless(self, back: dict[int, list[int]]) -> list[Reason]:
        """Find a marking from which the end cannot be reached any more."""
        reached, todo = ({0}, [0]) if 0 in back else (set(), [])
        for marking in todo:
            for before in back[marking]:
                if before not in reached:
                    reached.add(before)
                    todo.append(before)
        for marking in self.parents:
            if marking not in reached:
                node = self.targets[marking & -marking]
                return [
                    Reason("no_end", f"Từ {self._name(node)} hồ sơ không còn đường nào tới kết thúc.",
                           node, path=(*self._path(marking), node))
                ]  # fmt: skip
        return []

    def _dead_steps(self) -> list[Reason]:
        carried = 0
        for marking in self.parents:
            carried |= marking
        dead = [
            step.id for step in self.steps.values()
            if step.kind not in ("start", "boundary") and not self._may_fire(step, carried)
        ]  # fmt: skip
        return [
            Reason("dead_step", f"Không trường hợp nào đi tới {self._name(name)}.", name)
            for name in dead
        ]

    def _may_fire(self, step: Step, carried: int) -> bool:
        return any(self.bits[entry] & carried for entry in step.entries)


def _steps_on_cycles(compiled: Compiled) -> set[str]:
    """Return the inclusive joins that can reach themselves."""
    found = set()
    for step in compiled.steps.values():
        if step.upstream is None:
            continue
        seen, todo = set(), [way.target for way in step.exits]
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                todo.extend(way.target for way in compiled.steps[name].exits)
        if step.id in seen:
            found.add(step.id)
    return found
