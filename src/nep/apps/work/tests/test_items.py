"""Items: written by others' actions, taken, handed over, closed once."""

from datetime import timedelta

import pytest

from nep.apps.organization import queries as people
from nep.apps.organization import services as organization
from nep.apps.organization.tests.scene import NOW
from nep.apps.work import ports, queries, services
from nep.apps.work.models import Notice, WorkItem
from nep.apps.work.tests.make import at, item
from nep.foundation.db import Batch
from nep.foundation.journal.models import JournalEntry
from nep.foundation.outbox.worker import drain
from nep.kernel.errors import Conflict, Forbidden, NotFound, Refusal


def test_a_batch_writes_the_same_row_as_a_single_write(agency):
    batch = Batch()
    columns = {
        "agency_id": agency.agency_id, "kind": "case", "title": "Ký duyệt", "link": "/ho-so/x/",
        "source_type": "case", "source_id": 7, "unit_id": agency.units["LD"], "role": "leader",
        "opened_at": NOW, "due_at": at(11, 9), "limit_minutes": 240, "pleat": [(240, 0, "now")],
    }  # fmt: skip
    first = services.item_open(batch=None, **columns)
    second = services.item_open(batch=batch, **columns)
    assert batch.flush()

    names = [field.attname for field in WorkItem._meta.fields if field.attname != "id"]
    rows = WorkItem.objects.filter(pk__in=[first, second]).values(*names)
    assert rows[0] == rows[1]


def test_what_comes_next_says_its_step_once(agency):
    place = {
        "title": "ĐG 01/2026: Lập báo cáo",
        "step_label": "Lập báo cáo",
        "link": "/danh-gia/1/",
    }
    item(agency, due=at(11, 9), **place)
    first = queries.onward_item(actor=agency.actor("lan"), path="/viec/")
    item(agency, due=at(11, 8), title="Thẩm định hồ sơ", step_label="Bước 2/3")
    second = queries.onward_item(actor=agency.actor("lan"), path="/viec/")

    assert (first.title, first.step) == ("ĐG 01/2026: Lập báo cáo", "")
    assert (second.title, second.step) == ("Thẩm định hồ sơ", "Bước 2/3")


def test_closing_through_a_batch(agency):
    item_id = item(agency, due=at(11, 9))
    batch = Batch()
    services.item_close(batch=batch, item_id=item_id, at=NOW, by_id=agency.people["lan"])
    assert batch.flush()

    row = WorkItem.objects.get(pk=item_id)
    assert row.state == WorkItem.DONE
    assert row.closed_at == NOW
    assert row.closed_by_id == agency.people["lan"]


def test_an_item_is_closed_once(agency):
    item_id = item(agency)

    assert services.item_close(batch=None, item_id=item_id, at=NOW, by_id=None)
    assert not services.item_close(batch=None, item_id=item_id, at=NOW, by_id=None)
    assert not services.item_withdraw(batch=None, item_id=item_id, at=NOW, by_id=None)


def test_a_source_takes_back_all_its_open_items(agency):
    for _ in range(3):
        item(agency, source_id=44)
    item(agency, source_id=45)

    count = services.items_withdraw_of(source_type="case", source_id=44, at=NOW, by_id=None)

    assert count == 3
    assert queries.open_items_of(source_type="case", source_id=44) == ()
    assert len(queries.open_items_of(source_type="case", source_id=45)) == 1


def test_taking_an_item_of_the_own_role(agency):
    item_id = item(agency, None, due=at(11, 9))
    heard = []
    ports.register_holder_listener("case", heard.append)

    services.item_claim(actor=agency.actor("lan"), now=NOW, item_id=item_id)

    row = WorkItem.objects.get(pk=item_id)
    assert row.person_id == agency.people["lan"]
    assert row.claimed_at == NOW
    assert heard[0].new_person_id == agency.people["lan"]
    assert heard[0].reason == ""
    assert JournalEntry.objects.filter(action="work.claimed", object_id=str(row.source_id)).exists()


def test_the_second_to_take_an_item_is_told_so(agency):
    item_id = item(agency, None)
    services.item_claim(actor=agency.actor("lan"), now=NOW, item_id=item_id)

    with pytest.raises(Conflict) as caught:
        services.item_claim(actor=agency.actor("huy"), now=NOW, item_id=item_id)

    assert caught.value.code == "item_taken"
    assert WorkItem.objects.get(pk=item_id).person_id == agency.people["lan"]


