"""What may end or accompany a step of the table: too much time, a message, trouble."""

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
from nep.apps.procedures.rules.table import END, Branch, Event, Step, from_process, to_process
from nep.apps.procedures.rules.ways import way_lines, with_ways
from nep.apps.procedures.tests.scene import begun, draft, edited, unbranched
from nep.bpmn import Trigger, prove_soundness, prove_time, read_bpmn, write_bpmn
from nep.kernel.decisions import Refused
from tests.standing import kept

agency = kept(department)
LATE = {"when": "timer", "amount": "2", "unit": "working_day"}


def done(start=None, do="event_add", step="b2", **values):
    return edited(start or draft(), do, step, **values)


def test_a_step_that_takes_too_long_leads_elsewhere_or_sends_word_while_it_goes_on():
    ended = done(**LATE, effect="ends", target="b4")
    assert ended.text == ("bước 2 “Thẩm định”: quá 2 ngày làm việc: dừng bước này, đến bước 4")
    table = ended.draft.table
    assert table.step("b2").events == (
        Event("b2-q1", Trigger("timer", "duration", "P2D", "working_day"), "b4", True,
              "Quá 2 ngày làm việc"),
    )  # fmt: skip
    both = done(ended.draft, **LATE, effect="beside", target="gui-moi", sent="Chậm thẩm định")
    whole = both.draft

    assert whole.table.wiring is None
    assert [whole.table.label(step.id) for step in whole.table.steps] == ["1", "2", "3", "4", "4a"]
    assert [step.after for step in whole.table.steps[-2:]] == [END, ""]
    assert prove_soundness(whole.process).sound
    assert from_process(to_process(whole.table)) == whole.table
    assert read_bpmn(write_bpmn(whole.process)).process == whole.process
    xml = editor_file(whole.table, names={}, places={}, title="Thử").decode()
    assert drawing_take(whole, Edit("draw", values={"xml": xml})).draft == whole


def test_a_step_opened_beside_is_in_the_proof_of_time_and_one_that_comes_back_is_not_sound():
    beside = done(step="b3", **LATE, effect="beside", target="buoc-moi", name="Báo cáo").draft
    assert beside.table.steps[-1].name == "Báo cáo" and beside.table.steps[-1].after == ""
    assert prove_soundness(beside.process).sound
    assert {r.code for r in prove_time(beside.process, limit=beside.limit).reasons} == {
        "step_without_limit"
    }

    back = done(**LATE, effect="beside", target="b3").draft
    assert not prove_soundness(back.process).sound


def test_removing_what_an_event_leads_to_or_the_event_itself_keeps_the_table_whole():
    start = done(**LATE, effect="ends", target="b3").draft

    assert done(start, "remove", "b3").draft.table.step("b2").events[0].target == "b4"
    gone = done(start, "event_remove", event="b2-q1")
    assert gone.draft == draft() and gone.text == "bỏ “quá 2 ngày làm việc” ở bước 2 “Thẩm định”"
    assert done(start, "remove", "b2").draft.process == done(None, "remove", "b2").draft.process


def wired():
    """Return a draft that only a drawing says: a named merge, an end for the whole process."""
    start = draft()
    split = replace(start.table.steps[2], branches=(Branch("x", "b1", "Sai", bound=1),))
    steps = (*start.table.steps[:2], split, start.table.steps[3])
    process = to_process(replace(start.table, steps=steps))
    nodes = tuple(replace(n, name="Gộp") if n.id == "re-b3" else n for n in process.nodes)
    ends = tuple(replace(n, kind="terminate") if n.kind == "end" else n for n in nodes)
    found = replace(start, table=from_process(replace(process, nodes=ends)))
    assert found.table.wiring is not None
    return found


def test_beside_a_wiring_the_wiring_is_changed():
    late = done(wired(), **LATE, effect="beside", target="gui-moi", sent="Chậm").draft
    assert late.table.step("b2").events[0].target == late.table.steps[-1].id
    assert from_process(late.process) == late.table
    assert done(late, "event_remove", event="b2-q1").draft.table.step("b2").events == ()
    assert "b2-q1" not in {node.id for node in done(late, "remove", "b2").draft.process.nodes}


