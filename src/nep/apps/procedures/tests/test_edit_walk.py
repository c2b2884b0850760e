"""Random walks of edits over drafts: whatever is taken can be stored, drawn and taken back, and runs."""

import random
from dataclasses import replace

import pytest

from nep.apps.procedures.rules.draft import graph_text, read_table
from nep.apps.procedures.rules.drawn import editor_file
from nep.apps.procedures.rules.edits import Changed, Edit, apply, drawing_take
from nep.apps.procedures.rules.table import AT_ONCE, END, group_rows, to_process
from nep.apps.procedures.tests.scene import draft, unbranched
from nep.bpmn import check_structure, prove_soundness
from nep.kernel.decisions import Refused

FRAMES = frozenset({"group_make", "group_drop"})
DOS = (
    *("group_make", "group_make", "group_drop", "branch_put", "branch_put", "after", "event_add"),
    *("event_add", "event_remove", "move_up", "move_down", "remove", "add_after", "add_wait"),
    *("parallel", "parallel", "leave", "thread_in", "thread_out", "either_add", "branch_remove"),
)


def chosen(rng, one):
    """Return an edit of anything anywhere, as a person might send it."""
    rows = [step.id for step in one.table.steps]
    groups = [group.id for group in group_rows(one.table)]
    at, do = rng.randrange(len(rows)), rng.choice(DOS)
    host = rng.choice(groups) if groups and rng.random() < 0.5 else rows[at]
    on_host = do in ("group_drop", "event_add", "event_remove", "after", "group_make")
    step = one.table.step(rows[at])
    values = {
        "name": "Thử", "last": rng.choice(rows[at : at + 3]), "target": rng.choice([*rows, END, AT_ONCE]),
        "condition": "" if step.is_task else "phi > 5", "bound": rng.choice(["", "2"]),
        "when": rng.choice(["timer", "message", "error"]), "way": rng.choice(["for", "message"]),
        "amount": "2", "unit": "working_day", "message": f"Tin {rng.randrange(9)}",
        "effect": rng.choice(["ends", "beside"]), "thread": rng.choice(rows),
        "event": rng.choice([event.id for event in step.events] or [""]),
        "branch": rng.choice([branch.id for branch in step.branches] or [""]),
    }  # fmt: skip
    return Edit(do, host if on_host else rows[at], values)


def holds(before, after, edit):
    """Say what an edit that was taken must not have broken."""
    known = {(one.code, one.element) for one in check_structure(before.process)}
    fresh = [one for one in check_structure(after.process) if (one.code, one.element) not in known]
    assert {one.code for one in fresh} <= {"node_loose"}, edit
    if edit.do in FRAMES and prove_soundness(before.process, cap=3000).sound:
        assert prove_soundness(after.process, cap=3000).sound, edit
    stored = replace(after, table=read_table(graph_text(after.process)))
    assert to_process(stored.table) == after.process, edit
    return stored


def drawn_and_taken_back(one):
    xml = editor_file(one.table, names={}, places={}, title="Thử").decode()
    return drawing_take(one, Edit("draw", values={"xml": xml}))


@pytest.mark.parametrize("seed", [3, 6, 12, 17, 40, 82, 105, 111])
def test_a_walk_of_edits_breaks_nothing(seed):
    rng = random.Random(seed)
    one, taken = rng.choice([draft, unbranched])(), 0
    for _ in range(24):
        edit = chosen(rng, one)
        answer = apply(one, edit)
        if isinstance(answer, Changed) and len(answer.draft.table.steps) < 10:
            one, taken = holds(one, answer.draft, edit), taken + 1
    assert taken > 5
    back = drawn_and_taken_back(one)
    if isinstance(back, Refused):
        assert check_structure(one.process), back
    else:
        assert back.draft == one


LATE = {"when": "timer", "amount": "2", "unit": "working_day", "effect": "ends"}
WAIT = {"way": "for", "amount": "3", "unit": "working_day"}


def made(*edits, one=None):
    one = one or unbranched()
    for do, step, values in edits:
        answer = apply(one, Edit(do, step, values))
        assert isinstance(answer, Changed), answer
        one = answer.draft
    return one


def refused(one, do, step, **values):
    answer = apply(one, Edit(do, step, values))
    assert isinstance(answer, Refused), answer
    return answer.code


def ways(one):
    return {step.id: step.after for step in one.table.steps}


