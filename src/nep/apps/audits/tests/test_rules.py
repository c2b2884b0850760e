from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nep.apps.audits.rules import life, planning, sampling
from nep.apps.audits.rules.checklist import ProcedureFacts, StepFacts, checklist
from nep.apps.audits.rules.independence import Person, Place, choose, concerns, decide_team
from nep.apps.audits.rules.planning import ClauseRule, UnitFacts
from nep.kernel.decisions import Refused
from nep.kernel.vietnamese import VN
from nep.worktime import OFFICE_HOURS, CalendarSpec, compile_calendar

TODAY = date(2026, 9, 7)
CALENDAR = compile_calendar(
    CalendarSpec("thu", OFFICE_HOURS, (), frozenset({2026}), first_year=2026, last_year=2027)
)
NINE = datetime(2026, 9, 15, 9, tzinfo=VN)
PLACE = Place(1, 10, "Phòng Kế hoạch", NINE, NINE + timedelta(hours=1), frozenset({10, 1}), "QT-01",
              frozenset({5}), frozenset({6}), frozenset({7}), 8)  # fmt: skip
ABLE = Person(2, "Vũ Văn Đánh", unit_ids=frozenset({20}), qualified=True)
CLAUSES = (
    ClauseRule("5.1", "Sự lãnh đạo", frozenset({"lead"}), (("Lãnh đạo theo dõi ra sao?", "Sổ"),)),
    ClauseRule("7.5", "Văn bản", frozenset({"every"}), (("Đúng bản còn hiệu lực?", "Thư viện"),
                                                        ("Tìm được hồ sơ cũ?", "Kho"))),
    ClauseRule("8.5", "Thực hiện", frozenset({"service"}), (("Truy được ai giữ?", "Phiếu"),)),
    ClauseRule("8.6", "Thông qua", frozenset({"nobody"}), ()),
)  # fmt: skip
LIVES = {
    "programme": (life.PROGRAMME, life.PROGRAMME_STATES, life.PROGRAMME_MOVES, "draft"),
    "audit": (life.AUDIT, life.AUDIT_STATES, life.AUDIT_MOVES, "planned"),
    "finding": (life.FINDING, life.FINDING_STATES, life.FINDING_MOVES, "asked"),
}


def code(decision) -> str:
    return getattr(decision, "code", "")


@pytest.mark.parametrize("name", LIVES)
def test_every_state_is_reached_and_every_other_move_is_refused_in_words(name):
    table, states, moves, first = LIVES[name]
    reached = {first}
    for _ in states:
        reached |= {after for (before, _move), after in table.items() if before in reached}

    assert reached == {state for state in states if state in reached}
    assert reached >= set(table.values())
    for state in states:
        for move in moves:
            found = life.next_state(table, state, move)
            if (state, move) in table:
                assert found == table[state, move]
            else:
                assert isinstance(found, Refused)
                assert found.code == "audit_state"


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"unit_ids": frozenset({10})}, "works_in"),
        ({"headed_units": frozenset({1})}, "supervises"),
        ({"leads_agency": True}, "leads"),
        ({"id": 5}, "drafted"),
        ({"id": 6}, "checked"),
        ({"id": 7}, "approved"),
        ({"id": 8}, "represents"),
        ({"qualified": False}, "unqualified"),
        ({"qualified_until": date(2026, 9, 14)}, "expired"),
        ({"is_neighbour": True}, "agreement_missing"),
    ],
)
def test_nobody_audits_what_is_their_own_or_without_competence(change, wanted):
    person = replace(ABLE, **change)

    assert concerns(ABLE, PLACE) == ()
    assert [one.code for one in concerns(person, PLACE) if one.blocks] == [wanted]
    team = [(person, "leader")]
    assert code(decide_team(members=team, places=[(PLACE, (person.id,))])) == wanted
    assert decide_team(members=[(ABLE, "leader")], places=[(PLACE, (ABLE.id,))])


def test_two_years_in_a_row_are_told_and_do_not_block():
    person = replace(ABLE, audited=frozenset({(10, 2025), (10, 2024)}))
    found = concerns(person, PLACE)

    assert [(one.code, one.blocks) for one in found] == [("rotation", False)]
    assert concerns(replace(ABLE, audited=frozenset({(10, 2025)})), PLACE) == ()
    assert choose([PLACE], [replace(person, id=1), ABLE]) == {1: ABLE.id}