@pytest.mark.parametrize(
    ("step", "values", "code"),
    [
        ("b2", {**LATE, "effect": "ends", "target": "b2"}, "target_missing"),
        ("b2", {**LATE, "effect": "", "target": "b3"}, "event_effect"),
        ("b2", {**LATE, "amount": "", "effect": "ends", "target": "b3"}, "wait_amount"),
        ("b2", {"when": "message", "effect": "ends", "target": "b3"}, "message_name"),
        ("b2", {"when": "error", "effect": "beside", "target": "b3"}, "error_goes_on"),
        ("b2", {"when": "never", "effect": "ends", "target": "b3"}, "event_when"),
        ("b2", {**LATE, "effect": "beside", "target": "gui-moi"}, "message_name"),
        ("b5", {**LATE, "effect": "ends", "target": "b3"}, "event_host"),
        ("b2", {**LATE, "effect": "ends", "target": "b1", "bound": "21"}, "bound_unreadable"),
        ("b2", {**LATE, "effect": "ends", "target": "b1", "bound": "²"}, "bound_unreadable"),
    ],
)
def test_what_cannot_happen_is_refused(step, values, code):
    start = apply(draft(), Edit("add_send", "b2", {"message": "x"})).draft
    answer = apply(start, Edit("event_add", step, values))
    assert isinstance(answer, Refused) and answer.code == code


def test_paper_says_it_and_is_read_back():
    start = done(**LATE, effect="ends", target="b4").draft
    start = done(start, when="message", message="Rút hồ sơ", effect="ends", target=END).draft
    start = done(start, when="error", message="", effect="ends", target="b1").draft
    start = done(start, when="error", message="Mất mẫu", effect="ends", target="b3").draft
    lines = [way_lines(start.table, step, {}) for step in start.table.steps]

    assert lines[1][:4] == (
        "→ Quá 2 ngày làm việc: dừng bước này, đến bước 4",
        "→ Có thông điệp “Rút hồ sơ” của hệ thống khác: dừng bước này, đến kết thúc",
        "→ Báo trở ngại: dừng bước này, đến bước 1",
        "→ Báo trở ngại “Mất mẫu”: dừng bước này, đến bước 3",
    )
    bare = [Step(f"b{place}", step.name) for place, step in enumerate(start.table.steps, 1)]
    assert with_ways(bare, lines)[1].events == start.table.step("b2").events
    lost = with_ways(bare[:1], [("→ Quá 2 ngày làm việc: dừng bước này, đến bước 9",)])
    assert "bước 9" in lost[0].note and not lost[0].events


@pytest.mark.parametrize("is_wired", [False, True])
def test_an_event_that_leads_back_says_how_often_and_so_its_time_is_proven(is_wired):
    trouble = {"when": "error", "message": "Mất mẫu", "effect": "ends", "target": "b1"}
    start = wired() if is_wired else unbranched()
    endless = done(start, step="b3", **trouble).draft
    changed = done(start, step="b3", **trouble, bound="2")
    twice = changed.draft
    lines = [way_lines(twice.table, step, {}) for step in twice.table.steps]
    bare = [Step(f"b{place}", step.name) for place, step in enumerate(twice.table.steps, 1)]
    xml = editor_file(twice.table, names={}, places={}, title="Thử").decode()

    assert [one.code for one in prove_time(endless.process, limit=None).reasons] == [
        "loop_without_bound"
    ]
    assert prove_time(twice.process, limit=None).reasons == ()
    assert changed.text.endswith("dừng bước này, đến bước 1 (tối đa 2 lần)")
    assert with_ways(bare, lines)[2].events[0].bound == 2
    assert read_table(graph_text(twice.process)) == twice.table
    assert drawing_take(twice, Edit("draw", values={"xml": xml})).draft == twice
    assert [one.words for one in differences(endless, twice)] == [
        "Bước 3 “Ký giấy phép”: nay báo trở ngại “Mất mẫu”: dừng bước này, đến bước 1 (tối đa 2 "
        "lần), trước là báo trở ngại “Mất mẫu”: dừng bước này, đến bước 1"
    ]


