"""What cannot move a waiting case stays its own trouble: nothing else is lost or held up by it."""

import json
from dataclasses import replace
from itertools import pairwise

import pytest
from django.db import OperationalError

from nep.apps.cases import services
from nep.apps.cases.models import Case, CaseCall, CaseLink, CaseMessage, CaseWait
from nep.apps.cases.queries.messages import messages_sent
from nep.apps.cases.rules import statuses
from nep.apps.cases.services import _waits, erasure
from nep.apps.cases.services._waits import BROKEN
from nep.apps.cases.services.messages import (
    MOST_CHAINED,
    message_route,
    message_take,
    messages_deliver,
    messages_leave,
)
from nep.apps.cases.services.sources import source_create
from nep.apps.cases.tests.nets import (
    BEGUN,
    RACE,
    SENDING,
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
from nep.apps.cases.tests.scene import TOUCHED, Office, broken, moment
from nep.apps.organization.tests.scene import department
from nep.bpmn import Node
from nep.foundation.journal.models import JournalEntry
from nep.foundation.outbox.worker import drain
from nep.kernel.errors import Refusal
from tests.standing import kept

INNER = net(task("c1", "Thẩm định", "PKH/unit_head"), flows="bat-dau c1, c1 ket-thuc", name="con")
DAY_LATER = Node("cho", "catch", "Chờ đến ngày hẹn", trigger=timer("date", "ngay_hen"))
TOLD = net(  # a message comes, then a day is waited for that may be missing
    TAKE_IN,
    Node("tin", "catch", "Chờ thẩm tra", trigger=message("ket-qua-tham-tra")),
    DAY_LATER,
    SIGN,
    flows="bat-dau b1, b1 tin, tin cho, cho b9, b9 ket-thuc",
    name="qt-tin",
)
ENDLESS = replace(
    BEGUN,
    nodes=tuple(
        replace(node, trigger=message("de-nghi-tham-tra")) if node.kind == "throw" else node
        for node in BEGUN.nodes
    ),
)


def build() -> dict[str, Office]:
    scene = department()
    made = {
        "waiting": in_force(scene, WAITING, code="1.000940"),
        "race": in_force(scene, RACE, code="1.000941"),
        "told": in_force(scene, TOLD, code="1.000942"),
        "sending": in_force(scene, SENDING, code="1.000943"),
        "inner": in_force(scene, INNER, code="", is_internal=True, name="Thẩm định giá"),
    }
    caller = calling(pinned(made["inner"]))
    beside = net(
        TAKE_IN,
        Node("tach", "parallel", "Làm song song"),
        next(node for node in caller.nodes if node.id == "goi"),
        task("b2", "Soạn báo cáo", "PKH/unit_head"),
        Node("gop", "parallel", "Đủ cả hai"),
        SIGN,
        flows="bat-dau b1, b1 tach, tach goi, tach b2, goi gop, b2 gop, gop b9, b9 ket-thuc",
        name="qt-song-song",
    )
    made["caller"] = in_force(scene, beside, code="1.000944")
    hung = tuple(replace(n, trigger=DAY_LATER.trigger, kind="catch", role="", limit=None,
                         untimed=False) if n.id == "b9" else n for n in caller.nodes)  # fmt: skip
    made["hung"] = in_force(scene, replace(caller, nodes=hung), code="1.000945")
    made["endless"] = in_force(scene, ENDLESS, code="", is_internal=True, name="Vòng mãi")
    return made


offices = kept(build)


def begun(at: Office, **more) -> Case:
    case = at.accept(now=moment(10, 8), **more)
    at.complete(case, "b1", by="tuan", now=moment(10, 9))
    case.refresh_from_db()
    return case


def called(at: Office) -> CaseCall:
    case = begun(at)
    services.calls_open(case_id=case.pk, now=moment(10, 9, 1))
    return CaseCall.objects.select_related("child").get(case=case)


def sent_to(at: Office, case: Case, *, once: str = "s-1", **data) -> dict:
    made = source_create(
        actor=at.actor("admin"), now=moment(9, 8), name=f"Hệ thống {once}", way="api"
    )
    return {
        "source_id": made.source_id, "case_code": case.code, "name": "ket-qua-tham-tra",
        "data": data, "idempotency_key": once,
    }  # fmt: skip


def test_what_a_sub_procedure_found_during_a_pause_is_given_when_the_caller_goes_on(offices):
    at = offices["caller"]
    call = called(at)
    pause = {"actor": at.actor("toan"), "case_id": call.case_id}
    services.case_pause(**pause, now=moment(10, 10), kind="agency", reason="Chờ Sở Xây dựng")
    at.complete(call.child, "c1", by="toan", now=moment(11, 9))
    drain(now=moment(11, 9, 1))
    call.refresh_from_db()
    assert call.closed_at is None

    services.case_resume(**pause, now=moment(11, 10))
    drain(now=moment(11, 10, 1))

    call.refresh_from_db()
    assert call.outcome == "returned" and broken(*TOUCHED) == []


def test_a_caller_that_cannot_go_on_says_so_and_holds_up_nothing_else(offices):
    call = called(offices["hung"])
    offices["hung"].complete(call.child, "c1", by="toan", now=moment(11, 9))

    assert services.call_return(child_id=call.child_id, now=moment(11, 9, 1)) is False

    call.refresh_from_db()
    assert call.closed_at is None and "ngay_hen" in call.trouble
    assert broken(*TOUCHED) == []


def test_a_kept_message_a_case_cannot_take_leaves_the_others_alone(offices):
    at = offices["told"]
    case = at.accept(now=moment(10, 8))
    for once, data in (("s-1", {}), ("s-2", {"ngay_hen": "14/12/2026"})):
        message_take(**sent_to(at, case, once=once, **data), now=moment(10, 8, 1))
    at.complete(case, "b1", by="tuan", now=moment(10, 9))

    assert messages_deliver(case_id=case.pk, now=moment(10, 9, 1)) == 1

    states = CaseMessage.objects.filter(case=case).order_by("id").values_list("state", flat=True)
    assert list(states) == ["kept", "taken"] and broken(*TOUCHED) == []


def test_the_sender_of_a_message_hears_why_the_case_cannot_take_it(offices):
    case = begun(offices["told"])
    with pytest.raises(Refusal, match="ngay_hen"):
        message_take(**sent_to(offices["told"], case), now=moment(11, 9))
    assert not CaseMessage.objects.exists()


def test_a_timer_that_met_a_busy_database_fires_in_the_next_round(offices, monkeypatch):
    case = begun(offices["waiting"])

    def busy(*args, **more):
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(_waits, "_fire", busy)
        assert services.timers_fire(now=moment(15, 17, 31)) == 0
    assert CaseWait.objects.get(case=case).trouble == ""
    assert services.timers_fire(now=moment(15, 17, 32)) == 1


def test_a_timer_that_breaks_is_marked_and_the_next_ones_fire(offices):
    worst, good = begun(offices["waiting"]), begun(offices["waiting"])
    Case.objects.filter(pk=worst.pk).update(data="không phải JSON")
    CaseWait.objects.filter(case=worst).update(due_at=moment(14, 9))

    assert services.timers_fire(now=moment(15, 17, 31)) == 1

    assert CaseWait.objects.get(case=worst).trouble == BROKEN
    assert CaseWait.objects.get(case=good).outcome == "fired"


def test_messages_kept_for_a_case_that_still_waits_are_given_up_only_at_its_end(offices):
    at = offices["race"]
    case = at.accept(now=moment(10, 8), data={"han_cho": "2026-12-14"})
    message_take(**sent_to(at, case), now=moment(10, 8, 1))
    done = {"status": statuses.DONE, "outcome": "granted", "finished_at": moment(10, 8, 2)}
    Case.objects.filter(pk=case.pk).update(**done)
    assert messages_leave(case_id=case.pk, now=moment(10, 9)) == 0
    case.refresh_from_db()

    services.result_returned(actor=at.actor("tuan"), now=moment(10, 12), case_id=case.pk)

    assert set(CaseMessage.objects.values_list("state", flat=True)) == {"left"}


def test_a_message_is_handed_out_once_nothing_older_can_still_come(offices):
    at = offices["sending"]
    begun(at)
    source = source_create(actor=at.actor("admin"), now=moment(9, 8), name="Hệ thống", way="api")
    assert messages_sent(source_id=source.source_id, now=moment(10, 9)) == ()
    assert len(messages_sent(source_id=source.source_id, now=moment(10, 9, 1))) == 1


def test_a_procedure_that_begins_with_what_it_sends_does_not_open_itself_for_ever(offices):
    at = offices["endless"]
    source = source_create(actor=at.actor("admin"), now=moment(9, 8), name="Hệ thống", way="api")
    begin = {"source_id": source.source_id, "case_code": "", "name": "de-nghi-tham-tra"}
    taken = message_take(**begin, data={}, idempotency_key="v", now=moment(10, 8))
    case = Case.objects.get(code=taken.case_code)
    at.complete(case, "d1", by="toan", now=moment(10, 9))
    sent = CaseMessage.objects.get(case=case, way="out")

    assert message_route(message_id=sent.pk, now=moment(10, 9, 1)) == 0

    assert Case.objects.count() == 1
    assert JournalEntry.objects.filter(action="case.message_endless").count() == 1


def test_a_chain_of_cases_opened_by_messages_has_an_end(offices):
    at = offices["sending"]
    cases = [at.accept(now=moment(10, 8)) for _ in range(MOST_CHAINED)]
    cases.append(begun(at))
    sent = CaseMessage.objects.get(case=cases[-1], way="out")
    for place, (one, two) in enumerate(pairwise(cases)):
        CaseMessage.objects.create(
            agency_id=sent.agency_id, way="out", case=one, other=two, name=f"tin-{place}",
            at=moment(10, 8), state="sent",
        )  # fmt: skip
    assert message_route(message_id=sent.pk, now=moment(10, 9, 1)) == 0
    CaseMessage.objects.filter(name="tin-0").delete()
    assert message_route(message_id=sent.pk, now=moment(10, 9, 2)) == 1


def test_a_neighbour_gets_only_what_it_reads_and_loses_it_with_the_sender(offices):
    sender = begun(offices["sending"], data={"ho_ten": "Nguyễn Văn An", "han_cho": "2026-12-14"})
    other = offices["race"].accept(now=moment(10, 8))
    CaseLink.objects.create(case=sender, other=other, kind="same", at=moment(10, 8))
    CaseMessage.objects.filter(case=sender, way="out").update(name="ket-qua-tham-tra")
    sent = CaseMessage.objects.get(case=sender, way="out")
    message_route(message_id=sent.pk, now=moment(10, 9, 1))
    got = CaseMessage.objects.get(case=other, way="in")
    assert json.loads(got.data) == {"han_cho": "2026-12-14"}

    erasure._data(sender)

    assert set(CaseMessage.objects.values_list("data", flat=True)) == {"{}"}