@pytest.mark.parametrize(
    ("members", "places", "wanted"),
    [
        ([], [], "leader_missing"),
        ([(ABLE, "leader")], [], "sessions_missing"),
        ([(ABLE, "leader")], [(PLACE, ())], "auditor_missing"),
        ([(ABLE, "leader")], [(replace(PLACE, representative_id=None), (2,))],
         "representative_missing"),
        ([(ABLE, "leader")], [(PLACE, (99,))], "not_in_team"),
        ([(ABLE, "leader")], [(PLACE, (2,)), (replace(PLACE, id=2, unit_id=11), (2,))],
         "auditor_twice"),
    ],
)  # fmt: skip
def test_a_plan_that_lacks_something_does_not_go_out(members, places, wanted):
    assert code(decide_team(members=members, places=places)) == wanted


def test_neighbours_are_chosen_only_where_nobody_of_the_agency_may():
    near = Person(3, "Người tỉnh bạn", qualified=True, is_neighbour=True)
    own = replace(ABLE, unit_ids=frozenset({10}))

    assert choose([PLACE], [near, ABLE]) == {1: ABLE.id}
    assert choose([PLACE], [near, own]) == {1: near.id}
    assert choose([PLACE], [own]) == {}


@pytest.mark.parametrize(
    ("start", "minutes", "wanted"),
    [
        (NINE, 60, ""),
        (NINE.replace(hour=0), 60, "session_hours"),
        (NINE.replace(hour=12), 60, "session_hours"),
        (NINE.replace(hour=17), 60, "session_hours"),
        (NINE.replace(hour=11), 180, ""),
        (NINE.replace(day=13), 60, "session_day_off"),
        (datetime(2026, 9, 2, 9, tzinfo=VN), 60, "session_past"),
        (NINE, 0, "session_reversed"),
        (NINE, 5, "session_length"),
        (NINE, 60 * 24, "session_days"),
    ],
)
def test_a_session_lies_in_office_hours_from_today_on(start, minutes, wanted):
    decision = planning.decide_session(
        CALENDAR, starts_at=start, ends_at=start + timedelta(minutes=minutes), today=TODAY
    )

    assert code(decision) == wanted


@settings(max_examples=25)
@given(st.integers(1, 14), st.integers(30, 120), st.integers(0, 300))
def test_proposed_sessions_are_always_possible_and_never_at_once(count, minutes, later):
    day = planning.first_day(
        CALENDAR, year=2026, month=10, today=TODAY + timedelta(days=later % 20), notice_days=3
    )
    found = planning.times(CALENDAR, first_day=day, count=count, minutes=minutes)

    assert len(found) == count
    for starts_at, ends_at in found:
        assert planning.decide_session(CALENDAR, starts_at=starts_at, ends_at=ends_at, today=TODAY)
    assert all(one[1] <= two[0] for one, two in pairwise(found))


@settings(max_examples=25)
@given(st.integers(1, 15), st.integers(0, 300))
def test_a_proposed_programme_covers_every_unit_and_clause(count, days):
    units = [
        UnitFacts(n, f"Đơn vị {n}", frozenset({"service"} if n % 2 else {"lead"}), late=n,
                  finished=20)
        for n in range(1, count + 1)
    ]  # fmt: skip
    today = date(2026, 1, 5) + timedelta(days=days)
    lines = planning.propose(units, CLAUSES, year=2026, today=today)
    left = planning.missing(
        units=[(one.id, one.name) for one in units], clauses=CLAUSES,
        lines=[(one.unit_id, one.clauses) for one in lines],
    )  # fmt: skip

    assert left == ((), ())
    assert [one.weight for one in lines] == sorted((one.weight for one in lines), reverse=True)
    assert all(min(12, today.month + 1) <= one.month <= 12 for one in lines)


