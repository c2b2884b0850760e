"""Random nets run through Nếp, SpiffWorkflow and a second token game side by side.

`NEP_NETS` sets how many (300 in the suite, more in drills). SpiffWorkflow 3.2.0 opens joins too
early in two kinds of nets: a parallel or inclusive join inside a loop (branches finished in an
earlier round count again), and an inclusive join whose branches hold further blocks (its backward
search follows the first way in only). There the token game is the judge, and SpiffWorkflow may
differ only by steps it opened too early. SpiffWorkflow is what takes long: the suite holds every
third net against it, `NEP_NETS`, `NEP_TEST_WHOLE` and the drill (`drills/nets.py`) all of them.
"""

import logging
import os
import random
from collections import Counter

import pytest

from nep.bpmn import engine, tables
from nep.bpmn.soundness import prove_soundness
from tests.bpmn.nets import random_net
from tests.bpmn.players import MOST_STEPS, Player, play_beside_game
from tests.bpmn.tokengame import TokenGame
from tests.bpmn.widenets import judged_net
from tests.whole import IS_WHOLE

NETS = int(os.environ.get("NEP_NETS", "300"))
CHUNKS = 10
EVERY = 1 if IS_WHOLE or "NEP_NETS" in os.environ else 3

try:
    from tests.bpmn.spiff import Spiff
except ImportError as error:  # the library stands in the test group only
    Spiff, MISSING = None, str(error)
else:
    MISSING = ""


@pytest.fixture(autouse=True)
def quiet():
    """Keep SpiffWorkflow from logging every task."""
    logging.getLogger("spiff").setLevel(logging.ERROR)


def seeds(chunk: int) -> range:
    return range(chunk, NETS, CHUNKS)


def test_the_random_nets_are_worth_running():
    nets = [random_net(seed) for seed in range(NETS)]
    assert sum(net.tasks for net in nets) / len(nets) >= 10
    assert sum(net.has_inclusive for net in nets) / len(nets) >= 0.30
    assert sum(net.has_loop for net in nets) / len(nets) >= 0.50
    assert any(net.inclusive_in_loop for net in nets)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_the_engine_agrees_with_the_second_token_game(chunk):
    for seed in seeds(chunk):
        assert play_beside_game(random_net(seed), engine=engine, tables=tables)


@pytest.mark.parametrize("chunk", range(CHUNKS))
@pytest.mark.skipif(Spiff is None, reason=f"SpiffWorkflow chưa được cài: {MISSING}")
def test_the_engine_agrees_with_spiffworkflow(chunk):
    judged = [net for net in map(random_net, seeds(chunk)) if spiff_can_judge(net)]
    assert len(judged) >= len(seeds(chunk)) // 4
    assert [net.seed for net in judged[::EVERY] if part_at(net) is not None] == []


@pytest.mark.skipif(Spiff is None, reason=f"SpiffWorkflow chưa được cài: {MISSING}")
def test_the_engine_agrees_with_spiffworkflow_about_sub_processes_and_opinions():
    nets = [judged_net(seed) for seed in range(NETS // 10)]
    judged = [net for net in nets if spiff_can_judge(net)]
    assert {block for net in judged for block in net.constructs} == {"inner", "opinions"}
    assert len(judged) >= len(nets) // 2
    assert [net.seed for net in judged if part_at(net) is not None] == []


@pytest.mark.parametrize("chunk", range(CHUNKS))
@pytest.mark.skipif(Spiff is None, reason=f"SpiffWorkflow chưa được cài: {MISSING}")
def test_where_spiffworkflow_parts_the_token_game_says_it_opened_a_join_too_early(chunk):
    early = [net for net in map(random_net, seeds(chunk)) if not spiff_can_judge(net)]
    for net in early[::EVERY]:
        parted = part_at(net)
        if parted is not None:
            ours, theirs, game = parted
            assert ours == game, net.seed
            assert theirs - ours and not ours - theirs, net.seed


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_random_net_is_proven_sound_or_too_large_to_prove(chunk):
    proven = 0
    for seed in seeds(chunk):
        proof = prove_soundness(random_net(seed).process, cap=5_000)
        proven += proof.sound
        assert proof.sound or [r.code for r in proof.reasons] == ["too_many_states"], seed
    assert proven >= len(seeds(chunk)) * 0.6


def spiff_can_judge(net) -> bool:
    """Tell whether SpiffWorkflow is known to be right about nets of this kind."""
    return not (net.inclusive_in_loop or net.parallel_in_loop or net.block_inside_inclusive)


def part_at(net) -> tuple[Counter, Counter, Counter] | None:
    """Finish the same steps everywhere; return the open steps (ours, theirs, game) on parting."""
    player = Player(net.process, engine=engine, tables=tables)
    other, game = Spiff(net.process), TokenGame(net.process)
    rng = random.Random(net.seed + 7)
    data: dict[str, str] = {}
    finished: Counter[str] = Counter()
    for one in (player, other, game):
        one.start(data)
    for _ in range(MOST_STEPS):
        if player.open != other.open:
            return player.open, other.open, +game.open
        names = sorted(player.opened.values())
        if not names:
            break
        name = rng.choice(names)
        finished[name] += 1
        data = {**data, **net.choice(name, finished[name])}
        for one in (player, other, game):
            one.finish(name, data)
    assert player.ended and other.ended, net.seed
    return None
