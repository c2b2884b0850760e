"""Opinions of several places and sub-procedures, as people meet them on the page of a case."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from nep.apps.cases import services
from nep.apps.cases.models import (
    Case,
    CaseCall,
    CaseLink,
    CaseLook,
    CaseOpinion,
    CasePaper,
    StepRun,
)
from nep.apps.cases.rules import statuses
from nep.apps.cases.services import Asked
from nep.apps.cases.services.erasure import _ERASERS
from nep.apps.cases.subscribers import (
    open_called_cases,
    return_to_caller,
    stop_called_case,
)
from nep.apps.cases.tests.nets import (
    ASKING,
    ASKING_FURTHER,
    ASKING_IN_TURN,
    ASKING_THEN_WAITING,
    ASKING_UNTIL_ONE,
    calling,
    in_force,
    net,
    pinned,
    task,
)
from nep.apps.cases.tests.scene import TOUCHED, Office, broken, moment
from nep.apps.organization.tests.scene import department
from nep.apps.work.models import WorkItem
from nep.foundation.outbox.models import QueueRow
from nep.foundation.outbox.registry import subscribers
from nep.kernel.errors import Conflict, Forbidden, Refusal
from tests.standing import kept

WHY = "Thống nhất với dự thảo, đề nghị bổ sung căn cứ"
PRICING = net(
    task("c1", "Thẩm định giá", "PKH/unit_head"), flows="bat-dau c1, c1 ket-thuc", name="qt-con"
)


def build_places() -> dict[str, Office]:
    scene = department()
    made = {
        "asking": in_force(scene, ASKING, code="1.000910"),
        "waiting": in_force(scene, ASKING_THEN_WAITING, code="1.000913"),
        "turn": in_force(scene, ASKING_IN_TURN, code="1.000911"),
        "until": in_force(scene, ASKING_UNTIL_ONE, code="1.000914"),
        "further": in_force(scene, ASKING_FURTHER, code="1.000915"),
        "child": in_force(scene, PRICING, code="", is_internal=True, name="Thẩm định giá nội bộ"),
    }
    made["caller"] = in_force(scene, calling(pinned(made["child"])), code="1.000912")
    return made


places = kept(build_places)


def who(at: Office, *names: str) -> list[str]:
    """Return people of the planning unit, and the unit itself, as they are asked."""
    unit = at.scene.units["PKH"]
    roles = {"lan": "specialist", "huy": "specialist", "toan": "unit_head"}
    return [
        f":{unit}:unit_head" if name == "PKH" else f"{at.scene.people[name]}:{unit}:{roles[name]}"
        for name in names
    ]


def asked(at: Office, *names: str, due: date | None = None) -> list[Asked]:
    return [Asked(one, due, "Dự thảo có trùng quy hoạch không?") for one in who(at, *names)]


def begun(at: Office, *names: str, due: date | None = None) -> Case:
    case = at.accept(now=moment(10, 8))
    at.complete(case, "b1", by="tuan", now=moment(10, 9), asked=asked(at, *names, due=due))
    case.refresh_from_db()
    return case


def open_runs(case: Case) -> list[StepRun]:
    return list(StepRun.objects.filter(case=case, closed_at=None).order_by("id"))


def page(at: Office, case: Case, name: str) -> str:
    client = Client()
    at.scene.sign_in(client, name)
    answer = client.get(f"/ho-so/{case.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_place_has_its_own_work_until_its_own_day(places):
    at = places["asking"]
    case = begun(at, "lan", "PKH", due=date(2026, 12, 15))
    items = WorkItem.objects.filter(source_type="case", source_id=case.pk, state=WorkItem.OPEN)
    assert {(one.person_id, one.role) for one in items} == {
        (at.scene.people["lan"], "specialist"), (None, "unit_head")
    }  # fmt: skip
    assert {one.due_at for one in items} == {moment(15, 17, 30)}
    assert {one.note for one in items} == {"Dự thảo có trùng quy hoạch không?"}
    assert broken(*TOUCHED) == []


def test_whom_to_ask_is_checked_before_anything_is_written(places):
    at = places["asking"]
    case = at.accept(now=moment(10, 8))
    finish = {"node": "b1", "by": "tuan", "now": moment(10, 9)}
    for wanted, words in (
        ([], "ít nhất một"),
        ([Asked("1:2:specialist")], "trong danh sách"),
        (asked(at, "lan", "lan"), "hai lần"),
        (asked(at, "lan", due=date(2026, 12, 9)), "trước hôm nay"),
    ):
        with pytest.raises(Refusal, match=words):
            at.complete(case, asked=wanted, **finish)
    assert len(open_runs(case)) == 1 and not CaseOpinion.objects.filter(case=case).exists()


def test_the_case_goes_on_when_the_last_has_answered_or_is_asked_no_longer(places):
    at = places["asking"]
    case = begun(at, "lan", "huy", "toan")
    lan, huy, toan = open_runs(case)
    with pytest.raises(Refusal, match="lý do"):
        services.opinion_answer(actor=at.actor("lan"), now=moment(10, 10), run_id=lan.pk, answer="")
    services.opinion_answer(
        actor=at.actor("lan"), now=moment(10, 10), run_id=lan.pk, answer=WHY,
        upload=("y-kien.pdf", b"%PDF-1.4 y"),
    )  # fmt: skip
    act = {"now": moment(10, 11), "case_id": case.pk, "run_id": huy.pk, "reason": WHY}
    with pytest.raises(Forbidden):
        services.opinion_withdraw(**act, actor=at.actor("huy"))
    services.opinion_withdraw(**act, actor=at.actor("tuan"))
    with pytest.raises(Conflict):
        services.opinion_withdraw(**act, actor=at.actor("tuan"))
    assert [run.pk for run in open_runs(case)] == [toan.pk]
    assert broken(*TOUCHED) == []

    services.opinion_answer(actor=at.actor("toan"), now=moment(11, 9), run_id=toan.pk, answer=WHY)

    assert [run.node for run in open_runs(case)] == ["b9"]
    assert CasePaper.objects.get(case=case).file_id == CaseOpinion.objects.get(run=lan).file_id
    huy.refresh_from_db()
    assert (huy.outcome, CaseOpinion.objects.get(run=huy).reason) == ("unasked", WHY)
    assert broken(*TOUCHED) == []
    services.step_recall(
        actor=at.actor("toan"), now=moment(11, 10), run_id=toan.pk, reason="Gửi nhầm bản"
    )
    assert [run.node for run in open_runs(case)] == ["b2"] and broken(*TOUCHED) == []


def test_the_file_of_an_opinion_and_whom_was_asked_go_with_an_erasure(places):
    at = places["asking"]
    case = begun(at, "lan")
    (run,) = open_runs(case)
    services.opinion_answer(
        actor=at.actor("lan"), now=moment(10, 10), run_id=run.pk, answer=WHY,
        upload=("y-kien.pdf", b"%PDF-1.4 y"),
    )  # fmt: skip
    assert _ERASERS["papers"](case) == 1 and _ERASERS["data"](case) == 0
    assert CaseOpinion.objects.get(case=case).file_id is None
    case.refresh_from_db()
    assert case.data == "{}"


def test_in_turn_one_after_the_other_until_enough_have_answered(places):
    at = places["turn"]
    case = begun(at, "lan", "huy", "toan")
    text = page(at, case, "ha")
    assert text.count("Chưa đến lượt") == 2 and "đã có 0 trên 3 ý kiến" in text
    for name in ("lan", "huy"):
        (run,) = open_runs(case)
        assert run.person_id == at.scene.people[name]
        services.opinion_answer(actor=at.actor(name), now=moment(10, 10), run_id=run.pk, answer=WHY)
    assert [run.node for run in open_runs(case)] == ["b9"]
    assert broken(*TOUCHED) == []


def test_an_answer_that_ended_other_questions_stays_and_the_case_has_no_holder(places):
    at = places["until"]
    case = begun(at, "lan", "huy")
    lan, huy = open_runs(case)

    services.opinion_answer(actor=at.actor("lan"), now=moment(10, 10), run_id=lan.pk, answer=WHY)

    case.refresh_from_db()
    huy.refresh_from_db()
    assert (case.holder_person_id, case.step_node, huy.outcome) == (None, "", "ended")
    with pytest.raises(Refusal, match="kéo theo việc khác"):
        services.step_recall(
            actor=at.actor("lan"), now=moment(10, 11), run_id=lan.pk, reason="Gửi nhầm bản"
        )
    assert broken(*TOUCHED) == []


def test_after_a_recall_whom_to_ask_is_chosen_anew(places):
    at = places["asking"]
    case = begun(at, "lan")
    first = StepRun.objects.get(case=case, node="b1")
    services.step_recall(
        actor=at.actor("tuan"), now=moment(10, 10), run_id=first.pk, reason="Chọn nhầm người"
    )
    with pytest.raises(Refusal, match="ít nhất một"):
        at.complete(case, "b1", by="tuan", now=moment(10, 11))
    at.complete(case, "b1", by="tuan", now=moment(10, 11), asked=asked(at, "huy"))
    assert [run.person_id for run in open_runs(case)] == [at.scene.people["huy"]]


def test_who_answers_may_conclude_and_ask_others_in_turn(places):
    at = places["further"]
    case = begun(at, "lan")
    client = Client()
    at.scene.sign_in(client, "lan")
    address = f"/ho-so/{case.pk}/buoc/{open_runs(case)[0].pk}/"
    sent = {"note": WHY, "outcome": "f-hoi"}
    assert "ít nhất một" in client.post(address, sent).content.decode()
    assert client.post(address, sent | {"hoi": who(at, "toan")}).status_code == 302
    assert [(run.node, run.person_id) for run in open_runs(case)] == [
        ("b3", at.scene.people["toan"])
    ]
    assert broken(*TOUCHED) == []


def test_a_pause_moves_the_day_of_an_opinion_on(places):
    at = places["asking"]
    case = begun(at, "toan", due=date(2026, 12, 11))
    by = {"actor": at.actor("toan"), "case_id": case.pk}
    services.case_pause(**by, now=moment(10, 10), kind="agency", reason="Chờ Sở Xây dựng")
    services.case_resume(**by, now=moment(11, 10))
    assert open_runs(case)[0].due_at == moment(14, 17, 30)
    assert broken(*TOUCHED) == []


def test_over_the_browser_choose_answer_and_withdraw(places, monkeypatch):
    at = places["asking"]
    case = at.accept(now=moment(10, 8))
    run = open_runs(case)[0]
    client = Client()
    at.scene.sign_in(client, "tuan")
    text = client.get(f"/ho-so/{case.pk}/").content.decode()
    assert "Xin ý kiến của" in text and who(at, "lan")[0] in text
    sent = {"note": "", "outcome": "", "cau_hoi": "Có ý kiến gì?", "han_chung": ""}
    address = f"/ho-so/{case.pk}/buoc/{run.pk}/"
    assert "ít nhất một" in client.post(address, sent).content.decode()
    sent |= {"hoi": who(at, "lan", "huy"), "han_chung": "32/12/2026"}
    wrong = client.post(address, sent)
    assert wrong.status_code == 422 and "dd/mm/yyyy" in wrong.content.decode()
    assert wrong.content.decode().count("checked") >= 2
    sent["han_chung"] = ""
    assert client.post(address, sent).status_code == 302

    lan, huy = open_runs(case)
    at.scene.sign_in(client, "lan")
    text = client.get(f"/ho-so/{case.pk}/").content.decode()
    assert "Được hỏi:" in text and "Có ý kiến gì?" in text
    answer = {"note": WHY, "outcome": "", "tep": SimpleUploadedFile("y.pdf", b"%PDF-1.4 z")}
    assert client.post(f"/ho-so/{case.pk}/buoc/{lan.pk}/", answer).status_code == 302
    assert CaseOpinion.objects.get(run=lan).answer == WHY
    assert client.get(f"/ho-so/{case.pk}/y-kien/{lan.pk}/tep/").content == b"%PDF-1.4 z"
    assert CaseLook.objects.get(case=case).way == "paper"

    at.scene.sign_in(client, "tuan")
    text = client.get(f"/ho-so/{case.pk}/").content.decode()
    assert "đã có 1 trên 2 ý kiến" in text and "Thôi hỏi" in text
    case.refresh_from_db()
    address = f"/ho-so/{case.pk}/y-kien/{huy.pk}/thoi-hoi/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": WHY, "version": case.version}).status_code == 302
    assert [one.node for one in open_runs(case)] == ["b9"]


def test_the_last_answer_over_the_browser_lets_the_case_wait_for_its_day(places):
    at = places["waiting"]
    case = begun(at, "lan")
    client = Client()
    at.scene.sign_in(client, "lan")
    run = open_runs(case)[0]
    answer = client.post(f"/ho-so/{case.pk}/buoc/{run.pk}/", {"note": WHY, "outcome": ""})
    assert answer.status_code == 302 and open_runs(case) == []
    text = client.get(f"/ho-so/{case.pk}/").content.decode()
    assert "Hồ sơ đang chờ" in text and "Chờ đến" in text


def told(case: Case, name: str) -> list[QueueRow]:
    return list(QueueRow.objects.filter(name=f"event:{name}", payload__contains=str(case.pk)))


def call_of(at: Office) -> tuple[Case, CaseCall]:
    """Bring a case to its sub-procedure, and let the worker open that."""
    case = at.accept(now=moment(10, 8))
    at.complete(case, "b1", by="tuan", now=moment(10, 9))
    assert len(told(case, "CallsWanted")) == 1
    for _ in range(2):  # whoever delivers it twice
        assert open_called_cases in subscribers["event:CallsWanted"]
        services.calls_open(case_id=case.pk, now=moment(10, 9, 1))
    return case, CaseCall.objects.select_related("child").get(case=case)


def test_a_sub_procedure_is_a_linked_case_whose_end_lets_the_caller_go_on(places):
    at = places["caller"]
    case, call = call_of(at)
    child = call.child
    assert child.internal and child.status == statuses.ACCEPTED
    assert child.code in page(at, case, "ha") and case.code in page(at, child, "ha")
    assert broken(*TOUCHED) == []

    tie = CaseLink.objects.get(case=child, other=case)
    with pytest.raises(Refusal, match="không bỏ nối"):
        services.case_unlink(
            actor=at.actor("lan"), now=moment(10, 10), case_id=case.pk, link_id=tie.pk, reason=WHY
        )
    at.complete(child, "c1", by="toan", now=moment(11, 9))
    assert return_to_caller in subscribers["event:CaseFinished"]
    for _ in range(2):
        services.call_return(child_id=child.pk, now=moment(11, 9, 1))

    call.refresh_from_db()
    assert (call.outcome, [run.node for run in open_runs(case)]) == ("returned", ["b9"])
    assert broken(*TOUCHED) == []


def test_a_boundary_timer_ends_the_call_and_stops_its_case(places):
    at = places["caller"]
    case, call = call_of(at)
    assert services.timers_fire(now=moment(24, 18)) == 1
    call.refresh_from_db()
    assert (call.outcome, [run.node for run in open_runs(case)]) == ("dropped", ["b3"])
    assert stop_called_case in subscribers["event:CallDropped"]
    for _ in range(2):
        services.call_child_stop(call_id=call.pk, now=moment(24, 18, 1))
    child = Case.objects.get(pk=call.child_id)
    assert (child.status, child.outcome) == (statuses.STOPPED, "stopped")
    assert broken(*TOUCHED) == []


def test_a_stopped_child_waits_for_a_person_of_the_caller_to_decide(places):
    at = places["caller"]
    case, call = call_of(at)
    services.case_stop(
        actor=at.actor("ha"), now=moment(11, 9), case_id=call.child_id, reason="Trùng hồ sơ khác"
    )
    assert services.call_return(child_id=call.child_id, now=moment(11, 9, 1)) is False
    assert "không có kết quả" in page(at, case, "ha")
    client = Client()
    at.scene.sign_in(client, "ha")
    case.refresh_from_db()
    sent = {"how": "di-tiep", "reason": "Dùng chứng thư cũ", "version": case.version}
    address = f"/ho-so/{case.pk}/thu-tuc-con/{call.pk}/"
    assert client.get(address).status_code == 200
    assert client.post(address, sent).status_code == 302
    assert [run.node for run in open_runs(case)] == ["b9"]
    assert broken(*TOUCHED) == []


def test_the_end_of_the_caller_stops_its_sub_procedure(places):
    at = places["caller"]
    case, call = call_of(at)
    services.case_withdraw(
        actor=at.actor("tuan"), now=moment(11, 9), case_id=case.pk, reason="Người nộp xin rút"
    )
    assert services.call_child_stop(call_id=call.pk, now=moment(11, 9, 1)) is True
    assert Case.objects.get(pk=call.child_id).status == statuses.STOPPED
    assert broken(*TOUCHED) == []
