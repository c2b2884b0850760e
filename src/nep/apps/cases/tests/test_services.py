"""Cases from intake to the result, through the services."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from nep.apps.cases import queries, services
from nep.apps.cases.models import Case, CaseEvent, CasePaper, CasePause, StepRun
from nep.apps.cases.queries._forms import slip_rows
from nep.apps.cases.queries._log import logged_events
from nep.apps.cases.rules import statuses
from nep.apps.cases.tests.scene import (
    NOW,
    OPINION,
    PERMIT,
    TOUCHED,
    Office,
    broken,
    moment,
    office,
)
from nep.apps.procedures.rules.table import Branch
from nep.apps.work.models import WorkItem
from nep.apps.workcal import queries as workcal
from nep.foundation.journal import services as journal
from nep.foundation.journal.models import JournalEntry
from nep.foundation.outbox.models import QueueRow
from nep.kernel.errors import Conflict, Forbidden, NotFound, Refusal

PAPERS = (
    services.PaperGiven("Đơn đề nghị"),
    services.PaperGiven("Kết quả kiểm xạ", originals=0, copies=1),
)


def items(case: Case) -> list[tuple[str, int | None, int]]:
    rows = WorkItem.objects.filter(source_type="case", source_id=case.pk).order_by("id")
    return [(row.step_label, row.person_id, row.state) for row in rows]


def test_an_accepted_case_has_a_code_a_promised_date_and_its_first_step(at: Office):
    case = at.accept(papers=PAPERS)

    assert case.code == "H99.18-261210-0001"
    assert case.status == statuses.ACCEPTED
    assert case.result_due_at == moment(24, 17, 30)
    assert case.applicant_mask == "N*** V** An"
    assert (case.holder_person_id, case.step_number) == (at.scene.people["tuan"], 1)
    assert items(case) == [("Bước 1/5", at.scene.people["tuan"], WorkItem.OPEN)]
    assert CasePaper.objects.filter(case=case).count() == 2
    assert JournalEntry.objects.filter(action="case.accepted", object_id=str(case.pk)).count() == 1


def test_codes_of_one_day_count_up(at: Office):
    codes = [at.accept().code for _ in range(3)]

    assert codes == [f"H99.18-261210-000{n}" for n in (1, 2, 3)]


def test_a_case_walks_to_its_result_and_every_step_leaves_its_traces(at: Office):
    case = at.accept()

    at.walk(case, "")

    case.refresh_from_db()
    assert (case.status, case.on_time, case.outcome) == (statuses.RETURNED, "truoc", "granted")
    assert case.finished_at == NOW + timedelta(minutes=80)
    assert case.returned_at == NOW + timedelta(minutes=100)
    assert case.holder_person_id is None
    assert not StepRun.objects.filter(case=case, closed_at=None).exists()
    assert not WorkItem.objects.filter(source_id=case.pk, state=WorkItem.OPEN).exists()
    kinds = [event.kind for event in logged_events(case.pk)]
    assert kinds == ["accepted", *["step_completed"] * 5]
    done = JournalEntry.objects.filter(action="case.step_completed", object_id=str(case.pk))
    assert done.count() == 5
    assert not QueueRow.objects.filter(name__endswith="StepCompleted").exists()  # nobody waits
    assert QueueRow.objects.filter(name__endswith="CaseFinished").count() == 1


def test_a_finished_step_is_told_once_by_the_journal_with_its_words(at: Office):
    case = at.accept()
    at.complete(case, "b1", by="tuan", note="Hồ sơ đủ,\nđã kiểm bản gốc.")
    at.complete(case, "b2", by="toan")

    _, noted, silent = logged_events(case.pk)
    assert (noted.kind, noted.node, noted.actor_id) == (
        "step_completed", "b1", at.scene.people["tuan"],
    )  # fmt: skip
    assert noted.data["note"] == "Hồ sơ đủ,\nđã kiểm bản gốc." and "note" not in silent.data
    entry = JournalEntry.objects.get(pk=noted.id)
    assert (entry.action, entry.reason) == ("case.step_completed", noted.data["note"])
    assert CaseEvent.objects.filter(case=case).count() == 1  # its acceptance
    assert broken(*TOUCHED) == []


def test_a_step_finished_before_the_journal_told_it_whole_is_read_from_its_event(at: Office):
    case, run = at.accept(), {"run": 7, "used": 30, "result": "dung"}
    journal.record(
        actor_id=1, agency_id=case.agency_id, action="case.step_completed", object_type="case",
        object_id=case.pk, at=NOW, new={"run": 7, "node": "b1", "late": False}, reason="Đủ",
    )  # fmt: skip
    CaseEvent.objects.create(
        case=case, kind="step_completed", at=NOW, actor_id=1, node="b1",
        data=json.dumps({"closed": run, "note": "Đủ"}),
    )  # fmt: skip

    told = [(event.kind, event.data.get("note")) for event in logged_events(case.pk)]

    assert told == [("accepted", None), ("step_completed", "Đủ")]


def test_the_result_counts_as_ready_before_it_is_handed_over(at: Office):
    case = at.accept()

    at.walk(case, "b5")

    case.refresh_from_db()
    assert (case.status, case.returned_at) == (statuses.DONE, None)
    assert at.run(case, "b5").person_id == at.scene.people["tuan"]


def test_a_step_freezes_used_minutes_and_lateness(at: Office):
    case = at.accept(now=moment(10, 8))

    at.complete(case, "b1", by="tuan", now=moment(10, 15))

    run = StepRun.objects.get(case=case, node="b1")
    assert (run.used_minutes, run.late, run.outcome) == (300, True, "done")
    assert run.due_at == moment(10, 14)


def test_being_late_never_stops_a_step(at: Office):
    case = at.accept()

    at.walk(case, "", now=moment(10, 8, month=12) + timedelta(days=60))

    case.refresh_from_db()
    assert (case.status, case.on_time) == (statuses.RETURNED, "tre")


def test_after_three_only_the_transfer_moves_to_the_next_morning(at: Office):
    case = at.accept(now=moment(10, 15, 30))
    at.complete(case, "b1", by="tuan", now=moment(10, 16))

    run = at.run(case, "b2")
    assert case.result_due_at == moment(24, 17, 30)
    assert run.opened_at == moment(11, 7, 30)
    assert run.due_at == moment(11, 11, 30)


def test_the_only_holder_gets_the_step_and_several_wait_for_their_role(at: Office):
    case = at.accept()
    at.complete(case, "b1", by="tuan")

    done = at.complete(case, "b2", by="toan")

    assert at.scene.people["toan"] == StepRun.objects.get(case=case, node="b2").person_id
    assert [(node, person) for _, node, person in done.opened] == [("b3", None)]


def test_the_head_names_who_gets_the_next_step(at: Office):
    case = at.accept()
    at.complete(case, "b1", by="tuan")

    at.complete(case, "b2", by="toan", receiver_id=at.scene.people["huy"])

    assert at.run(case, "b3").person_id == at.scene.people["huy"]


def test_a_receiver_outside_the_role_is_refused(at: Office):
    case = at.accept()
    at.complete(case, "b1", by="tuan")

    with pytest.raises(Refusal, match="không giữ vai trò"):
        at.complete(case, "b2", by="toan", receiver_id=at.scene.people["ha"])


def test_only_the_holder_finishes_a_step(at: Office):
    case = at.accept()
    now = at.walk(case, "b3")

    with pytest.raises(Forbidden, match="Trần Thị Mai Lan giữ"):
        at.complete(case, "b3", by="huy", now=now, outcome="f-re-b3")


def test_another_agency_does_not_see_the_step(at: Office, other_agency):
    case = at.accept()

    with pytest.raises(NotFound):
        services.step_complete(
            actor=other_agency.actor("tuan"), now=NOW, run_id=at.run(case, "b1").pk
        )


def test_a_step_finished_twice_names_who_was_first(at: Office):
    case = at.accept()
    run = at.run(case, "b1")
    at.complete(case, "b1", by="tuan")

    with pytest.raises(Conflict, match="Hoàng Minh Tuấn hoàn thành lúc 10:20"):
        services.step_complete(actor=at.actor("tuan"), now=NOW, run_id=run.pk)


def test_a_choice_must_be_made_where_the_procedure_asks_for_one(at: Office):
    case = at.accept()
    now = at.walk(case, "b3")

    with pytest.raises(Refusal, match="kết luận"):
        at.complete(case, "b3", by="lan", now=now)


def test_a_return_needs_a_reason_and_goes_on_with_the_first_clock(at: Office):
    case = at.accept(now=moment(10, 7, 30))
    at.complete(case, "b1", by="tuan", now=moment(10, 8))
    at.complete(case, "b2", by="toan", now=moment(10, 9), receiver_id=at.scene.people["lan"])
    run = at.run(case, "b3")
    with pytest.raises(Refusal, match="lý do"):
        services.step_return(
            actor=at.actor("lan"), now=moment(10, 10), run_id=run.pk, outcome="b3-lai", reason=""
        )

    services.step_return(
        actor=at.actor("lan"), now=moment(10, 10), run_id=run.pk, outcome="b3-lai",
        reason="Không đúng lĩnh vực của tôi",
    )  # fmt: skip

    again = at.run(case, "b2")
    assert (again.round, again.carried_minutes, again.person_id) == (2, 60, at.scene.people["toan"])
    assert again.due_at == moment(10, 15)
    item = WorkItem.objects.get(pk=again.item_id)
    assert item.note == "Không đúng lĩnh vực của tôi"
    assert StepRun.objects.get(pk=run.pk).outcome == "returned"


def test_a_step_entered_again_begins_anew_where_the_limit_did(db):
    at = office(policy="restart")
    case = at.accept(now=moment(10, 7, 30))
    at.walk(case, "b2", now=moment(10, 7, 30))
    lan = at.scene.people["lan"]
    at.complete(case, "b2", by="toan", now=moment(10, 11), receiver_id=lan)  # over 3 of its 4 hours
    by = {"actor": at.actor("tuan"), "case_id": case.pk}
    services.case_supplement_request(
        actor=at.actor("lan"), case_id=case.pk, now=moment(10, 14), reason="Thiếu kết quả kiểm xạ"
    )
    services.case_supplement_received(**by, now=moment(14, 8))
    at.complete(case, "b3", by="lan", now=moment(14, 9), outcome="b3-lai", note="Phân công lại đi")

    again = at.run(case, "b2")
    assert (again.round, again.carried_minutes, again.due_at) == (2, 0, moment(14, 15))
    assert broken(*TOUCHED) == []


def test_a_way_back_says_how_often_it_was_taken_and_refuses_nobody(db):
    two = replace(PERMIT.steps[2].branches[1], bound=2)
    third = replace(PERMIT.steps[2], branches=(PERMIT.steps[2].branches[0], two))
    at = office(table=replace(PERMIT, steps=(*PERMIT.steps[:2], third, *PERMIT.steps[3:])))
    case = at.accept(now=moment(10, 7, 30))
    at.walk(case, "b2", now=moment(10, 7, 30))
    said = []
    for now in (moment(10, 10), moment(10, 14), moment(11, 8)):
        at.complete(case, "b2", by="toan", now=now, receiver_id=at.scene.people["lan"])
        action = queries.next_action(
            actor=at.actor("lan"), case_id=case.pk, run_id=at.run(case, "b3").pk, now=now,
            calendar=workcal.calendar_for(case.agency_id),
        )  # fmt: skip
        said.append(next(one.consequence for one in action.options if one.value == "b3-lai"))
        at.complete(case, "b3", by="lan", now=now, outcome="b3-lai", note="Chưa đúng lĩnh vực")

    assert said == [
        "Trả lại bước 2 “Phân công thụ lý” kèm lý do",
        "Trả lại bước 2 “Phân công thụ lý” kèm lý do; đã trả lại 1 lần, quy trình tính nhiều nhất 2 lần",
        "Trả lại bước 2 “Phân công thụ lý” kèm lý do; đã trả lại 2 lần, hết số lần quy trình tính: "
        "trả lại nữa thì thời hạn có thể không đủ",
    ]
    assert at.run(case, "b2").round == 4


def test_a_step_that_leads_back_to_itself_goes_on_with_its_clock(db):
    table = replace(
        PERMIT,
        steps=tuple(
            replace(step, branches=(Branch("b3-lai", "b3", "Làm lại", bound=1),))
            if step.id == "b3"
            else step
            for step in PERMIT.steps
        ),
    )
    at = office(table=table)
    case = at.accept(now=moment(10, 7, 30))
    at.walk(case, "b3", now=moment(10, 7, 30))
    at.complete(case, "b3", by="lan", now=moment(10, 9, 10), outcome="b3-lai", note="Thiếu số liệu")

    again = at.run(case, "b3")
    assert (again.round, again.carried_minutes, again.used_minutes) == (2, 60, 0)
    assert again.person_id == at.scene.people["lan"]


def test_a_way_for_supplement_pauses_the_case_and_restarts_its_limit(at: Office):
    case = at.accept(now=moment(10, 8))
    at.walk(case, "b3", now=moment(10, 8))

    at.complete(
        case, "b3", by="lan", now=moment(11, 9), outcome="b3-bs", note="Thiếu kết quả kiểm xạ",
        papers=({"name": "Kết quả kiểm xạ", "originals": 1},),
    )  # fmt: skip

    case.refresh_from_db()
    assert (case.status, case.paused_since) == (statuses.SUPPLEMENT, moment(11, 9))
    pause = CasePause.objects.get(case=case)
    assert (pause.number, pause.policy, json.loads(pause.papers)[0]["name"]) == (
        1, "restart", "Kết quả kiểm xạ",
    )  # fmt: skip
    assert at.run(case, "b1").running_since is None
    with pytest.raises(Refusal, match="tạm dừng"):
        at.complete(case, "b1", by="tuan", now=moment(14, 9))

    due = services.case_supplement_received(
        actor=at.actor("tuan"), now=moment(14, 9), case_id=case.pk
    )

    case.refresh_from_db()
    assert due == case.result_due_at == moment(28, 17, 30)
    assert case.result_due_original == moment(24, 17, 30)
    assert case.indicator_due_at == moment(28, 17, 30)
    assert at.run(case, "b1").running_since == moment(14, 9)


def test_a_stopping_pause_gives_the_days_back(db):
    at = office(policy="stop")
    case = at.accept(now=moment(10, 8))

    number = services.case_supplement_request(
        actor=at.actor("tuan"), now=moment(10, 9), case_id=case.pk, reason="Thiếu đơn có chữ ký"
    )
    services.case_resume(actor=at.actor("tuan"), now=moment(14, 9), case_id=case.pk)

    case.refresh_from_db()
    assert number == 1
    assert case.result_due_at == moment(28, 17, 30)
    run = at.run(case, "b1")
    assert (run.used_minutes, run.due_at) == (60, moment(14, 14))


def test_waiting_for_another_agency_stops_whatever_the_policy(at: Office):
    case = at.accept(now=moment(10, 8))

    services.case_pause(
        actor=at.actor("tuan"), now=moment(10, 9), case_id=case.pk, kind="agency",
        reason="Chờ Công an xác minh",
    )  # fmt: skip

    case.refresh_from_db()
    assert case.status == statuses.PAUSED
    assert WorkItem.objects.get(source_id=case.pk).paused is True
    with pytest.raises(Refusal, match="tạm dừng"):
        services.case_pause(
            actor=at.actor("tuan"), now=moment(10, 9), case_id=case.pk, kind="payment",
            reason="Chờ nộp phí",
        )  # fmt: skip


def test_an_incomplete_case_waits_without_a_clock_until_everything_is_there(at: Office):
    papers = (PAPERS[0], services.PaperGiven("Kết quả kiểm xạ", state="thieu"))
    made = services.case_receive_incomplete(
        actor=at.actor("tuan"), now=moment(10, 8), tthc_id=at.tthc_id,
        applicant=services.Applicant("Trần Thị Bình"), papers=papers, reason="Thiếu kết quả kiểm xạ",
    )  # fmt: skip
    case = Case.objects.get(pk=made.id)
    assert (case.status, case.result_due_at) == (statuses.WAITING_FIRST, None)
    assert items(case) == []
    with pytest.raises(Refusal, match="Vẫn còn thiếu 1 giấy"):
        services.case_supplement_received(
            actor=at.actor("tuan"), now=moment(14, 9), case_id=case.pk
        )

    paper = CasePaper.objects.get(case=case, state="thieu")
    services.case_supplement_received(
        actor=at.actor("tuan"), now=moment(14, 9), case_id=case.pk, papers=(paper.pk,)
    )

    case.refresh_from_db()
    assert (case.status, case.accepted_at) == (statuses.ACCEPTED, moment(14, 9))
    assert case.result_due_at == moment(28, 17, 30)
    assert items(case) == [("Bước 1/5", at.scene.people["tuan"], WorkItem.OPEN)]


def test_a_case_with_missing_papers_is_not_accepted(at: Office):
    with pytest.raises(Refusal, match="Còn thiếu 1 giấy: Đơn đề nghị"):
        at.accept(papers=(services.PaperGiven("Đơn đề nghị", state="thieu"),))
    assert not Case.objects.exists()


def test_a_refusal_ends_the_case_within_its_time(at: Office):
    case = at.accept()
    now = at.walk(case, "b3")

    word = services.case_refuse(
        actor=at.actor("lan"), now=now, case_id=case.pk, reason="Không đủ điều kiện theo Điều 5"
    )

    case.refresh_from_db()
    assert (word, case.status, case.outcome) == ("truoc", statuses.DONE, "refused")
    assert not WorkItem.objects.filter(source_id=case.pk, state=WorkItem.OPEN).exists()
    services.result_returned(actor=at.actor("tuan"), now=now, case_id=case.pk)
    case.refresh_from_db()
    assert case.status == statuses.RETURNED


def test_a_withdrawn_case_has_no_word_about_its_time(at: Office):
    case = at.accept()

    services.case_withdraw(
        actor=at.actor("tuan"), now=NOW, case_id=case.pk, reason="Người nộp xin rút hồ sơ"
    )

    case.refresh_from_db()
    assert (case.status, case.on_time) == (statuses.WITHDRAWN, "")
    last = slip_rows(case)[-1]
    assert (last.closed_at, last.result_text) == (NOW, "Người nộp rút hồ sơ")
    assert last.note == "Người nộp rút hồ sơ: Người nộp xin rút hồ sơ"
    with pytest.raises(Refusal, match="đã kết thúc"):
        services.case_withdraw(
            actor=at.actor("tuan"), now=NOW, case_id=case.pk, reason="Rút lần nữa"
        )


def test_steps_side_by_side_join_and_an_outside_step_stays_with_its_sender(db):
    at = office(table=OPINION)
    case = at.accept(now=moment(10, 8))
    at.complete(case, "b1", by="tuan", now=moment(10, 9))
    item = WorkItem.objects.get(pk=at.run(case, "b2").item_id)
    assert item.person_id is None
    at.complete(case, "b2", by="lan", now=moment(10, 10))
    case.refresh_from_db()
    assert case.holder_person_id == at.scene.people["toan"]

    at.complete(case, "b3", by="toan", now=moment(10, 11))

    run = at.run(case, "b4")
    assert (run.outside, run.person_id) == (True, at.scene.people["toan"])
    with pytest.raises(Refusal, match="ghi nhận đã giao"):
        services.outside_returned(actor=at.actor("toan"), now=moment(11, 9), run_id=run.pk)
    services.outside_handed(actor=at.actor("toan"), now=moment(10, 14), run_id=run.pk)
    services.outside_returned(actor=at.actor("toan"), now=moment(14, 9), run_id=run.pk)
    done = StepRun.objects.get(pk=run.pk)
    assert (done.handed_at, done.late) == (moment(10, 14), False)
    at.complete(case, "b5", by="ha", now=moment(14, 10))
    case.refresh_from_db()
    assert case.status == statuses.DONE


def test_the_slip_tells_who_gave_the_case_to_whom_and_when(at: Office):
    case = at.accept()
    at.walk(case, "")

    slip = queries.control_slip(actor=at.actor("lan"), case_id=case.pk)

    assert [(row.number, row.giver, row.receiver) for row in slip.rows] == [
        (1, "Hoàng Minh Tuấn", "Hoàng Minh Tuấn"),
        (2, "Hoàng Minh Tuấn", "Đặng Văn Toàn"),
        (3, "Đặng Văn Toàn", "Trần Thị Mai Lan"),
        (4, "Trần Thị Mai Lan", "Nguyễn Thị Thu Hà"),
        (5, "Nguyễn Thị Thu Hà", "Hoàng Minh Tuấn"),
    ]
    assert slip.rows[2].result_text == "Trước hạn"
    assert slip.on_time_text == "Trước hạn"


def test_figures_add_up_and_equal_the_lists_they_open(at: Office):
    actor = at.actor("ha")
    at.walk(at.accept(), "")
    at.walk(at.accept(), "", now=moment(30, 8))
    paused = at.accept()
    services.case_pause(
        actor=at.actor("tuan"), now=NOW, case_id=paused.pk, kind="payment", reason="Chờ nộp phí"
    )
    at.accept()
    gone = at.accept()
    services.case_withdraw(
        actor=at.actor("tuan"), now=NOW, case_id=gone.pk, reason="Người nộp xin rút"
    )
    now = moment(31, 9)

    table = queries.figures(actor=actor, month=202612, now=now)

    total = table.total
    assert (total.received, total.before, total.late, total.paused) == (5, 1, 1, 1)
    assert (total.running, total.overdue, total.withdrawn) == (1, 1, 1)
    parts = (
        total.waiting, total.running, total.paused, total.before, total.on_time, total.late,
        total.withdrawn,
    )  # fmt: skip
    assert sum(parts) == total.received
    for name, group in queries.FIGURE_GROUPS.items():
        wanted = queries.CaseFilter(group=group, month=202612)
        assert queries.cases_count(actor=actor, filter=wanted, now=now) == getattr(total, name)
        assert len(queries.cases_list(actor=actor, filter=wanted, now=now).lines) == getattr(
            total, name
        )
    assert table.months[0].figures == total
    assert table.procedures[0].figures == total


def test_a_pause_in_the_evening_does_not_start_the_clock_of_the_next_morning_early(db):
    at = office(policy="stop")
    case = at.accept(now=moment(10, 15, 30))
    at.complete(case, "b1", by="tuan", now=moment(10, 15, 40))
    services.case_pause(
        actor=at.actor("toan"), now=moment(10, 15, 45), case_id=case.pk, kind="agency",
        reason="Chờ Công an xác minh",
    )  # fmt: skip

    services.case_resume(actor=at.actor("tuan"), now=moment(10, 16), case_id=case.pk)

    run = at.run(case, "b2")
    assert (run.running_since, run.due_at) == (moment(11, 7, 30), moment(11, 11, 30))
