"""Every change of a draft, without a database."""

from dataclasses import replace
from decimal import Decimal

import pytest

from nep.apps.procedures.rules.edits import Changed, Edit, apply
from nep.apps.procedures.rules.table import END, Step, Table
from nep.apps.procedures.tests.scene import days, draft, hours
from nep.bpmn import prove_soundness
from nep.kernel.decisions import Refused


def do(what: str, step: str = "", start=None, **values):
    answer = apply(start or draft(), Edit(what, step, values))
    assert isinstance(answer, Changed), answer
    return answer.draft


def refused(what: str, step: str = "", start=None, **values) -> str:
    answer = apply(start or draft(), Edit(what, step, values))
    assert isinstance(answer, Refused), answer
    return answer.code


def names(one) -> list[str]:
    return [step.id for step in one.table.steps]


def test_a_step_is_added_at_the_end_or_after_another():
    assert names(do("add")) == ["b1", "b2", "b3", "b4", "b5"]
    assert names(do("add_after", "b2")) == ["b1", "b2", "b5", "b3", "b4"]


def test_a_step_moves_up_and_down_but_not_over_the_edge():
    assert names(do("move_up", "b3")) == ["b1", "b3", "b2", "b4"]
    assert names(do("move_down", "b1")) == ["b2", "b1", "b3", "b4"]
    assert refused("move_up", "b1") == "step_at_edge"
    assert refused("move_down", "b4") == "step_at_edge"


def test_a_removed_step_leaves_its_ways_to_the_step_after_it():
    start = do("branch_put", "b3", name="Chưa đạt", target="b2", bound="1")
    changed = do("remove", "b2", start=start)

    assert names(changed) == ["b1", "b3", "b4"]
    assert changed.table.step("b3").branches[0].target == "b3"


def test_the_last_step_of_a_table_stays():
    one = replace(draft(), table=Table("t", "", (Step("b1", "Một"),)))

    assert refused("remove", "b1", start=one) == "last_step"


def test_a_row_takes_over_only_the_cells_that_differ():
    answer = apply(
        draft(),
        Edit(
            "row",
            "b1",
            {"name": "Tiếp nhận hồ sơ", "note": "", "role": "MC/reception", "amount": "6",
             "unit": "working_hour", "forms": "Mẫu 01"},
        ),
    )  # fmt: skip

    assert answer.draft.table.step("b1").limit == hours(6)
    assert answer.text == "bước 1 “Tiếp nhận hồ sơ”: 6 giờ làm việc"


@pytest.mark.parametrize(
    ("amount", "unit", "expected"),
    [("0,5", "working_day", days("0.5")), ("1.234,5", "working_hour", hours("1234.5"))],
)
def test_a_limit_is_read_as_it_is_written_here(amount, unit, expected):
    assert do("limit", "b1", amount=amount, unit=unit).table.step("b1").limit == expected


@pytest.mark.parametrize(
    ("amount", "unit", "code"),
    [
        ("bốn", "working_hour", "amount_unreadable"),
        ("0", "working_day", "amount_unreadable"),
        ("-2", "working_day", "amount_unreadable"),
        ("3", "", "unit_missing"),
        ("3", "tuần", "unit_missing"),
    ],
)
def test_a_limit_that_cannot_be_read_is_refused(amount, unit, code):
    assert refused("limit", "b1", amount=amount, unit=unit) == code


def test_time_can_be_left_uncounted_and_counted_again():
    uncounted = do("limit", "b1", amount="", unit="none")
    counted = do("limit", "b1", start=uncounted, amount="2", unit="working_hour")

    assert uncounted.table.step("b1").untimed
    assert counted.table.step("b1").limit == hours(2)
    assert not counted.table.step("b1").untimed


