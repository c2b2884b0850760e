"""Random sound nets with every construct: sub-processes, waits, errors, calls, opinions."""

import random
from dataclasses import dataclass, field, replace

from nep.bpmn import Called, Instances, Node, Process, Trigger
from tests.bpmn.nets import Maker, RandomNet

TIMER = Trigger("timer", "duration", "P5D", "working_day")
CYCLE = Trigger("timer", "cycle", "R3/P1D")
CALLED = Called("TT-01", "0" * 64)
LETTERS = {
    "subprocess": "S", "event_gateway": "g", "catch": "c", "receive": "r", "boundary": "b",
    "call": "k", "send": "m", "throw": "w", "error_end": "x", "terminate": "T",
}  # fmt: skip


@dataclass
class WideNet(RandomNet):
    """A random net with every construct.

    `failing` are the steps and calls whose errors somebody catches; `asked` the steps asked of
    several; `constructs` what is in it.
    """

    failing: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    constructs: frozenset[str] = field(default_factory=frozenset)


class WideMaker(Maker):
    """Adds blocks of every construct to those of the plain nets."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.scope = ""
        self.catching = 0
        self.failing: set[str] = set()
        self.asked: set[str] = set()
        self.made: set[str] = set()

    def add(self, kind: str, **parts: object) -> str:
        name = super().add(kind)
        node = self.nodes.pop()
        if kind in LETTERS:
            name = f"{LETTERS[kind]}{len(self.nodes)}"
        self.nodes.append(replace(node, id=name, name=name, parent=self.scope, **parts))
        if self.catching and kind in ("task", "call"):
            self.failing.add(name)
        return name

    def message(self) -> Trigger:
        return Trigger("message", name=f"Tin {len(self.nodes)}")

    def sequence(self, entry: str, depth: int, in_loop: bool, least: int = 1) -> str:
        """Append blocks after `entry`; half of them are of the further constructs."""
        for _ in range(self.rng.randint(least, 3)):
            if depth == 0 or self.rng.random() < 0.3:
                entry = super().sequence(entry, min(depth, 1), in_loop, least=min(depth, 1))
                continue
            block = self.rng.choice(
                (self.inner, self.inner, self.race, self.bordered, self.bordered, self.opinions,
                 self.called, self.passing)
            )  # fmt: skip
            self.made.add(block.__name__)
            entry = block(entry, depth, in_loop)
        return entry

    def step(self, entry: str, kind: str = "task", **parts: object) -> str:
        name = self.add(kind, **parts)
        self.join(entry, name)
        return name

    def inner(self, entry: str, depth: int, in_loop: bool) -> str:
        """Add a sub-process, perhaps with an error end inside and events on its border."""
        caught = self.rng.random() < 0.5
        around, name = self.scope, self.step(entry, "subprocess")
        self.scope = name
        self.catching += caught
        inside = self.step(self.add("start"))
        inside = self.sequence(inside, depth - 1, in_loop)
        if self.rng.random() < 0.5:
            inside = self.given_up(inside, "error_end" if caught else "terminate")
        self.step(inside, "end")
        self.scope = around
        self.catching -= caught
        close = self.add("exclusive")
        self.join(name, close)
        if caught:
            self.border(name, Trigger("error"), close, in_loop)
        self.borders(name, close, in_loop)
        return self.step(close)

    def given_up(self, entry: str, kind: str) -> str:
        """Add a choice one way of which ends the sub-process at once."""
        before, gate = self.step(entry), self.add("exclusive")
        self.join(before, gate)
        trigger = Trigger("error", name="Sai") if kind == "error_end" else None
        self.asks[before] = (gate, "exclusive", 2)
        end = self.add(kind, trigger=trigger)
        self.join(gate, end, f"{gate} == 'w0'")
        after = self.add("task")
        self.join(gate, after, default=True)
        return after

    def border(
        self, host: str, trigger: Trigger, close: str, in_loop: bool, cancels: bool = True
    ) -> None:
        """Add an event on a border: one that ends its step leads on, another has an end of its own."""
        event = self.add("boundary", trigger=trigger, attached_to=host, cancels=cancels)
        if cancels:
            self.join(self.step(event), close)
            return
        again = in_loop or trigger.kind == "message" or trigger.form == "cycle"
        last = self.step(event, "send", trigger=self.message()) if again else self.step(event)
        self.step(last, "end")

    def borders(self, host: str, close: str, in_loop: bool) -> None:
        for trigger, cancels in ((TIMER, True), (self.message(), True), (TIMER, False),
                                 (CYCLE, False), (self.message(), False)):  # fmt: skip
            if self.rng.random() < 0.25:
                self.border(host, trigger, close, in_loop, cancels)

    def race(self, entry: str, depth: int, in_loop: bool) -> str:
        """Add an event gateway."""
        gate, close = self.step(entry, "event_gateway"), self.add("exclusive")
        for number in range(self.rng.randint(2, 3)):
            kind, trigger = ("receive", self.message()) if number else ("catch", TIMER)
            event = self.step(gate, kind, trigger=trigger)
            self.join(self.sequence(self.step(event), depth - 1, in_loop, least=0), close)
        return self.step(close)

    def bordered(self, entry: str, depth: int, in_loop: bool) -> str:
        """Add a step with events on its border."""
        kind = self.rng.choice(("task", "task", "receive"))
        trigger = self.message() if kind == "receive" else None
        host, close = self.step(entry, kind, trigger=trigger), self.add("exclusive")
        self.join(host, close)
        if kind == "task" and self.rng.random() < 0.4:
            self.failing.add(host)
            self.border(host, Trigger("error"), close, in_loop)
        self.borders(host, close, in_loop)
        return self.step(close)

    def opinions(self, entry: str, depth: int, in_loop: bool) -> str:
        """Add a step asked of several, perhaps with a time to answer in."""
        until = self.rng.choice(("", "", "done >= 2"))
        sequential = self.rng.random() < 0.4
        asked = Instances(count=self.rng.randint(0, 3), sequential=sequential, until=until)
        if self.rng.random() < 0.5:
            asked = Instances(over="don_vi", sequential=sequential, until=until)
        host, close = self.step(entry, instances=asked), self.add("exclusive")
        self.asked.add(host)
        self.join(host, close)
        self.borders(host, close, in_loop)
        return self.step(close)

    def called(self, entry: str, depth: int, in_loop: bool) -> str:
        host, close = self.step(entry, "call", called=CALLED), self.add("exclusive")
        self.join(host, close)
        if self.rng.random() < 0.6:
            self.failing.add(host)
            self.border(host, Trigger("error"), close, in_loop)
        self.borders(host, close, in_loop)
        return self.step(close)

    def passing(self, entry: str, depth: int, in_loop: bool) -> str:
        """Add waits, messages sent, and a fork without a gateway."""
        kind = self.rng.choice(("catch", "send", "throw", "fork"))
        if kind != "fork":
            trigger = None if kind == "throw" else self.message()
            return self.step(self.step(entry, kind, trigger=trigger))
        fork, close = self.step(entry), self.add("parallel")
        for _ in range(2):
            self.join(self.step(fork), close)
        self.parallel_in_loop |= in_loop
        return self.step(close)


class JudgedMaker(WideMaker):
    """Adds only the blocks that SpiffWorkflow is known to play rightly.

    Sub-processes with an error or terminate end inside, opinions by number. It takes no flows fanned
    out of a step, and needs values and correlation of its own for timers and messages.
    """

    def sequence(self, entry: str, depth: int, in_loop: bool, least: int = 1) -> str:
        for _ in range(self.rng.randint(least, 3)):
            if depth == 0 or self.rng.random() < 0.5:
                entry = Maker.sequence(self, entry, min(depth, 1), in_loop, min(depth, 1))
                continue
            block = self.rng.choice((self.inner, self.inner, self.opinions))
            self.made.add(block.__name__)
            entry = block(entry, depth, in_loop)
        return entry

    def opinions(self, entry: str, depth: int, in_loop: bool) -> str:
        asked = Instances(count=self.rng.randint(1, 3), sequential=self.rng.random() < 0.5)
        return self.step(self.step(entry, instances=asked))

    def borders(self, host: str, close: str, in_loop: bool) -> None:
        """Add nothing: timers and messages are not judged."""


def wide_net(seed: int) -> WideNet:
    """Make a sound net with every construct from a seed."""
    return _net(WideMaker(seed), f"wide{seed}")


def judged_net(seed: int) -> WideNet:
    """Make a sound net of the constructs that SpiffWorkflow can judge."""
    return _net(JudgedMaker(seed), f"judged{seed}")


def _net(maker: WideMaker, name: str) -> WideNet:
    last = maker.sequence(maker.add("start"), 2, False, least=2)
    maker.join(last, maker.add("end"))
    nodes: tuple[Node, ...] = tuple(
        replace(node, default=maker.defaults.get(node.id)) for node in maker.nodes
    )
    return WideNet(
        maker.seed,
        Process(name, "", nodes, tuple(maker.flows)),
        maker.asks,
        sum(node.kind == "task" for node in nodes),
        maker.inclusive,
        maker.loop,
        maker.inclusive_in_loop,
        maker.parallel_in_loop,
        maker.block_inside_inclusive,
        failing=frozenset(maker.failing),
        asked=frozenset(maker.asked),
        constructs=frozenset(maker.made),
    )


def swapped_net(seed: int) -> WideNet:
    """Return a wide net in which two flows of one scope have changed their targets, sound or not."""
    net, rng = wide_net(seed), random.Random(seed)
    nodes = {node.id: node for node in net.process.nodes}
    flows = [flow for flow in net.process.flows if nodes[flow.source].kind != "event_gateway"]
    one = rng.choice(flows)
    scope = nodes[one.source].parent
    other = rng.choice([flow for flow in flows if nodes[flow.source].parent == scope])
    targets = {one.id: other.target, other.id: one.target}
    net.process = replace(
        net.process,
        flows=tuple(
            replace(flow, target=targets.get(flow.id, flow.target)) for flow in net.process.flows
        ),
    )
    return net
