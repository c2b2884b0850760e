"""A case that waits: timers by the office's calendar, messages of other systems, errors reported."""

from dataclasses import replace

import pytest
from django.test import Client

from nep.apps.cases import queries, services
from nep.apps.cases.models import Case, CaseEvent, CaseMessage, CaseWait, StepRun
from nep.apps.cases.queries._log import logged_events
from nep.apps.cases.rules import statuses
from nep.apps.cases.services.messages import message_take, messages_deliver
from nep.apps.cases.services.sources import source_create
from nep.apps.cases.tests.nets import (
    CATCHING_ALL,
    FAILING,
    GUARDED,
    RACE,
    SIGN,
    TAKE_IN,
    WAITING,
    in_force,
    net,
    task,
    timer,
)
from nep.apps.cases.tests.scene import PERMIT, TOUCHED, Office, broken, moment
from nep.apps.organization.tests.scene import department
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.edits import Changed, Edit, apply, drawing_take
from nep.apps.procedures.tests.test_drawn_groups import (
    FAILS,
    HEAR,
    WAIT,
    first,
    flow,
    group,
    with_parts,
)
from nep.apps.workcal import queries as calendars
from nep.apps.workcal import services as workcal
from nep.bpmn import Node, Process
from nep.kernel.errors import Conflict, Forbidden, NotFound, Refusal
from tests.standing import kept

WHY = "Đã có kết quả bằng văn bản giấy"


def build_offices() -> dict[str, Office]:
    scene = department()
    made = {
        name: in_force(scene, process, code=f"1.00090{place}")
        for place, (name, process) in enumerate(
            {
                "waiting": WAITING, "race": RACE, "guarded": GUARDED, "failing": FAILING,
                "all": CATCHING_ALL, "typed": typed(), "drawn": drawn(), "rows": rows(),
            }.items()
        )
    }  # fmt: skip
    begins = edited(Edit("begins_put", values={"message": "Có đơn"}))
    opened_by = in_force(scene, begins, code="", is_internal=True, name="Việc có đơn")
    return {**made, "opened": opened_by}


offices = kept(build_offices)


def edited(*edits: Edit) -> Process:
    """Return the permit's steps, one after the other, after edits of the table."""
    start = Draft(replace(PERMIT, steps=tuple(
        replace(step, branches=(), after="") for step in PERMIT.steps
    )))  # fmt: skip
    for edit in edits:
        answer = apply(start, edit)
        assert isinstance(answer, Changed), answer
        start = answer.draft
    return start.process


def typed() -> Process:
    """Return a procedure made in the table alone: a wait after step 1, word sent when step 2 is late."""
    return edited(
        Edit("add_wait", "b1", {"way": "for", "amount": "3", "unit": "working_day"}),
        Edit("event_add", "b2", {
            "when": "timer", "amount": "1", "unit": "working_day", "effect": "beside",
            "target": "gui-moi", "sent": "cham-tham-dinh",
        }),
    )  # fmt: skip


def rows() -> Process:
    """Return a procedure of rows: a group that trouble or five days end, two waits, word at the end."""
    days = {"unit": "working_day", "amount": "5"}
    return edited(
        Edit("group_make", "b2", {"name": "Thẩm định", "last": "b3"}),
        Edit("event_add", "nhom-b2", {
            "when": "error", "message": "Mất mẫu", "effect": "ends", "target": "b5",
        }),
        Edit("event_add", "nhom-b2", {
            "when": "timer", **days, "effect": "ends", "target": "b4",
        }),
        Edit("branch_put", "b2", {"name": "Mất", "target": "ket-thuc:loi:Mất mẫu"}),
        Edit("add_wait", "b4", {"way": "for", **days}),
        Edit("either_add", "b6", {"way": "message", "message": "Rút", "target": "ket-thuc:ngay"}),
        Edit("end_put", "b5", {"way": "xong", "how": "sending", "message": "Đã xong"}),
    )  # fmt: skip


