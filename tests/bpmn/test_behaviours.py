"""One small file for each behaviour, played by the engine and by the second token game.

A run is written as what happens, "=", what is open then: a step by its id, "@t" an event waited
for, "^k" a procedure called, ">m" a message just sent, "end" and "end!code". What happens is a step
done ("a", with data "a{b=y}"), an event that comes ("@t", the last of a cycle "@t."), a call that
returns ("^k"), an error of a step or call ("a!sai", "^k!sai"), an opinion withdrawn ("-y"). The
data of a number is a list so long.
"""

import re
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest

from nep.bpmn import (
    CallReturned,
    EngineError,
    MessageArrived,
    Retried,
    TaskDone,
    TaskFailed,
    TimerFired,
    Withdrawn,
    advance,
    check_structure,
    compile_process,
    decode_state,
    encode_state,
    engine,
    prove_soundness,
    read_bpmn,
    start,
    tables,
)
from tests.bpmn.players import Player, same
from tests.bpmn.tokengame import TokenGame

FOLDER = Path(__file__).parent / "behaviours"

RUNS: dict[str, tuple[str, ...]] = {
    "event_gateway_first_event_wins": (
        "start = a | a = @t @m | @t = b | b = end", "start = a | a = @t @m | @m = c | c = end"),
    "event_gateway_before_receive_steps": ("start = @t @r | @r = b | b = end", "start = @t @r | @t = end"),
    "event_gateway_in_a_loop": ("start = @t @m | @t = a | a = @t @m | @t = a | a = @t @m | @m = b | b = end",),
    "event_gateway_in_a_parallel_branch": (
        "start = a @t @m | @t = a | a = c | c = end", "start = a @t @m | a = @t @m | @m = b | b = c | c = end"),
    "timer_at_a_date": ("start = a | a = @t | @t = b | b = end",),
    "timer_after_a_duration": ("start = @t | @t = b | b = end",),
    "timer_cycle_between_steps_comes_once": ("start = @t | @t = b | b = end",),
    "message_waited_for": ("start = a | a = @m | @m = b | b = end",),
    "receive_step": ("start = @r | @r = b | b = end",),
    "receive_step_given_up_after_a_time": ("start = @r @t | @r = b | b = end", "start = @r @t | @t = c | c = end"),
    "message_start": ("start = a | a = end",),
    "message_end": ("start = a | a = >e end",),
    "send_step": ("start = a | a = b >m | b = end",),
    "throw_message": ("start = b >m | b = end",),
    "throw_without_a_message": ("start = a | a = b | b = end",),
    "message_sent_from_each_branch": ("start = a >m1 >m2 | a = end",),
    "timer_that_ends_its_step": ("start = a @t | a = b | b = end", "start = a @t | @t = c | c = end"),
    "timer_beside_its_step": (
        "start = a @t | a = b | b = end", "start = a @t | @t = a c | a = b c | c = b | b = end",
        "start = a @t | @t = a c | c = a | a = b | b = end"),
    "timer_cycle_beside_its_step": (
        "start = a @t | @t = a @t >m | @t = a @t >m | @t. = a >m | a = b | b = end",
        "start = a @t | @t = a @t >m | a = b | b = end"),
    "timer_cycle_with_a_step_of_its_own": ("start = a @t | @t = a c @t | @t. = a c c | c = a c | a = b c | c = b | b = end",),
    "message_that_ends_its_step": ("start = a @m | @m = c | c = end", "start = a @m | a = b | b = end"),
    "message_beside_its_step": ("start = a @m | @m = a @m >w | @m = a @m >w | a = b | b = end",),
    "error_of_a_step": ("start = a | a!sai = c | c = end", "start = a | a = b | b = end"),
    "error_by_its_code_before_any_error": (
        "start = a | a!sai = b | b = end", "start = a | a!khác = c | c = end", "start = a | a = end"),
    "two_events_on_one_step": (
        "start = a @t @m | @t = a b @m | @m = b c | b = c | c = end", "start = a @t @m | @m = c | c = end"),
    "timer_waits_anew_when_its_step_opens_again": (
        "start = a @t | @t = a >m | a{lai=y} = a @t | @t = a >m | a{lai=n} = end", "start = a @t | a = end"),
    "timer_leads_back_into_its_step": ("start = a @t | @t = b | b = a @t | @t = b | b = a @t | a = end",),
    "event_with_two_ways_out": ("start = a @t | @t = b c | c = b | b = end",),
    "branch_of_a_join_ended_by_a_timer": (
        "start = a b @t | @t = b c | c = b | b = d | d = end", "start = a b @t | b = a @t | a = d | d = end"),
    "join_that_starves_beside_a_timer": ("start = a b @t | a = b | b = end",),
    "terminate_ends_every_branch": ("start = a b @w | a = end", "start = a b @w | @w = a b | b = a | a = end"),
    "terminate_ends_a_call_and_its_timer": ("start = a ^k @t | a = end", "start = a ^k @t | ^k = a | a = end"),
    "terminate_inside_a_sub_process_ends_only_it": (
        "start = ai bi b | ai = b c | b = c | c = end", "start = ai bi b | bi = ai b | ai = b c | c = b | b = end"),
    "error_end_caught_on_the_sub_process": (
        "start = ai | ai{loi=y} = c | c = end", "start = ai | ai{loi=n} = b | b = end"),
    "error_end_caught_two_levels_up": ("start = aj | aj{loi=y} = c | c = end", "start = aj | aj = bi | bi = b | b = end"),
    "error_end_goes_past_an_event_of_another_code": (
        "start = aj | aj{loi=y} = c | c = end", "start = aj | aj!khác = yi | yi = end", "start = aj | aj = end"),
    "error_end_uncaught_ends_the_case": ("start = a b | a = end!hỏng", "start = a b | b = a | a = end!hỏng"),
    "error_end_takes_what_stands_beside_it": ("start = ai bi | ai{loi=y} = c | c = end", "start = ai bi | bi = ai | ai = end"),
    "error_reported_at_a_step_inside": ("start = ai | ai!gì = c | c = end", "start = ai | ai = end"),
    "sub_process": ("start = a | a = ai | ai = bi | bi = b | b = end",),
    "sub_process_without_a_step": ("start = b | b = end",),
    "sub_process_waits_for_all_its_ends": ("start = ai bi | bi = ai | ai = b | b = end",),
    "sub_process_entered_again": ("start = ai | ai = a | a{lai=y} = ai | ai = a | a{lai=n} = end",),
    "sub_process_in_a_sub_process": ("start = aj | aj = bi | bi = b | b = end",),
    "two_sub_processes_side_by_side": ("start = ai aj | aj = ai | ai = c | c = end",),
    "sub_process_ended_by_a_timer": (
        "start = ai aj @wi @t | ai = aj @wi @t | @t = c | c = end",
        "start = ai aj @wi @t | ai = aj @wi @t | @wi = aj @t | aj = b | b = end"),
    "timer_beside_a_sub_process": (
        "start = ai @t | @t = ai c | ai = b c | c = b | b = end", "start = ai @t | ai = b | b = end"),
    "message_beside_a_sub_process_comes_again": ("start = ai @m | @m = ai @m >w | @m = ai @m >w | ai = b | b = end",),
    "timer_beside_a_step_inside_keeps_the_sub_process_open": (
        "start = ai @ti | @ti = ai ci | ai = ci | ci = b | b = end", "start = ai @ti | ai = b | b = end"),
    "inclusive_join_inside_a_sub_process": (
        "start = qi b | qi{a=y b=y} = ai bi b | b = ai bi | ai = bi | bi = di | di = end",
        "start = qi b | qi = b ci | ci = b di | b = di | di = end"),
    "inclusive_join_waits_for_a_sub_process": (
        "start = q | q{a=y b=y} = ai b | b = ai | ai = c | c = end", "start = q | q = d | d = c | c = end"),
    "inclusive_join_waits_for_what_an_event_opened": (
        "start = q | q{a=y b=y} = a b @t | b = a @t | @t = c | c = z | z = end",
        "start = q | q{a=y b=y} = a b @t | @t = b c | c = b | b = z | z = end"),
    "timer_ends_sub_processes_three_deep": (
        "start = ak @t | @t = c | c = end", "start = ak @t | ak = b | b = end"),
    "error_end_takes_what_is_under_way": (
        "start = ai | ai{loi=y} = c | c = end", "start = ai | ai = end"),
    "inclusive_join_waits_for_an_event_that_may_still_come": (
        "start = q | q{a=y b=y} = a b @t | b = a @t | @t = c | c = z | z = end",
        "start = q | q{a=y b=y} = a b @t | b = a @t | a = z | z = end", "start = q | q{a=y} = a @t | a = end"),
    "deadlock_inside_is_not_excused_by_a_timer": ("start = bi @t | @t = c | c = end",),
    "call_returns": ("start = a | a = ^k | ^k = b | b = end",),
    "call_fails_and_is_caught": ("start = ^k | ^k!từ chối = c | c = end", "start = ^k | ^k = b | b = end"),
    "call_fails_and_nobody_catches": ("start = ^k a | ^k!hỏng = end!hỏng", "start = ^k a | ^k = a | a = end"),
    "call_ended_by_a_timer": ("start = ^k @t | @t = c | c = end", "start = ^k @t | ^k = b | b = end"),
    "call_fails_inside_a_sub_process": ("start = ^ki | ^ki!gì = c | c = end", "start = ^ki | ^ki = end"),
    "opinions_all_at_once": ("start = a | a = y y y | y = y y | y = y | y = b | b = end",),
    "opinions_one_after_the_other": ("start = y | y = y | y = y | y = b | b = end",),
    "opinions_of_those_listed": ("start{don_vi=2} = y y | y = y | y = b | b = end",),
    "opinions_until_enough": ("start{don_vi=4} = y y y y | y = y y y | y = b | b = end",),
    "opinions_until_one_refuses": (
        "start = y | y{y_kien=có} = y | y{y_kien=không} = b | b = end", "start = y | y = y | y = y | y = b | b = end"),
    "opinions_nobody_is_asked": ("start{don_vi=0} = b | b = end",),
    "opinions_without_their_list": ("start{don_vi=1} = y | y = b | b = end",),
    "opinion_withdrawn": ("start = y y y | -y = y y | y = y | y = b | b = end", "start = y y y | y = y y | -y = y | -y = b | b = end"),
    "opinion_withdrawn_one_after_the_other": ("start = y | -y = y | y = b | b = end", "start = y | -y = y | -y = b | b = end"),
    "opinions_ended_by_a_timer": ("start = y y y @t | y = y y @t | @t = c | c = end", "start = y y y @t | y = y y @t | y = y @t | y = b | b = end"),
    "opinions_with_a_reminder": ("start = y y @t | @t = y y @t >m | y = y @t | @t. = y >m | y = b | b = end",),
    "opinions_with_an_error": ("start = y y | y!sai = c | c = end", "start = y y | y = y | y = b | b = end"),
    "opinions_in_a_loop": ("start = y y | y = y | y = b | b{lai=y} = y y | y = y | y = b | b{lai=n} = end",),
    "opinions_inside_a_sub_process": ("start = yi yi @t | yi = yi @t | @t = c | c = end", "start = yi yi @t | yi = yi @t | yi = b | b = end"),
    "fork_after_a_step": ("start = a | a = b c | c = b | b = end",),
    "fork_after_an_event": ("start = @t | @t = b c | c = b | b = end",),
    "fork_at_the_start": ("start = a b | a = b | b = c | c = end",),
    "conditional_flows_of_a_step_with_a_default": (
        "start = a | a{b=y c=y} = b c | c = b | b = z | z = end", "start = a | a{c=y} = c | c = z | z = end",
        "start = a | a = d | d = z | z = end"),
    "conditional_flow_beside_a_plain_one": (
        "start = a | a{b=y} = b c | b = c | c = z | z = end", "start = a | a = c | c = z | z = end"),
    "conditional_flows_of_a_sub_process": ("start = ai | ai{b=y} = b | b = end", "start = ai | ai = c | c = end"),
}  # fmt: skip
UNSOUND = {
    "timer_cycle_with_a_step_of_its_own": "repeated_event",
    "join_that_starves_beside_a_timer": "deadlock",
    "deadlock_inside_is_not_excused_by_a_timer": "deadlock",
}
_HAPPENS = re.compile(
    r"(?P<mark>[@^-]?)(?P<node>\w+)(?:!(?P<code>[^={]+?))?(?P<last>\.?)(?:\{(?P<data>[^}]*)\})?"
)


