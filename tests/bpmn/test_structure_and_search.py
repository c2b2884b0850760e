"""Structure, soundness beyond the micro-cases, conditions, and refusals of files."""

from dataclasses import replace
from decimal import Decimal

import pytest

from nep.bpmn import (
    Flow,
    Lane,
    Limit,
    Node,
    Trigger,
    check_duties,
    check_model,
    check_structure,
    compile_process,
    evaluate,
    parse_condition,
    prove_soundness,
    read_bpmn,
    start,
    write_bpmn,
)
from nep.bpmn.conditions import ConditionError
from tests.bpmn.nets import net

LINE = net("s>a a>e")


def with_step(**parts):
    """Return the line with its only step changed."""
    return replace(LINE, nodes=tuple(replace(n, **parts) if n.id == "a" else n for n in LINE.nodes))


def bounded(times: int):
    """Return a loop that may be taken so many times."""
    made = net("s>a a>X1 X1>a X1>*e")
    return replace(
        made,
        flows=tuple(
            replace(flow, bound=times) if (flow.source, flow.target) == ("X1", "a") else flow
            for flow in made.flows
        ),
    )


@pytest.mark.parametrize(
    ("process", "codes"),
    [
        (LINE, []),
        (replace(LINE, nodes=LINE.nodes[1:]), ["start_count", "flow_dangling"]),
        (replace(LINE, nodes=LINE.nodes[:-1]), ["end_missing", "flow_dangling"]),
        (replace(LINE, nodes=(*LINE.nodes, LINE.nodes[1])), ["id_twice"]),
        (net("s>a a>e s2>a"), ["start_count"]),
        (net("s>a a>e b>e"), ["node_loose"]),
        (net("s>a a>b a>e"), ["node_loose"]),
        (net("s>a a>X1 X1>b X1>e b>e"), ["default_missing"]),
        (net("s>O1 O1>a[x == 'y'] O1>b[z == 'y'] a>e b>e"), ["default_missing"]),
        (net("s>a a>X1 X1>b[x ==] X1>*e b>e"), ["condition_syntax"]),
        (net("s>a a>s"), ["start_entered", "end_missing"]),
        (net("s>a a>e e>b b>e2"), ["end_left"]),
        (with_step(kind="ad-hoc"), ["kind_unknown"]),
        (with_step(default="f9"), ["default_foreign"]),
        (with_step(limit=Limit(Decimal(0), "working_hour")), []),
        (with_step(limit=Limit(Decimal("-0.5"), "working_day")), ["limit_form"]),
        (with_step(limit=Limit(Decimal(1), "week")), ["limit_form"]),
        (net("s>a a>b[x == 'y'] a>c[x == 'z'] b>e c>e2"), ["default_missing"]),
        (net("s>a a>b[x == 'y'] a>*c b>e c>e2"), []),
        (replace(LINE, lanes=(Lane("l", "Một cửa", "mc", ("a", "b")),)), ["lane_foreign"]),
        (bounded(1), []),
        (bounded(0), ["bound_form"]),
        (net("s>X1 X1>X2 X2>X1 X2>*e X1>*a a>e"), ["gateways_turn"]),
        (replace(LINE, nodes=tuple(replace(n, id="x y") if n.id == "a" else n for n in LINE.nodes)),
         ["id_form", "node_loose", "node_loose", "flow_dangling", "flow_dangling"]),
    ],
)  # fmt: skip
def test_structure_is_judged(process, codes):
    found = [reason.code for reason in check_structure(process)]
    assert sorted(set(found)) == sorted(set(codes)) and (not codes or found)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("s>a a>X1 X1>a X1>*b b>X2 X2>b X2>*b", "end_missing"),
        ("s>a a>X1 X1>*e X1>b b>c c>b", "no_end"),
        ("s>P1 P1>a P1>b a>e b>T1", None),
        ("s>P1 P1>a P1>b a>e b>e", None),
        ("s>a a>X1 X1>*b X1>P1 b>e c>P1 P1>e d>c X1>d", "deadlock"),
        ("s>P1 P1>a P1>b a>X1 X1>c[x == 'y'] X1>*P2 b>P2 c>e P2>e", "deadlock"),
    ],
)
def test_soundness_beyond_the_micro_cases(text, code):
    proof = prove_soundness(net(text))
    assert proof.sound is (code is None)
    assert code in ([None] if proof.sound else [proof.reasons[0].code])


def test_two_inclusive_joins_that_wait_for_each_other_are_refused_as_a_cycle():
    proof = prove_soundness(
        net("s>P1 P1>a P1>b a>O1 b>O2 O1>P2 O2>P3 P2>c P3>d P2>O2 P3>O1 c>e d>e")
    )
    assert not proof.sound
    assert proof.reasons[0].code == "inclusive_cycle" and proof.path


