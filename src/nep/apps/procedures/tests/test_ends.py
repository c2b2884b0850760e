"""Ways that end the process otherwise than plainly: in trouble, with a message, at once."""

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
from nep.apps.procedures.rules.importing import draft_of
from nep.apps.procedures.rules.table import (
    AT_ONCE,
    END,
    SENDING,
    TROUBLE,
    Table,
    group_rows,
    is_end,
    to_process,
)
from nep.apps.procedures.rules.targets import end_read, end_said, ends_told
from nep.apps.procedures.rules.threads import shown_only
from nep.apps.procedures.rules.ways import way_lines
from nep.apps.procedures.rules.wiring_lines import wiring_lines, with_wiring
from nep.apps.procedures.rules.word import read_procedures
from nep.apps.procedures.tests.scene import begun, draft, edited
from nep.bpmn import (
    TaskDone,
    advance,
    check_structure,
    compile_process,
    prove_soundness,
    read_bpmn,
    write_bpmn,
)
from nep.bpmn import start as start_
from nep.kernel.decisions import Refused
from tests.standing import kept

agency = kept(department)
LOST, TOLD = f"{TROUBLE}Mất mẫu", f"{SENDING}Đã trả kết quả"


def done(begin, do="end_put", step="b4", **values):
    return edited(begin, do, step, **values)


def plain():
    """Four steps; the second may go back once."""
    steps = tuple(replace(step, branches=()) for step in draft().table.steps)
    start = draft(table=replace(draft().table, steps=steps))
    return done(start, "branch_put", "b2", name="Không đạt", target=END).draft


def ended():
    """The last step sends word, a branch ends in trouble, another at once."""
    sent = done(plain(), way="xong", how="sending", message="Đã trả kết quả").draft
    lost = done(sent, step="b2", way="b2-n1", how="trouble", message="Mất mẫu").draft
    more = done(lost, "branch_put", "b3", name="Hủy", target=END).draft
    return done(more, step="b3", way="b3-n1", how="at_once").draft


def same(whole):
    """Say whether a draft comes back the same from storage, from its model file and as drawn."""
    xml = editor_file(whole.table, names={}, places={}, title="Thử").decode()
    return (
        read_table(graph_text(whole.process)) == whole.table
        and set(read_bpmn(write_bpmn(whole.process)).process.nodes) == set(whole.process.nodes)
        and drawing_take(whole, Edit("draw", values={"xml": xml})).draft == whole
    )


def test_the_last_row_and_branches_end_as_chosen_in_plain_rows():
    whole = ended()

    assert whole.table.wiring is None and same(whole)
    assert whole.table.step("b4").after == TOLD
    assert [step.branches[0].target for step in whole.table.steps[1:3]] == [LOST, AT_ONCE]
    assert ends_told(whole.table) == (LOST, AT_ONCE, TOLD)
    kinds = [(node.kind, node.trigger and node.trigger.name) for node in whole.process.nodes[-3:]]
    assert kinds == [("error_end", "Mất mẫu"), ("terminate", None), ("end", "Đã trả kết quả")]
    assert not check_structure(whole.process) and prove_soundness(whole.process).sound
    assert shown_only(whole.table) == ()
    again = done(whole, way="xong", how="plain").draft
    again = done(again, step="b2", way="b2-n1", how="plain").draft
    assert done(again, "branch_remove", "b3", branch="b3-n1").draft.process == plain().process


def test_a_row_added_at_the_end_comes_before_the_end_that_was_chosen():
    added = done(ended(), "add", "", name="Lưu hồ sơ").draft
    assert [step.after for step in added.table.steps[-2:]] == ["", TOLD]
    assert prove_soundness(added.process).sound


@pytest.mark.parametrize(
    ("chosen", "said", "error"),
    [
        (None, "MessageSent", ""),
        ("b2-n1", "ProcessEnded", "Mất mẫu"),
        ("b3-n1", "ProcessEnded", ""),
    ],
)
def test_a_case_ends_so(chosen, said, error):
    compiled = compile_process(ended().process)
    state, effects = start_(compiled, data={})
    while state.tokens:
        token = state.tokens[0]
        picked = chosen if chosen and chosen.startswith(token.node) else None
        state, effects = advance(compiled, state, TaskDone(token.id, {}, picked))

    assert said in {type(one).__name__ for one in effects}
    assert [one.error for one in effects if type(one).__name__ == "ProcessEnded"] == [error]


