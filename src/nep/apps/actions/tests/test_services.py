import html
from datetime import date, timedelta

import pytest

from nep.apps.actions import queries, rules, services
from nep.apps.actions.models import Action, ActionMove, ActionProof
from nep.apps.actions.tests import make
from nep.apps.organization.queries import people_for, reachable_people
from nep.apps.organization.tests.scene import NOW
from nep.apps.work.models import Notice, WorkItem
from nep.apps.work.queries import open_count_of_role
from nep.apps.work.services import item_claim, item_hand_over, reminders_send
from nep.foundation.db.doctor import examine
from nep.foundation.journal.models import JournalEntry
from nep.kernel.errors import Forbidden, NotFound, Refusal

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def items(action_id: int) -> list[tuple[str, int, int | None]]:
    rows = WorkItem.objects.filter(source_type="action", source_id=action_id).order_by("id")
    return list(rows.values_list("step_label", "state", "person_id"))


def test_an_action_is_done_with_evidence_and_checked_by_somebody_else(agency):
    action_id = make.action(agency, checker_id=agency.people["toan"])
    make.done(agency, action_id, uploads=[services.Upload("anh.pdf", b"%PDF-1.4")],
              links=[services.Link("Sổ theo dõi", "/ho-so/")])  # fmt: skip
    services.action_check(
        actor=agency.actor("toan"), action_id=action_id, accepted=True, note="", now=NOW
    )

    row = Action.objects.get()
    assert (row.state, row.item_id) == ("checked", None)
    assert (row.done_by_id, row.checked_by_id) == (agency.people["lan"], agency.people["toan"])
    assert ActionProof.objects.count() == 2
    assert items(action_id) == [
        ("Thực hiện", WorkItem.DONE, agency.people["lan"]),
        ("Kiểm tra", WorkItem.DONE, agency.people["toan"]),
    ]
    told = JournalEntry.objects.filter(object_type="action").order_by("id")
    assert [one.action for one in told] == ["action.open", "action.done", "action.accept"]


def test_a_returned_action_comes_back_with_the_reason(agency):
    action_id = make.action(agency)
    make.done(agency, action_id)
    services.action_check(
        actor=agency.actor("thu"), action_id=action_id, accepted=False,
        note="Còn thiếu phiếu ngày 05/11.", now=NOW,
    )  # fmt: skip

    open_item = WorkItem.objects.get(state=0, source_id=action_id)
    assert Action.objects.get().state == "returned"
    assert open_item.person_id == agency.people["lan"]
    assert "thiếu phiếu" in open_item.note


def test_without_a_named_checker_it_waits_for_every_iso_secretary_whatever_their_unit(
    agency, client
):
    agency.appoint("tuan", "MC", "iso_secretary")
    action_id = make.action(agency)
    make.done(agency, action_id)

    item = WorkItem.objects.get(state=0, source_id=action_id)
    see = set()
    for key in ("thu", "tuan", "huy", "ha"):
        agency.sign_in(client, key)
        if item.title in html.unescape(client.get("/viec/").content.decode()):
            see.add(key)
    told = reachable_people(today=TODAY)[agency.people["tuan"]]
    item_claim(actor=agency.actor("tuan"), item_id=item.pk, now=NOW)
    held = open_count_of_role(
        agency_id=agency.agency_id, person_id=agency.people["tuan"],
        unit_id=agency.units["MC"], role="iso_secretary",
    )  # fmt: skip

    assert (item.person_id, item.role, item.unit_id) == (None, "iso_secretary", None)
    assert see == {"thu", "tuan"}
    assert (agency.agency_id, None, "iso_secretary") in told.hats
    assert held == 1  # nobody leaves the role with it


@pytest.mark.parametrize(
    ("by", "error", "code"),
    [("lan", Refusal, "doer_is_checker"), ("huy", Refusal, "not_the_checker")],
)
def test_who_did_it_and_who_was_not_asked_do_not_check(agency, by, error, code):
    action_id = make.action(agency)
    make.done(agency, action_id)

    with pytest.raises(error) as refused:
        services.action_check(
            actor=agency.actor(by), action_id=action_id, accepted=True, note="", now=NOW
        )
    assert refused.value.code == code


def test_nothing_is_done_without_evidence(agency):
    action_id = make.action(agency)

    with pytest.raises(Refusal) as refused:
        make.done(agency, action_id, evidence=" ")
    assert refused.value.code == "evidence_missing"
    assert Action.objects.get().state == "open"


