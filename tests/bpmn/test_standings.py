"""Where a case can rest: every place an engine comes to is foreseen, and nothing impossible is."""

import random

from nep.bpmn import TaskDone, advance, compile_process, standings, start
from tests.bpmn.nets import net, random_net


def places(state) -> frozenset[str]:
    return frozenset(token.flow or token.node for token in state.tokens)


def test_the_standings_of_a_block_are_its_steps_together_and_each_waiting_branch():
    found = standings(net("s>a a>P1 P1>b P1>c b>P2 c>P2 P2>d d>e"))
    process = net("s>a a>P1 P1>b P1>c b>P2 c>P2 P2>d d>e")
    into = {flow.source: flow.id for flow in process.flows if flow.target == "P2"}

    assert found == {
        frozenset({"a"}), frozenset({"b", "c"}), frozenset({"d"}),
        frozenset({into["b"], "c"}), frozenset({"b", into["c"]}),
    }  # fmt: skip


def test_an_inclusive_join_waits_only_while_more_can_come():
    process = net("s>a a>O1 O1>b[x == 'y'] O1>*c b>O2 c>O2 O2>d d>e")
    into = {flow.source: flow.id for flow in process.flows if flow.target == "O2"}
    found = standings(process)

    assert {frozenset({"b"}), frozenset({"c"}), frozenset({"d"})} <= found
    assert frozenset({into["b"]}) not in found


def test_nothing_is_known_of_an_unsound_process_or_beyond_the_cap():
    assert standings(net("s>a a>X1 X1>b X1>*c b>P1 c>P1 P1>e")) == frozenset()
    assert standings(net("s>P1 P1>a P1>b a>P2 b>P2 P2>e"), cap=1) == frozenset()


def test_every_rest_of_random_cases_is_foreseen():
    rested = 0
    for seed in range(60):
        made = random_net(seed)
        foreseen = standings(made.process, cap=2_000)
        if not foreseen:  # too many markings: nothing is said
            continue
        compiled, rng = compile_process(made.process), random.Random(seed)
        state, _ = start(compiled, data={})
        for turn in range(40):
            tokens = [token for token in state.tokens if not token.flow]
            if not tokens:
                break
            assert places(state) in foreseen, (seed, state)
            rested += 1
            token = rng.choice(tokens)
            state, _ = advance(
                compiled, state, TaskDone(token.id, made.choice(token.node, turn + 1))
            )
    assert rested > 300, rested