def drawn() -> Process:
    """Return a procedure drawn by hand: after step 1 a group, then a wait for what comes first."""
    start = Draft(replace(PERMIT, steps=tuple(
        replace(step, branches=(), after="") for step in PERMIT.steps
    )))  # fmt: skip
    edge = f'<bpmn:boundaryEvent id="Vien" name="Mất mẫu" attachedToRef="Nhom">{FAILS}</bpmn:boundaryEvent>'
    parts = (
        group(), edge, flow("F1", "Nhom", "Cho"), flow("F2", "Vien", "b5"),
        *first(WAIT, HEAR, onward="b2"),
    )  # fmt: skip
    xml = with_parts(*parts, start=start, between=("b1", "b2"))
    answer = drawing_take(start, Edit("draw", values={"xml": xml}))
    assert isinstance(answer, Changed), answer
    return answer.draft.process


def begun(at: Office, **more) -> Case:
    """Take a case in and finish its first step at 09:00 of Thursday 10/12."""
    case = at.accept(now=moment(10, 8), **more)
    at.complete(case, "b1", by="tuan", now=moment(10, 9))
    case.refresh_from_db()
    return case


def opened(case: Case) -> list[str]:
    return list(StepRun.objects.filter(case=case, closed_at=None).values_list("node", flat=True))


def test_a_late_notice_of_a_day_off_moves_the_timers_that_count_working_days(offices):
    at, case = offices["waiting"], begun(offices["waiting"])
    now, admin = moment(11, 8), offices["waiting"].actor("admin")
    workcal.day_rule_add(
        actor=admin, now=now, agency_id=at.scene.agency_id, on=moment(14, 0).date(),
        kind="holiday", name="Nghỉ bù", reason="Thông báo 99/TB", notice="99/TB-BNV",
    )  # fmt: skip
    line = next(one for one in queries.reprojection_preview(actor=admin).lines if one.id == case.pk)
    assert [(one.old, one.new) for one in line.waits] == [(moment(15, 17, 30), moment(16, 17, 30))]
    run_id = services.reprojection_start(actor=admin, now=now, reason="Thông báo 99/TB-BNV nghỉ bù")
    for _ in range(3):
        services.reprojection_run(reprojection_id=run_id, now=now)

    assert CaseWait.objects.get(case=case).due_at == moment(16, 17, 30)
    assert services.timers_fire(now=moment(15, 17, 31)) == 0
    assert services.timers_fire(now=moment(16, 17, 31)) == 1
    page = queries.case_page(
        actor=at.actor("toan"), case_id=case.pk, now=moment(16, 18),
        calendar=calendars.calendar_for(case.agency_id),
    )  # fmt: skip
    assert any("giờ của 1 chỗ chờ" in line.text for line in page.history)
    assert broken(*TOUCHED) == []


def test_a_day_off_told_while_a_case_is_paused_is_counted_when_it_goes_on(offices):
    at, case = offices["waiting"], begun(offices["waiting"])  # three working days: the 15th
    common = {"actor": at.actor("ha"), "case_id": case.pk}
    services.case_pause(
        **common, now=moment(11, 8), kind="force_majeure", reason="Bão đổ bộ vào đất liền"
    )
    workcal.day_rule_add(
        actor=at.actor("admin"), now=moment(11, 9), agency_id=at.scene.agency_id,
        on=moment(14, 0).date(), kind="holiday", name="Nghỉ bù", reason="Thông báo 99/TB",
        notice="99/TB-BNV",
    )  # fmt: skip
    services.case_resume(**common, now=moment(15, 7, 30))
    # of the 11th only half an hour was counted: what is left of three days begins on the 15th
    assert CaseWait.objects.get(case=case).due_at == moment(17, 17)
    assert broken(*TOUCHED) == []


