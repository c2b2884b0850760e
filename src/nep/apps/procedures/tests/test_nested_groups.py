"""Groups of steps within groups: made from the dialog of a group or of a row in one, told at both headings."""

import pytest
from django.urls import reverse

from nep.apps.organization.tests.scene import NOW, department
from nep.apps.procedures import services
from nep.apps.procedures.models import Definition
from nep.apps.procedures.rules.differences import differences
from nep.apps.procedures.rules.draft import graph_text, read_table
from nep.apps.procedures.rules.drawn import editor_file
from nep.apps.procedures.rules.edits import Edit, apply, drawing_take
from nep.apps.procedures.rules.other_rows import groups_again, groups_of
from nep.apps.procedures.rules.table import END, group_rows
from nep.apps.procedures.rules.threads import threads_said
from nep.apps.procedures.tests.scene import begun, edited, unbranched
from nep.apps.procedures.views._groups import group_headings
from nep.bpmn import TaskDone, advance, check_structure, compile_process, prove_soundness, start
from nep.kernel.decisions import Refused
from tests.standing import kept

agency = kept(department)
INNER, OUTER = "nhom-b1", "nhom-b1-1"


def grouped():
    """Four steps, the first two in a group."""
    begin = unbranched()
    return edited(begin, "group_make", "b1", name="Xét", last="b2").draft


def nested():
    return edited(grouped(), "group_make", INNER, name="Giải quyết", last="b3").draft


def headings(made):
    return {row: [one.name for one in all_] for row, all_ in group_headings(made.table, {}).items()}


def test_a_group_is_put_into_a_wider_one_with_the_rows_after_it():
    made = edited(grouped(), "group_make", INNER, name="Giải quyết", last="b3")

    assert (
        made.text
        == "gộp bước 1 “Tiếp nhận hồ sơ” đến bước 3 “Ký giấy phép” thành nhóm “Giải quyết”"
    )
    assert {one.id: one.parent for one in group_rows(made.draft.table)} == {OUTER: "", INNER: OUTER}
    assert [step.parent for step in made.draft.table.steps] == [INNER, INNER, OUTER, ""]
    assert headings(made.draft) == {
        "b1": ["Giải quyết", "Xét, trong Giải quyết"], "b3": ["Giải quyết, tiếp theo"],
    }  # fmt: skip
    assert not check_structure(made.draft.process) and prove_soundness(made.draft.process).sound
    assert read_table(graph_text(made.draft.process)) == made.draft.table
    xml = editor_file(made.draft.table, names={}, places={}, title="Thử").decode()
    assert drawing_take(made.draft, Edit("draw", values={"xml": xml})).draft == made.draft


def test_a_case_goes_through_both_groups():
    compiled = compile_process(nested().process)
    state, _ = start(compiled, data={})
    for row in ("b1", "b2", "b3", "b4"):
        token = next(one for one in state.tokens if one.node == row)
        state, _ = advance(compiled, state, TaskDone(token.id, {}))
    assert not state.tokens


def test_rows_of_a_group_are_a_group_in_it_and_either_is_given_up():
    wide = edited(grouped(), "group_drop", INNER).draft
    wide = edited(wide, "group_make", "b1", name="Giải quyết", last="b3").draft
    inner = edited(wide, "group_make", "b2", name="Ký", last="b3").draft
    assert headings(inner) == {"b1": ["Giải quyết"], "b2": ["Ký, trong Giải quyết"]}
    assert prove_soundness(inner.process).sound
    assert edited(inner, "group_drop", "nhom-b2").draft.table == wide.table
    assert [s.parent for s in edited(nested(), "group_drop", OUTER).draft.table.steps] == [
        INNER, INNER, "", "",
    ]  # fmt: skip
    assert edited(nested(), "group_drop", INNER).draft.table.steps[0].parent == OUTER


def test_what_ends_the_wider_group_leads_out_of_both_and_the_way_after_it_is_its_own():
    late = {"when": "timer", "amount": "5", "unit": "working_day", "effect": "ends"}
    made = edited(nested(), "event_add", OUTER, **late, target="b4").draft
    assert [len(one.events) for one in groups_of(made.table)["b1"]] == [1, 0]
    assert prove_soundness(made.process).sound
    ended = edited(made, "after", OUTER, target=END).draft
    assert edited(ended, "after", OUTER, target="").draft.process == made.process
    told = [one.words for one in differences(nested(), made)]
    assert told == ["Nhóm bước “Giải quyết”: thêm “quá 5 ngày làm việc: dừng cả nhóm, đến bước 4”"]


