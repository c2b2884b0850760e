from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nep.apps.organization.rules import Actor
from nep.apps.reviews.queries import all_demands
from nep.apps.reviews.rules import life
from nep.apps.reviews.rules.inputs import Fact, Topic, compiled, digest
from nep.kernel.decisions import Refused

TODAY = date(2026, 12, 10)
FACTS = life.Facts("held", 5, 2, TODAY, 0, "abc")
SECRETARY = Actor(2, None, "Thư ký", 1, roles=frozenset({"iso_secretary"}))
HEAD = Actor(5, None, "Giám đốc", 1, roles=frozenset({"leader"}))
OUTPUTS = {"improve": "Cải tiến", "system": "Hệ thống", "resources": "Nguồn lực"}
MINUTES = life.Minutes(
    TODAY, frozenset({5, 6}), "effective", nothing_else=True,
    decisions=(life.Decided("Mua máy in", 6, TODAY + timedelta(days=30)),),
)  # fmt: skip


def code(decision) -> str:
    return getattr(decision, "code", "")


def write(facts=FACTS, actor=SECRETARY, **change) -> str:
    asked = replace(MINUTES, **change)
    return code(life.decide_write(actor, facts, asked, outputs=OUTPUTS, today=TODAY))


@given(st.sampled_from(sorted(life.STATE_NAMES)), st.sampled_from(life.MOVES))
def test_a_move_leads_where_the_table_says_or_is_refused_in_words(state, move):
    found = life.next_state(state, move)

    assert found == life.LIFE[state, move] if (state, move) in life.LIFE else (
        isinstance(found, Refused) and life.STATE_NAMES[state] in found.message
    )  # fmt: skip
    assert state not in life.ENDED or (state, move) not in life.LIFE


def test_every_state_can_be_reached():
    reached = {life.PREPARED}
    for _ in life.STATE_NAMES:
        reached |= {after for (before, _), after in life.LIFE.items() if before in reached}

    assert reached == set(life.STATE_NAMES)


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({}, ""),
        ({"held_on": TODAY + timedelta(days=1)}, "held_later"),
        ({"held_on": TODAY - timedelta(days=1)}, "held_before"),
        ({"present": frozenset({6, 7})}, "chair_absent"),
        ({"present": frozenset({5})}, "present_few"),
        ({"verdict": ""}, "verdict_missing"),
        ({"verdict": "partly"}, "conclusion_missing"),
        ({"verdict": "partly", "conclusion": "Phải sửa quy trình."}, ""),
        ({"nothing_else": False}, "output_missing"),
        ({"nothing_else": False, "outputs": dict.fromkeys(OUTPUTS, "Đã bàn xong.")}, ""),
        ({"decisions": (life.Decided("Mua", 6, TODAY),)}, "decision_words"),
        ({"decisions": (life.Decided("Mua máy in", 6, TODAY - timedelta(days=1)),)},
         "decision_due"),
        ({"decisions": MINUTES.decisions * 31}, "decisions_many"),
    ],
)  # fmt: skip
def test_minutes_are_kept_only_when_a_meeting_could_have_said_them(change, wanted):
    assert write(**change) == wanted


def test_what_the_last_review_left_is_looked_at_again():
    left = replace(FACTS, open_before=2)

    assert write(left) == "follow_missing"
    assert write(left, follow=True) == ""


def test_who_sits_in_the_chair_writes_no_minutes_and_who_writes_approves_none():
    both = Actor(5, None, "Giám đốc", 1, roles=frozenset({"leader", "qmr"}))
    writer = Actor(2, None, "Phó", 1, roles=frozenset({"leader"}))

    assert write(actor=both) == "chair_writes"
    assert write(actor=HEAD) == "not_permitted"
    assert code(life.decide_approve(writer, FACTS, read_hash="abc")) == "writer_approves"
    assert code(life.decide_approve(SECRETARY, FACTS, read_hash="abc")) == "not_permitted"
    assert life.decide_approve(HEAD, FACTS, read_hash="abc")


def test_minutes_that_changed_since_they_were_read_are_not_approved():
    assert code(life.decide_approve(HEAD, FACTS, read_hash="xyz")) == "minutes_changed"


@pytest.mark.parametrize(
    ("starts", "ends", "meets", "running", "wanted"),
    [
        (1, 10, 17, False, ""),
        (10, 10, 17, False, "period"),
        (1, 11, 17, False, "period_later"),
        (1, 10, 9, False, "day_past"),
        (1, 10, 17, True, "review_running"),
    ],
)
def test_a_review_is_prepared_of_days_that_have_been(starts, ends, meets, running, wanted):
    day = date(2026, 12, 1)
    decision = life.decide_open(
        starts_on=day.replace(day=starts), ends_on=day.replace(day=ends),
        meets_on=day.replace(day=meets), is_running=running, today=TODAY,
    )  # fmt: skip

    assert code(decision) == wanted


@given(st.integers(0, 3), st.booleans())
def test_a_review_closes_exactly_when_its_decisions_were_followed(left, followed):
    decision = life.decide_close(replace(FACTS, state="approved"), left=left, followed=followed)

    assert bool(decision) == (followed or not left)


def test_each_edition_asks_for_its_inputs_in_order_with_number_source_and_mark():
    demands = all_demands()

    assert set(demands) == {"2008", "2015", "2026"}
    numbers = [one.number for one in demands["2015"].inputs]
    assert numbers == sorted(numbers)
    assert len(numbers) == 12
    assert demands["2008"].inputs[0].number == "5.6.2 a"
    assert "parties" in {one.key for one in demands["2026"].inputs}
    assert all(one.source and one.mark == "chưa xác minh" for one in demands.values())
    assert all(
        len({one.key for one in each.inputs}) == len(each.inputs) for each in demands.values()
    )


def test_inputs_are_compiled_from_every_topic_that_fills_them():
    demands = all_demands()["2015"]
    topics = {"context": Topic("Một."), "legal": Topic("Hai.", (Fact("Văn bản", "3", "1"),))}

    found = {one.key: one for one in compiled(demands, topics)}

    assert found["changes"].told == ("Một.", "Hai.")
    assert found["changes"].facts == (Fact("Văn bản", "3", "1"),)


def test_a_digest_is_the_same_whatever_order_a_database_keeps():
    assert digest({"b": "ế", "a": [1]}) == digest({"a": [1], "b": "ế"})
    assert digest({"a": [1]}) != digest({"a": [2]})
