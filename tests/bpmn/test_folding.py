"""Blocks folded away before the search: never a verdict that the whole search would not give."""

import random

import pytest

from nep.bpmn import check_structure, compile_process, prove_soundness, standings
from nep.bpmn.folding import fold
from nep.bpmn.soundness import searched, without_conditions
from nep.bpmn.structure import FATAL
from tests.bpmn.nets import net, random_net
from tests.bpmn.spoiling import spoilt
from tests.bpmn.widenets import swapped_net, wide_net

CAP = 3_000
PARALLEL = " ".join(
    f"P1>t{i}0 " + " ".join(f"t{i}{k}>t{i}{k + 1}" for k in range(4)) + f" t{i}4>P2"
    for i in range(6)
)


@pytest.mark.parametrize(
    "text",
    [
        "s>a a>b b>e",
        "s>a a>X1 X1>b X1>*c b>X2 c>X2 X2>d d>e",
        "s>P1 P1>a P1>b a>P2 b>P2 P2>e",
        "s>O1 O1>a[x == 'y'] O1>*b a>O2 b>O2 O2>e",
        "s>a a>X1 X1>a X1>*b b>e",
        "s>X0 X0>a a>X1 X1>X0 X1>*X2 X2>b X2>*c b>X3 c>X3 X3>e",
        "s>P1 P1>a P1>b a>e b>e2",
        "s>a s>b a>P1 b>P1 P1>e",
        "s>P1 P1>a P1>P2 P2>b P2>c a>P3 b>P3 c>P3 P3>e",
        "s>P1 P1>a P1>b P1>c a>P2 b>P2 P2>P3 c>P3 P3>e",
        "s>X1 X1>a[x == 'y'] X1>*X2 X2>b[x == 'z'] X2>*c a>X3 b>X4 c>X4 X4>X3 X3>e",
        "s>X1 X1>a[x == 'y'] X1>*b a>e b>e",
        f"s>{PARALLEL.split('>')[0]} {PARALLEL} P2>e",
    ],
)
def test_blocks_are_folded_into_one_flow(text):
    process = net(text)
    folded = fold(compile_process(process))

    assert folded.is_whole, folded.process.flows
    assert prove_soundness(process).states == 1


def test_six_branches_of_five_steps_are_proven_at_once_and_stand_in_46655_ways():
    process = net(f"s>P1 {PARALLEL} P2>e")

    assert (prove_soundness(process).sound, len(standings(process))) == (True, 6**6 - 1)


def test_what_is_not_a_block_stays_and_its_failure_is_told_step_by_step():
    process = net("s>a a>b b>X1 X1>c X1>*d c>P1 d>f f>P1 P1>g g>e")
    found = prove_soundness(process)

    assert [reason.code for reason in found.reasons] == ["deadlock"]
    assert found.path[:4] == ("s", "a", "b", "X1")


def test_beyond_the_cap_what_is_left_still_tells_the_failing_path():
    wide = " ".join(f"P1>t{i} t{i}>u{i} u{i}>P2" for i in range(9))
    found = prove_soundness(net(f"s>P1 {wide} P2>a a>X1 X1>b X1>*c b>P3 c>P3 P3>e"), cap=2_000)

    assert [reason.code for reason in found.reasons] == ["deadlock"]
    assert {"P1", "P2", "a", "X1"} <= set(found.path)


@pytest.mark.parametrize("make", [random_net, wide_net])
def test_what_is_folded_is_never_sound_where_the_whole_search_fails(make):
    compared, whole = 0, 0
    for seed in range(40):
        rng, made = random.Random(seed), make(seed).process
        for process in (made, spoilt(made, rng), spoilt(made, rng)):
            if any(reason.code in FATAL for reason in check_structure(process)):
                continue
            compiled = compile_process(without_conditions(process))
            proof = prove_soundness(process, cap=CAP)
            slow = searched(compiled, process, CAP)
            if slow.reasons and slow.reasons[0].code == "too_many_states":
                continue
            compared += 1
            whole += fold(compiled).is_whole
            assert proof.sound == slow.sound, (seed, slow.reasons)
    assert compared > 40 and whole > 7, (compared, whole)


@pytest.mark.parametrize("seed", [619, 626])
def test_a_folded_sub_process_that_cannot_fold_away_is_left_as_a_step(seed):
    process = swapped_net(seed).process
    compiled = compile_process(without_conditions(process))
    assert prove_soundness(process).sound is searched(compiled, process, 100_000).sound
