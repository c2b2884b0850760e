from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nep.apps.conformity.rules import declaration as law
from nep.apps.organization.rules import Actor
from nep.kernel.decisions import Refused

TODAY = date(2026, 12, 10)
LINE = law.ScopeLine("1.001", "1.001", "Cấp giấy phép", "Y tế", ("QT-01 lần 02",))
HELD = law.Held(date(2026, 10, 5), "Đánh giá 2026", "/danh-gia/1/")
REVIEW = law.Held(date(2026, 11, 2), "Xem xét 2026", "/xem-xet/1/")
FULL = law.Standing((LINE,), HELD, HELD, HELD, REVIEW, 0, "")
ONE = law.Declared("applied", 1, date(2026, 3, 1), frozenset({"1.001"}),
                   frozenset(law.POSTING_NAMES))  # fmt: skip
LEADER = Actor(2, None, "Giám đốc", 1, roles=frozenset({"leader"}))
SECRETARY = Actor(1, None, "Thư ký", 1, roles=frozenset({"iso_secretary"}))
SPECIALIST = Actor(3, None, "Chuyên viên", 1, roles=frozenset({"specialist"}))
MISSING = [
    ("apply", "scope", {"scope": None}),
    ("apply", "policy", {"policy": None}),
    ("apply", "procedures", {"lines": (replace(LINE, procedures=()),)}),
    ("apply", "procedures", {"lines": ()}),
    ("confirm", "audit", {"audit": None}),
    ("confirm", "audit", {"audit": replace(HELD, on=date(2025, 1, 2))}),
    ("confirm", "findings", {"open_findings": 2}),
    ("confirm", "review", {"review": None}),
    ("confirm", "review", {"review": replace(REVIEW, on=date(2026, 9, 1))}),
    ("confirm", "procedures", {"lines": (LINE, replace(LINE, key="2", procedures=()))}),
    ("declare", "edition", {"locked": "Bản 2026 chờ hướng dẫn của Bộ."}),
    ("declare", "same_scope", {"lines": (LINE, replace(LINE, key="2", code="2"))}),
]
BEFORE = {"apply": "building", "confirm": "applied", "declare": "confirmed", "maintain": "declared"}


def decided(move, *, standing=FULL, actor=LEADER, one=ONE, **more):
    return law.decide(actor, replace(one, state=BEFORE[move]), move, standing=standing, today=TODAY,
                      text=more.get("text", "Hệ thống có hiệu lực."))  # fmt: skip


@pytest.mark.parametrize("move", list(BEFORE))
def test_with_nothing_missing_a_move_is_allowed(move):
    assert decided(move)


@pytest.mark.parametrize(("move", "gate", "gone"), MISSING)
def test_each_gate_stops_its_move_with_a_sentence_and_a_place_to_mend(move, gate, gone):
    decision = decided(move, standing=replace(FULL, **gone))
    shown = law.gates(move, replace(ONE, state=BEFORE[move]), replace(FULL, **gone), today=TODAY)
    open_ = [one for one in shown if not one.holds]

    assert decision.code == "gates_open"
    assert [one.code for one in open_] == [gate]
    assert open_[0].told in decision.message
    assert open_[0].url.startswith("/")


@pytest.mark.parametrize("kind", list(law.POSTING_NAMES))
def test_it_is_not_maintained_before_each_posting(kind):
    one = replace(ONE, posted=frozenset(law.POSTING_NAMES) - {kind})

    assert decided("maintain", one=one).code == "gates_open"


def test_who_prepared_it_does_not_confirm_it_and_only_the_head_does():
    author = replace(LEADER, person_id=1)

    assert decided("confirm", actor=author).code == "author_confirms"
    assert decided("confirm", actor=SECRETARY).code == "not_permitted"
    assert decided("apply", actor=SPECIALIST).code == "not_permitted"
    assert decided("confirm", text=" ").code == "words_missing"


@given(st.sampled_from(sorted(law.STATE_NAMES)), st.sampled_from(law.MOVES))
def test_a_move_leads_where_the_table_says_or_is_refused_in_words(state, move):
    found = law.next_state(state, move)

    assert found == law.LIFE[state, move] if (state, move) in law.LIFE else (
        isinstance(found, Refused) and law.STATE_NAMES[state] in found.message
    )  # fmt: skip


def test_every_state_is_reached_and_nothing_leaves_an_ended_one():
    reached = {"building"}
    for _ in law.STATE_NAMES:
        reached |= {after for (before, _), after in law.LIFE.items() if before in reached}

    assert reached == set(law.STATE_NAMES)
    assert not [move for state, move in law.LIFE if state in law.ENDED]


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.just("Tên")), st.sets(st.sampled_from("abcdef"))
)
def test_a_scope_change_names_exactly_what_came_and_went(annex, now):
    lines = [replace(LINE, key=key, name=key) for key in now]
    change = law.scope_change(annex, lines)

    assert (len(change.added), len(change.removed)) == (
        len(now - set(annex)),
        len(set(annex) - now),
    )
    assert bool(change) == (now != set(annex))


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"kind": "radio"}, "posting_unknown"),
        ({"place": "  "}, "place_missing"),
        ({"kind": "web", "url": "sotuphap"}, "url_missing"),
        ({"on": date(2026, 12, 11)}, "posted_later"),
        ({"on": date(2026, 11, 1)}, "posted_early"),
    ],
)
def test_a_posting_is_written_only_as_it_can_have_been(values, code):
    asked = {"kind": "office", "place": "Bảng tin", "url": "", "on": TODAY, **values}
    decision = law.decide_posting(declared_on=date(2026, 12, 1), today=TODAY, **asked)

    assert decision.code == code


@pytest.mark.parametrize(
    ("today", "held_on", "holds"),
    [
        (date(2026, 12, 31), date(2025, 12, 31), True),
        (date(2026, 12, 31), date(2025, 12, 30), False),
        (date(2026, 12, 31), date(2025, 12, 28), False),
        (date(2028, 2, 29), date(2027, 2, 28), True),
        (date(2028, 2, 29), date(2027, 2, 27), False),
    ],
)
def test_an_audit_holds_for_twelve_months_to_the_day(today, held_on, holds):
    one = replace(ONE, applied_on=None)
    standing = replace(FULL, audit=replace(HELD, on=held_on))
    found = law.gates(law.CONFIRM, one, standing, today=today)

    assert next(gate for gate in found if gate.code == "audit").holds is holds