def given_out(effect: bool) -> tuple[Office, Case]:
    """A case whose result waits to be handed over, five days after which something happens."""
    give = task("b5", "Trả kết quả", "MC/reception", None)
    due = Node("qua", "boundary", "Quá 5 ngày", attached_to="b5", cancels=effect,
               trigger=timer("duration", "P5D", "working_day"))  # fmt: skip
    remind = task("b6", "Nhắc người nộp đến nhận", "MC/reception", None)
    flows = "bat-dau b1, b1 b9, b9 b5, b5 ket-thuc, qua "
    made = (
        net(TAKE_IN, SIGN, give, due, flows=f"{flows}ket-thuc")
        if effect
        else net(TAKE_IN, SIGN, give, due, remind, flows=f"{flows}b6, b6 ket-thuc")
    )
    at = in_force(department(code="H99.44"), made, code="1.000944")
    case = at.accept(now=moment(10, 8))
    at.complete(case, "b1", by="tuan", now=moment(10, 9))
    at.complete(case, "b9", by="ha", now=moment(10, 10))
    assert services.timers_fire(now=moment(18, 8)) == 1
    case.refresh_from_db()
    return at, case


def test_what_a_timer_opens_beside_the_hand_over_is_finished_like_any_step(db):
    at, case = given_out(False)
    assert (case.status, sorted(opened(case))) == (statuses.DONE, ["b5", "b6"])
    assert broken(*TOUCHED) == []
    at.complete(case, "b5", by="tuan", now=moment(18, 9))
    at.complete(case, "b6", by="tuan", now=moment(18, 10))
    case.refresh_from_db()
    assert (case.status, case.returned_at) == (statuses.RETURNED, moment(18, 9))
    assert broken(*TOUCHED) == []


def test_what_another_step_ends_keeps_its_time(db):
    made = net(
        TAKE_IN, Node("sp", "parallel", "Tách"), task("b2", "Thẩm định", "PKH/unit_head"),
        task("b3", "Rà soát", "PKH/unit_head"), Node("het", "terminate", "Chấm dứt"),
        flows="bat-dau b1, b1 sp, sp b2, sp b3, b2 het, b3 ket-thuc",
    )  # fmt: skip
    at = in_force(department(code="H99.44"), made, code="1.000944")
    case = at.accept(now=moment(10, 8))
    at.complete(case, "b1", by="tuan", now=moment(10, 9))
    at.complete(case, "b2", by="toan", now=moment(11, 9))
    run = StepRun.objects.get(case=case, node="b3")
    assert (run.outcome, run.used_minutes) == ("ended", 480)
    assert run.closed_by_id == at.scene.people["toan"]
    assert broken(*TOUCHED) == []


def test_a_timer_hands_no_result_over(db):
    at, case = given_out(True)
    assert (case.status, case.returned_at, opened(case)) == (statuses.DONE, None, [])
    assert broken(*TOUCHED) == []
    services.result_returned(actor=at.actor("tuan"), now=moment(21, 9), case_id=case.pk)
    case.refresh_from_db()
    assert (case.status, case.returned_at) == (statuses.RETURNED, moment(21, 9))


