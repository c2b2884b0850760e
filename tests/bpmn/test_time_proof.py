"""The worst path against the statutory limit."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest

from nep.bpmn import Flow, Limit, Process, prove_time
from nep.bpmn.timeproof import step_times
from tests.bpmn.nets import net


def timed(
    text: str, hours: dict[str, str], *, supplement: str = "", bounds: dict[str, int] | None = None
):
    """Return a net whose steps have limits like "4h", "2d" (working days) or "3c" (calendar)."""
    units = {"h": "working_hour", "d": "working_day", "c": "calendar_day"}
    process = net(text)
    nodes = [
        replace(node, limit=Limit(Decimal(hours[node.id][:-1]), units[hours[node.id][-1]]))
        if node.id in hours
        else replace(node, untimed=node.kind == "task")
        for node in process.nodes
    ]
    flows = [
        replace(
            flow,
            supplement=f"{flow.source}>{flow.target}" == supplement,
            bound=(bounds or {}).get(f"{flow.source}>{flow.target}"),
        )
        for flow in process.flows
    ]
    return replace(process, nodes=tuple(nodes), flows=tuple(flows))


def days(amount: str) -> Limit:
    return Limit(Decimal(amount), "working_day")


LINE = "s>a a>b b>e"
CHOICE = "s>a a>X1 X1>b X1>*c b>X2 c>X2 X2>d d>e"
BOTH = "s>P1 P1>a P1>b a>P2 b>c c>P2 P2>d d>e"
BACK = "s>a a>b b>X1 X1>a X1>*e"


@pytest.mark.parametrize(
    ("process", "worst", "path"),
    [
        (timed(LINE, {"a": "4h", "b": "1.5d"}), "16", "s a b e"),
        (timed(CHOICE, {"a": "1h", "b": "9h", "c": "2h", "d": "1h"}), "11", "s a X1 b X2 d e"),
        (timed(BOTH, {"a": "9h", "b": "5h", "c": "3h", "d": "1h"}), "10", "s P1 a P2 d e"),
        (timed(BOTH.replace("P", "O"), {"a": "7h", "b": "5h", "c": "3h"}), "8", "s O1 b c O2 d e"),
        (timed(BACK, {"a": "4h", "b": "2h"}, supplement="X1>a"), "6", "s a b X1 e"),
        (timed(BACK, {"a": "4h", "b": "2h"}, bounds={"X1>a": 2}), "18", "s a b X1 e"),
        (timed(LINE, {"b": "1d"}), "8", "s a b e"),
    ],
)
def test_the_worst_path_is_found(process, worst, path):
    proof = prove_time(process, limit=days("100"))
    assert (proof.fits, proof.worst, proof.worst_path) == (
        True,
        Decimal(worst),
        tuple(path.split()),
    )
    assert proof.paths[0].slack == proof.limit_hours - proof.worst


def test_a_bound_counts_the_rounds_of_a_case_in_loops_within_loops_too():
    process = timed(
        "s>a a>b b>X1 X1>b X1>*X2 X2>a X2>*e",
        {"a": "1h", "b": "10h"},
        bounds={"X1>b": 1, "X2>a": 1},
    )
    # a b b a b: once back from X1, once from X2, whichever comes first
    assert prove_time(process, limit=days("10")).worst == Decimal(32)


def test_every_path_has_its_slack_longest_first():
    proof = prove_time(timed(CHOICE, {"a": "1h", "b": "9h", "c": "2h"}), limit=days("1"))
    assert [(p.hours, p.slack) for p in proof.paths] == [(10, -2), (3, 5)]


def test_more_than_the_limit_is_said_with_its_path_and_the_excess_in_days():
    proof = prove_time(timed(LINE, {"a": "2d", "b": "12h"}), limit=days("3"))
    (reason,) = proof.reasons
    assert (proof.fits, reason.code, reason.path) == (False, "over_limit", ("s", "a", "b", "e"))
    assert "3,5 ngày làm việc" in reason.message and "vượt 0,5" in reason.message


def test_a_day_of_this_agency_may_have_other_hours():
    proof = prove_time(timed(LINE, {"a": "1d", "b": "7h"}), limit=days("2"), hours_per_day=7)
    assert (proof.worst, proof.limit_hours, proof.fits) == (14, 14, True)


@pytest.mark.parametrize(
    ("hours", "limit"),
    [
        ({"a": "4h", "b": "2c"}, days("9")),
        ({"a": "4c", "b": "2c"}, days("9")),
        ({"a": "4h", "b": "2d"}, Limit(Decimal(9), "calendar_day")),
    ],
)
def test_calendar_days_and_working_time_are_asked_about_and_never_added(hours, limit):
    proof = prove_time(timed(LINE, hours), limit=limit)
    assert (proof.fits, [r.code for r in proof.reasons]) == (None, ["mixed_units"])
    assert all(path.slack is None for path in proof.paths)


def test_calendar_days_alone_are_compared_as_such():
    proof = prove_time(timed(LINE, {"a": "4c", "b": "2c"}), limit=Limit(Decimal(6), "calendar_day"))
    assert (proof.fits, proof.worst) == (True, Decimal(144))


def test_a_loop_without_a_bound_is_a_reason_and_no_verdict():
    proof = prove_time(timed(BACK, {"a": "4h", "b": "2h"}), limit=days("9"))
    assert (proof.fits, [r.code for r in proof.reasons]) == (None, ["loop_without_bound"])
    assert set(proof.reasons[0].path) == {"a", "b", "X1"}


def test_a_step_without_limit_withholds_the_verdict_but_not_an_excess():
    process = timed(LINE, {"a": "4h", "b": "2h"})
    nodes = tuple(replace(n, limit=None) if n.id == "b" else n for n in process.nodes)
    open_ = replace(process, nodes=nodes)
    assert prove_time(open_, limit=days("9")).fits is None
    assert prove_time(open_, limit=days("0.25")).fits is False
    assert [r.element for r in prove_time(open_, limit=days("9")).reasons] == ["b"]


def test_without_a_statutory_limit_only_the_sum_is_given():
    proof = prove_time(timed(LINE, {"a": "4h", "b": "2h"}), limit=None)
    assert (proof.fits, proof.worst, proof.limit_hours) == (None, 6, None)


ASKED = {"a": "1d", "b": "1d", "x": "5d"}


def test_a_supplement_that_leads_onward_is_a_way_like_any_other():
    onward = timed("s>a a>X1 X1>*b X1>x x>e b>e", ASKED, supplement="X1>x")
    proof = prove_time(onward, limit=days("3"))
    assert (proof.fits, proof.worst, proof.worst_path) == (
        False, Decimal(48), ("s", "a", "X1", "x", "e"),
    )  # fmt: skip


def test_what_only_a_return_leads_to_is_counted_from_there():
    back = timed("s>a a>X1 X1>*b X1>x x>a b>e", ASKED, supplement="X1>x")
    proof = prove_time(back, limit=days("3"))
    assert (proof.fits, proof.worst) == (False, Decimal(56))
    assert prove_time(back, limit=days("7")).fits is True


def test_a_step_that_only_leads_back_counts_with_its_round():
    mended = timed(
        "s>a a>X1 X1>*b X1>x x>a b>e", {"a": "1d", "b": "1d", "x": "30d"}, bounds={"x>a": 1}
    )
    proof = prove_time(mended, limit=days("5"))
    assert (proof.fits, proof.worst) == (False, Decimal(8 * (1 + 30 + 1 + 1)))
    slack = {one.node: one.slack for one in step_times(mended, limit=days("5"))}
    assert slack["x"] == 40 - proof.worst


def longest_walk(process: Process) -> Decimal:
    """Return the hours of the longest walk, each bounded flow taken at most so often; every one tried."""
    hours = {one.id: one.limit.hours(8) if one.limit else Decimal(0) for one in process.nodes}
    ends = {one.id for one in process.nodes if one.kind == "end"}
    outs: dict[str, list[Flow]] = {}
    for flow in process.flows:
        outs.setdefault(flow.source, []).append(flow)

    def from_here(name: str, left: dict[str, int]) -> Decimal:
        onward = [Decimal(0)] if name in ends else []
        for flow in outs.get(name, ()):
            if flow.bound is None:
                onward.append(from_here(flow.target, left))
            elif left[flow.id]:
                onward.append(from_here(flow.target, {**left, flow.id: left[flow.id] - 1}))
        return hours[name] + max(onward, default=Decimal(-10_000))

    return from_here("s", {one.id: one.bound for one in process.flows if one.bound is not None})


@pytest.mark.parametrize("seed", range(150))
def test_no_walk_takes_longer_than_the_proof_says_and_one_takes_as_long(seed):
    chance = random.Random(seed)
    names = [f"t{place}" for place in range(chance.randint(3, 6))]
    ways, bounds = ["s>t0"], {}
    for place, name in enumerate(names):
        gate, onward = f"X{place}", [*names[place + 1 :], "e"]
        ways += [f"{name}>{gate}", f"{gate}>*{onward[0]}"]
        for target in chance.sample(names + ["e"], chance.randint(0, 2)):
            if f"{gate}>{target}" in ways or target == onward[0]:
                continue
            ways.append(f"{gate}>{target}")
            if target in names[: place + 1]:
                bounds[f"{gate}>{target}"] = chance.randint(1, 2)
    lasting = {name: f"{chance.randint(1, 30)}h" for name in names}
    process = timed(" ".join(ways), lasting, bounds=bounds)
    assert prove_time(process, limit=days("100")).worst == longest_walk(process)