@lru_cache
def model(name: str):
    reading = read_bpmn((FOLDER / f"{name}.bpmn").read_bytes())
    assert reading.process is not None, reading.reasons
    return reading.process


def happen(one: Player | TokenGame, what: str, known: dict) -> None:
    """Do what is written on the engine or in the token game."""
    found = _HAPPENS.fullmatch(what)
    assert found, what
    mark, node, code, last, _ = found.groups()
    if what.startswith("start"):
        one.start(known)
    elif code:
        one.fail(node, code, known)
    elif mark == "@":
        one.come(node, known, last=bool(last))
    elif mark == "^":
        one.give_back(node, known)
    elif mark == "-":
        one.withdraw(node, known)
    else:
        one.finish(node, known)


def data_of(what: str) -> dict:
    pairs = (pair.split("=") for pair in (_HAPPENS.fullmatch(what)["data"] or "").split())
    return {
        key: tuple(f"đơn vị {number}" for number in range(int(value)))
        if value.isdecimal()
        else value
        for key, value in pairs
    }


def seen(player: Player, sent: Counter[str]) -> list[str]:
    found = [*player.open.elements(), *(f"@{node}" for node in player.waits.elements())]
    found += [f"^{node}" for node in player.calls.elements()]
    found += [f">{node}" for node in (player.sent - sent).elements()]
    if player.ended:
        found.append(f"end!{player.error}" if player.error else "end")
    return sorted(found)


