"""The ten nets every engine must get right."""

from pathlib import Path

import pytest

from nep.bpmn import (
    Incident,
    Retried,
    TaskDone,
    advance,
    check_structure,
    compile_process,
    engine,
    prove_soundness,
    read_bpmn,
    start,
    tables,
)
from nep.bpmn.state import STUCK
from tests.bpmn.nets import net
from tests.bpmn.players import Player

MODELS = Path(__file__).parent / "models"


def model(number: int):
    (path,) = MODELS.glob(f"{number:02}_*.bpmn")
    reading = read_bpmn(path.read_bytes())
    assert reading.reasons == ()
    return reading.process


def played(number: int, *steps: tuple[str, dict]) -> Player:
    """Finish the steps in this order with their data."""
    player = Player(model(number), engine=engine, tables=tables)
    player.start({})
    for name, data in steps:
        player.finish(name, data)
    return player


def refused(number: int, code: str) -> tuple[str, ...]:
    proof = prove_soundness(model(number))
    assert not proof.sound
    assert [reason.code for reason in proof.reasons] == [code]
    assert proof.path[0] == "s"
    return proof.path


def test_an_exclusive_split_before_a_parallel_join_is_refused_with_the_path_to_the_deadlock():
    path = refused(1, "deadlock")
    assert path == ("s", "X1", "a", "P1")


def test_a_parallel_split_before_an_exclusive_merge_is_refused_as_unsafe():
    path = refused(2, "unsafe")
    assert path.count("X1") == 2


def test_two_tokens_on_one_way_into_a_parallel_join_are_refused():
    refused(3, "unsafe")


def test_two_tokens_on_one_way_into_a_parallel_join_do_not_open_it_at_run_time():
    player = played(3, ("a", {}), ("b", {}))
    assert dict(player.open) == {"c": 1}
    player.finish("c", {})
    assert dict(player.open) == {"d": 1}
    assert len(player.state.tokens) == 2


def test_a_loop_around_a_parallel_block_runs_three_times():
    again = [("a", {}), ("b", {}), ("d", {"again": "y"})]
    player = played(4, *again, *again, ("b", {}), ("a", {}), ("d", {"again": "n"}))
    assert player.ended and prove_soundness(model(4)).sound


def test_two_of_three_inclusive_branches_are_awaited_and_the_step_after_opens_once():
    asked = model(5)
    first, _ = start(compile_process(asked), data={"a": "y", "b": "n", "c": "y"})
    assert [token.node for token in first.tokens] == ["a", "c"]
    second, effects = advance(compile_process(asked), first, TaskDone(1, {}))
    assert [type(effect).__name__ for effect in effects] == ["TaskClosed"]
    third, effects = advance(compile_process(asked), second, TaskDone(2, {}))
    assert [effect.node for effect in effects] == ["c", "d"]
    (last,) = third.tokens
    assert advance(compile_process(asked), third, TaskDone(last.id, {}))[0].status == "ended"


def test_an_inclusive_block_in_a_loop_waits_for_both_branches_in_each_round():
    both = {"a": "y", "b": "y"}
    player = Player(model(6), engine=engine, tables=tables)
    player.start(both)
    trace = []
    for answer in ("y", "n"):
        for name in ("a", "b", "d"):
            assert name in player.open and ("d" not in player.open or name == "d")
            player.finish(name, {**both, "again": answer})
            trace.append(name)
    assert (trace, player.ended) == (list("abdabd"), True)
    assert prove_soundness(model(6)).sound


def test_a_redo_loop_inside_a_parallel_branch_leaves_the_other_branch_alone():
    player = played(7, ("a", {"redo": "y"}), ("a", {"redo": "y"}), ("a", {"redo": "n"}))
    assert dict(player.open) == {"b": 1}
    player.finish("b", {})
    player.finish("d", {})
    assert player.ended and prove_soundness(model(7)).sound


def test_two_flows_out_of_a_step_open_both():
    player = played(8, ("a", {}))
    assert dict(player.open) == {"b": 1, "c": 1}
    assert prove_soundness(model(8)).sound


def test_a_choice_without_default_is_refused_at_publishing():
    reasons = check_structure(model(9))
    assert [(reason.code, reason.element) for reason in reasons] == [("default_missing", "X1")]


def test_a_choice_with_nothing_true_is_an_incident_that_keeps_the_case():
    player = played(9, ("a", {"go": "nowhere"}))
    assert player.state.status == "incident" and player.incidents == ["X1"]
    (token,) = player.state.tokens
    healed, effects = advance(player.compiled, player.state, Retried(token.id, {"go": "c"}))
    assert [effect.node for effect in effects] == ["c"]
    assert healed.status == "running"


def test_a_join_that_waits_for_ever_is_an_incident_that_keeps_the_case():
    compiled = compile_process(net("s>a a>X1 X1>b[go == 'b'] X1>*c b>P1 c>P1 P1>e"))
    state, _ = start(compiled, data={})
    state, _ = advance(compiled, state, TaskDone(state.tokens[0].id, {}))
    state, effects = advance(compiled, state, TaskDone(state.tokens[0].id, {}))
    assert [(one.code, one.node) for one in effects if isinstance(one, Incident)] == [
        ("waits_for_ever", "P1")
    ]
    assert state.status == "incident" and [token.node for token in state.tokens] == ["P1"]


def test_a_join_that_finds_no_way_on_stands_still_once_and_goes_on_with_better_data():
    compiled = compile_process(
        net("s>P1 P1>a P1>b P1>x a>O b>O O>c[go == 'c'] O>d[go == 'd'] c>P2 d>P3 x>P2 P2>e P3>e2")
    )
    state, _ = start(compiled, data={})
    for _step in range(2):
        state, effects = advance(compiled, state, TaskDone(state.tokens[0].id, {}))
    assert state.status == "incident" and [type(one).__name__ for one in effects][-1] == "Incident"
    stuck = [token for token in state.tokens if token.flow == STUCK]
    assert [token.node for token in stuck] == ["O"]

    state, effects = advance(compiled, state, Retried(stuck[0].id, {"go": "c"}))
    assert {token.node for token in state.tokens} == {"c", "x"} and state.status == "running"


def test_a_choice_may_be_made_by_hand_and_a_strange_one_is_refused():
    first, _ = start(compile_process(model(9)), data={})
    flows = {flow.target: flow.id for flow in model(9).flows}
    second, _ = advance(compile_process(model(9)), first, TaskDone(1, {}, flows["c"]))
    assert [token.node for token in second.tokens] == ["c"]
    with pytest.raises(engine.EngineError) as refusal:
        advance(compile_process(model(9)), first, TaskDone(1, {}, flows["a"]))
    assert refusal.value.code == "outcome_unknown"
    assert {flow.target for flow in tables.choices(compile_process(model(9)), "a")} == {"b", "c"}


def test_a_jump_back_out_of_a_parallel_branch_is_refused_for_the_token_left_behind():
    path = refused(10, "token_left")
    assert path.count("P1") == 2
