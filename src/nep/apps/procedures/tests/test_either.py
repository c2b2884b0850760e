"""Rows that wait together: the first to come decides the way (an event-based gateway)."""

from dataclasses import replace

import pytest
from django.urls import reverse

from nep.apps.organization.tests.scene import NOW, department
from nep.apps.procedures import services
from nep.apps.procedures.models import Definition
from nep.apps.procedures.rules.differences import differences
from nep.apps.procedures.rules.draft import graph_text, read_table
from nep.apps.procedures.rules.drawn import editor_file
from nep.apps.procedures.rules.edits import Edit, apply, drawing_take
from nep.apps.procedures.rules.either import (
    FIRST_DECIDES,
    WAITS_WITH,
    joined,
    parted,
    together,
)
from nep.apps.procedures.rules.importing import draft_of
from nep.apps.procedures.rules.table import END, Step, Table
from nep.apps.procedures.rules.threads import shown_only
from nep.apps.procedures.rules.ways import way_lines, with_ways
from nep.apps.procedures.rules.word import read_procedures
from nep.apps.procedures.tests.scene import begun, edited, unbranched
from nep.bpmn import (
    MessageArrived,
    TaskDone,
    TimerFired,
    advance,
    check_structure,
    compile_process,
    prove_soundness,
    prove_time,
    start,
)
from nep.kernel.decisions import Refused
from tests.standing import kept

agency = kept(department)
ANSWER = {"way": "message", "message": "Kết quả thuế"}
SAID = "cùng chờ với bước 2b: việc nào đến trước thì đi theo việc ấy"


def done(begin, do="either_add", step="b5", **values):
    return edited(begin, do, step, **values)


def waiting():
    """Four steps, a wait of five days after the second."""
    bare = unbranched()
    return done(bare, "add_wait", "b2", way="for", amount="5", unit="working_day").draft


def codes(found):
    return {one.code for one in found.reasons}


def both():
    return done(waiting(), **ANSWER, target="b4").draft


def test_a_wait_gets_another_that_leads_elsewhere_and_the_first_to_come_decides():
    made = done(waiting(), **ANSWER, target="b4")
    table = made.draft.table

    assert made.text == (
        "bước 2a “Chờ hết thời gian”: cùng chờ thông điệp “Kết quả thuế” của hệ thống khác, "
        "việc nào đến trước thì đi"
    )
    assert [table.label(step.id) for step in table.steps] == ["1", "2", "2a", "2b", "3", "4"]
    assert [(step.id, step.after) for step in table.steps[1:4]] == [
        ("b2", ""), ("b5", "b3"), ("b6", "b4"),
    ]  # fmt: skip
    assert together(table) == {"b5": ("b5", "b6"), "b6": ("b5", "b6")}
    assert not check_structure(made.draft.process) and prove_soundness(made.draft.process).sound
    assert shown_only(table) == ()
    assert read_table(graph_text(made.draft.process)) == table
    xml = editor_file(table, names={}, places={}, title="Thử").decode()
    assert drawing_take(made.draft, Edit("draw", values={"xml": xml})).draft == made.draft
    third = done(made.draft, step="b6", way="until", field="02/09/2027", target=END).draft
    assert len(together(third.table)["b7"]) == 3 and third.table.step("b7").after == END


@pytest.mark.parametrize(
    ("comes", "opened"),
    [(TimerFired(2, "b5", {}), "b3"), (MessageArrived(2, "b6", {}), "b4")],
)
def test_a_case_goes_the_way_of_what_comes_first(comes, opened):
    compiled = compile_process(both().process)
    state, _ = start(compiled, data={})
    for _step in range(2):
        state, _ = advance(compiled, state, TaskDone(state.tokens[0].id, {}))
    state, effects = advance(compiled, state, replace(comes, token=state.tokens[0].id))

    assert [token.node for token in state.tokens] == [opened]
    assert sum(type(one).__name__ == "WaitClosed" for one in effects) == 2


