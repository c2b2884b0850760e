from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nep.apps.improvement.rules import life
from nep.apps.organization.rules import Actor
from nep.kernel.decisions import Refused

TODAY = date(2026, 12, 10)
SHEET = life.Sheet("acting", False, 2, frozenset({2, 3}), "Đã ký bù.", "Thiếu máy in.", None, "")
SECRETARY = Actor(1, None, "Thư ký", 1, roles=frozenset({"iso_secretary"}))
OWNER = Actor(2, None, "Phụ trách", 1, roles=frozenset({"unit_head"}))
STRANGER = Actor(9, None, "Chuyên viên", 1, roles=frozenset({"specialist"}))


def code(decision) -> str:
    return getattr(decision, "code", "")


@given(st.sampled_from(sorted(life.STATE_NAMES)), st.sampled_from(life.MOVES))
def test_a_move_leads_where_the_table_says_or_is_refused_in_words(state, move):
    found = life.next_state(state, move)

    assert found == life.LIFE[state, move] if (state, move) in life.LIFE else (
        isinstance(found, Refused) and life.STATE_NAMES[state] in found.message
    )  # fmt: skip


@given(st.sampled_from(life.MOVES), st.sampled_from(sorted(life.ENDED)))
def test_nothing_leaves_an_ended_state(move, state):
    assert (state, move) not in life.LIFE


def test_every_state_can_be_reached_and_left():
    reached = {"reported"}
    for _ in life.STATE_NAMES:
        reached |= {after for (before, _), after in life.LIFE.items() if before in reached}

    assert reached == set(life.STATE_NAMES)


@pytest.mark.parametrize(
    ("done", "wanted"),
    [
        (life.Done(running=1, checked=1), "actions_running"),
        (life.Done(), "actions_none"),
        (life.Done(checked=1), ""),
    ],
)
def test_what_was_done_is_accepted_only_when_it_is_done(done, wanted):
    decision = life.decide_check(SECRETARY, SHEET, done, effect_on=TODAY, today=TODAY)

    assert code(decision) == wanted


@pytest.mark.parametrize("judge", [OWNER, replace(OWNER, person_id=3)])
def test_who_owns_or_analysed_it_judges_nothing(judge):
    done = life.Done(checked=1)

    assert (
        code(life.decide_check(judge, SHEET, done, effect_on=TODAY, today=TODAY)) == "doer_is_judge"
    )
    assert (
        code(life.decide_close(judge, replace(SHEET, state="effective"), done)) == "doer_is_judge"
    )
    assert code(life.decide_effect(
        judge, replace(SHEET, state="checked"), worked=True, note="Đã xem phiếu.", today=TODAY
    )) == "doer_is_judge"  # fmt: skip


@given(
    st.booleans(), st.booleans(), st.booleans(), st.integers(0, 2), st.integers(0, 2),
    st.integers(0, 1), st.integers(0, 1), st.booleans(),
)  # fmt: skip
def test_it_closes_exactly_when_no_gate_is_open(
    corrected, known, judged, running, checked, changing, changed, excused
):
    sheet = replace(
        SHEET, state="effective" if judged else "checked", cause="Thiếu máy in." if known else "",
        correction="Đã ký bù." if corrected else "",
        no_update_reason="Quy trình đã đúng." if excused else "",
    )  # fmt: skip
    done = life.Done(running, checked, None, changing, changed)

    decision = life.decide_close(SECRETARY, sheet, done)

    expected = all(
        (corrected, known, judged, not running, checked, changed or excused, not changing)
    )
    assert bool(decision) == expected
    assert expected or code(decision) == "close_early"


def test_effect_waits_for_its_day():
    sheet = replace(SHEET, state="checked", effect_on=date(2027, 1, 15))
    judge = {"worked": True, "note": "Đã xem 40 phiếu."}

    assert code(life.decide_effect(SECRETARY, sheet, today=TODAY, **judge)) == "effect_early"
    assert life.decide_effect(SECRETARY, sheet, today=date(2027, 1, 15), **judge)


def test_a_cause_needs_the_correction_first_unless_nothing_has_happened():
    bare = replace(SHEET, state="reported", correction="")
    ask = {"cause": "Thiếu máy in.", "whys": ()}

    assert code(life.decide_analysis(OWNER, bare, **ask)) == "correction_missing"
    assert life.decide_analysis(OWNER, replace(bare, potential=True), **ask)
    assert code(life.decide_analysis(STRANGER, bare, **ask)) == "not_the_owner"
