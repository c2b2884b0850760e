from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nep.apps.actions import rules
from nep.apps.organization.rules import Actor
from nep.kernel.decisions import Refused

TODAY = date(2026, 12, 10)
MOVES = (rules.FINISH, rules.ACCEPT, rules.RETURN, rules.CANCEL, rules.MOVE)


def actor(person_id: int, *roles: str, units: tuple[int, ...] = ()) -> Actor:
    return Actor(person_id, None, "Ai đó", 1, roles=frozenset(roles), unit_ids=frozenset(units))


@given(st.sampled_from(sorted(rules.STATE_NAMES)), st.sampled_from(MOVES))
def test_a_move_leads_where_the_table_says_or_is_refused_in_words(state, move):
    found = rules.next_state(state, move)

    if (state, move) in rules.LIFE:
        assert found == rules.LIFE[state, move]
    else:
        assert isinstance(found, Refused)
        assert found.code == "action_state"


@given(st.sampled_from(MOVES))
def test_nothing_leaves_an_ended_state(move):
    assert all(isinstance(rules.next_state(state, move), Refused) for state in rules.ENDED)


@pytest.mark.parametrize(
    ("giver", "owner_units", "code"),
    [
        (actor(1, "iso_secretary"), {9}, ""),
        (actor(1, "specialist", units=(9,)), {9}, ""),
        (actor(2, "specialist"), {9}, ""),
        (actor(1, "specialist", units=(8,)), {9}, "owner_elsewhere"),
    ],
)
def test_who_may_give_work_to_whom(giver, owner_units, code):
    decision = rules.decide_open(
        giver, title="Sửa quy trình", owner_id=2, owner_units=frozenset(owner_units),
        due_on=TODAY, checker_id=None, today=TODAY,
    )  # fmt: skip

    assert getattr(decision, "code", "") == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": "ừ"}, "title_missing"),
        ({"due_on": date(2026, 12, 9)}, "due_past"),
        ({"due_on": date(2036, 12, 9)}, "day_far"),
        ({"checker_id": 2}, "owner_is_checker"),
    ],
)
def test_what_an_action_needs(change, code):
    values = {"title": "Sửa quy trình", "owner_id": 2, "owner_units": frozenset(), "due_on": TODAY,
              "checker_id": None, "today": TODAY}  # fmt: skip

    decision = rules.decide_open(actor(1, "leader"), **{**values, **change})

    assert getattr(decision, "code", "") == code


@given(st.integers(1, 4), st.integers(1, 4), st.one_of(st.none(), st.integers(1, 4)), st.booleans())
def test_nobody_checks_what_they_did_whatever_their_role(person, owner, checker, leads):
    if checker == owner:
        checker = None
    facts = rules.Facts(rules.DONE, owner, checker, 1, TODAY)
    judge = actor(person, "leader" if leads else "specialist")

    decision = rules.may_check(judge, facts, done_by_id=owner)

    assert bool(decision) == (person != owner and (leads or person == checker))