def test_who_leads_the_unit_of_the_last_step_acts_on_a_case_that_only_waits(offices):
    at, case = offices["waiting"], begun(offices["waiting"])
    at.scene.person("tpmc", "Bùi Thị Quầy", ("MC", "unit_head", "Trưởng bộ phận"))
    head, now = at.actor("tpmc"), moment(11, 8)
    client = Client()
    at.scene.sign_in(client, "tpmc")
    page = client.get(f"/ho-so/{case.pk}/").content.decode()
    for act in ("tam-dung", "tu-choi", "gia-han", "khan", "dung-giai-quyet"):
        assert f"/ho-so/{case.pk}/{act}/" in page, act
    with pytest.raises(Forbidden):
        services.case_pause(
            actor=at.actor("lan"), now=now, case_id=case.pk, kind="force_majeure", reason="Bão lớn"
        )
    common = {"actor": head, "case_id": case.pk}
    services.case_urgent_set(**common, now=now, urgent=True, reason="Tỉnh yêu cầu làm ngay")
    services.case_extend(**common, now=now, new_on=moment(31, 0).date(), reason="Chờ ý kiến Bộ")
    services.case_pause(**common, now=moment(11, 9), kind="force_majeure", reason="Bão đổ bộ vào")
    services.case_resume(**common, now=moment(14, 9))
    assert broken(*TOUCHED) == []
    services.case_refuse(**common, now=moment(14, 10), reason="Không đủ điều kiện theo Điều 5")
    case.refresh_from_db()
    assert case.outcome == "refused" and not CaseWait.objects.filter(case=case, closed_at=None)
    assert broken(*TOUCHED) == []


def test_a_timer_by_working_days_fires_once_and_opens_the_next_step(offices):
    case = begun(offices["waiting"])
    wait = CaseWait.objects.get(case=case)
    assert (wait.kind, wait.due_at, opened(case)) == ("timer", moment(15, 17, 30), [])
    assert (case.step_node, case.holder_person_id) == ("", None)
    assert broken(*TOUCHED) == []

    assert services.timers_fire(now=moment(15, 17, 29)) == 0
    assert services.timers_fire(now=moment(15, 17, 31)) == 1
    assert services.timers_fire(now=moment(15, 17, 32)) == 0

    case.refresh_from_db()
    assert opened(case) == ["b2"] and case.step_node == "b2"
    wait.refresh_from_db()
    assert (wait.outcome, wait.fired, wait.closed_by_id) == ("fired", 1, None)
    assert CaseEvent.objects.filter(case=case, kind="timer_fired").count() == 1
    assert broken(*TOUCHED) == []


def test_rows_of_the_table_wait_and_send_word_in_a_case(offices):
    case = begun(offices["typed"])
    wait = CaseWait.objects.get(case=case)
    assert (wait.kind, wait.due_at, opened(case)) == ("timer", moment(15, 17, 30), [])

    assert services.timers_fire(now=moment(15, 17, 31)) == 1
    assert opened(case) == ["b2"]
    late = CaseWait.objects.get(case=case, closed_at=None)
    assert late.node == "b2-q1"
    assert services.timers_fire(now=late.due_at) == 1
    assert opened(case) == ["b2"]
    assert CaseMessage.objects.get(case=case, way="out").name == "cham-tham-dinh"
    assert broken(*TOUCHED) == []


def test_what_was_drawn_by_hand_runs_a_group_and_goes_on_with_what_comes_first(offices):
    at = offices["drawn"]
    case = begun(at)
    [inner] = opened(case)
    assert inner not in ("b2", "b3")
    at.complete(case, inner, by="lan", now=moment(10, 10))
    assert set(CaseWait.objects.filter(case=case, closed_at=None).values_list("kind", flat=True)) == {
        "timer", "message",
    }  # fmt: skip

    message_take(
        source_id=key_of(at), now=moment(11, 9), case_code=case.code, name="Kết quả thuế", data={},
        idempotency_key="ve-01",
    )  # fmt: skip

    assert opened(case) == ["b2"]
    assert not CaseWait.objects.filter(case=case, closed_at=None).exists()
    assert broken(*TOUCHED) == []


def test_rows_of_a_group_end_in_the_trouble_it_catches_and_the_last_row_sends_word(offices):
    at = offices["rows"]
    case = begun(at)
    [trouble] = [flow.id for flow in rows().flows if flow.name == "Mất"]
    at.complete(case, "b2", by="toan", now=moment(10, 10), outcome=trouble)
    assert opened(case) == ["b5"]
    assert not CaseWait.objects.filter(case=case, closed_at=None).exists()

    at.complete(case, "b5", by="tuan", now=moment(10, 11))

    assert CaseMessage.objects.get(case=case, way="out").name == "Đã xong"
    assert broken(*TOUCHED) == []