def test_a_way_back_into_a_group_that_begins_side_by_side_meets_the_way_in_when_it_is_given_up():
    one = made(
        ("parallel", "b2", {}),
        ("group_make", "b1", {"name": "Xét", "last": "b2"}),
        ("branch_put", "b4", {"name": "Lại", "target": "b1", "bound": "2"}),
    )
    assert prove_soundness(one.process).sound
    bare = made(("group_drop", "nhom-b1", {}), one=one)
    assert prove_soundness(bare.process).sound and not group_rows(bare.table)


def test_a_group_that_waits_for_what_was_opened_beside_is_not_given_up():
    one = made(
        ("group_make", "b2", {"name": "Xét", "last": "b2"}),
        ("event_add", "b2", {**LATE, "effect": "beside", "target": "buoc-moi"}),
    )
    assert prove_soundness(one.process).sound
    assert refused(one, "group_drop", "nhom-b2") == "group_unsound"


def test_a_row_that_waits_with_others_is_neither_a_group_nor_side_by_side_without_them():
    one = made(
        ("add_wait", "b1", WAIT),
        ("either_add", "b5", {"way": "message", "message": "Rút", "target": "b4"}),
    )
    assert refused(one, "group_make", "b5", name="Chờ", last="b5") == "group_open"
    other = made(("after", "b5", {"target": "b2"}), one=one)
    beside = apply(other, Edit("parallel", "b2"))
    assert isinstance(beside, Refused)


def test_trouble_of_one_name_is_answered_once():
    trouble = {"when": "error", "message": "Mất mẫu", "effect": "ends", "target": END}
    one = made(("event_add", "b2", trouble))
    assert refused(one, "event_add", "b2", **trouble) == "event_twice"


def test_the_last_row_of_a_group_takes_the_group_with_it():
    one = made(("group_make", "b2", {"name": "Xét", "last": "b2"}))
    answer = apply(one, Edit("remove", "b2"))
    assert answer.text == "xóa bước 2 “Thẩm định”, cùng nhóm “Xét”"
    assert answer.draft.table == made(("remove", "b2", {})).table
    held = made(("event_add", "nhom-b2", {**LATE, "target": "b4"}), one=one)
    assert refused(held, "remove", "b2") == "group_held"


def test_the_end_of_the_main_way_stays_above_rows_that_only_an_event_leads_to():
    one = made(("event_add", "b1", {**LATE, "effect": "beside", "target": "buoc-moi"}))
    assert ways(one) == {"b1": "", "b2": "", "b3": "", "b4": END, "b5": ""}
    assert ways(made(("remove", "b4", {}), one=one)) == {"b1": "", "b2": "", "b3": END, "b5": ""}
    added = made(("add_after", "b4", {}), one=one)
    assert ways(added) == {"b1": "", "b2": "", "b3": "", "b4": "", "b6": END, "b5": ""}
    beside = made(("parallel", "b4", {}), one=one)
    assert prove_soundness(beside.process).sound
    up = made(("move_up", "b4", {}), one=one)
    assert ways(up) == {"b1": "", "b2": "", "b4": "", "b3": END, "b5": ""}
    moved = apply(one, Edit("move_up", "b5"))
    assert moved.text.endswith("(đường nối giữ nguyên)")
    assert ways(moved.draft) == {"b1": "", "b2": "", "b3": "b4", "b5": END, "b4": END}


def test_a_message_does_not_turn_round_to_itself():
    one = made(("add_send", "b1", {"message": "Báo"}))
    back = {"name": "Lại", "target": "b5", "condition": "phi > 5"}
    assert refused(one, "branch_put", "b5", **back) == "gateways_turn"


def test_rows_that_do_not_follow_each_other_stay_as_they_are():
    one = made(
        ("after", "b1", {"target": "b3"}), ("branch_put", "b3", {"name": "Xét", "target": "b2"})
    )
    assert refused(one, "move_down", "b1") == "step_first"
    assert refused(one, "parallel", "b2") == "parallel_apart"
    round_ = made(("after", "b3", {"target": "b2"}), one=unbranched())
    assert refused(round_, "remove", "b3") == "way_round"


def test_the_last_of_rows_side_by_side_moves_below_the_last_row_with_its_end():
    at_once = {"way": "xong", "how": "at_once"}
    one = made(("remove", "b4", {}), ("parallel", "b2", {}), ("end_put", "b3", at_once))
    moved = made(("move_down", "b2", {}), one=one)
    assert ways(moved) == {"b1": "", "b3": "", "b2": AT_ONCE}
