"""The worst path through waits, opinions, calls and sub-processes; slack and gain of each step."""

import heapq
import random
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest

from nep.bpmn import (
    Called,
    Flow,
    Instances,
    Limit,
    Node,
    Process,
    TaskDone,
    TaskOpened,
    Trigger,
    advance,
    compile_process,
    prove_time,
    start,
)
from nep.bpmn.timeproof import step_times
from tests.bpmn.nets import net, random_net


def hours(amount: int | str) -> Limit:
    return Limit(Decimal(amount), "working_hour")


def timer(value: str, unit: str = "working_hour", form: str = "duration") -> Trigger:
    return Trigger("timer", form, value, unit)


def line(*inner: Node, more: tuple[Node, ...] = (), flows: str = "") -> Process:
    """Return start, the given nodes one after the other, end; further nodes and flows beside."""
    chain = [Node("s", "start"), *inner, Node("e", "end")]
    drawn = [Flow(f"f{at}", one.id, other.id) for at, (one, other) in enumerate(pairwise(chain))]
    extra = [piece.split(">") for piece in flows.split()]
    drawn += [Flow(f"g{at}", one, other) for at, (one, other) in enumerate(extra)]
    return Process("p", "p", (*chain, *more), tuple(drawn))


def task(name: str, amount: int | str, **more) -> Node:
    return Node(name, "task", name=name, limit=hours(amount), **more)


A, B = task("a", 4), task("b", 10)
MESSAGE = Trigger("message", name="tra-loi")
INSIDE = (
    Node("is", "start", parent="u"), task("x", 3, parent="u"), Node("ie", "end", parent="u"),
)  # fmt: skip
BOX = Node("u", "subprocess")


def boundary(name: str, trigger: Trigger, *, cancels: bool = True, host: str = "b") -> Node:
    return Node(name, "boundary", attached_to=host, trigger=trigger, cancels=cancels)


@pytest.mark.parametrize(
    ("process", "worst", "path"),
    [
        (line(A, replace(B, instances=Instances(count=3))), 14, "s a b e"),
        (line(A, replace(B, instances=Instances(count=3, sequential=True))), 34, "s a b e"),
        (line(A, Node("w", "catch", trigger=timer("PT6H"))), 10, "s a w e"),
        (line(A, Node("w", "catch", trigger=timer("R3/PT6H", form="cycle"))), 10, "s a w e"),
        (line(A, Node("w", "catch", trigger=timer("R/2026-11-24T08:00:00/PT6H", form="cycle"))),
         10, "s a w e"),
        (line(A, Node("w", "catch", trigger=timer("P2DT1H", "working_day"))), 21, "s a w e"),
        (line(A, Node("w", "receive", trigger=MESSAGE, limit=hours(9))), 13, "s a w e"),
        (line(A, Node("w", "receive", trigger=MESSAGE, untimed=True)), 4, "s a w e"),
        (line(A, Node("c", "call", called=Called("qt-02", "h"), limit=hours(7))), 11, "s a c e"),
        (line(A, BOX, more=INSIDE, flows="is>x x>ie"), 7, "s a u is x ie e"),
        # a timer that ends its step bounds it, and opens a way of its own from then on
        (line(B, more=(boundary("t", timer("PT6H")), A), flows="t>a a>e"), 10, "s b t a e"),
        # a reminder only runs beside the step
        (line(B, more=(boundary("t", timer("PT6H"), cancels=False), A), flows="t>a a>e"),
         10, "s b e"),
        (line(B, more=(boundary("t", MESSAGE), A), flows="t>a a>e"), 14, "s b t a e"),
        # whichever comes first behind an event gateway: the message comes before the timer
        (line(Node("g", "event_gateway"), Node("m", "catch", trigger=MESSAGE), A,
              more=(Node("t", "catch", trigger=timer("PT5H")),), flows="g>t t>e"), 9, "s g m a e"),
        # an error leaves the sub-process on its own way
        (line(BOX, more=(*INSIDE, Node("er", "error_end", parent="u", trigger=Trigger("error", name="E")),
                         boundary("bu", Trigger("error", name="E"), host="u"), B),
              flows="is>x x>ie x>er bu>b b>e"), 13, "s u is x er bu b e"),
        # one that the inner of two does not catch leaves the outer one, after what was done there
        (line(Node("v", "subprocess"), more=(
            Node("vs", "start", parent="v"), task("y", 2, parent="v"), replace(BOX, parent="v"),
            Node("ve", "end", parent="v"), *INSIDE,
            Node("er", "error_end", parent="u", trigger=Trigger("error", name="E")),
            replace(boundary("bu", Trigger("error", name="F"), host="u"), parent="v"),
            boundary("bv", Trigger("error", name="E"), host="v"), B,
        ), flows="vs>y y>u u>ve bu>ve is>x x>ie x>er bv>b b>e"),
         15, "s v vs y u is x er bv b e"),
    ],
)  # fmt: skip
def test_the_worst_path_counts_what_is_waited_for(process, worst, path):
    proof = prove_time(process, limit=hours(100))

    assert (proof.worst, proof.worst_path) == (worst, tuple(path.split()))
    assert (proof.fits, proof.reasons) == (True, ())


