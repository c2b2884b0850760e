"""Rows side by side, several after each other in a thread, all of them or some by their conditions."""

from decimal import Decimal

import pytest
from django.urls import reverse

from nep.apps.organization.tests.scene import NOW, department
from nep.apps.procedures import services
from nep.apps.procedures.models import Definition
from nep.apps.procedures.rules.differences import differences
from nep.apps.procedures.rules.draft import graph_text, read_table
from nep.apps.procedures.rules.drawn import editor_file
from nep.apps.procedures.rules.edits import Edit, apply, drawing_take
from nep.apps.procedures.rules.importing import draft_of
from nep.apps.procedures.rules.threads import blocks, shown_only, threads_said
from nep.apps.procedures.rules.word import read_procedures
from nep.apps.procedures.tests.scene import begun, draft, edited, unbranched
from nep.bpmn import (
    TaskDone,
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
FIRST, SECOND = "nhánh 1 trong 2 nhánh làm song song", "nhánh 2 trong 2 nhánh làm song song"


def beside():
    """Four steps, the second and third side by side."""
    bare = unbranched()
    return edited(bare, "parallel", "b3").draft


def longer():
    return edited(beside(), "thread_add", "b2", name="Lấy ý kiến").draft


def chosen(**values):
    return edited(longer(), "threads_when", "b2", **values).draft


def in_order(made):
    return [step.id for step in made.table.steps]


def is_the_same_drawn(made):
    """Say whether a table is the same when stored and when saved as it is drawn."""
    xml = editor_file(made.table, names={}, places={}, title="Thử").decode()
    taken = drawing_take(made, Edit("draw", values={"xml": xml}))
    return read_table(graph_text(made.process)) == made.table and taken.draft == made


def opened(made, data=None, *, first=1):
    """Return what is open after the first steps are done."""
    compiled = compile_process(made.process)
    state, _ = start(compiled, data=data or {})
    for _step in range(first):
        state, _ = advance(compiled, state, TaskDone(state.tokens[0].id, data or {}))
    return [token.node for token in state.tokens if token.node.startswith("b")]


def test_a_step_side_by_side_gets_another_after_it_in_its_thread():
    made = edited(beside(), "thread_add", "b2", name="Lấy ý kiến")
    table = made.draft.table

    assert made.text == "thêm bước “Lấy ý kiến” nối tiếp bước 2 “Thẩm định”"
    assert in_order(made.draft) == ["b1", "b2", "b5", "b3", "b4"]
    assert threads_said(table, {}) == {"b2": FIRST, "b5": FIRST, "b3": SECOND}
    assert opened(made.draft) == ["b2", "b3"] and opened(made.draft, first=2) == ["b3", "b5"]
    assert not check_structure(made.draft.process) and prove_soundness(made.draft.process).sound
    assert shown_only(table) == () and is_the_same_drawn(made.draft)
    again = edited(made.draft, "thread_add", "b3").draft
    assert in_order(again) == ["b1", "b2", "b5", "b3", "b6", "b4"]
    assert [len(thread) for thread in blocks(again.process)[0].threads] == [2, 2]


def test_the_time_proof_counts_the_longest_thread():
    timed = edited(longer(), "limit", "b5", amount="4", unit="working_day").draft
    short, long = (prove_time(one.process, limit=one.limit).worst for one in (beside(), timed))
    assert long - short == 32


def test_one_step_a_thread_is_plain_again_and_an_empty_thread_goes():
    assert edited(longer(), "remove", "b5").draft == beside()
    two = edited(longer(), "remove", "b3").draft
    assert two.table.wiring is None and in_order(two) == ["b1", "b2", "b5", "b4"]
    assert not any(step.group for step in two.table.steps)


def test_the_last_row_of_a_thread_is_put_after_all_and_a_row_after_all_into_a_thread():
    out = edited(longer(), "thread_out", "b5")
    assert out.text == "đưa bước 3 “Lấy ý kiến” ra sau các nhánh"
    assert in_order(out.draft) == ["b1", "b2", "b3", "b5", "b4"]
    assert out.draft.table.wiring is None
    back = edited(out.draft, "thread_in", "b5", thread="b2")
    assert back.text == "đưa bước 4 “Lấy ý kiến” vào nhánh 1"
    assert back.draft.table == longer().table
    other = edited(out.draft, "thread_in", "b5", thread="b3").draft
    assert threads_said(other.table, {}) == {"b2": FIRST, "b3": SECOND, "b5": SECOND}
    alone = edited(longer(), "leave", "b3").draft
    assert in_order(alone) == ["b1", "b2", "b5", "b3", "b4"] and alone.table.wiring is None
    whole = edited(other, "thread_in", "b4", thread="b2").draft
    assert in_order(whole) == ["b1", "b2", "b4", "b3", "b5"] and prove_soundness(whole.process)
    assert is_the_same_drawn(whole)


def test_a_row_after_the_threads_is_a_third_and_one_within_is_parted_again():
    third = edited(longer(), "parallel", "b4").draft
    assert [len(one) for one in blocks(third.process)[0].threads] == [2, 1, 1]
    inner = edited(longer(), "parallel", "b5").draft
    assert [one.split.parent for one in blocks(inner.process)] == ["", ""]
    assert threads_said(inner.table, {}) == {"b2": FIRST, "b5": SECOND, "b3": SECOND}
    for made in (third, inner):
        assert prove_soundness(made.process).sound and is_the_same_drawn(made)
    assert edited(inner, "leave", "b5").draft.table == longer().table


def test_threads_are_gone_by_their_conditions():
    made = edited(longer(), "threads_when", "b5", when_1="phi > 5", otherwise="2")
    table = made.draft.table

    assert made.text == "bước 3 “Lấy ý kiến”: làm một hay nhiều nhánh theo điều kiện"
    assert threads_said(table, {})["b3"] == (
        "nhánh 2 trong 2 nhánh làm theo điều kiện: khi không có nhánh nào khác"
    )
    assert threads_said(table, {})["b5"].startswith("nhánh 1 trong 2 nhánh làm theo điều kiện: khi")
    assert opened(made.draft, {"phi": Decimal(6)}) == ["b2"]
    assert opened(made.draft, {"phi": Decimal(4)}) == ["b3"]
    both = chosen(when_1="phi > 5")
    assert opened(both, {"phi": Decimal(6)}) == ["b2", "b3"]
    for one in (made.draft, both):
        assert not check_structure(one.process) and prove_soundness(one.process).sound
        assert shown_only(one.table) == () and is_the_same_drawn(one)
    assert edited(made.draft, "threads_when", "b2").draft == longer()
    short = edited(beside(), "threads_when", "b3", when_1="phi > 5", otherwise="2").draft
    assert edited(short, "threads_when", "b3").draft == beside()


@pytest.mark.parametrize(
    ("begin", "do", "step", "values", "code"),
    [
        (beside, "thread_add", "b1", {}, "thread_none"),
        (beside, "threads_when", "b1", {}, "thread_none"),
        (beside, "thread_out", "b4", {}, "thread_none"),
        (longer, "thread_out", "b2", {}, "thread_inside"),
        (longer, "thread_in", "b4", {"thread": "b1"}, "thread_missing"),
        (longer, "thread_in", "b1", {"thread": "b2"}, "thread_missing"),
        (longer, "parallel", "b2", {}, "parallel_apart"),
        (longer, "threads_when", "b2", {"when_1": "phi >"}, "condition_unreadable"),
        (longer, "threads_when", "b2", {"when_1": "phi > 5", "when_2": "phi < 2"},
         "otherwise_missing"),
        (longer, "threads_when", "b2", {"otherwise": "2"}, "otherwise_never"),
        (lambda: chosen(when_1="phi > 5"), "thread_out", "b3", {}, "thread_alone"),
    ],
)  # fmt: skip
def test_what_threads_cannot_do_is_refused(begin, do, step, values, code):
    answer = apply(begin(), Edit(do, step, values))
    assert isinstance(answer, Refused) and answer.code == code


def test_two_versions_tell_what_runs_beside_what():
    assert next(one.words for one in differences(beside(), longer())) == (
        f"Thêm bước 3 “Lấy ý kiến”, {FIRST}"
    )
    said = [one.words for one in differences(longer(), chosen(when_1="phi > 5", otherwise="2"))]
    assert said[-1] == (
        "Bước 4 “Ký giấy phép”: nhánh 2 trong 2 nhánh làm theo điều kiện: khi không có nhánh nào khác"
    )
    assert "Bước 2 “Thẩm định”: làm song song với bước cạnh bên" in [
        one.words for one in differences(draft(), beside())
    ]
    out = edited(longer(), "leave", "b3").draft
    assert "Bước 4 “Ký giấy phép”: không làm song song nữa" in [
        one.words for one in differences(longer(), out)
    ]


@pytest.mark.parametrize("made", [longer, lambda: chosen(when_1="phi > 5", otherwise="2")])
def test_the_word_file_says_the_thread_of_a_row_and_reads_back_as_the_same(made, agency, client):
    content = made()
    revision = begun(agency, content=content).revision_id
    agency.sign_in(client, "lan")
    data = client.get(reverse("procedures:word_file", args=[revision])).content
    read = read_procedures(data, file="x.docx").procedures[0]
    table = draft_of(read, process_id="qt", mapping={}).table

    assert list(threads_said(table, {}).values()) == list(threads_said(content.table, {}).values())
    assert not any(step.note for step in table.steps)


def test_the_dialog_adds_it_the_rows_say_it_and_undo_takes_it_back(agency, client):
    made = begun(agency, content=beside())
    agency.sign_in(client, "lan")
    page = reverse("procedures:revision", args=[made.revision_id])
    said = "Thêm bước nối tiếp trong nhánh này"
    assert said in client.get(page, {"buoc": "b2"}).content.decode()
    assert said not in client.get(page, {"buoc": "b1"}).content.decode()
    assert "Đưa vào nhánh" in client.get(page, {"buoc": "b4"}).content.decode()
    version = Definition.objects.get(revision_id=made.revision_id).version
    answer = client.post(
        reverse("procedures:edit", args=[made.revision_id]),
        {"do": "thread_add", "step": "b2", "version": version},
        headers={"HX-Request": "true"},
    ).content.decode()

    rows = answer.split('id="pt"')[1].split("</table>")[0]
    assert FIRST in rows.split('id="b5"')[1].split("</tr>")[0]
    assert SECOND in rows.split('id="b3"')[1].split("</tr>")[0]
    assert "Đưa ra sau các nhánh" in client.get(page, {"buoc": "b5"}).content.decode()
    services.definition_undo(
        actor=agency.actor("lan"), revision_id=made.revision_id, now=NOW,
        expected_version=Definition.objects.get(revision_id=made.revision_id).version,
    )  # fmt: skip
    shown = client.get(page).content.decode().split('id="pt"')[1].split("</table>")[0]
    assert FIRST not in shown and 'id="b5"' not in shown
