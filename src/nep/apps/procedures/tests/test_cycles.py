"""What comes again and again while a step goes on: set in its dialog, told, printed and read back."""

from dataclasses import replace

import pytest
from django.urls import reverse

from nep.apps.organization.tests.scene import department
from nep.apps.procedures.models import Definition
from nep.apps.procedures.rules.differences import differences
from nep.apps.procedures.rules.draft import graph_text, read_table
from nep.apps.procedures.rules.drawn import editor_file
from nep.apps.procedures.rules.edits import Changed, Edit, apply, drawing_take
from nep.apps.procedures.rules.events import when_said
from nep.apps.procedures.rules.importing import draft_of
from nep.apps.procedures.rules.table import Step
from nep.apps.procedures.rules.ways import way_lines, with_ways
from nep.apps.procedures.rules.word import read_procedures
from nep.apps.procedures.tests.scene import begun, draft
from nep.bpmn import (
    TaskDone,
    TimerFired,
    Trigger,
    advance,
    check_structure,
    compile_process,
    open_waits,
    prove_soundness,
    start,
)
from nep.kernel.decisions import Refused
from tests.standing import kept

agency = kept(department)
AGAIN = {
    "when": "timer", "amount": "2", "unit": "working_day", "effect": "beside", "target": "gui-moi",
    "sent": "Nhắc việc", "again": "1",
}  # fmt: skip
SAID = "cứ 2 ngày làm việc, 3 lần: vẫn làm bước này, mở thêm bước 4a"


def added(step="b2", **values):
    bare = tuple(replace(one, branches=()) for one in draft().table.steps)
    begin = draft(table=replace(draft().table, steps=bare))
    return apply(begin, Edit("event_add", step, {**AGAIN, **values}))


def reminded(**values):
    answer = added(**values)
    assert isinstance(answer, Changed), answer
    return answer


@pytest.mark.parametrize(
    ("times", "value", "said"),
    [("3", "R3/P2D", SAID), ("", "R/P2D", SAID.replace(", 3 lần", ""))],
)
def test_word_is_sent_every_so_often_while_the_step_goes_on(times, value, said):
    made = reminded(times=times)
    event = made.draft.table.step("b2").events[0]

    assert event.trigger == Trigger("timer", "cycle", value, "working_day") and not event.cancels
    assert made.text == f"bước 2 “Thẩm định”: {said}"
    assert not check_structure(made.draft.process) and prove_soundness(made.draft.process).sound
    assert made.draft.table.wiring is None
    assert read_table(graph_text(made.draft.process)) == made.draft.table
    xml = editor_file(made.draft.table, names={}, places={}, title="Thử").decode()
    assert drawing_take(made.draft, Edit("draw", values={"xml": xml})).draft == made.draft


def test_a_case_waits_on_after_the_first_time_and_no_more_after_the_last():
    made = reminded(times="3").draft
    compiled = compile_process(made.process)
    state, _ = start(compiled, data={})
    state, _ = advance(compiled, state, TaskDone(state.tokens[0].id, {}))
    (token, node), *_none = open_waits(compiled, state)
    state, _ = advance(compiled, state, TimerFired(token, node, {}))
    assert list(open_waits(compiled, state)) == [(token, node)]
    state, _ = advance(compiled, state, TimerFired(token, node, {}, last=True))
    assert not list(open_waits(compiled, state))
    assert [one.node for one in state.tokens] == ["b2"]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"effect": "ends", "target": "b4"}, "cycle_ends"),
        ({"times": "0"}, "cycle_times"),
        ({"times": "ba"}, "cycle_times"),
        ({"times": "100"}, "cycle_times"),
        ({"amount": ""}, "wait_amount"),
    ],
)
def test_what_cannot_come_again_is_refused(values, code):
    answer = added(**values)
    assert isinstance(answer, Refused) and answer.code == code


def test_a_cycle_with_a_beginning_says_so_and_is_not_taken_for_one_without():
    trigger = Trigger("timer", "cycle", "R3/2026-11-24T08:00:00/P1D")
    assert when_said(trigger, {}) == "cứ 1 ngày lịch, 3 lần, từ 2026-11-24T08:00:00"


@pytest.mark.parametrize("times", ["3", ""])
def test_paper_says_it_and_it_is_read_back(times):
    table = reminded(times=times).draft.table
    lines = [way_lines(table, step, {}) for step in table.steps]
    read = with_ways([Step(f"b{n}", one.name) for n, one in enumerate(table.steps, 1)], lines)

    assert read[1].events[0].trigger == table.step("b2").events[0].trigger
    assert read[1].events[0].target == "b5" and not any(one.note for one in read)


def test_two_versions_tell_how_often_it_comes():
    said = [one.words for one in differences(reminded(times="3").draft, reminded(times="5").draft)]
    assert said == [f"Bước 2 “Thẩm định”: nay {SAID.replace('3 lần', '5 lần')}, trước là {SAID}"]


def test_the_dialog_adds_it_beside_threads_too_and_the_word_file_reads_back(agency, client):
    threads = apply(apply(reminded(times="3").draft, Edit("parallel", "b3")).draft,
                    Edit("thread_add", "b2")).draft  # fmt: skip
    made = begun(agency, content=threads)
    agency.sign_in(client, "lan")
    version = Definition.objects.get(revision_id=made.revision_id).version
    answer = client.post(
        reverse("procedures:edit", args=[made.revision_id]),
        {"do": "event_add", "step": "b3", "version": version, **AGAIN, "times": ""},
        headers={"HX-Request": "true"},
    ).content.decode()
    data = client.get(reverse("procedures:word_file", args=[made.revision_id])).content
    read = read_procedures(data, file="x.docx").procedures[0]
    table = draft_of(read, process_id="qt", mapping={}).table

    assert "cứ 2 ngày làm việc: vẫn làm bước này, mở thêm bước" in answer
    triggers = [event.trigger.value for step in table.steps for event in step.events]
    assert triggers == ["R3/P2D", "R/P2D"] and not any(step.note for step in table.steps)
