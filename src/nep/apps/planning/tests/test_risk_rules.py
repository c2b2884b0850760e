from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nep.apps.organization.rules import Actor
from nep.apps.planning.queries import shipped_scales
from nep.apps.planning.rules import context, risks, scales
from nep.kernel.decisions import Refused

TODAY, LATER = date(2026, 12, 10), date(2027, 6, 1)
FACTS = risks.Facts("risk", "treating", "medium", 2, frozenset({2, 3}))
QMR = Actor(1, None, "QMR", 1, roles=frozenset({"qmr"}))
HEAD = Actor(4, None, "Giám đốc", 1, roles=frozenset({"leader"}))
OWNER = Actor(2, None, "Phụ trách", 1, roles=frozenset({"unit_head"}))
TEXT = st.text("aậ1;· \n\t\u00a0\u200b", max_size=20)
STRANGER = Actor(9, None, "Chuyên viên", 1, roles=frozenset({"specialist"}))


def code(decision) -> str:
    return getattr(decision, "code", "")


@given(
    st.sampled_from(risks.STATES),
    st.sampled_from(risks.MOVES),
    st.sampled_from(["risk", "opportunity"]),
)
def test_a_move_leads_where_the_table_says_or_is_refused_in_words(state, move, kind):
    found = risks.next_state(state, move, kind)
    known = (state, move) in risks.LIFE and not (move == risks.HAPPEN and kind == "opportunity")

    assert found == risks.LIFE[state, move] if known else (
        isinstance(found, Refused) and risks.state_name(kind, state) in found.message
    )  # fmt: skip


@given(st.sampled_from(risks.MOVES))
def test_nothing_leaves_what_is_watched_no_more(move):
    assert (risks.CLOSED, move) not in risks.LIFE


def test_every_state_can_be_reached():
    reached = {risks.DRAFT}
    for _ in risks.STATES:
        reached |= {after for (before, _), after in risks.LIFE.items() if before in reached}
    assert reached == set(risks.STATES)


@given(st.sampled_from(scales.METHODS), st.data())
def test_a_greater_product_never_has_a_lower_level_and_the_ends_are_low_and_high(method, data):
    scale = shipped_scales()[method]
    order = [scales.LOW, scales.MEDIUM, scales.HIGH]
    one, other = sorted(data.draw(st.tuples(*[st.integers(1, scale.most)] * 2)))

    assert order.index(scales.level_of(scale, one)) <= order.index(scales.level_of(scale, other))
    assert (scales.level_of(scale, 1), scales.level_of(scale, scale.most)) == ("low", "high")


@given(st.integers(-5, 40), st.integers(-5, 40))
def test_thresholds_are_taken_exactly_when_every_level_can_be_reached(medium, high):
    scale = shipped_scales()["quantitative"]
    taken = bool(scales.decide_scale(scale, medium_from=medium, high_from=high))
    moved = replace(scale, medium_from=medium, high_from=high)
    reached = {scales.level_of(moved, product) for product in range(1, scale.most + 1)}

    assert taken == (1 < medium < high and reached == {"low", "medium", "high"})


@given(st.integers(0, 3), st.integers(0, 3), st.sampled_from([QMR, OWNER, STRANGER]))
def test_a_treatment_is_verified_exactly_when_it_is_done_by_somebody_else(running, checked, actor):
    decision = risks.decide_verify(
        actor, FACTS, risks.Done(running, checked), note="Đã xem sổ trực.", review_on=LATER,
        today=TODAY,
    )  # fmt: skip
    assert bool(decision) == (actor is QMR and not running and checked > 0)


@pytest.mark.parametrize(
    ("actor", "level", "wanted"),
    [(QMR, "medium", ""), (QMR, "high", "level_high"), (HEAD, "high", ""),
     (OWNER, "low", "doer_is_judge"), (STRANGER, "low", "not_permitted")],
)  # fmt: skip
def test_who_accepts_what(actor, level, wanted):
    facts = replace(FACTS, state="rated", level=level)
    decision = risks.decide_accept(
        actor, facts, reason="Xảy ra ít, sửa được ngay.", review_on=LATER, today=TODAY
    )
    assert code(decision) == wanted


@given(st.integers(2000, 2100), st.integers(1, 12), st.integers(0, 24))
def test_months_are_counted_back_over_the_years(year, month, count):
    first, last = scales.months_until(date(year, month, 28), count)
    assert last == year * 100 + month
    assert (last // 100 * 12 + last % 100) - (first // 100 * 12 + first % 100) == count


@given(st.sampled_from(sorted(context.STATE_NAMES)), st.sampled_from(context.MOVES))
def test_an_edition_moves_as_its_table_says_or_is_refused_in_words(state, move):
    found = context.next_state(state, move)

    assert found == context.LIFE[state, move] if (state, move) in context.LIFE else (
        isinstance(found, Refused) and context.STATE_NAMES[state] in found.message
    )  # fmt: skip


@given(st.lists(TEXT, max_size=4), TEXT)
def test_what_is_stored_is_read_back_as_it_was(lines, climate):
    said = context.read_content(
        "context", {"strengths": lines, "threats": lines, "climate": climate}
    )
    assert context.read_content("context", context.stored_form(said)) == said