def test_in_a_group_trouble_leads_to_what_the_group_does_about_it():
    start = replace(plain(), table=replace(plain().table, steps=tuple(
        replace(step, branches=()) for step in plain().table.steps)))  # fmt: skip
    whole = done(start, "group_make", "b2", name="Thẩm định", last="b3").draft
    whole = done(whole, "event_add", "nhom-b2", when="error", message="Mất mẫu", effect="ends",
                 target="b4").draft  # fmt: skip
    whole = done(whole, "branch_put", "b2", name="Mất", target=LOST).draft

    assert whole.table.step("b2").branches[0].target == LOST and same(whole)
    assert prove_soundness(whole.process).sound and not check_structure(whole.process)
    compiled = compile_process(whole.process)
    state, _ = start_(compiled, data={})
    for picked in (None, whole.table.step("b2").branches[0].id):
        state, _ = advance(compiled, state, TaskDone(state.tokens[0].id, {}, picked))
    assert [token.node for token in state.tokens] == ["b4"]
    led = done(whole, step="nhom-b2", way="nhom-b2-q1", how="sending", message="Mất").draft
    assert group_rows(led.table)[0].events[0].target == f"{SENDING}Mất"


def test_beside_a_wiring_ends_come_and_go_with_the_ways_to_them():
    waits = done(ended(), "add_wait", "b3", way="for", amount="1", unit="working_day").draft
    wired = done(waits, "either_add", "b5", way="message", message="Xong", target=TOLD).draft
    assert wired.table.wiring is not None and same(wired)
    assert wired.table.step("b6").after == TOLD
    late = {"when": "timer", "amount": "9", "unit": "working_day", "effect": "ends"}
    held = done(wired, "event_add", "b1", **late, target=LOST).draft
    assert held.table.step("b1").events[0].target == LOST
    other = done(held, step="b1", way="b1-q1", how="trouble", message="Hết hạn").draft
    assert other.table.step("b1").events[0].target == f"{TROUBLE}Hết hạn" and same(other)
    ends = [node.kind for node in other.process.nodes if node.kind.endswith("end")]
    assert sorted(ends) == ["end", "error_end", "error_end"]
    calm = done(other, step="b2", way="b2-n1", how="plain").draft
    assert END in {node.id for node in calm.process.nodes}
    assert prove_soundness(calm.process).sound and not check_structure(calm.process)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"way": "xong", "how": ""}, "end_how"),
        ({"way": "xong", "how": "sending"}, "message_name"),
        ({"way": "xong", "how": "trouble", "message": "“x”"}, "trouble_name"),
        ({"way": "b9", "how": "plain"}, "end_way"),
    ],
)
def test_what_is_not_said_whole_is_refused(values, code):
    answer = apply(plain(), Edit("end_put", "b4", values))
    assert isinstance(answer, Refused) and answer.code == code
    assert not is_end("ket-thuc:gui:") and not is_end("ket-thuc:x")


@pytest.mark.parametrize("target", [END, LOST, TROUBLE, TOLD, AT_ONCE])
def test_the_words_of_an_end_are_read_back(target):
    assert end_read(end_said(target)) == target


def test_paper_says_how_it_ends_and_is_read_back(agency, client):
    whole = done(
        ended(), "event_add", "b1", when="error", message="", effect="ends", target=LOST
    ).draft
    assert way_lines(whole.table, whole.table.step("b4"), {}) == (
        "→ Bình thường, “Đạt”: kết thúc và gửi thông điệp “Đã trả kết quả” cho hệ thống khác",
    )
    made = begun(agency, content=whole)
    agency.sign_in(client, "lan")
    data = client.get(reverse("procedures:word_file", args=[made.revision_id])).content
    read = read_procedures(data, file="x.docx").procedures[0]
    table = draft_of(read, process_id="qt", mapping={}).table

    assert ends_told(table) == ends_told(whole.table)
    assert table.step("b1").events[0].target == LOST and not any(s.note for s in table.steps)