def test_a_group_that_takes_too_long_is_left_and_what_comes_first_decides(offices):
    at = offices["rows"]
    case = begun(at)
    late = CaseWait.objects.get(case=case, closed_at=None)
    assert services.timers_fire(now=late.due_at) == 1
    assert opened(case) == ["b4"]
    at.complete(case, "b4", by="ha", now=moment(18, 9))
    message_take(
        source_id=key_of(at), now=moment(18, 10), case_code=case.code, name="Rút", data={},
        idempotency_key="rut-01",
    )  # fmt: skip

    assert opened(case) == [] and not CaseWait.objects.filter(case=case, closed_at=None).exists()
    assert broken(*TOUCHED) == []


def test_a_message_opens_a_case_of_the_procedure_whose_table_begins_with_it(offices):
    at = offices["opened"]
    taken = message_take(
        source_id=key_of(at), now=moment(10, 8), case_code="", name="Có đơn", data={},
        idempotency_key="don-01",
    )  # fmt: skip
    assert opened(Case.objects.get(code=taken.case_code)) == ["b1"]
    assert broken(*TOUCHED) == []


def test_a_pause_holds_the_timer_of_working_time_and_nothing_fires_meanwhile(offices):
    at = offices["guarded"]
    case = begun(at)
    first = CaseWait.objects.get(case=case).due_at
    assert first == moment(10, 15)  # four working hours from 09:00, over noon
    pause = {"actor": at.actor("toan"), "case_id": case.pk}
    services.case_pause(**pause, now=moment(10, 10), kind="agency", reason="Chờ Sở Xây dựng")
    assert services.timers_fire(now=moment(10, 16)) == 0

    services.case_resume(**pause, now=moment(11, 10))

    assert CaseWait.objects.get(case=case).due_at == moment(11, 15)
    assert broken(*TOUCHED) == []


def test_a_cycle_beside_a_step_comes_as_often_as_it_says_and_ends_with_the_step(offices):
    at = offices["guarded"]
    case = begun(at)
    assert services.timers_fire(now=moment(10, 15)) == 1
    wait = CaseWait.objects.get(case=case)
    assert (wait.closed_at, wait.fired, wait.left) == (None, 1, 0)
    assert sorted(opened(case)) == ["b2", "b3"]
    case.refresh_from_db()
    assert case.step_node == "b2"
    assert broken(*TOUCHED) == []

    assert services.timers_fire(now=moment(11, 9)) == 1
    wait.refresh_from_db()
    assert (wait.outcome, wait.fired) == ("fired", 2)
    assert sorted(opened(case)) == ["b2", "b3", "b3"]
    assert services.timers_fire(now=moment(15, 9)) == 0
    assert broken(*TOUCHED) == []


def test_the_holder_reports_the_error_that_the_procedure_catches(offices):
    at = offices["guarded"]
    case = begun(at)
    run = at.run(case, "b2")
    act = {"actor": at.actor("toan"), "now": moment(10, 11), "run_id": run.pk}
    with pytest.raises(Refusal, match="không vẽ lỗi"):
        services.step_complete(**act, error="KHAC", note=WHY)
    with pytest.raises(Refusal, match="lý do"):
        services.step_complete(**act, error="KHONG_VAO_DUOC")

    services.step_complete(**act, error="KHONG_VAO_DUOC", note="Chủ nhà đi vắng")

    assert opened(case) == ["b4"]
    assert CaseWait.objects.get(case=case).outcome == "dropped"
    run.refresh_from_db()
    assert (run.outcome, run.closed_by_id) == ("done", at.scene.people["toan"])
    assert broken(*TOUCHED) == []
    again = services.step_recall(
        actor=at.actor("toan"), now=moment(10, 13), run_id=run.pk, reason="Bấm nhầm báo lỗi"
    )
    assert StepRun.objects.get(pk=again).node == "b2"
    assert CaseWait.objects.filter(case=case, closed_at=None).count() == 1
    assert broken(*TOUCHED) == []