def test_nobody_takes_items_of_another_role_unit_or_agency(agency, other_agency):
    item_id = item(agency, None)

    with pytest.raises(NotFound):
        services.item_claim(actor=agency.actor("tuan"), now=NOW, item_id=item_id)
    with pytest.raises(NotFound):
        services.item_claim(actor=other_agency.actor("lan"), now=NOW, item_id=item_id)
    with pytest.raises(Forbidden):  # the head sees it, but it waits for specialists
        services.item_claim(actor=agency.actor("toan"), now=NOW, item_id=item_id)


def give(agency, item_id, *, by="lan", to="huy", reason="Đi công tác", **change):
    services.item_hand_over(
        actor=agency.actor(by), now=NOW, item_id=item_id, receiver_id=agency.people[to],
        reason=reason, **change,
    )  # fmt: skip


def test_handing_over_tells_the_receiver_why(agency):
    item_id = item(agency, due=at(11, 9))
    heard = []
    ports.register_holder_listener("case", heard.append)
    give(agency, item_id)
    drain(now=NOW + timedelta(seconds=1))

    row = WorkItem.objects.get(pk=item_id)
    notice = Notice.objects.get(person_id=agency.people["huy"])
    assert row.person_id == agency.people["huy"]
    assert row.note == "Đi công tác"
    assert row.due_at == at(11, 9)
    assert notice.detail == "Đi công tác"
    assert notice.link == row.link
    assert heard[0].old_person_id == agency.people["lan"]
    entry = JournalEntry.objects.get(action="work.handed_over")
    assert entry.reason == "Đi công tác"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"to": "tuan"}, "receiver_unfit"),
        ({"to": "lan"}, "same_holder"),
        ({"reason": " "}, "reason_missing"),
        ({"by": "huy", "to": "huy"}, "not_your_item"),
        ({"version": 9}, "item_changed"),
    ],
)
def test_hand_overs_that_are_refused(agency, change, code):
    item_id = item(agency)

    with pytest.raises(Refusal) as caught:
        give(agency, item_id, **change)

    assert caught.value.code == code
    assert WorkItem.objects.get(pk=item_id).person_id == agency.people["lan"]


def test_the_head_hands_over_items_of_the_unit(agency):
    item_id = item(agency)

    give(agency, item_id, by="toan")

    assert WorkItem.objects.get(pk=item_id).person_id == agency.people["huy"]


def test_who_holds_items_is_not_dismissed(agency):
    for _ in range(3):
        item(agency)
    end = {
        "actor": agency.actor("admin"), "now": NOW, "agency_id": agency.agency_id,
        "appointment_id": agency.hat("lan"), "ends_on": NOW.date(), "reason": "Nghỉ hưu",
    }  # fmt: skip
    with pytest.raises(Refusal) as caught:
        organization.appointment_end(**end)
    WorkItem.objects.update(person_id=agency.people["huy"])
    organization.appointment_end(**end)

    assert caught.value.message == (
        "Người này đang giữ 3 việc; hãy bàn giao trước khi kết thúc bổ nhiệm."
    )
    (hat,) = people.person_page(
        agency_id=agency.agency_id, person_id=agency.people["lan"], today=NOW.date()
    ).hats
    assert hat.ends_on == NOW.date()


def test_an_item_without_a_role_is_offered_to_all_who_may_take_it(agency, calendar):
    given = services.item_open(
        batch=None, agency_id=agency.agency_id, kind="action", title="Việc", link="/x/",
        source_type="action", source_id=1, opened_at=NOW, person_id=agency.people["lan"],
        unit_id=agency.units["PKH"],
    )  # fmt: skip
    page = queries.item(actor=agency.actor("lan"), item_id=given, now=NOW, calendar=calendar)
    assert page.may_hand_over
    assert agency.people["huy"] in {one.id for one in page.receivers}

    services.item_hand_over(
        actor=agency.actor("lan"), now=NOW, item_id=given, receiver_id=agency.people["huy"],
        reason="Nhờ làm giúp",
    )  # fmt: skip
    assert WorkItem.objects.get(pk=given).person_id == agency.people["huy"]


def test_each_hand_over_is_told_also_when_the_item_comes_back_and_goes_again(agency):
    given = services.item_open(
        batch=None, agency_id=agency.agency_id, kind="action", title="Việc", link="/x/",
        source_type="action", source_id=1, opened_at=NOW, person_id=agency.people["lan"],
    )  # fmt: skip
    moment = NOW
    for giver, receiver in (("lan", "huy"), ("huy", "lan"), ("lan", "huy")):
        moment += timedelta(minutes=5)
        services.item_hand_over(
            actor=agency.actor(giver), now=moment, item_id=given,
            receiver_id=agency.people[receiver], reason="Nhờ làm giúp",
        )  # fmt: skip
        drain(now=moment + timedelta(minutes=1))

    assert Notice.objects.filter(person_id=agency.people["huy"]).count() == 2