def test_the_time_proof_counts_the_timer_that_comes_before_the_message():
    found = prove_time(both().process, limit=both().limit)
    assert "wait_without_limit" not in {one.code for one in found.reasons}
    assert found.worst == prove_time(waiting().process, limit=waiting().limit).worst


def test_a_wait_taken_out_leaves_the_others_and_one_alone_is_plain_again():
    third = done(both(), way="until", field="02/09/2027", target="b3").draft
    two = done(third, "remove", "b7").draft
    assert two == both()
    assert done(both(), "remove", "b6").draft == waiting()
    left = done(both(), "remove", "b5").draft
    assert left.table.wiring is None and left.table.step("b6").after == "b4"


def test_ways_back_to_a_wait_lead_to_all_that_wait_there():
    back = done(both(), "branch_put", "b3", name="Chờ tiếp", target="b5", bound="2").draft
    assert prove_soundness(back.process).sound and not check_structure(back.process)
    assert back.table.step("b3").branches[0].target == "b5"


def test_a_wait_leads_back_a_stated_number_of_times_and_its_time_is_known():
    endless = done(waiting(), **ANSWER, target="b2").draft
    assert "loop_without_bound" in codes(prove_time(endless.process, limit=endless.limit))
    back = done(waiting(), **ANSWER, target="b2", bound="3").draft
    row = back.table.step("b6")
    assert (row.after, row.after_bound) == ("b2", 3)
    assert prove_soundness(back.process).sound
    found = prove_time(back.process, limit=back.limit)
    assert "loop_without_bound" not in codes(found)
    once = prove_time(waiting().process, limit=waiting().limit).worst
    assert found.worst == once + 3 * (16 + 40)  # step 2 and the wait, three times more

    assert read_table(graph_text(back.process)) == back.table
    assert way_lines(back.table, row, {})[-1] == "→ Nối từ bước 2b đến bước 2 (tối đa 3 lần)"
    xml = editor_file(back.table, names={}, places={}, title="Thử").decode()
    assert drawing_take(back, Edit("draw", values={"xml": xml})).draft == back
    assert [one.words for one in differences(endless, back)] == [
        "Bước 2b “Chờ thông điệp của hệ thống khác”: xong thì đi tiếp từ “bước 2” thành “bước 2, "
        "tối đa 3 lần”"
    ]
    again = done(back, "after", "b6", target="b2", bound="2").draft
    assert again.table.step("b6").after_bound == 2
    assert done(again, "after", "b6", target="b2").draft == endless
    assert done(again, "after", "b6", target="b4", bound="").draft == both()


def test_a_step_leads_back_a_stated_number_of_times_where_something_else_ends_it():
    over = {"when": "message", "message": "Thôi", "effect": "ends", "target": "b4"}
    plain = done(unbranched(), "event_add", "b3", **over).draft
    back = done(plain, "after", "b3", target="b2", bound="3").draft
    assert (back.table.step("b3").after, back.table.step("b3").after_bound) == ("b2", 3)
    assert "loop_without_bound" not in codes(prove_time(back.process, limit=back.limit))
    assert done(back, "after", "b3", target="").draft == plain


@pytest.mark.parametrize(
    ("step", "values", "code"),
    [
        ("b5", {**ANSWER, "target": "b2", "bound": "0"}, "bound_unreadable"),
        ("b2", {**ANSWER, "target": "b4"}, "either_row"),
        ("b5", {**ANSWER, "target": ""}, "target_missing"),
        ("b5", {**ANSWER, "target": "b99"}, "target_missing"),
        ("b5", {"way": "message", "message": "", "target": "b4"}, "message_name"),
        (
            "b5",
            {"way": "for", "amount": "5", "unit": "working_day", "target": "b4"},
            "either_twice",
        ),
        ("b5", {"target": "b4"}, "wait_way"),
    ],
)
def test_what_cannot_wait_together_is_refused(step, values, code):
    answer = apply(waiting(), Edit("either_add", step, values))
    assert isinstance(answer, Refused) and answer.code == code