def test_an_error_caught_whatever_its_code_is_reported_and_taken_back(offices):
    at = offices["all"]
    case = begun(at)
    run = at.run(case, "b2")
    client = Client()
    at.scene.sign_in(client, "toan")
    sent = {"error": "loi:", "note": "Chủ nhà đi vắng", "version": case.version}
    answer = client.post(f"/ho-so/{case.pk}/buoc/{run.pk}/bao-loi/", sent)
    assert answer.status_code == 302 and opened(case) == ["b4"]
    last = logged_events(case.pk)[-1]
    services.step_recall(
        actor=at.actor("toan"), now=last.at, run_id=run.pk, reason="Bấm nhầm báo lỗi"
    )
    assert opened(case) == ["b2"] and broken(*TOUCHED) == []


def test_an_error_nobody_catches_stops_the_case_and_says_so(offices):
    at = offices["failing"]
    case = begun(at)
    at.complete(case, "b2", by="toan", now=moment(10, 10), outcome="fy")
    case.refresh_from_db()
    assert (case.status, case.outcome, case.finished_at) == (
        statuses.STOPPED, "stopped", moment(10, 10)
    )  # fmt: skip
    last = logged_events(case.pk)[-1]
    assert last.data["stopped"] == "KHONG_DAT"
    assert broken(*TOUCHED) == []


def test_who_leads_ends_a_wait_by_hand_with_a_reason_others_may_not(offices):
    at = offices["waiting"]
    case = begun(at)
    wait = CaseWait.objects.get(case=case)
    act = {"now": moment(11, 9), "case_id": case.pk, "wait_id": wait.pk}
    with pytest.raises(Forbidden):
        services.wait_end(**act, actor=at.actor("lan"), reason=WHY)
    with pytest.raises(Refusal, match="lý do"):
        services.wait_end(**act, actor=at.actor("ha"), reason="")

    services.wait_end(**act, actor=at.actor("ha"), reason=WHY)

    wait.refresh_from_db()
    assert (wait.outcome, wait.reason, wait.closed_by_id) == (
        "by_hand", WHY, at.scene.people["ha"]
    )  # fmt: skip
    assert opened(case) == ["b2"]
    with pytest.raises(Conflict):
        services.wait_end(**act, actor=at.actor("ha"), reason=WHY)
    assert broken(*TOUCHED) == []


def test_a_finish_that_led_to_waiting_may_be_recalled_until_it_is_over(offices):
    at = offices["waiting"]
    case = begun(at)
    run = StepRun.objects.get(case=case, node="b1")
    services.step_recall(
        actor=at.actor("tuan"), now=moment(10, 10), run_id=run.pk, reason="Chưa đóng dấu đến"
    )
    assert CaseWait.objects.get(case=case).outcome == "recalled"
    assert opened(case) == ["b1"] and broken(*TOUCHED) == []
    at.complete(case, "b1", by="tuan", now=moment(10, 11))
    assert services.timers_fire(now=moment(16, 17)) == 1
    run = StepRun.objects.filter(case=case, node="b1").order_by("-id").first()
    with pytest.raises(Refusal):
        services.step_recall(
            actor=at.actor("tuan"), now=moment(17, 9), run_id=run.pk, reason="Chưa đóng dấu đến"
        )


def test_the_end_of_a_case_lets_go_of_what_it_waits_for(offices):
    at = offices["race"]
    case = begun(at, data={"han_cho": "2026-12-14"})
    assert {row.kind for row in CaseWait.objects.filter(case=case)} == {"timer", "message"}
    services.case_withdraw(
        actor=at.actor("tuan"), now=moment(11, 9), case_id=case.pk, reason="Người nộp xin rút"
    )
    assert set(CaseWait.objects.filter(case=case).values_list("outcome", flat=True)) == {"dropped"}
    assert services.timers_fire(now=moment(15, 9)) == 0
    assert broken(*TOUCHED) == []