def test_a_link_out_of_the_house_is_no_evidence(agency):
    action_id = make.action(agency)
    away = ("https://example.org/", "//example.org", "javascript:alert(1)", "/\\example.org/a",
            "/\t/example.org")  # fmt: skip
    for url in away:
        with pytest.raises(Refusal) as refused:
            make.done(agency, action_id, links=[services.Link("", url)])
        assert refused.value.code == "link_outside"
    assert ActionProof.objects.count() == 0


def test_a_moved_day_keeps_the_first_and_moves_the_work_item(agency):
    action_id = make.action(agency)
    later = make.DUE + timedelta(days=10)
    services.action_move(
        actor=agency.actor("thu"), action_id=action_id, due_on=later,
        reason="Chờ tập huấn ngày 22/12.", now=NOW,
    )  # fmt: skip

    row = Action.objects.get()
    assert (row.first_due_on, row.due_on) == (make.DUE, later)
    assert WorkItem.objects.get(state=0, source_id=action_id).due_at.date() == later


def test_the_owner_neither_moves_nor_drops_what_others_gave(agency):
    action_id = make.action(agency)
    for act in (
        lambda: services.action_cancel(actor=agency.actor("lan"), action_id=action_id,
                                       reason="Không cần nữa.", now=NOW),
        lambda: services.action_move(actor=agency.actor("lan"), action_id=action_id,
                                     due_on=date(2027, 1, 5), reason="Bận việc khác.", now=NOW),
    ):  # fmt: skip
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.code == "not_the_giver"


def test_a_dropped_action_leaves_the_worklist(agency):
    action_id = make.action(agency)
    services.action_cancel(
        actor=agency.actor("thu"), action_id=action_id, reason="Quy trình đã bãi bỏ.", now=NOW
    )

    assert WorkItem.objects.filter(state=0, source_id=action_id).count() == 0
    assert Action.objects.get().end_note == "Quy trình đã bãi bỏ."


def _act(agency, action_id: int, move: str) -> None:
    secretary, now = agency.actor("thu"), NOW
    {
        rules.FINISH: lambda: make.done(agency, action_id),
        rules.ACCEPT: lambda: services.action_check(
            actor=secretary, action_id=action_id, accepted=True, note="", now=now),
        rules.RETURN: lambda: services.action_check(
            actor=secretary, action_id=action_id, accepted=False, note="Thiếu ảnh.", now=now),
        rules.CANCEL: lambda: services.action_cancel(
            actor=secretary, action_id=action_id, reason="Không còn cần.", now=now),
        rules.MOVE: lambda: services.action_move(
            actor=secretary, action_id=action_id, due_on=date(2027, 2, 1), reason="Chờ kinh phí.",
            now=now),
    }[move]()  # fmt: skip


ROADS = {
    "open": (), "done": ("done",), "returned": ("done", "return"), "checked": ("done", "accept"),
    "cancelled": ("cancel",),
}  # fmt: skip


@pytest.mark.parametrize("state", sorted(rules.STATE_NAMES))
def test_every_move_that_the_table_does_not_hold_leaves_the_row_unchanged(agency, state):
    action_id = make.action(agency)
    for move in ROADS[state]:
        _act(agency, action_id, move)
    before = Action.objects.values().get()
    assert before["state"] == state

    for move in (rules.FINISH, rules.ACCEPT, rules.RETURN, rules.CANCEL, rules.MOVE):
        if (state, move) in rules.LIFE:
            continue
        with pytest.raises(Refusal):
            _act(agency, action_id, move)
        assert Action.objects.values().get() == before
    assert ActionMove.objects.count() == 1 + len(ROADS[state])
    assert [found for _, found in examine(parts=("actions",)) if found] == []


def test_another_agencys_people_and_actions_are_out_of_reach(agency, other_agency):
    action_id = make.action(agency)
    with pytest.raises(NotFound):
        services.action_cancel(
            actor=other_agency.actor("ha"), action_id=action_id, reason="Thử xem sao.", now=NOW
        )
    with pytest.raises(Refusal) as refused:
        make.action(agency, owner_id=other_agency.people["lan"])
    assert refused.value.code == "owner_unknown"