def test_two_versions_tell_who_waits_with_whom():
    assert [one.words for one in differences(waiting(), both())] == [
        f"Bước 2a “Chờ hết thời gian”: {SAID}",
        "Bước 2a “Chờ hết thời gian”: xong thì đi tiếp từ “bước kế tiếp” thành “bước 3”",
        "Thêm bước 2b “Chờ thông điệp của hệ thống khác”",
    ]
    gone = [one.words for one in differences(both(), waiting())]
    assert gone[0] == f"Bước 2a “Chờ hết thời gian”: thôi {SAID}"


def test_paper_says_with_which_row_above_a_row_waits():
    third = done(both(), way="until", field="02/09/2027", target=END).draft.table
    bare = parted(third)
    lines = [way_lines(bare, step, {}) for step in bare.steps]

    assert bare.wiring is None and lines[2:5] == [
        ("→ Chờ 5 ngày làm việc", "→ Bình thường, “Đạt”: bước 3"),
        ("→ Chờ thông điệp “Kết quả thuế” của hệ thống khác",
         f"→ Cùng chờ với bước 2a: {FIRST_DECIDES}", "→ Bình thường, “Đạt”: bước 4"),
        ("→ Chờ đến ngày 02/09/2027", f"→ Cùng chờ với bước 2a: {FIRST_DECIDES}",
         "→ Bình thường, “Đạt”: kết thúc"),
    ]  # fmt: skip
    empty = [Step(f"b{place}", step.name) for place, step in enumerate(third.steps, 1)]
    read = joined(Table("qt", "", with_ways(empty, lines)))
    assert together(read) == {f"b{n}": ("b3", "b4", "b5") for n in (3, 4, 5)}
    assert not any(step.note or step.extra for step in read.steps)


def test_a_row_that_waits_with_one_that_does_not_wait_says_so_in_its_note():
    rows = tuple(
        step.with_fact(WAITS_WITH, "b1") if step.id == "b5" else step
        for step in waiting().table.steps
    )
    read = joined(replace(waiting().table, steps=rows))

    assert read.step("b5").note == "Chưa đọc được cách cùng chờ: bước 1"
    assert read.wiring is None and not read.step("b5").extra


def test_the_word_file_reads_back_as_the_same_waits(agency, client):
    made = begun(agency, content=both())
    agency.sign_in(client, "lan")
    data = client.get(reverse("procedures:word_file", args=[made.revision_id])).content
    read = read_procedures(data, file="x.docx").procedures[0]
    table = draft_of(read, process_id="qt", mapping={}).table

    assert [table.label(row) for row in together(table)] == ["2a", "2b"]
    assert [table.label(step.after) for step in table.steps[2:4]] == ["3", "4"]
    assert not any(step.note for step in table.steps)


def test_the_dialog_of_a_wait_adds_it_the_rows_say_it_and_undo_takes_it_back(agency, client):
    made = begun(agency, content=waiting())
    agency.sign_in(client, "lan")
    page = reverse("procedures:revision", args=[made.revision_id])
    assert "Cùng chờ việc khác" in client.get(page, {"buoc": "b5"}).content.decode()
    assert "Cùng chờ việc khác" not in client.get(page, {"buoc": "b2"}).content.decode()
    version = Definition.objects.get(revision_id=made.revision_id).version
    answer = client.post(
        reverse("procedures:edit", args=[made.revision_id]),
        {"do": "either_add", "step": "b5", "version": version, **ANSWER, "target": "b4"},
        headers={"HX-Request": "true"},
    ).content.decode()

    rows = answer.split('id="pt"')[1].split("</table>")[0]
    assert SAID in rows.split('id="b5"')[1].split("</tr>")[0]
    assert "rồi chờ bước 2a hoặc bước 2b: việc nào đến trước thì đi" in rows
    assert SAID[1:] in answer.split('id="cung-cho"')[1].split("</section>")[0]
    services.definition_undo(
        actor=agency.actor("lan"), revision_id=made.revision_id, now=NOW,
        expected_version=Definition.objects.get(revision_id=made.revision_id).version,
    )  # fmt: skip
    shown = client.get(page).content.decode().split('id="pt"')[1].split("</table>")[0]
    assert SAID not in shown
