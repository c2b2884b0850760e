"""What may end or accompany a whole group of steps, at the heading of the group."""

from dataclasses import replace

import pytest
from django.urls import reverse

from nep.apps.organization.tests.scene import NOW, department
from nep.apps.procedures import services
from nep.apps.procedures.models import Definition
from nep.apps.procedures.queries._printed import steps_table
from nep.apps.procedures.rules.differences import differences
from nep.apps.procedures.rules.draft import graph_text, read_table
from nep.apps.procedures.rules.drawn import editor_file
from nep.apps.procedures.rules.edits import Edit, apply, drawing_take
from nep.apps.procedures.rules.either import together
from nep.apps.procedures.rules.grouping import regrouped, ungrouped
from nep.apps.procedures.rules.importing import draft_of
from nep.apps.procedures.rules.other_rows import groups_of
from nep.apps.procedures.rules.table import END, TROUBLE, group_rows, to_process
from nep.apps.procedures.rules.threads import shown_only
from nep.apps.procedures.rules.ways import way_lines
from nep.apps.procedures.rules.word import read_procedures
from nep.apps.procedures.tests.scene import begun, draft, edited, unbranched
from nep.bpmn import check_structure, prove_soundness
from nep.kernel.decisions import Refused
from tests.standing import kept

agency = kept(department)
GROUP = "nhom-b2"
LATE = {"when": "timer", "amount": "5", "unit": "working_day"}
SAID = "quá 5 ngày làm việc: dừng cả nhóm, đến bước 4"


def done(start, do="event_add", step=GROUP, **values):
    return edited(start, do, step, **values)


def grouped():
    """Four steps, the second and third in a group."""
    start = unbranched()
    return done(start, "group_make", "b2", name="Thẩm định, ký", last="b3").draft


def held():
    return done(grouped(), **LATE, effect="ends", target="b4").draft


def test_a_group_that_takes_too_long_meets_trouble_or_gets_a_message_leads_elsewhere():
    late = done(grouped(), **LATE, effect="ends", target="b4")
    assert late.text == f"nhóm “Thẩm định, ký”: {SAID}"
    more = done(late.draft, when="message", message="Rút", effect="ends", target=END).draft
    more = done(more, when="error", message="Mất mẫu", effect="ends", target="b1").draft
    more = done(more, **LATE, effect="beside", target="gui-moi", sent="Chậm").draft
    group = groups_of(more.table)["b2"][0]

    assert [(one.trigger.kind, one.target, one.cancels) for one in group.events] == [
        ("timer", "b4", True), ("message", END, True), ("error", "b1", True),
        ("timer", "b5", False),
    ]  # fmt: skip
    assert not check_structure(more.process) and prove_soundness(more.process).sound
    assert shown_only(more.table) == ()
    assert read_table(graph_text(more.process)) == more.table
    xml = editor_file(more.table, names={}, places={}, title="Thử").decode()
    assert drawing_take(more, Edit("draw", values={"xml": xml})).draft == more
    gone = done(more, "event_remove", event=group.events[0].id)
    assert gone.text == "bỏ “quá 5 ngày làm việc” ở nhóm “Thẩm định, ký”"
    assert len(groups_of(gone.draft.table)["b2"][0].events) == 3


def test_a_group_leads_on_to_the_row_chosen_and_an_event_into_the_group_to_its_first_row():
    ended = done(grouped(), "after", target=END).draft
    assert group_rows(ended.table)[0].after == END
    assert done(ended, "after", target="").draft.process == grouped().process
    back = done(grouped(), step="b4", **LATE, effect="ends", target="b2").draft
    assert back.table.step("b4").events[0].target == "b2"
    assert {f.target for f in back.process.flows if f.source == "b4-q1"} == {GROUP}


@pytest.mark.parametrize(
    ("do", "values", "code"),
    [
        ("event_add", {**LATE, "effect": "ends", "target": "b3"}, "target_missing"),
        ("event_add", {**LATE, "effect": "ends", "target": "b2"}, "target_missing"),
        ("event_add", {"when": "error", "effect": "beside", "target": "b4"}, "error_goes_on"),
        ("group_drop", {}, "group_held"),
        ("rename", {"name": "x"}, "step_gone"),
    ],
)
def test_what_cannot_happen_to_a_group_is_refused(do, values, code):
    answer = apply(held(), Edit(do, GROUP, values))
    assert isinstance(answer, Refused) and answer.code == code


def test_paper_says_it_in_the_first_row_of_the_group_and_it_is_read_back(agency, client):
    start = done(held(), **LATE, effect="beside", target="gui-moi", sent="Chậm").draft
    bare = ungrouped(start.table)
    assert way_lines(bare, bare.step("b2"), {}) == (
        f"→ Q{SAID[1:]}",
        "→ Quá 5 ngày làm việc: vẫn làm cả nhóm, mở thêm bước 4a",
    )
    made = begun(agency, content=start)
    agency.sign_in(client, "lan")
    data = client.get(reverse("procedures:word_file", args=[made.revision_id])).content
    read = read_procedures(data, file="x.docx").procedures[0]
    table = draft_of(read, process_id="qt", mapping={}).table

    group = groups_of(table)["b2"][0]
    assert group.name == "Thẩm định, ký" and not any(step.note for step in table.steps)
    assert [(one.cancels, table.label(one.target)) for one in group.events] == [
        (True, "4"), (False, "4a"),
    ]  # fmt: skip


