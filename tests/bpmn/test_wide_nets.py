"""Random nets of every construct: the engine beside the second token game, the proof held to its word.

`NEP_NETS` sets how many (the suite takes half of its 300, `drills/nets.py` 20,000).
"""

import os
from collections import Counter

import pytest

from nep.bpmn import check_structure, engine, prove_soundness, tables
from nep.bpmn.structure import FATAL
from tests.bpmn.players import play_beside_game, play_what_is_proven
from tests.bpmn.widenets import swapped_net, wide_net

NETS = int(os.environ.get("NEP_NETS", "300")) // 2
CHUNKS = 5


def seeds(chunk: int) -> range:
    return range(chunk, NETS, CHUNKS)


def test_the_wide_nets_hold_every_construct_and_are_worth_running():
    nets = [wide_net(seed) for seed in range(NETS)]
    kinds = Counter(node.kind for net in nets for node in net.process.nodes)
    blocks = Counter(block for net in nets for block in net.constructs)
    assert sum(net.tasks for net in nets) / len(nets) >= 15
    assert all(count >= len(nets) // 6 for count in blocks.values()) and len(blocks) == 6
    assert set(kinds) >= {
        "boundary", "subprocess", "event_gateway", "catch", "receive", "send", "throw", "call",
        "error_end", "terminate", "inclusive",
    }  # fmt: skip
    assert not any(
        reason.code in FATAL for net in nets[::5] for reason in check_structure(net.process)
    )


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_the_engine_agrees_with_the_second_token_game_about_every_construct(chunk):
    for seed in seeds(chunk):
        assert play_beside_game(wide_net(seed), engine=engine, tables=tables)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_wide_net_is_proven_sound_or_too_large_to_prove(chunk):
    proven = 0
    for seed in seeds(chunk):
        proof = prove_soundness(wide_net(seed).process, cap=1_000)
        proven += proof.sound
        assert proof.sound or [r.code for r in proof.reasons] == ["too_many_states"], seed
    assert proven >= len(seeds(chunk)) * 0.6


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_spoilt_net_that_is_proven_sound_comes_to_its_end_all_the_same(chunk):
    verdicts = Counter()
    for seed in seeds(chunk):
        net = swapped_net(seed)
        codes = {reason.code for reason in check_structure(net.process)}
        if codes & {*FATAL, "gateways_turn"}:
            continue
        proof = prove_soundness(net.process, cap=1_000)
        verdicts[proof.sound] += 1
        if proof.sound:
            play_what_is_proven(net, engine=engine, tables=tables)
    assert verdicts[True] and verdicts[False]