@pytest.mark.parametrize(
    ("step", "values", "code"),
    [
        ("b2", {"name": "Nửa", "last": "b3"}, "group_inside"),
        ("b2", {"name": "Nửa", "last": "b4"}, "group_inside"),
        ("b3", {"name": "Nửa", "last": "b4"}, "group_inside"),
        (INNER, {"name": "", "last": "b3"}, "group_name"),
        (INNER, {"name": "Lùi", "last": ""}, "group_last"),
        (INNER, {"name": "Nửa", "last": "b1"}, "group_inside"),
        (INNER, {"name": "Thế", "last": "b2"}, "group_inside"),
        ("b1", {"name": "Thế", "last": "b3"}, "group_inside"),
    ],
)
def test_a_group_is_not_torn(step, values, code):
    answer = apply(nested(), Edit("group_make", step, values))
    assert isinstance(answer, Refused) and answer.code == code


def test_threads_within_a_group_say_so_and_a_group_in_a_thread_too():
    beside = edited(nested(), "parallel", "b2").draft
    assert [said[:7] for said in threads_said(beside.table, {}).values()] == ["nhánh 1", "nhánh 2"]
    assert prove_soundness(beside.process).sound


def test_a_group_after_other_rows_is_drawn_in_a_wider_one_as_the_same_table():
    begin = edited(
        edited(grouped(), "group_drop", INNER).draft, "group_make", "b2", name="Xét", last="b2"
    )
    made = edited(begin.draft, "group_make", "nhom-b2", name="Giải quyết", last="b4").draft
    xml = editor_file(made.table, names={}, places={}, title="Thử").decode()
    assert drawing_take(made, Edit("draw", values={"xml": xml})).draft == made


@pytest.mark.parametrize("row", ["b1", "b4"])
def test_the_row_before_or_after_threads_is_a_group_without_their_split_or_join(row):
    begin = edited(edited(grouped(), "group_drop", INNER).draft, "parallel", "b3").draft
    made = edited(begin, "group_make", row, name="Riêng", last=row).draft
    assert prove_soundness(made.process).sound and not check_structure(made.process)
    assert {node.parent for node in made.process.nodes if node.kind == "parallel"} == {""}
    whole = edited(begin, "group_make", "b2", name="Chung", last="b3").draft
    assert {node.parent for node in whole.process.nodes if node.kind == "parallel"} == {"nhom-b2"}


def test_two_versions_tell_in_which_groups_a_row_stands():
    said = [one.words for one in differences(grouped(), nested())]
    assert said == [
        "Bước 1 “Tiếp nhận hồ sơ”: nhóm bước từ “Xét” thành “Xét, trong Giải quyết”",
        "Bước 2 “Thẩm định”: nhóm bước từ “Xét” thành “Xét, trong Giải quyết”",
        "Bước 3 “Ký giấy phép”: nhóm bước nay ghi “Giải quyết”",
    ]


def test_the_dialog_of_a_group_puts_it_into_a_wider_one_and_undo_takes_it_back(agency, client):
    made = begun(agency, content=grouped())
    agency.sign_in(client, "lan")
    page = reverse("procedures:revision", args=[made.revision_id])
    dialog = client.get(page, {"buoc": INNER}).content.decode()
    assert "Gộp nhóm này vào một nhóm lớn hơn" in dialog
    ends = dialog.split('id="nhom-lon"')[1].split("</select>")[0]
    assert [f'value="b{n}"' in ends for n in (1, 2, 3, 4)] == [False, False, True, True]
    version = Definition.objects.get(revision_id=made.revision_id).version
    answer = client.post(
        reverse("procedures:edit", args=[made.revision_id]),
        {"do": "group_make", "step": INNER, "version": version, "name": "Giải quyết", "last": "b3"},
        headers={"HX-Request": "true"},
    ).content.decode()

    rows = answer.split('id="pt"')[1].split("</table>")[0]
    assert rows.count(f'id="{OUTER}"') == rows.count(f'id="{INNER}"') == 1
    assert "Giải quyết, tiếp theo" in rows and groups_again(nested().table)["b3"].id == OUTER
    services.definition_undo(
        actor=agency.actor("lan"), revision_id=made.revision_id, now=NOW,
        expected_version=Definition.objects.get(revision_id=made.revision_id).version,
    )  # fmt: skip
    assert f'id="{OUTER}"' not in client.get(page).content.decode()