def play_behaviour(name: str, *, engine, tables) -> None:
    """Play every run of a behaviour on an engine and in the token game."""
    process = model(name)
    for run in RUNS[name]:
        player, game = Player(process, engine=engine, tables=tables), TokenGame(process)
        known: dict = {}
        done: list[str] = []
        for step in run.split(" | "):
            what, expected = step.split(" = ")
            known = {**known, **data_of(what)}
            sent = player.sent.copy()
            for one in (player, game):
                happen(one, what, known)
            done.append(what)
            assert (name, done, seen(player, sent)) == (name, done, sorted(expected.split()))
            same(player, game, done)
        assert player.ended and not player.incidents


@pytest.mark.parametrize("name", RUNS)
def test_a_behaviour_runs_as_written(name):
    play_behaviour(name, engine=engine, tables=tables)


@pytest.mark.parametrize("name", RUNS)
def test_a_behaviour_is_well_formed_and_judged(name):
    process = model(name)
    assert check_structure(process) == ()
    proof = prove_soundness(process)
    assert [reason.code for reason in proof.reasons] == ([UNSOUND[name]] if name in UNSOUND else [])


def test_every_behaviour_has_its_file_and_every_file_its_behaviour():
    assert sorted(path.stem for path in FOLDER.glob("*.bpmn")) == sorted(RUNS)
    assert len(RUNS) >= 40