def test_paper_says_a_group_beside_waits_of_which_the_first_decides(agency, client):
    waits = done(held(), "add_wait", "b4", way="for", amount="3", unit="working_day").draft
    both = done(waits, "either_add", "b5", way="message", message="Rút", target="b1").draft
    made = begun(agency, content=both)
    agency.sign_in(client, "lan")
    data = client.get(reverse("procedures:word_file", args=[made.revision_id])).content
    read = read_procedures(data, file="x.docx").procedures[0]
    table = draft_of(read, process_id="qt", mapping={}).table

    assert not any(step.note for step in table.steps)
    assert [one.target for one in groups_of(table)["b2"][0].events] == ["b4"]
    assert [len(waits) for waits in together(table).values()] == [2, 2]
    assert "Nút N" not in " ".join(str(row) for row in steps_table(both, {}).rows)
    assert prove_soundness(to_process(table)).sound


def test_paper_says_the_trouble_that_ends_a_group_and_reads_it_back_into_the_group(agency, client):
    caught = done(held(), when="error", message="Mất mẫu", effect="ends", target="b1").draft
    lost = f"{TROUBLE}Mất mẫu"
    whole = done(caught, "branch_put", "b2", name="Mất", target=lost).draft
    whole = done(whole, "branch_put", "b4", name="Mất", target=lost).draft
    made = begun(agency, content=whole)
    agency.sign_in(client, "lan")
    data = client.get(reverse("procedures:word_file", args=[made.revision_id])).content
    read = read_procedures(data, file="x.docx").procedures[0]
    process = draft_of(read, process_id="qt", mapping={}).process

    ends = [(node.parent, node.trigger.name) for node in process.nodes if node.kind == "error_end"]
    assert sorted(ends) == [("", "Mất mẫu"), (GROUP, "Mất mẫu")]
    assert prove_soundness(process).sound and not check_structure(process)


def test_rows_that_end_in_trouble_are_put_into_a_group_and_taken_out_again():
    start = draft(table=ungrouped(grouped().table))
    lost = done(start, "branch_put", "b2", name="Mất", target=f"{TROUBLE}Mất mẫu").draft
    made = done(lost, "group_make", "b2", name="Thẩm định", last="b3").draft

    assert made.table.step("b2").branches[0].target == f"{TROUBLE}Mất mẫu"
    assert prove_soundness(made.process).sound and not check_structure(made.process)
    assert done(made, "group_drop").draft.table.steps[1].branches == lost.table.step("b2").branches


def test_a_line_of_a_group_that_no_heading_names_is_told():
    lost = replace(bare := draft().table, steps=tuple(
        replace(step, events=(replace(e, id="nhom-b3-q1"),)) if step.id == "b3" else step
        for step in bare.steps for e in (groups_of(held().table)["b2"][0].events[0],)))  # fmt: skip

    assert regrouped(lost).step("b3").note == f"Chưa gộp lại được nhóm bước: {SAID}"


def test_two_versions_tell_what_may_end_a_group():
    later = done(
        grouped(), "event_add", **{**LATE, "amount": "9"}, effect="ends", target="b4"
    ).draft

    head = "Nhóm bước “Thẩm định, ký”"
    assert [d.words for d in differences(grouped(), held())] == [f"{head}: thêm “{SAID}”"]
    assert [d.words for d in differences(held(), later)] == [
        f"{head}: nay {SAID.replace('5', '9')}, trước là {SAID}"
    ]
    assert [d.step for d in differences(held(), grouped())] == ["b2"]


def test_the_heading_opens_the_dialog_of_the_group_and_undo_takes_it_back(agency, client):
    made = begun(agency, content=grouped())
    agency.sign_in(client, "lan")
    page = reverse("procedures:revision", args=[made.revision_id])
    dialog = client.get(page, {"buoc": GROUP}).content.decode().split('id="buoc"')[1]
    dialog = dialog.split("</dialog>")[0]
    assert "Nhóm bước: Thẩm định, ký" in dialog and "dừng cả nhóm, chuyển đến" in dialog
    assert '<option value="b4"' in dialog and '<option value="b3"' not in dialog
    version = Definition.objects.get(revision_id=made.revision_id).version
    answer = client.post(
        reverse("procedures:edit", args=[made.revision_id]),
        {"do": "event_add", "step": GROUP, "version": version, **LATE, "effect": "ends",
         "target": "b4"}, headers={"HX-Request": "true"},
    ).content.decode()  # fmt: skip

    assert SAID in answer.split('class="grp"')[1].split("</tr>")[0]
    assert SAID in answer.split('id="xen-vao"')[1].split("</section>")[0]
    services.definition_undo(
        actor=agency.actor("lan"), revision_id=made.revision_id, now=NOW,
        expected_version=Definition.objects.get(revision_id=made.revision_id).version,
    )  # fmt: skip
    shown = client.get(page).content.decode().split('id="pt"')[1].split("</table>")[0]
    assert SAID not in shown
    assert client.get(page, {"buoc": "nhom-b9"}).status_code == 404