def test_a_viewer_gives_no_work(agency):
    agency.person("xem", "Người Xem", ("", "viewer", ""))
    with pytest.raises(Forbidden):
        make.action(agency, by="xem")


def test_reminders_come_before_and_after_bundled_in_one_line(agency):
    for number in range(3):
        make.action(agency, title=f"Việc số {number}")
    reminders_send(now=NOW + timedelta(days=10, hours=-4))
    reminders_send(now=NOW + timedelta(days=11))
    reminders_send(now=NOW + timedelta(days=11))

    told = Notice.objects.filter(person_id=agency.people["lan"]).order_by("at")
    assert [one.text for one in told] == [
        "3 việc của bạn sắp đến hạn",
        "3 việc của bạn vừa quá hạn",
    ]


def test_figures_and_actions_of_an_origin(agency):
    make.action(agency, due_on=TODAY)
    checked = make.action(agency, owner="tuan")
    make.done(agency, checked, by="tuan")
    services.action_check(
        actor=agency.actor("thu"), action_id=checked, accepted=True, note="", now=NOW
    )
    tomorrow = TODAY + timedelta(days=1)

    figures = {one.unit: one for one in queries.figures(agency_id=agency.agency_id, today=tomorrow)}
    lines = queries.of_origin(agency_id=agency.agency_id, kind="audit", ids=[7], today=tomorrow)
    tally = queries.tally(
        agency_id=agency.agency_id, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31),
        today=tomorrow,
    )  # fmt: skip

    assert (figures["Phòng Kế hoạch"].running, figures["Phòng Kế hoạch"].late) == (1, 1)
    assert figures["Bộ phận Một cửa"].checked == 1
    assert [(one.owner, one.is_late, one.is_done) for one in lines] == [
        ("Trần Thị Mai Lan", True, False), ("Hoàng Minh Tuấn", False, True)
    ]  # fmt: skip
    assert (tally.opened, tally.late, tally.checked, tally.in_time) == (2, 1, 1, 1)
    assert len(queries.open_of(agency_id=agency.agency_id, today=tomorrow)) == 1


def test_a_handed_over_item_takes_the_action_with_it(agency):
    action_id = make.action(agency, checker_id=agency.people["huy"])
    item = WorkItem.objects.get(state=0, source_id=action_id)
    item_hand_over(
        actor=agency.actor("lan"), now=NOW, item_id=item.pk, receiver_id=agency.people["huy"],
        reason="Nghỉ phép dài ngày.",
    )  # fmt: skip
    row = Action.objects.get()
    assert (row.owner_id, row.checker_id) == (agency.people["huy"], None)

    make.done(agency, action_id, by="huy")
    check = WorkItem.objects.get(state=0, source_id=action_id)
    WorkItem.objects.filter(pk=check.pk).update(person_id=agency.people["thu"], role="")
    with pytest.raises(Refusal) as refused:
        item_hand_over(
            actor=agency.actor("thu"), now=NOW, item_id=check.pk,
            receiver_id=agency.people["huy"], reason="Nhờ kiểm tra hộ.",
        )  # fmt: skip
    assert refused.value.code == "owner_is_checker"
    assert [found for _, found in examine(parts=("actions",)) if found] == []


def asked_to_check(agency, action_id: int) -> set[int]:
    """Return before whom the open item of an action lies."""
    one = WorkItem.objects.get(state=0, source_type="action", source_id=action_id)
    if one.person_id:
        return {one.person_id}
    held = people_for(agency_id=agency.agency_id, today=TODAY, role=one.role)
    return {person.id for person in held}


def test_a_secretarys_own_action_waits_before_somebody_who_may_check_it(agency):
    action_id = make.action(agency, owner="thu", by="toan")
    make.done(agency, action_id, by="thu")

    others = asked_to_check(agency, action_id) - {agency.people["thu"]}
    assert others
    key = next(key for key, person_id in agency.people.items() if person_id in others)
    services.action_check(
        actor=agency.actor(key), action_id=action_id, accepted=True, note="", now=NOW
    )
    assert Action.objects.get(pk=action_id).state == rules.CHECKED


def test_an_action_that_its_checker_reported_for_its_owner_waits_before_somebody_else(agency):
    action_id = make.action(agency, owner="lan", checker_id=agency.people["thu"], by="toan")
    make.done(agency, action_id, by="thu")

    assert asked_to_check(agency, action_id) - {agency.people["thu"], agency.people["lan"]}