def test_two_versions_tell_what_may_end_a_step():
    one = done(**LATE, effect="ends", target="b4").draft
    other = replace(
        one, table=replace(one.table, steps=tuple(
            replace(step, events=tuple(replace(e, target="b3") for e in step.events))
            for step in one.table.steps))
    )  # fmt: skip
    said = "quá 2 ngày làm việc: dừng bước này, đến bước"

    assert [d.words for d in differences(draft(), one)] == [f"Bước 2 “Thẩm định”: thêm “{said} 4”"]
    assert [d.words for d in differences(one, other)] == [
        f"Bước 2 “Thẩm định”: nay {said} 3, trước là {said} 4"
    ]
    assert [d.words for d in differences(one, draft())] == [f"Bước 2 “Thẩm định”: bỏ “{said} 4”"]


def test_the_dialog_of_a_step_adds_it_the_row_says_it_and_undo_takes_it_back(agency, client):
    made = begun(agency)
    agency.sign_in(client, "lan")
    page = reverse("procedures:revision", args=[made.revision_id])
    assert "Quá hạn, gián đoạn" in client.get(page, {"buoc": "b2"}).content.decode()
    row = Definition.objects.get(revision_id=made.revision_id)
    client.post(
        reverse("procedures:edit", args=[made.revision_id]),
        {"do": "event_add", "step": "b2", "version": row.version, **LATE, "effect": "ends",
         "target": "b4"},
    )  # fmt: skip

    said = "quá 2 ngày làm việc: dừng bước này, đến bước 4"
    assert said in client.get(page).content.decode().split('id="pt"')[1].split("</table>")[0]
    services.definition_undo(
        actor=agency.actor("lan"), revision_id=made.revision_id, now=NOW,
        expected_version=Definition.objects.get(revision_id=made.revision_id).version,
    )  # fmt: skip
    table = client.get(page).content.decode().split('id="pt"')[1].split("</table>")[0]
    assert said not in table


def test_a_branch_back_to_its_own_step_stays_there_when_its_dialog_is_saved(agency, client):
    back = apply(
        draft(), Edit("branch_put", "b2", {"name": "Làm lại", "target": "b2", "bound": "2"})
    )
    made = begun(agency, content=back.draft)
    agency.sign_in(client, "lan")
    shown = client.get(
        reverse("procedures:revision", args=[made.revision_id]), {"buoc": "b2"}
    ).content.decode()

    assert '<option value="b2" selected>' in shown.split('id="re-nhanh"')[1].split("</section>")[0]


@pytest.mark.parametrize("is_wired", [False, True])
def test_a_step_added_at_the_end_goes_on_the_main_way_and_not_on_that_of_an_event(is_wired):
    start = done(**LATE, effect="beside", target="gui-moi", sent="Chậm thẩm định").draft
    if is_wired:
        start = done(start, "group_make", "b1", name="Nhận", last="b1").draft
    assert (start.table.wiring is not None) is is_wired

    added = done(start, "add", "", name="Lưu hồ sơ")

    assert "bước 5 “Lưu hồ sơ”" in added.text
    rows = {step.id: step for step in added.draft.table.steps}
    assert [step.name for step in rows.values()][3:5] == ["Trả kết quả", "Lưu hồ sơ"]
    fresh = list(rows)[4]
    assert rows["b4"].after == "" and rows[fresh].after == END
    assert rows["b2"].events[0].target == list(rows)[5]
    assert prove_soundness(added.draft.process).sound
    again = done(added.draft, "add", "", name="Báo cáo").draft
    assert [step.name for step in again.table.steps][5] == "Báo cáo"