def test_a_timer_whose_day_is_unknown_is_asked_for_before_the_step_ends(offices):
    at = offices["race"]
    case = at.accept(now=moment(10, 8))
    with pytest.raises(Refusal, match="han_cho"):
        at.complete(case, "b1", by="tuan", now=moment(10, 9))
    at.complete(case, "b1", by="tuan", now=moment(10, 9), data={"han_cho": "14/12/2026"})
    assert CaseWait.objects.get(case=case, kind="timer").due_at == moment(14, 0)


def key_of(at: Office) -> int:
    made = source_create(
        actor=at.actor("admin"), now=moment(9, 8), name="Hệ thống thẩm tra", way="api"
    )
    return made.source_id


def test_a_message_wakes_the_case_once_whoever_repeats_it(offices):
    at = offices["race"]
    case = begun(at, data={"han_cho": "2026-12-14"})
    sent = {
        "source_id": key_of(at), "now": moment(11, 9), "case_code": case.code.lower(),
        "name": "ket-qua-tham-tra", "data": {"ket_luan": "Đạt"}, "idempotency_key": "tt-01",
    }  # fmt: skip

    taken = message_take(**sent)

    assert (taken.state, taken.is_new, opened(case)) == ("taken", True, ["b2"])
    again = message_take(**sent)
    assert (again.id, again.is_new) == (taken.id, False)
    with pytest.raises(Conflict, match="đã dùng"):
        message_take(**{**sent, "data": {"ket_luan": "Không đạt"}})
    assert services.timers_fire(now=moment(15, 9)) == 0
    assert broken(*TOUCHED) == []
    late = message_take(**{**sent, "idempotency_key": "tt-02"})
    assert late.state == "kept"


def test_an_early_message_is_kept_until_the_case_waits_for_it(offices):
    at = offices["race"]
    case = at.accept(now=moment(10, 8), data={"han_cho": "2026-12-14"})
    sent = {
        "source_id": key_of(at), "now": moment(10, 8, 30), "case_code": case.code,
        "name": "ket-qua-tham-tra", "data": {}, "idempotency_key": "s-1",
    }  # fmt: skip
    assert message_take(**sent).state == "kept"
    at.complete(case, "b1", by="tuan", now=moment(10, 9))
    assert messages_deliver(case_id=case.pk, now=moment(10, 9, 1)) == 1
    assert messages_deliver(case_id=case.pk, now=moment(10, 9, 2)) == 0
    assert opened(case) == ["b2"] and CaseMessage.objects.get(case=case).state == "taken"
    assert broken(*TOUCHED) == []


def test_messages_nobody_waits_for_are_refused_with_the_reason(offices):
    at = offices["race"]
    case = begun(at, data={"han_cho": "2026-12-14"})
    sent = {
        "source_id": key_of(at), "now": moment(11, 9), "case_code": case.code,
        "name": "ket-qua-tham-tra", "data": {}, "idempotency_key": "k",
    }  # fmt: skip
    with pytest.raises(NotFound):
        message_take(**{**sent, "case_code": "H00-000"})
    with pytest.raises(Refusal, match="không chờ"):
        message_take(**{**sent, "name": "khac"})
    with pytest.raises(Refusal, match="bắt đầu bằng"):
        message_take(**{**sent, "case_code": ""})
    with pytest.raises(Refusal, match="chữ, số"):
        message_take(**{**sent, "data": {"anh": ["x"]}})
    services.case_withdraw(
        actor=at.actor("tuan"), now=moment(11, 9), case_id=case.pk, reason="Người nộp xin rút"
    )
    with pytest.raises(Conflict, match="đã kết thúc"):
        message_take(**sent)
