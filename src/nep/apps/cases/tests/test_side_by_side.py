"""Branches side by side, one of which hands the result over: when the case counts as dealt with."""

from dataclasses import replace
from itertools import permutations

import pytest

from nep.apps.cases import queries
from nep.apps.cases.models import Case, StepRun
from nep.apps.cases.rules import statuses
from nep.apps.cases.tests.nets import SIGN, TAKE_IN, in_force, net, task
from nep.apps.cases.tests.scene import TOUCHED, Office, broken, limit, moment, office
from nep.apps.organization.tests.scene import department
from nep.apps.procedures.rules.table import Step, Table
from nep.apps.work.models import WorkItem
from nep.apps.workcal import queries as workcal
from nep.bpmn import Node
from nep.foundation.outbox.models import QueueRow
from tests.standing import kept

SPLIT = Table(
    "qt-song-song",
    "Cấp bản sao",
    (
        Step("b1", "Tiếp nhận hồ sơ", "MC/reception", limit(2)),
        Step("b2", "Vào sổ cấp bản sao", "PKH/specialist", limit(8), group="g1"),
        Step("b3", "Báo cáo số liệu", "PKH/unit_head", limit(8), group="g1"),
        Step("b4", "Trả kết quả", "MC/reception", untimed=True, group="g1"),
    ),
)
BY = {"b2": "lan", "b3": "toan", "b4": "tuan", "b5": "tuan"}


SECOND = replace(SPLIT.steps[3], id="b5", name="Trả kết quả qua bưu chính")
TWO_HAND_OVERS = replace(SPLIT, steps=(*SPLIT.steps[:2], SPLIT.steps[3], SECOND))


def opened(table: Table = SPLIT) -> tuple[Office, Case]:
    """Take a case to where its branches are open side by side."""
    at = office(table=table)
    case = at.accept(now=moment(10, 8))
    at.complete(case, "b1", by="tuan", now=moment(10, 9))
    return at, case


def opened_twice() -> tuple[Office, Case]:
    """Take a case of which two steps hand the result over to where they are open."""
    return opened(TWO_HAND_OVERS)


open_case, open_twice = kept(opened), kept(opened_twice)


@pytest.mark.parametrize("order", [*permutations(["b2", "b3", "b4"])], ids="-".join)
def test_the_case_is_dealt_with_when_only_the_hand_over_is_left_in_any_order(open_case, order):
    at, case = open_case
    left = {"b2", "b3", "b4"}
    seen = []
    for hour, node in enumerate(order, start=10):
        at.complete(case, node, by=BY[node], now=moment(10, hour))
        left.remove(node)
        case.refresh_from_db()
        if left & {"b2", "b3"}:
            wanted = statuses.RUNNING
        else:
            wanted = statuses.DONE if left else statuses.RETURNED
        assert case.status == wanted, (node, left)
        assert broken(*TOUCHED) == []
        seen.append(case.status)

    assert broken() == []
    work_over = moment(10, 10 + max(order.index("b2"), order.index("b3")))
    assert case.finished_at == work_over
    assert case.returned_at == moment(10, 10 + order.index("b4"))
    assert (case.outcome, case.on_time) == ("granted", "truoc")
    assert seen[-1] == statuses.RETURNED
    assert QueueRow.objects.filter(name__endswith="CaseFinished").count() == 1
    assert not WorkItem.objects.filter(source_id=case.pk, state=WorkItem.OPEN).exists()


@pytest.mark.parametrize("order", [*permutations(["b2", "b4", "b5"])], ids="-".join)
def test_two_hand_overs_are_both_waited_for(open_twice, order):
    at, case = open_twice

    for hour, node in enumerate(order, start=10):
        at.complete(case, node, by=BY[node], now=moment(10, hour))
        case.refresh_from_db()
        done = order[: order.index(node) + 1]
        is_over = len(done) == 3
        wanted = statuses.RETURNED if is_over else statuses.RUNNING
        if "b2" in done and not is_over:
            wanted = statuses.DONE
        assert case.status == wanted
        assert broken(*TOUCHED) == []

    assert case.finished_at == moment(10, 10 + order.index("b2"))
    assert case.returned_at == moment(10, 10 + max(order.index("b4"), order.index("b5")))


def test_a_case_waiting_for_its_hand_over_stands_among_the_finished(open_case):
    at, case = open_case
    for hour, node in enumerate(("b2", "b3"), start=10):
        at.complete(case, node, by=BY[node], now=moment(10, hour))

    found = queries.figures(actor=at.actor("ha"), month=202612, now=moment(10, 15)).total

    assert (found.running, found.before) == (0, 1)
    page = queries.case_page(
        actor=at.actor("tuan"), case_id=case.pk, now=moment(10, 15), calendar=calendar_of(at)
    )
    assert page.may.step
    assert StepRun.objects.get(case=case, closed_at=None).node == "b4"


def calendar_of(at: Office):
    return workcal.calendar_for(at.scene.agency_id)


def test_doctor_finds_a_case_that_waits_for_its_hand_over_without_an_end(open_case):
    at, case = open_case
    for hour, node in enumerate(("b2", "b3"), start=10):
        at.complete(case, node, by=BY[node], now=moment(10, hour))
    Case.objects.filter(pk=case.pk).update(
        status=statuses.RUNNING, finished_at=None, on_time="", outcome=""
    )

    assert any("không ghi kết thúc" in line for line in broken())


def test_a_process_that_begins_with_a_split_tells_when_each_of_its_steps_begins(db):
    """After 15:00 the file goes to the expert the next morning; reception's own step runs now."""
    split = net(
        Node("sp", "parallel", "Tách"), TAKE_IN, task("b2", "Thẩm định", "PKH/unit_head"),
        Node("jo", "parallel", "Hợp"), SIGN,
        flows="bat-dau sp, sp b1, sp b2, b1 jo, b2 jo, jo b9, b9 ket-thuc",
    )  # fmt: skip
    at = in_force(department(), split, code="1.000901")
    case = at.accept(now=moment(10, 16))
    assert dict(StepRun.objects.filter(case=case).values_list("node", "opened_at")) == {
        "b1": moment(10, 16), "b2": moment(11, 7, 30),
    }  # fmt: skip
    assert not broken(*TOUCHED)
