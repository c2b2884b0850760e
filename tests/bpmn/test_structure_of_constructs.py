"""What is well-formed of events, sub-processes, calls and opinions; what is not is said in a sentence."""

from dataclasses import replace

import pytest

from nep.bpmn import (
    Called,
    Instances,
    ModelError,
    Process,
    Trigger,
    check_structure,
    compile_process,
    prove_soundness,
)
from nep.bpmn.structure import FATAL
from tests.bpmn.nets import net

TIMER = Trigger("timer", "duration", "P5D", "working_day")
MESSAGE = Trigger("message", name="Trả lời")
ERROR = Trigger("error", name="Sai")
START, END = {"kind": "start"}, {"kind": "end"}
INNER = "s>S S>e si>ai ai>ei"


def made(text: str, parts: dict[str, dict], inside: str = "") -> Process:
    """Return a net whose named nodes have further parts; `inside` are those in the sub-process S."""
    process = net(text)
    nodes = []
    for node in process.nodes:
        more = dict(parts.get(node.id, {}))
        if node.id in inside.split():
            more.setdefault("parent", "S")
        nodes.append(replace(node, **more))
    return replace(process, nodes=tuple(nodes))


def timer(form: str, value: str, unit: str = "") -> Process:
    return made("s>t t>e", {"t": {"kind": "catch", "trigger": Trigger("timer", form, value, unit)}})


def opinions(**asked) -> Process:
    return made("s>a a>e", {"a": {"instances": Instances(**asked)}})


def border(trigger: Trigger | None, host: str = "a", **parts) -> Process:
    event = {"kind": "boundary", "trigger": trigger, "attached_to": host, **parts}
    return made("s>a a>e t>b b>e2", {"t": event})


def race(text: str, **parts: dict) -> Process:
    known = {"g": {"kind": "event_gateway"}, "t": {"kind": "catch", "trigger": TIMER},
             "m": {"kind": "catch", "trigger": MESSAGE}, "r": {"kind": "receive", "trigger": MESSAGE}}  # fmt: skip
    return made(text, {**known, **parts})


