"""Acting for somebody else: by which hat, with which prefix; and who is named to who may not."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from nep.apps.cases import queries, services
from nep.apps.cases.models import CaseEvent, StepRun
from nep.apps.cases.queries._log import logged_events
from nep.apps.cases.rules.acting import may_do_step, signs_as, step_hat
from nep.apps.cases.tests.scene import NOW, Office, broken
from nep.apps.organization import queries as organization
from nep.apps.organization import rules
from nep.apps.organization import services as people
from nep.apps.organization.rules import Actor, Hat
from nep.apps.work import services as work
from nep.apps.work.models import WorkItem
from nep.apps.work.ports import explanation_path
from nep.apps.workcal.queries import calendar_for
from nep.foundation.journal.models import JournalEntry
from nep.kernel.errors import Conflict, Forbidden

OWN = Hat(1, 3, "PKH", "specialist", "Chuyên viên")
LENT = Hat(1, 3, "PKH", "specialist", "Chuyên viên", acting_for=7, prefix="TL.")


def wearing(*hats: Hat) -> Actor:
    roles = frozenset(hat.role for hat in hats)
    return Actor(5, 5, "Huy", 1, roles=roles, hats=hats, permissions=rules.permissions_of(roles))


@pytest.mark.parametrize(
    ("hats", "holder", "hat"),
    [
        ((OWN, LENT), 7, LENT),
        ((LENT, OWN), 7, LENT),
        ((OWN, LENT), None, OWN),
        ((OWN, LENT), 5, OWN),
        ((LENT,), None, LENT),
        ((OWN, LENT), 8, None),
        ((OWN,), 7, None),
    ],
)
def test_a_step_of_another_is_done_by_the_hat_that_other_lent(hats, holder, hat):
    actor = wearing(*hats)

    assert step_hat(actor, person_id=holder, unit_id=3, role="specialist") is hat
    decision = may_do_step(actor, person_id=holder, unit_id=3, role="specialist")
    assert bool(decision) == (hat is not None)
    assert signs_as(hat) == ({"as": {"person": 7, "prefix": "TL."}} if hat is LENT else {})


def lend(at: Office, *, giver: str, receiver: str, prefix: str) -> None:
    today = NOW.date()
    people.delegation_start(
        actor=rules.setup_actor(), now=NOW, agency_id=at.scene.agency_id,
        appointment_id=at.scene.hat(giver), receiver_id=at.scene.people[receiver],
        prefix=prefix, starts_on=today, ends_on=today + timedelta(days=5),
        document="Giấy ủy quyền số 12/GUQ ngày 09/12/2026",
    )  # fmt: skip
    organization.forget()


@pytest.mark.parametrize("prefix", ["KT.", "TL.", "TUQ."])
def test_a_colleague_of_the_same_room_signs_with_the_prefix_of_the_delegation(at, prefix):
    case = at.accept()
    now = at.walk(case, "b3")
    with pytest.raises(Forbidden, match="đang do Trần Thị Mai Lan giữ"):
        at.complete(case, "b3", by="huy", now=now, outcome="f-re-b3")
    lend(at, giver="lan", receiver="huy", prefix=prefix)

    at.complete(case, "b3", by="huy", now=now, outcome="f-re-b3")

    run = StepRun.objects.get(case=case, node="b3")
    assert (run.person_id, run.closed_by_id) == (at.scene.people["lan"], at.scene.people["huy"])
    (event,) = [one for one in logged_events(case.pk) if one.node == "b3"]
    signed = {"person": at.scene.people["lan"], "prefix": prefix}
    assert event.data["as"] == signed
    entry = JournalEntry.objects.get(pk=event.id)
    assert json.loads(entry.new)["as"] == signed
    slip = queries.control_slip(actor=at.actor("ha"), case_id=case.pk)
    assert slip.rows[2].receiver == f"Phạm Quốc Huy ({prefix} Trần Thị Mai Lan)"
    assert slip.rows[3].giver == "Phạm Quốc Huy"


def test_the_history_says_for_whom_a_refusal_and_a_pause_were_signed(at, client, time_machine):
    lend(at, giver="lan", receiver="huy", prefix="TUQ.")
    paused, refused = at.accept(), at.accept()
    for case in (paused, refused):
        now = at.walk(case, "b3")
    services.case_pause(
        actor=at.actor("huy"), now=now, case_id=paused.pk, kind="agency",
        reason="Chờ Công an xác minh",
    )  # fmt: skip
    services.case_refuse(
        actor=at.actor("huy"), now=now, case_id=refused.pk, reason="Không đủ điều kiện"
    )
    time_machine.move_to(now, tick=False)
    at.scene.sign_in(client, "toan")

    for case, what in ((paused, "tạm dừng"), (refused, "từ chối giải quyết")):
        page = client.get(reverse("cases:case", args=[case.pk])).content.decode()
        assert "Phạm Quốc Huy (TUQ. Trần Thị Mai Lan)" in page
        assert what in page


def test_who_comes_second_to_a_step_of_the_room_reads_who_holds_it(at: Office):
    case = at.accept()
    at.complete(case, "b1", by="tuan")
    at.complete(case, "b2", by="toan")
    item_id = at.run(case, "b3").item_id
    work.item_claim(actor=at.actor("lan"), now=NOW, item_id=item_id)

    with pytest.raises(Conflict, match="Trần Thị Mai Lan đang giữ việc này"):
        work.item_claim(actor=at.actor("huy"), now=NOW, item_id=item_id)
    at.complete(case, "b3", by="lan", outcome="f-re-b3")
    with pytest.raises(Conflict, match="Trần Thị Mai Lan vừa làm xong việc này"):
        work.item_claim(actor=at.actor("huy"), now=NOW, item_id=item_id)


def test_a_claim_on_the_worklist_reaches_the_case(at: Office, client, time_machine):
    time_machine.move_to(NOW, tick=False)
    case = at.accept()
    at.complete(case, "b1", by="tuan")
    at.complete(case, "b2", by="toan")
    item_id = at.run(case, "b3").item_id
    at.scene.sign_in(client, "lan")
    version = type(case).objects.get(pk=case.pk).version

    answer = client.post(reverse("work:claim", args=[item_id]), follow=True)

    case.refresh_from_db()
    assert answer.status_code == 200
    assert case.holder_person_id == at.run(case, "b3").person_id == at.scene.people["lan"]
    assert case.version == version + 1
    assert CaseEvent.objects.filter(case=case, kind="claimed").count() == 1
    assert "Bạn đang giữ hồ sơ này" in answer.content.decode()


def test_a_hand_over_on_the_worklist_reaches_the_case(at: Office, client, time_machine):
    time_machine.move_to(NOW, tick=False)
    case = at.accept()
    at.walk(case, "b3")
    item = WorkItem.objects.get(pk=at.run(case, "b3").item_id)
    at.scene.sign_in(client, "lan")

    client.post(
        reverse("work:hand_over", args=[item.pk]),
        {"receiver": at.scene.people["huy"], "reason": "Đi công tác", "version": item.version},
    )

    case.refresh_from_db()
    assert case.holder_person_id == at.run(case, "b3").person_id == at.scene.people["huy"]
    assert CaseEvent.objects.filter(case=case, kind="handed_over").count() == 1


def test_the_worklist_asks_the_case_why_a_step_is_due(at: Office, client, time_machine):
    time_machine.move_to(NOW, tick=False)
    case = at.accept()
    item_id = at.run(case, "b1").item_id
    at.scene.sign_in(client, "tuan")

    path = explanation_path("case", case.pk, item_id)
    page = client.get(reverse("work:mine")).content.decode()

    assert path == reverse("cases:step_explanation", args=[case.pk, item_id])
    assert path in page
    assert "giờ" in client.get(path).content.decode()


def test_a_step_given_by_mistake_waits_for_its_role_again(at: Office):
    case = at.accept()
    at.complete(case, "b1", by="tuan")
    at.complete(case, "b2", by="toan")
    run = at.run(case, "b3")
    assert run.person_id is None
    head, later = at.actor("toan"), NOW + timedelta(minutes=30)
    number = work.assignment_start(
        actor=head, now=later, item_ids=[run.item_id], receiver_id=at.scene.people["huy"],
        reason="Chia lại việc",
    )  # fmt: skip

    work.assignment_undo(actor=head, now=later + timedelta(minutes=1), assignment_id=number)

    case.refresh_from_db()
    assert at.run(case, "b3").person_id is None and case.holder_person_id is None
    shown = queries.case_page(
        actor=head, case_id=case.pk, now=later, calendar=calendar_for(case.agency_id)
    )
    assert "về chờ người nhận" in shown.history[0].text and "Huy" in shown.history[1].text
    rows = queries.control_slip(actor=head, case_id=case.pk).rows
    assert (rows[-1].receiver, rows[-1].received_at) == ("", None) and "Huy" in rows[-2].receiver
    work.item_claim(actor=at.actor("lan"), now=later + timedelta(hours=1), item_id=run.item_id)
    at.complete(case, "b3", by="lan", now=later + timedelta(hours=2), outcome="f-re-b3")
    assert broken() == []