def test_paper_says_the_ends_of_a_wiring_too(agency, client):
    waits = done(ended(), "add_wait", "b3", way="for", amount="1", unit="working_day").draft
    wired = done(waits, "either_add", "b5", way="message", message="Xong", target=TOLD).draft
    late = {"when": "timer", "amount": "9", "unit": "working_day"}
    wired = done(wired, "event_add", "b1", **late, effect="ends", target=LOST).draft
    wired = done(wired, "event_add", "b1", **late, effect="beside", target="gui-moi",
                 sent="Chậm").draft  # fmt: skip
    made = begun(agency, content=wired)
    agency.sign_in(client, "lan")
    data = client.get(reverse("procedures:word_file", args=[made.revision_id])).content
    read = read_procedures(data, file="x.docx").procedures[0]
    table = draft_of(read, process_id="qt", mapping={}).table

    assert set(ends_told(table)) == {LOST, AT_ONCE, TOLD} and not any(s.note for s in table.steps)
    assert [(e.target, e.cancels) for e in table.steps[0].events] == [
        (LOST, True), (table.steps[-1].id, False),
    ]  # fmt: skip
    assert prove_soundness(to_process(table)).sound


def test_lines_of_a_wiring_say_its_ends_its_events_and_its_beginning():
    waits = done(ended(), "add_wait", "b3", way="for", amount="1", unit="working_day").draft
    wired = done(waits, "either_add", "b5", way="message", message="Xong", target=TOLD).draft
    late = {"when": "timer", "amount": "9", "unit": "working_day"}
    wired = done(wired, "event_add", "b1", **late, effect="ends", target=LOST).draft
    table = done(wired, "begins_put", "", message="Có đơn").draft.table
    lines = wiring_lines(table, {})
    bare = Table("qt", "", table.steps, begins="Có đơn")

    read = with_wiring(bare, [lines.get(step.id, ()) for step in table.steps])

    assert "→ Nút N3 là điểm kết thúc do trở ngại “Mất mẫu”" in lines["b2"]
    assert read.begins == "Có đơn" and ends_told(read) == ends_told(table)
    assert [s.events for s in read.steps] == [s.events for s in table.steps]
    assert [s.after for s in read.steps] == [s.after for s in table.steps]
    assert not check_structure(to_process(read))


def test_two_versions_tell_how_it_ends():
    assert [one.words for one in differences(plain(), ended())] == [
        "Bước 2 “Thẩm định”: sửa nhánh “Không đạt” đến kết thúc do trở ngại “Mất mẫu”, trước là "
        "“Không đạt” đến kết thúc",
        "Bước 3 “Ký giấy phép”: thêm nhánh “Hủy” đến kết thúc ngay, dừng mọi bước đang làm",
        "Bước 4 “Trả kết quả”: xong thì đi tiếp từ “bước kế tiếp” thành “kết thúc và gửi thông "
        "điệp “Đã trả kết quả” cho hệ thống khác”",
    ]


def test_the_dialog_of_a_step_says_it_and_undo_takes_it_back(agency, client):
    made = begun(agency, content=plain())
    agency.sign_in(client, "lan")
    page = reverse("procedures:revision", args=[made.revision_id])
    dialog = client.get(page, {"buoc": "b2"}).content.decode()
    assert '<option value="b2-n1">Nhánh “Không đạt”</option>' in dialog
    version = Definition.objects.get(revision_id=made.revision_id).version
    answer = client.post(
        reverse("procedures:edit", args=[made.revision_id]),
        {"do": "end_put", "step": "b2", "version": version, "way": "b2-n1", "how": "trouble",
         "message": "Mất mẫu"}, headers={"HX-Request": "true"},
    ).content.decode()  # fmt: skip

    said = "kết thúc do trở ngại “Mất mẫu”"
    assert said in answer.split('id="pt"')[1].split("</table>")[0]
    assert f'<option value="{LOST}" selected>Kết thúc do' in answer
    services.definition_undo(
        actor=agency.actor("lan"), revision_id=made.revision_id, now=NOW,
        expected_version=Definition.objects.get(revision_id=made.revision_id).version,
    )  # fmt: skip
    shown = client.get(page).content.decode().split('id="pt"')[1].split("</table>")[0]
    assert said not in shown