WITHIN = {"S": {"kind": "subprocess"}, "si": START, "ei": END}
CASES = [
    (made(INNER, WITHIN, "si ai ei"), []),
    (made(INNER, WITHIN, "si ai"), ["flow_crosses", "end_missing"]),
    (made("s>S S>e", WITHIN), ["start_count", "end_missing"]),
    (made(INNER, {**WITHIN, "ai": {"parent": "R"}}, "si ei"), ["parent_unknown", "flow_crosses"]),
    (made(INNER, {**WITHIN, "S": {"kind": "subprocess", "parent": "S"}}, "si ai ei"), ["parent_unknown", "flow_crosses"]),
    (made(INNER, {**WITHIN, "si": {"kind": "start", "trigger": MESSAGE}}, "si ai ei"), ["start_trigger"]),
    (made("s>a a>e", {"s": {"trigger": MESSAGE}, "e": {"trigger": MESSAGE}}), []),
    (made("s>a a>e", {"s": {"trigger": TIMER}}), ["trigger_foreign"]),
    (made("s>a a>e", {"a": {"trigger": MESSAGE}}), ["trigger_foreign"]),
    (made("s>a a>e", {"a": {"kind": "catch"}}), ["trigger_missing"]),
    (made("s>a a>e", {"a": {"kind": "catch", "trigger": ERROR}}), ["trigger_foreign"]),
    (made("s>a a>e", {"a": {"kind": "receive", "trigger": TIMER}}), ["trigger_foreign"]),
    (made("s>a a>e", {"a": {"kind": "send", "trigger": Trigger("message")}}), ["message_unnamed"]),
    (made("s>a a>e", {"a": {"kind": "throw"}}), []),
    (timer("date", "2026-11-24"), []),
    (timer("date", "2026-11-24T09:00:00+07:00"), []),
    (timer("date", "2026-13-24"), ["timer_value"]),
    (timer("date", "ngay_hop"), []),
    (timer("duration", "P5D", "working_day"), []),
    (timer("duration", "PT4H", "working_hour"), []),
    (timer("duration", "P1M"), []),
    (timer("duration", "P1M", "working_day"), ["timer_unit"]),
    (timer("duration", "P5"), ["timer_value"]),
    (timer("duration", "PT"), ["timer_value"]),
    (timer("duration", "P0D"), ["timer_value"]),
    (timer("duration", "5 ngày"), ["timer_value"]),
    (timer("duration", ""), ["timer_value"]),
    (timer("duration", "P5D", "week"), ["timer_unit"]),
    (timer("", "P5D"), ["timer_form"]),
    (timer("cycle", "R3/P1D"), []),
    (timer("cycle", "R/2026-11-24T08:00:00/P1W"), []),
    (timer("cycle", "R0/P1D"), ["timer_value"]),
    (timer("cycle", "R3/hôm nay/P1D"), ["timer_value"]),
    (timer("cycle", "0 0 8 * * ?"), ["timer_value"]),
    (border(TIMER), []),
    (border(TIMER, cancels=False), []),
    (border(None), ["trigger_missing"]),
    (border(ERROR, cancels=False), ["error_goes_on"]),
    (border(TIMER, host=""), ["boundary_loose"]),
    (border(TIMER, host="không có"), ["boundary_loose"]),
    (border(TIMER, host="e"), ["boundary_loose"]),
    (made("s>a a>e a>t t>e2", {"t": {"kind": "boundary", "trigger": TIMER, "attached_to": "a"}}), ["boundary_entered"]),
    (made("s>a a>e t>e2 u>e3", {"t": {"kind": "boundary", "trigger": ERROR, "attached_to": "a"},
                               "u": {"kind": "boundary", "trigger": ERROR, "attached_to": "a"}}), ["boundary_twice"]),
    (made("s>a a>e", {"a": {"attached_to": "e"}}), ["attached_foreign"]),
    (race("s>g g>t g>m t>e m>e2"), []),
    (race("s>g g>t g>r t>e r>e2"), []),
    (race("s>g g>t t>e"), ["event_exits"]),
    (race("s>g g>t g>a t>e a>e2"), ["event_exits"]),
    (race("s>g g>t g>m[x == 'y'] t>e m>e2"), ["event_exits"]),
    (race("s>g g>t g>*m t>e m>e2"), ["event_exits"]),
    (race("s>g g>t g>m g>r t>e m>e2 r>e3"), ["event_exits"]),
    (race("s>a a>g g>t g>m a>m t>e m>e2"), ["event_exit_entered"]),
    (race("s>g g>t g>r t>e r>e2 b>e3", b={"kind": "boundary", "trigger": TIMER, "attached_to": "r"}), ["event_exit_entered"]),
    (opinions(count=3), []),
    (opinions(over="don_vi", sequential=True, until="done >= 2"), []),
    (opinions(), ["instances_form"]),
    (opinions(count=3, over="don_vi"), ["instances_form"]),
    (opinions(count=-1), ["instances_form"]),
    (opinions(count=2, until="done >="), ["condition_syntax"]),
    (made(INNER, {**WITHIN, "S": {"kind": "subprocess", "instances": Instances(count=2)}}, "si ai ei"), ["instances_foreign"]),
    (made("s>a a>e", {"a": {"kind": "call", "called": Called("TT-01", "0" * 64)}}), []),
    (made("s>a a>e", {"a": {"kind": "call", "called": Called("TT-01")}}), ["call_unpinned"]),
    (made("s>a a>e", {"a": {"kind": "call", "called": Called(" ")}}), ["call_unnamed"]),
    (made("s>a a>e", {"a": {"kind": "call"}}), ["call_unnamed"]),
    (made("s>a a>e", {"a": {"called": Called("TT-01")}}), ["called_foreign"]),
    (made("s>X1 X1>m m>X2 X2>X1 X2>*e", {"m": {"kind": "send", "trigger": MESSAGE}}), ["gateways_turn"]),
    (race("s>X1 X1>g g>t g>m t>X1 m>e"), []),
]  # fmt: skip


@pytest.mark.parametrize(("process", "codes"), CASES)
def test_the_parts_of_each_construct_are_judged(process, codes):
    reasons = check_structure(process)
    assert {reason.code for reason in reasons} == set(codes)
    names = {node.id for node in process.nodes} | {flow.id for flow in process.flows}
    for reason in reasons:
        assert reason.message.endswith(".") and reason.message[0] in "ABCDĐEGHKLMNPQSTVX“"
        assert reason.element in names


@pytest.mark.parametrize("process", [process for process, codes in CASES if set(codes) & FATAL])
def test_what_is_broken_is_not_proven(process):
    proof = prove_soundness(process)
    assert not proof.sound and {reason.code for reason in proof.reasons} & FATAL


@pytest.mark.parametrize(
    ("process", "code"),
    [
        (border(TIMER, host=""), "boundary_loose"),
        (border(None), "boundary_loose"),
        (made("s>S S>e", WITHIN), "start_count"),
        (opinions(count=2, until="done >="), "condition_syntax"),
    ],
)  # fmt: skip
def test_what_cannot_run_is_not_compiled(process, code):
    with pytest.raises(ModelError) as refusal:
        compile_process(process)
    assert refusal.value.code == code and refusal.value.message.endswith(".")