@pytest.mark.parametrize(
    ("process", "code", "element"),
    [
        (line(A, Node("w", "receive", trigger=MESSAGE)), "wait_without_limit", "w"),
        (line(A, Node("w", "catch", trigger=timer("han_chot", form="date"))), "wait_without_limit", "w"),
        (line(A, Node("c", "call", called=Called("qt-02"))), "call_without_limit", "c"),
        (line(replace(A, instances=Instances(over="don_vi", sequential=True))),
         "opinions_without_count", "a"),
        (line(A, Node("w", "catch", trigger=timer("P3D", ""))), "mixed_units", "w"),
    ],
)  # fmt: skip
def test_what_is_not_known_is_said_and_no_verdict_given(process, code, element):
    proof = prove_time(process, limit=hours(100))

    assert proof.fits is None
    assert [(reason.code, reason.element) for reason in proof.reasons] == [(code, element)]


def test_a_call_takes_what_is_known_of_the_procedure_it_names():
    process = line(A, Node("c", "call", called=Called("qt-02", "h2")))
    known = {Called("qt-02", "h2"): hours(20)}

    assert prove_time(process, limit=hours(30), called=known.get).worst == 24


def test_a_loop_inside_a_sub_process_counts_its_rounds():
    process = line(BOX, more=(*INSIDE, Node("X", "exclusive", parent="u", default="g2")),
                   flows="is>x x>X X>ie")  # fmt: skip
    again = Flow("again", "X", "x", bound=2)

    assert prove_time(replace(process, flows=(*process.flows, again)), limit=hours(99)).worst == 9


def test_each_step_tells_its_slack_and_what_a_day_less_of_it_wins():
    process = net("s>a a>X1 X1>b X1>*c b>X2 c>X2 X2>d d>e")
    limits = {"a": 4, "b": 20, "c": 14, "d": 2}
    nodes = tuple(
        replace(node, limit=hours(limits[node.id])) if node.id in limits else node
        for node in process.nodes
    )
    found = step_times(replace(process, nodes=nodes), limit=hours(30))

    assert [(one.node, one.slack, one.wins) for one in found] == [
        ("a", 4, 4), ("b", 4, 6), ("c", 10, 0), ("d", 4, 2),
    ]  # fmt: skip


def test_a_day_less_of_calendar_days_is_a_day_of_the_clock():
    process = net("s>a a>b b>e")
    nodes = tuple(
        replace(node, limit=Limit(Decimal(amount), "calendar_day"))
        if (amount := {"a": "2", "b": "0.5"}.get(node.id))
        else node
        for node in process.nodes
    )
    found = step_times(replace(process, nodes=nodes), limit=Limit(Decimal(3), "calendar_day"))
    assert [(one.node, one.slack, one.wins) for one in found] == [("a", 12, 24), ("b", 12, 12)]


def finished_after(process: Process, made, limits: dict[str, int], seed: int) -> int:
    """Play a case in which every step takes its whole limit; return when the last one ends."""
    compiled, rng = compile_process(process), random.Random(seed)
    state, effects = start(compiled, data={})
    now, times, running = 0, Counter(), []
    data: dict[str, str] = {}
    while True:
        for effect in effects:
            if isinstance(effect, TaskOpened):
                heapq.heappush(running, (now + limits[effect.node], effect.token, effect.node))
        if not running:
            return now
        now, token, node = heapq.heappop(running)
        times[node] += 1
        chosen = made.choice(node, times[node])
        if node in made.asks and made.asks[node][1] == "exclusive":
            chosen = {made.asks[node][0]: f"w{rng.randrange(made.asks[node][2])}"}
        data = {**data, **chosen}
        state, effects = advance(compiled, state, TaskDone(token, data))


def test_no_played_case_takes_longer_than_the_proof_says_and_some_take_as_long():
    reached = 0
    for seed in range(40):
        made = random_net(seed)
        rng = random.Random(seed)
        limits = {node.id: rng.randint(1, 30) for node in made.process.nodes if node.kind == "task"}
        nodes = tuple(
            replace(node, limit=hours(limits[node.id])) if node.id in limits else node
            for node in made.process.nodes
        )
        flows = tuple(
            replace(flow, bound=2) if flow.condition.endswith("'again'") else flow
            for flow in made.process.flows
        )
        process = replace(made.process, nodes=nodes, flows=flows)
        worst = prove_time(process, limit=None).worst
        longest = max(finished_after(process, made, limits, turn) for turn in range(4))
        assert longest <= worst, seed
        reached += longest == worst
    assert reached > 3, reached
