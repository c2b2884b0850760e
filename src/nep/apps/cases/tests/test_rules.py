"""Law and arithmetic of cases, without a database."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nep.apps.cases.rules import mask_name, mask_phone
from nep.apps.cases.rules.acting import decide_moving, decide_pause, decide_resume
from nep.apps.cases.rules.plan import (
    fold_states,
    move,
    plan_of,
    pleat_text,
    progress_done,
    progress_start,
    was_open,
)
from nep.apps.cases.rules.statuses import FINISHED, MOVING, ON_PAUSE, STATUS_NAMES, WAITING_FIRST
from nep.apps.cases.rules.timing import on_time_word, step_due, transfer_moment
from nep.apps.cases.tests.scene import OPINION, PERMIT, moment
from nep.apps.procedures.rules.table import Branch, Step, Table, to_process
from nep.bpmn import (
    EngineError,
    Limit,
    TaskDone,
    TaskOpened,
    advance,
    compile_process,
    decode_state,
    encode_state,
    start,
)
from nep.worktime import compile_calendar, vietnam_spec

CALENDAR = compile_calendar(
    vietnam_spec(days=(), noticed_years=(), first_year=2025, last_year=2028, version="thử")
)


def plan(table):
    return plan_of(compile_process(to_process(table)), [step.id for step in table.steps])


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Nguyễn Văn A", "N*** V** A"),
        ("Trần Thị Mai Lan", "T*** T** M** Lan"),
        ("Lan", "L***"),
        ("Công ty TNHH Gạch Sông Nhuận", "Công ty TNHH Gạch Sông Nhuận"),
        ("Phòng khám đa khoa Hồng Phúc", "Phòng khám đa khoa Hồng Phúc"),
        ("", ""),
    ],
)
def test_people_are_masked_and_organizations_are_not(name, shown):
    assert mask_name(name) == shown


def test_a_telephone_number_keeps_its_last_three_digits():
    assert mask_phone("0900 000 118") == "*** 118"


@pytest.mark.parametrize(
    ("accepted", "given_on"),
    [
        (moment(10, 14, 59), moment(10, 14, 59)),
        (moment(10, 15), moment(10, 15)),
        (moment(10, 15, 1), moment(11, 7, 30)),
        (moment(11, 16), moment(14, 7, 30)),
        (moment(12, 9), moment(14, 7, 30)),
    ],
)
def test_after_three_the_file_goes_on_the_next_working_morning(accepted, given_on):
    assert transfer_moment(accepted_at=accepted, calendar=CALENDAR) == given_on


@pytest.mark.parametrize(
    ("finished", "word"),
    [
        (moment(23, 17, 30), "truoc"),
        (moment(24, 7, 30), "dung"),
        (moment(24, 17, 30), "dung"),
        (moment(24, 17, 31), "tre"),
    ],
)
def test_a_finished_case_is_before_on_or_past_its_date(finished, word):
    assert on_time_word(finished_at=finished, due_at=moment(24, 17, 30)) == word


def test_a_case_without_a_date_has_no_word():
    assert on_time_word(finished_at=moment(24, 9), due_at=None) == ""


def test_a_step_that_goes_on_counts_what_is_left_of_its_limit():
    due = step_due(
        calendar=CALENDAR,
        opened_at=moment(10, 10),
        amount=Decimal(4),
        unit="working_hour",
        left=180,
    )

    assert due == moment(10, 15)


@given(st.sampled_from(sorted(STATUS_NAMES)))
def test_every_status_allows_exactly_one_of_moving_resuming_or_nothing(status):
    moving, resuming = bool(decide_moving(status)), bool(decide_resume(status))

    assert moving == (status in MOVING)
    assert resuming == (status in ON_PAUSE)
    assert not (moving and resuming)
    assert bool(decide_pause(status)) == moving
    groups = [status in FINISHED, status in ON_PAUSE, status in MOVING, status == WAITING_FIRST]
    assert sum(groups) == 1


def test_a_plan_knows_the_ways_out_of_a_step():
    step = plan(PERMIT).step("b3")

    ways = {way.flow: way for way in step.ways}
    assert ways["f-re-b3"].targets == ("b4",) and ways["f-re-b3"].is_default
    assert ways["b3-bs"].is_supplement and ways["b3-bs"].is_back
    assert ways["b3-lai"].targets == ("b2",) and ways["b3-lai"].is_back


CHOICE = Table(
    "qt-chon", "Chọn theo dữ liệu",
    (
        Step("b1", "Tiếp nhận", "MC/reception", Limit(Decimal(2), "working_hour")),
        Step("b2", "Thẩm định", "PKH/specialist", Limit(Decimal(2), "working_hour"),
             branches=(Branch("lai", "b1", "Làm lại", "so_lan > 1", bound=9),)),
        Step("b3", "Ký", "LD/leader", Limit(Decimal(2), "working_hour")),
    ),
)  # fmt: skip


@pytest.mark.parametrize("table", [PERMIT, OPINION, CHOICE], ids=lambda table: table.id)
def test_a_move_is_what_the_engine_says_however_often_it_is_asked(table):
    kept = plan(table)
    state, _ = start(kept.compiled, data={})
    asked = 0
    waiting = [state]
    while waiting and asked < 60:
        state = waiting.pop()
        for token in (one for one in state.tokens if not one.flow):
            for outcome in (None, *(way.flow for way in kept.step(token.node).ways)):
                told = advance(kept.compiled, state, TaskDone(token.id, {}, outcome))
                for _ in range(2):
                    made = move(kept, encode_state(state), token.id, {}, outcome)
                    assert (made.state, made.effects) == told
                    assert decode_state(made.text) == made.state
                waiting.append(told[0])
                asked += 1
    assert asked > 4


def test_a_move_that_reads_the_case_is_worked_out_each_time():
    kept = plan(CHOICE)
    marking = encode_state(
        move(kept, encode_state(start(kept.compiled, data={})[0]), 1, {}, None)[0]
    )
    opened = {
        times: [
            effect.node
            for effect in move(kept, marking, 2, {"so_lan": times}, None).effects
            if isinstance(effect, TaskOpened)
        ]
        for times in (0, 2, 0, 2)
    }
    assert opened == {0: ["b3"], 2: ["b1"]}
    with pytest.raises(EngineError):
        move(kept, marking, 1, {}, None)


def test_only_the_hand_over_of_the_result_is_a_return_step():
    assert [step.node for step in plan(PERMIT).order if step.is_return] == ["b5"]
    assert [step.node for step in plan(OPINION).order if step.is_return] == []


def test_a_plan_looks_through_a_split_to_both_its_steps():
    assert set(plan(OPINION).step("b1").following) == {"b2", "b3"}
    assert plan(OPINION).step("b4").outside == "Sở Xây dựng"


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3000), st.booleans()), max_size=30))
def test_progress_keeps_one_sign_a_step_and_remembers_what_was_done(done):
    permit = plan(PERMIT)
    progress = progress_start(permit)
    for at, used, late in done:
        step = permit.order[at]
        progress = progress_done(progress, step, used=used, late=late)
        assert was_open(progress, step)
        assert len(progress) == len(permit.order)
    touched = {at for at, _used, _late in done}
    for at, step in enumerate(permit.order):
        assert was_open(progress, step) == (at in touched)
    states = fold_states(permit, progress, "b2")
    assert [state for _m, _p, state in states].count("now") == 1
    assert all(0 <= percent <= 100 for _m, percent, _s in states)
    drawn = json.loads(pleat_text(permit, progress, permit.order[1]))
    assert drawn[::2] == [step.minutes or 60 for step in permit.order]
    assert [at for at, seen in enumerate(drawn[1::2]) if seen == -1] == [1]


@given(st.integers(0, 60 * 24 * 30))
def test_the_transfer_never_goes_back_and_lands_in_working_time(minutes):
    accepted = moment(1, 0) + timedelta(minutes=minutes)
    given_on = transfer_moment(accepted_at=accepted, calendar=CALENDAR)

    assert given_on >= accepted
    assert CALENDAR.is_working_day(given_on.date())
