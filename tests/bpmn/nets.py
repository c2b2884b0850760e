"""Small nets written as a line of text, and random block-structured nets."""

import random
from dataclasses import dataclass, field

from nep.bpmn import Flow, Node, Process

_KINDS = {"X": "exclusive", "P": "parallel", "O": "inclusive"}


def net(text: str, name: str = "net") -> Process:
    """Read "s>a a>X X>b[g == 'b'] X>*c": capitals X, P, O begin gateways, s and e events, T terminate.

    A star marks the default flow, square brackets hold a condition.
    """
    nodes: dict[str, Node] = {}
    flows, defaults = [], {}
    for number, piece in enumerate(_pieces(text), 1):
        ends, _, condition = piece.partition("[")
        source, _, target = ends.partition(">")
        flow = f"f{number}"
        if target.startswith("*"):
            target = target[1:]
            defaults[source] = flow
        for node in (source, target):
            nodes.setdefault(node, Node(node, kind_of(node), name=node))
        flows.append(Flow(flow, source, target, condition=condition.rstrip("]")))
    made = [
        Node(node.id, node.kind, name=node.name, default=defaults.get(node.id))
        for node in nodes.values()
    ]
    return Process(name, name, tuple(made), tuple(flows))


def kind_of(name: str) -> str:
    if name[0] in _KINDS:
        return _KINDS[name[0]]
    if name.startswith("T"):
        return "terminate"
    return {"s": "start", "e": "end"}.get(name.rstrip("0123456789"), "task")


def _pieces(text: str) -> list[str]:
    pieces, depth, word = [], 0, ""
    for letter in text + " ":
        depth += (letter == "[") - (letter == "]")
        if letter.isspace() and not depth:
            if word:
                pieces.append(word)
            word = ""
        else:
            word += letter
    return pieces


@dataclass
class RandomNet:
    """A net and the choices it asks for: task before a gateway → its fields.

    `asks[task]` is (gateway, kind, number of ways); what is chosen at the n-th finish of the task
    is fixed by `choice`, so that every engine sees the same data.
    """

    seed: int
    process: Process
    asks: dict[str, tuple[str, str, int]]
    tasks: int
    has_inclusive: bool
    has_loop: bool
    inclusive_in_loop: bool
    parallel_in_loop: bool
    block_inside_inclusive: bool
    data: dict[str, str] = field(default_factory=dict)

    def choice(self, task: str, times: int) -> dict[str, str]:
        """Return the fields a person fills in when finishing a task for the n-th time."""
        if task not in self.asks:
            return {}
        gateway, kind, ways = self.asks[task]
        rng = random.Random(f"{self.seed}/{gateway}/{times}")
        if kind == "loop":
            return {gateway: "again" if times <= rng.choice((0, 1, 1, 2)) else "out"}
        if kind == "exclusive":
            return {gateway: f"w{rng.randrange(ways)}"}
        taken = [rng.random() < 0.5 for _ in range(ways)]
        taken[rng.randrange(ways)] = True
        return {f"{gateway}w{way}": "y" if yes else "n" for way, yes in enumerate(taken)}


class Maker:
    """Makes block-structured nets: sequences, splits and loops."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.seed = seed
        self.nodes: list[Node] = []
        self.flows: list[Flow] = []
        self.defaults: dict[str, str] = {}
        self.asks: dict[str, tuple[str, str, int]] = {}
        self.inclusive = self.loop = self.inclusive_in_loop = False
        self.parallel_in_loop = self.block_inside_inclusive = False
        self.inside_inclusive = 0

    def add(self, kind: str) -> str:
        letter = {"exclusive": "X", "parallel": "P", "inclusive": "O", "task": "t"}.get(
            kind, kind[0]
        )
        name = f"{letter}{len(self.nodes)}"
        self.nodes.append(Node(name, kind, name=name))
        return name

    def join(self, source: str, target: str, condition: str = "", default: bool = False) -> None:
        flow = f"f{len(self.flows)}"
        self.flows.append(Flow(flow, source, target, condition=condition))
        if default:
            self.defaults[source] = flow

    def sequence(self, entry: str, depth: int, in_loop: bool, least: int = 1) -> str:
        """Append blocks after `entry`; return the last node."""
        for _ in range(self.rng.randint(least, 3)):
            roll = self.rng.random()
            if depth == 0 or roll < 0.34:
                task = self.add("task")
                self.join(entry, task)
                entry = task
            elif roll < 0.56:
                entry = self.looped(entry, depth, in_loop)
            else:
                kind = self.rng.choice(("exclusive", "parallel", "inclusive"))
                entry = self.split(entry, kind, depth, in_loop)
        return entry

    def split(self, entry: str, kind: str, depth: int, in_loop: bool) -> str:
        ways = self.rng.randint(2, 3)
        self.block_inside_inclusive |= self.inside_inclusive > 0
        before, gate, close = self.add("task"), self.add(kind), self.add(kind)
        self.join(entry, before)
        self.join(before, gate)
        if kind == "inclusive":
            self.inclusive = True
            self.inclusive_in_loop |= in_loop
            self.inside_inclusive += 1
        self.parallel_in_loop |= in_loop and kind == "parallel"
        if kind != "parallel":
            self.asks[before] = (gate, kind, ways)
        for way in range(ways):
            first = self.add("task")
            condition = {
                "exclusive": f"{gate} == 'w{way}'",
                "inclusive": f"{gate}w{way} == 'y'",
                "parallel": "",
            }[kind]
            last = kind == "exclusive" and way == ways - 1
            self.join(gate, first, "" if last else condition, default=last)
            self.join(self.sequence(first, depth - 1, in_loop, least=0), close)
        self.inside_inclusive -= kind == "inclusive"
        after = self.add("task")
        self.join(close, after)
        return after

    def looped(self, entry: str, depth: int, in_loop: bool) -> str:
        self.loop = True
        self.block_inside_inclusive |= self.inside_inclusive > 0
        open_, close = self.add("exclusive"), self.add("exclusive")
        self.join(entry, open_)
        last = self.sequence(open_, depth - 1, True)
        before = self.add("task")
        self.join(last, before)
        self.join(before, close)
        self.asks[before] = (close, "loop", 2)
        self.join(close, open_, f"{close} == 'again'")
        after = self.add("task")
        self.join(close, after, default=True)
        return after


def random_net(seed: int) -> RandomNet:
    """Make a sound block-structured net from a seed."""
    maker = Maker(seed)
    start = maker.add("start")
    last = maker.sequence(start, 2, False, least=2)
    maker.join(last, maker.add("end"))
    nodes = tuple(
        Node(n.id, n.kind, name=n.name, default=maker.defaults.get(n.id)) for n in maker.nodes
    )
    return RandomNet(
        seed,
        Process(f"net{seed}".replace("-", "m"), "", nodes, tuple(maker.flows)),
        maker.asks,
        sum(node.kind == "task" for node in nodes),
        maker.inclusive,
        maker.loop,
        maker.inclusive_in_loop,
        maker.parallel_in_loop,
        maker.block_inside_inclusive,
    )