def test_a_branch_is_added_changed_and_removed():
    added = do("branch_put", "b3", name="Từ chối", target=END, condition='ket_qua = "không"')
    branch = added.table.step("b3").branches[0]
    changed = do(
        "branch_put", "b3", start=added, branch=branch.id, name="Không đạt", target="b2", bound="2"
    )
    removed = do("branch_remove", "b3", start=changed, branch=branch.id)

    assert (branch.target, branch.condition) == (END, 'ket_qua = "không"')
    assert changed.table.step("b3").branches[0].bound == 2
    assert changed.table.step("b3").branches[0].id == branch.id
    assert removed.table.step("b3").branches == ()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": "Sai", "target": "b9"}, "target_missing"),
        ({"name": "", "target": "b1"}, "branch_name"),
        ({"name": "Sai", "target": "b1", "bound": "nhiều"}, "bound_unreadable"),
        ({"name": "Sai", "target": "b1", "condition": "ket_qua = = 1"}, "condition_unreadable"),
    ],
)
def test_a_branch_that_makes_no_sense_is_refused(values, code):
    assert refused("branch_put", "b3", **values) == code


def test_the_loop_for_supplement_leads_back_to_the_first_step_and_stands_once():
    changed = do("supplement", "b3")

    assert changed.table.step("b3").branches[0].target == "b1"
    assert changed.table.step("b3").branches[0].supplement
    assert refused("supplement", "b3", start=changed) == "supplement_exists"


def test_steps_run_side_by_side_and_apart_again():
    together = do("parallel", "b4")
    apart = do("leave", "b4", start=together)

    assert together.table.step("b3").group == together.table.step("b4").group != ""
    assert prove_soundness(together.process).sound
    assert {step.group for step in apart.table.steps} == {""}
    assert refused("parallel", "b1") == "parallel_first"
    assert refused("parallel", "b3") == "parallel_branches"


def test_a_row_moved_out_of_its_group_runs_alone():
    moved = do("move_up", "b3", start=do("parallel", "b4"))

    assert {step.group for step in moved.table.steps} == {""}


def test_an_outside_step_needs_the_name_of_its_agency():
    assert do("role", "b3", role="", outside="Công an tỉnh").table.step("b3").outside
    assert refused("role", "b3", role="ngoai/") == "outside_missing"


def test_the_way_after_a_step_can_lead_to_the_end():
    changed = do("after", "b3", target=END)

    assert changed.table.step("b3").after == END
    assert not prove_soundness(changed.process).sound  # step 4 is dead now


def test_one_answer_settles_every_day_left_open():
    asked = tuple(step.with_fact("ask", "unit") for step in draft().table.steps[1:3])
    start = draft(
        table=replace(draft().table, steps=(draft().table.steps[0], *asked)), limit_unit=""
    )
    changed = do("answer_unit", start=start, unit="calendar_day")

    assert [s.limit.unit for s in changed.table.steps] == [
        "working_hour", "calendar_day", "calendar_day",
    ]  # fmt: skip
    assert changed.limit_unit == "calendar_day"
    assert refused("answer_unit", start=start, unit="") == "unit_missing"


def test_a_printed_responsibility_is_mapped_once_for_all_its_steps():
    steps = tuple(
        replace(step, role="").with_fact("responsible", text)
        for step, text in zip(draft().table.steps, ["MỘT CỬA", "Phòng", "Giám đốc", "một cửa"],
                              strict=True)
    )  # fmt: skip
    start = draft(table=replace(draft().table, steps=steps))
    changed = do("map_role", start=start, text="Một cửa", role="MC/reception")

    assert [step.role for step in changed.table.steps] == ["MC/reception", "", "", "MC/reception"]


def test_what_nobody_knows_is_refused():
    assert refused("explode") == "edit_unknown"
    assert refused("rename", "b77", name="X") == "step_gone"
    assert refused("policy", policy="vague") == "policy_unknown"


def test_the_limit_of_the_whole_procedure():
    assert do("whole_limit", amount="10", unit="calendar_day").limit_amount == Decimal(10)
    assert refused("whole_limit", amount="mười", unit="working_day") == "amount_unreadable"