def test_too_many_states_are_refused_with_advice():
    ways = " ".join(f"P1>t{i} t{i}>u{i} u{i}>P2" for i in range(9))
    process = net(f"s>P1 {ways} P2>e")
    late = Trigger("timer", "duration", "P1D")  # a reminder runs beside its step: no block
    process = replace(
        process,
        nodes=(
            *process.nodes,
            *(
                Node(f"b{i}", "boundary", attached_to=f"t{i}", trigger=late, cancels=False)
                for i in range(9)
            ),
        ),
        flows=(*process.flows, *(Flow(f"late{i}", f"b{i}", "e") for i in range(9))),
    )
    proof = prove_soundness(process, cap=2_000)
    assert [r.code for r in proof.reasons] == ["too_many_states"]
    assert "2.000" in proof.reasons[0].message


def test_a_step_without_role_or_limit_is_named():
    bare = check_duties(LINE)
    full = replace(LINE.nodes[1], role="MC/reception", limit=Limit(Decimal(1), "working_day"))
    assert [(r.code, r.element) for r in bare] == [
        ("step_without_role", "a"),
        ("step_without_limit", "a"),
    ]
    assert check_duties(replace(LINE, nodes=(LINE.nodes[0], full, LINE.nodes[2]))) == ()
    assert (
        check_duties(replace(LINE, nodes=(LINE.nodes[0], replace(full, limit=None, untimed=True))))
        == ()
    )


CASE = {"diem": 7, "ket_qua": "Đạt", "gap": True, "loai": "B"}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("diem >= 7", True), ("diem > 7.0", False), ("diem != 7", False), ("-1 < diem", True),
        ("ket_qua = 'Đạt'", True), ("ket_qua == \"đạt\"", False), ("gap", True), ("không gap", False),
        ("loai thuộc ('A', 'B')", True), ("loai not in ('A'; 'B')", False),
        ("diem > 9 hoặc gap và loai = 'B'", True), ("(diem > 9 or gap) and loai = 'C'", False),
        ("thieu = 1", False), ("thieu != 1", False), ("not thieu = 1", True),
        ("diem = '7'", False), ("gap = đúng", True), ("gap = 1", False), ("!gap || diem ≤ 7", True),
    ],
)  # fmt: skip
def test_conditions_mean_what_they_say(text, holds):
    assert evaluate(parse_condition(text), CASE) is holds


@pytest.mark.parametrize(
    "text",
    ["", "diem >", "= 3", "a = 1 2", "(a = 1", "a in ()", "'x'", "7", "__import__('os')", "a = b = c",
     "a.b()", "a = $x", "not " * 60 + "a", "a" * 3000],
)  # fmt: skip
def test_what_is_no_condition_is_refused(text):
    with pytest.raises(ConditionError):
        parse_condition(text)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"not xml", "xml_broken"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "xml_doctype"),
        (b"<html/>", "not_bpmn"),
        (b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "no_process"),
    ],
)
def test_a_file_that_is_no_model_is_refused(data, code):
    verdict = check_model(data, file="x")
    assert (verdict["accepted"], verdict["subset"], verdict["sound"]) == (False, False, None)
    assert [reason["code"] for reason in verdict["reasons"]] == [code]


def test_an_unsound_model_is_told_with_its_path_element_and_line():
    data = write_bpmn(net("s>X1 X1>a X1>*b a>P1 b>P1 P1>e"))
    verdict = check_model(data, file="x")
    (reason,) = verdict["reasons"]
    assert (verdict["subset"], verdict["sound"], verdict["accepted"]) == (True, False, False)
    assert (reason["code"], reason["element"], verdict["path"][-1]) == ("deadlock", "P1", "P1")
    assert f'id="{reason["element"]}"' in data.decode().splitlines()[reason["line"] - 1]


def test_a_model_without_start_is_in_the_subset_and_not_sound():
    broken = net("s>a a>e")
    data = write_bpmn(replace(broken, nodes=broken.nodes[1:], flows=broken.flows[1:]))
    verdict = check_model(data, file="x")
    assert (verdict["subset"], verdict["sound"]) == (True, False)
    assert "start_count" in {reason["code"] for reason in verdict["reasons"]}


def test_gateways_that_turn_for_ever_become_an_incident_and_lose_nothing():
    state, effects = start(compile_process(net("s>X1 X1>*X2 X2>*X1 X1>e X2>e")), data={})
    assert state.status == "incident" and len(state.tokens) == 1
    assert effects[-1].code == "turns_for_ever"


def test_the_process_to_read_can_be_named_among_pools():
    one, two = net("s>a a>e", "one"), net("s>b b>c c>e", "two")
    body = write_bpmn(two).decode()
    other = write_bpmn(one).decode()
    process = other[other.index("<bpmn:process") : other.index("</bpmn:process>") + 15]
    both = body.replace(
        "<bpmn:process", process.replace(' nep:main="true"', "") + "<bpmn:process", 1
    )
    assert read_bpmn(both.encode()).process.id == "two"
    assert read_bpmn(both.encode(), process_id="one").process.id == "one"
    assert read_bpmn(both.encode(), process_id="three").reasons[0].code == "no_process"
    kept = read_bpmn(write_bpmn(read_bpmn(both.encode()).process)).process
    assert kept == read_bpmn(both.encode()).process