def begun(name: str, data: dict | None = None):
    compiled = compile_process(model(name))
    return compiled, *start(compiled, data=data or {})


@pytest.mark.parametrize(
    ("name", "event", "code"),
    [
        ("timer_that_ends_its_step", TimerFired(1, "b", {}), "wait_unknown"),
        ("timer_that_ends_its_step", TimerFired(9, "t", {}), "wait_unknown"),
        ("timer_that_ends_its_step", MessageArrived(1, "t", {}), "wait_unknown"),
        ("timer_that_ends_its_step", TimerFired(1, "không có", {}), "wait_unknown"),
        ("timer_that_ends_its_step", TaskFailed(1, "sai", {}), "error_uncaught"),
        ("error_of_a_step", TaskFailed(1, "khác", {}), "error_uncaught"),
        ("receive_step", TaskDone(1, {}), "token_not_open"),
        ("receive_step", TaskFailed(1, "sai", {}), "token_not_open"),
        ("receive_step", CallReturned(1, {}), "token_not_open"),
        ("receive_step", Retried(1, {}), "token_not_stuck"),
        ("call_ended_by_a_timer", TaskDone(1, {}), "token_not_open"),
        ("fork_after_a_step", Withdrawn(1, {}), "token_not_open"),
        ("sub_process_without_a_step", TaskDone(7, {}), "token_unknown"),
        ("event_gateway_before_receive_steps", MessageArrived(1, "t", {}), "wait_unknown"),
        ("opinions_ended_by_a_timer", TimerFired(2, "t", {}), "wait_unknown"),
    ],
)  # fmt: skip
def test_an_event_that_does_not_fit_changes_nothing(name, event, code):
    compiled, state, _ = begun(name)
    text = encode_state(state)
    with pytest.raises(EngineError) as refusal:
        advance(compiled, state, event)
    assert (refusal.value.code, encode_state(state)) == (code, text)