def test_risk_late_cases_and_time_without_audit_rank_a_unit():
    fresh = UnitFacts(1, "A", frozenset(), last_audit_on=date(2026, 8, 20))

    assert planning.rank(fresh, today=TODAY)[0] == 0
    assert planning.rank(replace(fresh, risk=15), today=TODAY)[0] == 30
    weight, told = planning.rank(
        replace(fresh, last_audit_on=None, finished=50, late=5, open_sheets=1), today=TODAY
    )
    assert weight == 35
    assert told == "5/50 hồ sơ trễ trong 12 tháng; 1 sự không phù hợp đang mở; chưa từng đánh giá"


def test_a_programme_with_a_gap_needs_a_reason():
    ask = {"units": (), "clauses": ("8.3",), "lines": 4}

    assert code(planning.decide_whole(**ask, excuse="")) == "clauses_missing"
    assert planning.decide_whole(**ask, excuse="Không thiết kế dịch vụ.")
    assert code(planning.decide_whole(**{**ask, "units": ("Văn phòng",)}, excuse="x")) == (
        "units_missing"
    )
    assert code(planning.decide_whole(**{**ask, "lines": 0}, excuse="x")) == "programme_empty"


def test_a_checklist_asks_of_steps_forms_laws_and_before_and_fits_on_a_page():
    steps = tuple(StepFacts(f"Bước {n}", f"Việc {n}", "2 giờ", ("BM-01",)) for n in range(1, 6))
    facts = ProcedureFacts("QT-18", "Cấp phép", "/tai-lieu/1/", steps, ("Luật 10", "NĐ 1"))
    asked = checklist(
        clauses=("5.1", "7.5", "8.5"), known=CLAUSES, procedure=facts, most=10,
        sheets=[("KPH 01/2026", "Thiếu chữ ký", "/khong-phu-hop/1/")],
    )  # fmt: skip
    said = [one.text for one in asked]

    assert len(asked) <= 10
    assert sum("Bước" in one for one in said) == 3
    assert any("BM-01" in one for one in said)
    assert any("Luật 10" in one for one in said)
    assert any("có lặp lại?" in one for one in said)
    assert [one.clause for one in asked][-1] == "10.2"
    assert [one.clause for one in checklist(clauses=("7.5", "5.1"), known=CLAUSES,
                                            procedure=None)] == ["5.1", "7.5", "7.5"]  # fmt: skip


@settings(max_examples=25)
@given(st.text(max_size=8), st.sets(st.integers(1, 10**12), max_size=60), st.integers(1, 30))
def test_a_draw_can_be_repeated_whatever_the_order(seed, keys, size):
    found = sampling.draw(seed, keys, size)

    assert found == sampling.draw(seed, sorted(keys, reverse=True), size)
    assert len(found) == min(size, len(keys))
    assert set(found) <= keys
    left = set(keys) - set(found)
    if left:
        assert sampling.draw(seed, keys - {min(left)}, size) == found


def test_a_second_draw_says_why():
    ask = {"population": 9, "size": 5}

    assert sampling.decide_draw(**ask, drawn_before=False, reason="")
    assert code(sampling.decide_draw(**ask, drawn_before=True, reason="")) == "redraw_reason"
    assert code(sampling.decide_draw(population=0, size=5, drawn_before=False, reason="")) == (
        "sample_empty"
    )
    assert code(sampling.decide_draw(population=9, size=31, drawn_before=False, reason="")) == (
        "sample_size"
    )


def test_who_stands_in_no_unit_is_told_and_comes_last():
    nowhere = replace(ABLE, id=1, name="An", unit_ids=frozenset())
    found = concerns(nowhere, PLACE)

    assert [(one.code, one.blocks) for one in found] == [("unit_unknown", False)]
    assert choose([PLACE], [nowhere, ABLE]) == {1: ABLE.id}


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Phiếu thiếu chữ ký.", "Phiếu thiếu chữ ký."),
        ("1.\nHai phiếu thiếu chữ ký.", "1. Hai phiếu thiếu chữ ký."),
        ("Mờ", "Phát hiện 3: Mờ"),
        ("1. " + "a" * 900, "Phát hiện 3: 1. " + "a" * 284),
    ],
)
def test_a_sheet_is_called_by_the_whole_text_or_by_the_number_where_it_says_little(text, title):
    assert life.sheet_title(number=3, text=text) == title


def test_a_long_finding_is_cut_at_a_word():
    assert life.sheet_title(number=1, text="chữ " * 200) == "chữ " * 73 + "chữ…"
