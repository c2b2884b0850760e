"""Cases that wait, ask or call go on by another version with all of that."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from nep.apps.cases import services
from nep.apps.cases.models import (
    Case,
    CaseCall,
    CaseEvent,
    CaseMoving,
    CaseOpinion,
    CaseWait,
    StepRun,
)
from nep.apps.cases.queries._page import case_page
from nep.apps.cases.queries.moving import moving_page
from nep.apps.cases.rules.moving import pairs_beyond, pairs_proposed
from nep.apps.cases.rules.plan import Plan, plan_of
from nep.apps.cases.services._asking import Asked
from nep.apps.cases.services.messages import messages_deliver
from nep.apps.cases.services.moving import moving_run, moving_start
from nep.apps.cases.tests.nets import (
    ASKING,
    ASKING_UNTIL_ONE,
    RACE,
    SIGN,
    TAKE_IN,
    WAITING,
    calling,
    in_force,
    message,
    net,
    pinned,
    task,
    timer,
)
from nep.apps.cases.tests.scene import DAYS, PERMIT, TOUCHED, Office, broken, moment
from nep.apps.organization.tests.scene import NOW, department
from nep.apps.procedures import services as procedures
from nep.apps.procedures.models import Definition
from nep.apps.procedures.rules.draft import Draft, graph_text, hash_of
from nep.apps.procedures.tests.scene import bring_into_force
from nep.apps.workcal import queries as workcal
from nep.bpmn import Node, Process, compile_process
from nep.foundation.outbox.models import QueueRow
from tests.standing import kept

WHY = "Quyết định 12/QĐ-SKHCN đổi thời gian niêm yết"
LATER = moment(11, 9)
LONGER = net(
    TAKE_IN,
    Node(
        "niem-yet", "catch", "Niêm yết công khai", trigger=timer("duration", "P5D", "working_day")
    ),
    task("b2", "Tổng hợp ý kiến", "PKH/unit_head"),
    SIGN,
    flows="bat-dau b1, b1 niem-yet, niem-yet b2, b2 b9, b9 ket-thuc",
)
WITHOUT = net(TAKE_IN, SIGN, flows="bat-dau b1, b1 b9, b9 ket-thuc")


def watched(value: str) -> Process:
    """Return a step that opens another one when it takes too long."""
    late = timer("duration", value, "working_day")
    return net(
        TAKE_IN,
        task("b2", "Thẩm định thực địa", "PKH/unit_head", 16),
        Node("qua", "boundary", "Quá lâu", attached_to="b2", cancels=False, trigger=late),
        task("b3", "Nhận lời nhắc", "MC/reception", None),
        flows="bat-dau b1, b1 b2, b2 ket-thuc, qua b3, b3 ket-thuc",
    )


RACE_2 = net(
    TAKE_IN,
    Node("chon", "event_gateway", "Chờ trả lời hoặc hết hạn"),
    Node("tl", "catch", "Có trả lời", trigger=message("ket-qua-2")),
    Node("qua", "catch", "Quá 10 ngày", trigger=timer("duration", "P10D", "working_day")),
    task("b2", "Xử lý trả lời", "PKH/unit_head"),
    task("b3", "Nhắc cơ quan kia", "PKH/unit_head"),
    flows="bat-dau b1, b1 chon, chon tl, chon qua, tl b2, qua b3, b2 ket-thuc, b3 ket-thuc",
)
PRICING = net(
    task("c1", "Thẩm định giá", "PKH/unit_head"), flows="bat-dau c1, c1 ket-thuc", name="qt-con"
)


def renamed_call(process: Process) -> Process:
    """Return a caller whose call and time limit have other ids, and no way out when it is late."""
    nodes = tuple(
        replace(node, id="goi-gia") if node.id == "goi" else node
        for node in process.nodes
        if node.id not in ("qua", "b3")
    )
    flows = tuple(
        replace(
            flow, source={"goi": "goi-gia"}.get(flow.source, flow.source),
            target={"goi": "goi-gia"}.get(flow.target, flow.target),
        )
        for flow in process.flows
        if {flow.source, flow.target}.isdisjoint({"qua", "b3"})
    )  # fmt: skip
    return replace(process, nodes=nodes, flows=flows)


@dataclass
class Moving:
    """One procedure in two versions, with a case of the first that waits."""

    at: Office
    new_id: int
    case_id: int

    @property
    def case(self) -> Case:
        return Case.objects.get(pk=self.case_id)

    def line(self, now: datetime = LATER, **chosen: str):
        """Return what the page says of the case."""
        page = moving_page(
            actor=self.at.actor("ha"), now=now, source_id=self.at.revision_id,
            target_id=self.new_id, chosen=chosen,
        )  # fmt: skip
        return page.lines[0]

    def move(self, now: datetime = LATER, **chosen: str) -> int:
        started = moving_start(
            actor=self.at.actor("ha"), now=now, source_id=self.at.revision_id,
            target_id=self.new_id, pairs=chosen, case_ids=[self.case_id], reason=WHY,
        )  # fmt: skip
        while CaseMoving.objects.get(pk=started).state != "done":
            moved = moving_run(moving_id=started, now=now)
        return moved

    def wait(self, node: str) -> CaseWait:
        return CaseWait.objects.get(case_id=self.case_id, node=node, closed_at=None)

    def runs(self) -> list[StepRun]:
        return list(StepRun.objects.filter(case_id=self.case_id, closed_at=None).order_by("id"))


def amended(at: Office, process: Process, case: Case) -> Moving:
    """Bring a second version with this graph into force."""
    row = Definition.objects.get(revision_id=at.revision_id)
    revision_id = procedures.procedure_revise(
        actor=at.actor("lan"), procedure_id=row.procedure_id, is_new_issue=True, change_note=WHY,
        now=NOW, draft=Draft(PERMIT, Decimal(10), DAYS),
    )  # fmt: skip
    bring_into_force(at.scene, revision_id)
    row = Definition.objects.get(revision_id=revision_id)
    row.graph = graph_text(process)
    row.content_hash = hash_of(
        process=process, limit_amount=row.limit_amount, limit_unit=row.limit_unit,
        pause_policy=row.pause_policy,
    )  # fmt: skip
    row.save(update_fields=["graph", "content_hash"])
    return Moving(at, revision_id, case.pk)


def begun(at: Office, **more) -> Case:
    case = at.accept(now=moment(10, 8))
    at.complete(case, "b1", by="tuan", now=moment(10, 9), **more)
    return case


def asked(at: Office) -> list[Asked]:
    unit = at.scene.units["PKH"]
    people = at.scene.people
    return [
        Asked(f"{people[name]}:{unit}:{role}", date(2026, 12, 15), "Có trùng quy hoạch không?")
        for name, role in (("lan", "specialist"), ("huy", "specialist"), ("toan", "unit_head"))
    ]


def build() -> dict[str, Moving]:
    scene = department()
    made = {}
    at = in_force(scene, WAITING, code="1.000950")
    made["waiting"] = amended(at, LONGER, begun(at))
    at = in_force(scene, WAITING, code="1.000951")
    made["without"] = amended(at, WITHOUT, begun(at))
    at = in_force(scene, RACE, code="1.000952")
    case = at.accept(now=moment(10, 8))
    Case.objects.filter(pk=case.pk).update(data='{"han_cho": "2026-12-20"}')
    at.complete(case, "b1", by="tuan", now=moment(10, 9))
    made["race"] = amended(at, RACE_2, case)
    at = in_force(scene, ASKING, code="1.000953")
    made["asking"] = amended(at, ASKING_UNTIL_ONE, begun(at, asked=asked(at)))
    at = in_force(scene, watched("P3D"), code="1.000955")
    made["watched"] = amended(at, watched("P5D"), begun(at))
    child = in_force(scene, PRICING, code="", is_internal=True, name="Thẩm định giá nội bộ")
    at = in_force(scene, calling(pinned(child)), code="1.000954")
    made["calling"] = amended(at, renamed_call(calling(pinned(child))), begun(at))
    return made


versions = kept(build)


def test_a_timer_that_counts_otherwise_is_reckoned_anew_from_when_it_began_and_said_so(versions):
    one = versions["waiting"]
    row = one.wait("cho")
    assert row.due_at == moment(15, 17, 30)
    told = (
        "“Niêm yết công khai” tính lại giờ: 17:30 thứ Ba 15/12/2026 thành 17:30 thứ Năm 17/12/2026"
    )
    line = one.line()
    assert (line.can, line.at, line.to) == (
        True,
        "Chờ “Niêm yết công khai”",
        "Chờ “Niêm yết công khai”",
    )
    assert line.told == (told,)

    assert one.move() == 1
    again = one.wait("niem-yet")
    assert (again.pk, again.opened_at, again.due_at) == (row.pk, row.opened_at, moment(17, 17, 30))
    assert (one.case.step_node, one.case.holder_person_id, one.runs()) == ("", None, [])
    assert broken(*TOUCHED) == []
    page = case_page(
        actor=one.at.actor("ha"), case_id=one.case_id, now=LATER,
        calendar=workcal.calendar_for(one.case.agency_id),
    )  # fmt: skip
    assert page.history[0].text == (
        f"chuyển hồ sơ từ lần 01 sang lần 02, tiếp tục chờ “Niêm yết công khai”; {told}"
    )
    services.timers_fire(now=moment(15, 17, 31))
    assert one.runs() == []
    services.timers_fire(now=moment(17, 17, 31))
    assert [run.node for run in one.runs()] == ["b2"]
    assert broken(*TOUCHED) == []


def test_a_pause_before_the_move_is_still_not_counted(versions):
    one = versions["watched"]
    pause = {"actor": one.at.actor("toan"), "case_id": one.case_id}
    services.case_pause(**pause, now=moment(10, 15), kind="agency", reason="Chờ Sở Xây dựng")
    services.case_resume(**pause, now=moment(11, 15))
    before = one.wait("qua")
    assert before.due_at > moment(15, 17, 30)  # three working days, and the pause
    one.move(now=moment(14, 9))
    after, calendar = one.wait("qua"), workcal.calendar_for(one.case.agency_id)
    assert calendar.measure(before.due_at, after.due_at) == 2 * 8 * 60  # two days longer
    assert [run.node for run in one.runs()] == ["b2"] and broken(*TOUCHED) == []


def test_a_paused_case_moves_with_its_timer_standing(versions):
    one = versions["watched"]
    pause = {"actor": one.at.actor("toan"), "case_id": one.case_id}
    services.case_pause(**pause, now=moment(10, 15), kind="agency", reason="Chờ Sở Xây dựng")
    assert one.move(now=moment(11, 9)) == 1
    assert one.runs()[0].running_since is None
    due_at = one.wait("qua").due_at
    assert due_at == moment(17, 17, 30)
    services.case_resume(**pause, now=moment(11, 15))
    assert one.wait("qua").due_at > due_at
    assert broken(*TOUCHED) == []


def test_a_wait_that_the_other_version_does_not_have_keeps_the_case_where_it_is(versions):
    one = versions["without"]
    words = "Chỗ chờ “Niêm yết công khai” chưa có chỗ tương ứng ở bản mới."
    assert (one.line().can, one.line().message) == (False, words)
    assert one.line(cho="b9").message == (
        "Chỗ chờ “Niêm yết công khai” và chỗ được chọn ở bản mới không cùng loại."
    )
    assert one.move() == 0
    assert CaseMoving.objects.get().kept == [[one.case_id, words]]
    assert one.case.revision_id == one.at.revision_id and one.wait("cho").outcome == ""


def test_of_several_things_waited_for_each_goes_on_is_dropped_or_begins(versions):
    one = versions["race"]
    answer, late = one.wait("tl"), one.wait("het")
    assert (one.line().at, one.line().to) == ("Chờ trả lời hoặc hết hạn",) * 2
    assert one.line(het="").told == (
        "“Có trả lời” chờ thông điệp “ket-qua-2” thay cho “ket-qua-tham-tra”",
        "thôi chờ “Hết hạn trả lời”",
        "chờ thêm “Quá 10 ngày”: đến 17:30 thứ Sáu 25/12/2026",
    )
    assert one.move(het="") == 1

    assert one.wait("tl").pk == answer.pk and one.wait("tl").message == "ket-qua-2"
    late.refresh_from_db()
    assert (late.outcome, late.closed_at) == ("dropped", LATER)
    assert one.wait("qua").due_at == moment(25, 17, 30)
    assert QueueRow.objects.filter(
        name="event:MessagesWanted", payload__contains=str(one.case_id)
    ).exists()
    assert messages_deliver(case_id=one.case_id, now=LATER) == 0
    assert broken(*TOUCHED) == []


def test_who_answered_has_answered_and_the_others_are_asked_until_the_day_that_was_said(versions):
    one = versions["asking"]
    lan, huy, toan = one.runs()
    services.opinion_answer(
        actor=one.at.actor("lan"), now=moment(10, 10), run_id=lan.pk, answer=WHY
    )
    assert one.move() == 1

    huy_2, toan_2 = one.runs()
    assert [(run.person_id, run.due_at) for run in (huy_2, toan_2)] == [
        (run.person_id, moment(15, 17, 30)) for run in (huy, toan)
    ]
    opinions = CaseOpinion.objects.filter(case_id=one.case_id).order_by("place")
    assert [(row.run_id, row.answer) for row in opinions] == [
        (lan.pk, WHY), (huy_2.pk, ""), (toan_2.pk, ""),
    ]  # fmt: skip
    assert broken(*TOUCHED) == []

    services.opinion_answer(actor=one.at.actor("toan"), now=LATER, run_id=toan_2.pk, answer=WHY)
    assert one.wait("cho").due_at == moment(14, 17, 30)  # one answer is enough now
    assert (one.runs(), broken(*TOUCHED)) == ([], [])


def test_a_called_case_stays_called_and_lets_the_moved_case_go_on(versions):
    one = versions["calling"]
    services.calls_open(case_id=one.case_id, now=moment(10, 9, 1))
    call = CaseCall.objects.select_related("child").get(case_id=one.case_id)
    assert one.line().told == ("thôi chờ “Quá 10 ngày”",)
    assert one.line().to == "Thủ tục con “Thẩm định giá”"
    nowhere = "Chỗ gọi “Thẩm định giá” chưa có chỗ tương ứng ở bản mới."
    assert one.line(goi="").message == nowhere
    assert one.move() == 1

    call.refresh_from_db()
    assert (call.node, call.closed_at, call.child.finished_at) == ("goi-gia", None, None)
    assert broken(*TOUCHED) == []
    one.at.complete(call.child, "c1", by="toan", now=moment(14, 9))
    services.call_return(child_id=call.child_id, now=moment(14, 9, 1))
    assert [run.node for run in one.runs()] == ["b9"]
    assert broken(*TOUCHED) == []


def test_a_call_not_yet_opened_opens_what_the_other_version_pins(versions):
    one = versions["calling"]
    CaseCall.objects.filter(case_id=one.case_id).update(trouble="Không có lần ban hành ấy.")
    one.move()
    call = CaseCall.objects.get(case_id=one.case_id)
    assert (call.trouble, call.child) == ("", None)
    assert call.content_hash == pinned_of(one.new_id)
    services.calls_open(case_id=one.case_id, now=LATER)
    call.refresh_from_db()
    assert call.child is not None and broken(*TOUCHED) == []


def pinned_of(revision_id: int) -> str:
    graph = Definition.objects.get(revision_id=revision_id).graph
    return graph.partition('"version":"')[2][:64]


def test_a_case_that_waits_goes_back_as_it_came(versions):
    one = versions["waiting"]
    one.move()
    back = moving_start(
        actor=one.at.actor("ha"), now=LATER, source_id=one.new_id,
        target_id=one.at.revision_id, pairs={}, case_ids=[one.case_id], reason="Chuyển nhầm",
    )  # fmt: skip
    moving_run(moving_id=back, now=LATER)
    assert (one.wait("cho").due_at, one.case.state) == (moment(15, 17, 30), "1:r:5:4=cho")
    assert broken(*TOUCHED) == []
    assert CaseEvent.objects.filter(case_id=one.case_id, kind="moved").count() == 2


@pytest.mark.parametrize("name", ["waiting", "race", "asking", "calling"])
def test_the_page_names_the_places_and_says_what_will_not_be_as_it_was(versions, client, name):
    one = versions[name]
    one.at.scene.sign_in(client, "ha")
    text = client.get(reverse("cases:moving", args=[one.new_id])).content.decode()
    assert "1 trong 1 hồ sơ của lần 01 chuyển được sang lần 02</h1>" in text
    for said in one.line(now=NOW).told:
        assert said in text or said.startswith("chờ thêm")  # from the moment the page is read
    word = {"waiting": "Chờ:", "race": "Chờ:", "asking": "3.", "calling": "Thủ tục con:"}[name]
    assert word in text


def test_what_may_interrupt_a_step_is_looked_for_on_the_step_that_is_meant():
    def two(first: str, other: str, *events: Node) -> Plan:
        process = net(
            TAKE_IN, task(first, "Thẩm định", "PKH/unit_head"), task(other, "Rà soát", "PKH/unit_head"),
            SIGN, *events,
            flows=f"bat-dau b1, b1 {first}, {first} {other}, {other} b9, b9 ket-thuc"
            + "".join(f", {event.id} b9" for event in events),
        )  # fmt: skip
        return plan_of(compile_process(process), ["b1", first, other, "b9"])

    def late(name: str, host: str, title: str = "", *, cancels: bool = True) -> Node:
        trigger = timer("duration", "P3D")
        return Node(name, "boundary", title, attached_to=host, trigger=trigger, cancels=cancels)

    old = two("b2", "b3", late("t2", "b2", "Quá hạn"), late("t3", "b3"))
    new = two("c2", "b3", late("t3", "c2", "Quá hạn"), late("k3", "b3"))
    steps = pairs_proposed(old, new)
    assert steps["b2"] == "c2"
    assert pairs_beyond(old, new, steps) == {"t2": "t3", "t3": "k3"}
    for other in (late("k3", "b3", cancels=False), late("k3", "c2", "Khác")):
        assert "t3" not in pairs_beyond(old, two("c2", "b3", other), steps)