def test_what_came_beside_its_step_is_not_waited_for_again():
    compiled, state, _ = begun("timer_beside_its_step")
    state, _ = advance(compiled, state, TimerFired(1, "t", {}))
    for stored in (state, decode_state(encode_state(state))):
        with pytest.raises(EngineError) as refusal:
            advance(compiled, stored, TimerFired(1, "t", {}))
        assert refusal.value.code == "wait_unknown"


@pytest.mark.parametrize("asked", [{}, {"don_vi": "Sở Tư pháp"}, {"don_vi": -1}, {"don_vi": 2.5}, {"don_vi": True}, {"don_vi": 100_000}])  # fmt: skip
def test_nobody_is_left_out_where_it_is_not_known_whom_to_ask(asked):
    compiled, state, effects = begun("opinions_without_their_list", asked)
    assert (state.status, effects[-1].code) == ("incident", "instances_unknown")
    stored = decode_state(encode_state(state))
    healed, effects = advance(compiled, stored, Retried(state.tokens[0].id, {"don_vi": ["a", "b"]}))
    assert (healed.status, [effect.instance for effect in effects]) == ("running", [1, 2])
    again, _ = advance(compiled, stored, Retried(state.tokens[0].id, {"don_vi": 3}))
    assert len(again.tokens) == 3


def test_each_of_those_asked_has_a_place_in_the_list():
    compiled, state, effects = begun("opinions_one_after_the_other")
    places = []
    while state.tokens[0].node == "y":
        places += [one.instance for one in effects if getattr(one, "instance", 0)]
        state, effects = advance(compiled, state, TaskDone(state.tokens[0].id, {}))
    assert places == [1, 2, 3]


def test_every_message_goes_out_under_a_number_of_its_own():
    compiled, state, _ = begun("timer_cycle_beside_its_step")
    numbers = []
    for _ in range(3):
        state, effects = advance(compiled, state, TimerFired(1, "t", {}))
        numbers += [one.token for one in effects if type(one).__name__ == "MessageSent"]
    assert len(set(numbers)) == 3 and 1 not in numbers and max(numbers) < state.next_token


def test_the_way_an_event_took_is_told():
    compiled, state, _ = begun("event_gateway_first_event_wins")
    state, _ = advance(compiled, state, TaskDone(1, {}))
    _, _, taken = engine.walk(compiled, state, MessageArrived(2, "m", {}), data={})
    flows = {flow.id: f"{flow.source}>{flow.target}" for flow in compiled.process.flows}
    assert [flows[flow] for flow in taken] == ["g>m", "m>c"]
