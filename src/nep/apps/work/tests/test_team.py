"""Lists under a filter, kept filters, giving many items, the calendar of due days."""

import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nep.apps.organization.tests.scene import NOW
from nep.apps.work import queries, rules, services
from nep.apps.work.models import Assignment, Notice, SavedFilter, WorkItem
from nep.apps.work.queries import ItemFilter
from nep.apps.work.services._unassigning import MOVED_ON, UNFIT
from nep.apps.work.tests.make import at, item
from nep.foundation.journal.models import JournalEntry
from nep.kernel.errors import Forbidden, NotFound, Refusal


def listed(agency, calendar, who="toan", after="", now=NOW, **values):
    actor = agency.actor(who, now=now)
    return queries.items_list(
        actor=actor, filter=ItemFilter.read(values, actor=actor), now=now, calendar=calendar,
        after=after,
    )  # fmt: skip


def ids(found) -> list[int]:
    return [line.row.id for line in found.lines]


def test_who_leads_sees_the_unit_or_the_agency_and_nobody_else_does(agency, calendar):
    planning = item(agency, "lan", due=at(11, 9))
    desk = item(agency, "tuan", due=at(12, 9), unit_id=agency.units["MC"], role="reception")

    assert ids(listed(agency, calendar, pv="don-vi")) == [planning]
    assert ids(listed(agency, calendar, "ha", pv="co-quan")) == [planning, desk]
    assert ids(listed(agency, calendar, "ha", pv="don-vi", dv=str(agency.units["MC"]))) == [desk]
    assert ids(listed(agency, calendar, "lan")) == [planning]
    with pytest.raises(Forbidden):
        listed(agency, calendar, "lan", pv="don-vi", dv=str(agency.units["PKH"]))
    with pytest.raises(NotFound):
        listed(agency, calendar, "toan", pv="co-quan")
    with pytest.raises(NotFound):
        listed(agency, calendar, "toan", pv="don-vi", dv=str(agency.units["MC"]))


def test_another_agency_s_unit_is_not_found(agency, other_agency, calendar):
    with pytest.raises(NotFound):
        listed(agency, calendar, "ha", pv="don-vi", dv=str(other_agency.units["PKH"]))


def test_pages_follow_each_other_without_gap_or_repetition(agency, calendar):
    made = [item(agency, "lan", due=at(11, 9) + timedelta(minutes=n // 3)) for n in range(70)]
    made += [item(agency, "lan") for _ in range(50)]

    found, after, pages = [], "", 0
    while pages == 0 or after:
        page = listed(agency, calendar, after=after, pv="don-vi")
        found += ids(page)
        after, pages = page.after, pages + 1

    assert found == made
    assert pages == 3


def test_a_filter_lists_what_its_count_says(agency, calendar):
    item(agency, "lan", due=at(9, 9))
    item(agency, "huy", due=at(10, 9))
    item(agency, None, due=at(10, 17))
    item(agency, "lan", due=at(22, 9), kind="document", source_type="document")
    item(agency, "lan", due=at(9, 9), paused=True)
    services.counts_fold()
    item(agency, "huy", due=at(11, 9))

    for values in ({}, {"loai": "case"}, {"loai": "document"}):
        counts = listed(agency, calendar, pv="don-vi", **values).counts
        rows = {
            group: len(ids(listed(agency, calendar, pv="don-vi", nhom=group, **values)))
            for group in counts
        }
        assert counts == rows
    assert listed(agency, calendar, pv="don-vi").counts["late"] == 2
    assert len(ids(listed(agency, calendar, pv="don-vi", nguoi="chua"))) == 1
    assert len(ids(listed(agency, calendar, pv="don-vi", ngay="20261210"))) == 2
    huy = str(agency.people["huy"])
    assert sum(listed(agency, calendar, "ha", pv="co-quan", nguoi=huy).counts.values()) == 2


def test_words_are_found_with_and_without_marks(agency, calendar, monkeypatch):
    reading = item(agency, "lan", title="Đọc quy trình mới", kind="reading", source_type="reading")
    case = item(agency, "lan", due=at(11, 9))
    source = WorkItem.objects.get(pk=case).source_id
    asked = []
    monkeypatch.setitem(
        queries._team.ports._finders, "case", lambda *what: asked.append(what[1:]) or [source]
    )

    assert ids(listed(agency, calendar, "lan", q="doc quy trinh")) == [case, reading]
    assert asked == [("doc quy trinh", 1000)]
    monkeypatch.setitem(queries._team.ports._finders, "case", lambda *what: [])
    assert ids(listed(agency, calendar, "lan", q="ĐỌC  trình")) == [reading]
    assert ids(listed(agency, calendar, "lan", q="kiểm tra")) == []


def test_the_list_asks_as_many_queries_for_many_rows_as_for_few(agency, calendar):
    def count() -> int:
        with CaptureQueriesContext(connection) as caught:
            listed(agency, calendar, "ha", pv="co-quan")
        return len(caught)

    item(agency, "lan", due=at(10, 9))
    item(agency, "huy", due=at(10, 9))
    agency.actor("ha")
    count()
    few = count()
    for number in range(48):
        item(agency, "huy", due=at(11, 9) + timedelta(hours=number))

    assert count() <= few


def test_a_filter_is_kept_renamed_shared_and_removed(agency):
    lan, huy = agency.actor("lan"), agency.actor("huy")
    save = services.filter_save
    kept = save(actor=lan, now=NOW, name="Gấp", query="nhom=late")
    assert save(actor=lan, now=NOW, name="Gấp", query="nhom=today") == kept
    save(actor=lan, now=NOW, name="Của phòng", query="q=cap", unit_id=agency.units["PKH"])

    assert [(one.name, one.query) for one in queries.saved_filters(actor=lan)] == [
        ("Của phòng", "q=cap"),
        ("Gấp", "nhom=today"),
    ]
    assert [(one.name, bool(one.by)) for one in queries.saved_filters(actor=huy)] == [
        ("Của phòng", True)
    ]
    assert queries.saved_filters(actor=agency.actor("tuan")) == ()
    with pytest.raises(NotFound):
        services.filter_remove(actor=huy, now=NOW, filter_id=kept)
    services.filter_remove(actor=lan, now=NOW, filter_id=kept)
    assert SavedFilter.objects.count() == 1


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ({"name": " "}, "name_missing"),
        ({"query": ""}, "filter_empty"),
        ({"unit_id": 1}, "unit_foreign"),
    ],
)
def test_a_filter_that_cannot_be_kept_is_refused(agency, what, code):
    values = {"name": "Gấp", "query": "nhom=late", **what}
    with pytest.raises(Refusal) as refused:
        services.filter_save(actor=agency.actor("lan"), now=NOW, **values)
    assert refused.value.code == code


def start(agency, items, *, by="toan", to="huy", reason="Chia lại việc trong phòng"):
    return services.assignment_start(
        actor=agency.actor(by), now=NOW, item_ids=items, receiver_id=agency.people[to],
        reason=reason,
    )  # fmt: skip


def test_many_items_go_to_one_person_and_each_stands_by_itself(agency):
    good = [item(agency, "lan", due=at(11, 9)) for _ in range(3)]
    done = item(agency, "lan", due=at(11, 9))
    services.item_close(batch=None, item_id=done, at=NOW, by_id=None)
    desk = item(agency, "tuan", unit_id=agency.units["MC"], role="reception")

    state = queries.assignment_state(
        actor=agency.actor("toan"), assignment_id=start(agency, [*good, done, desk]), now=NOW
    )

    assert (state.done, state.total, state.is_finished) == (3, 5, True)
    assert len(state.refused) == 2
    holders = WorkItem.objects.filter(pk__in=good).values_list("person_id", flat=True)
    assert set(holders) == {agency.people["huy"]}
    assert WorkItem.objects.get(pk=desk).person_id == agency.people["tuan"]
    notice = Notice.objects.get(person_id=agency.people["huy"])
    assert notice.text == "Bạn được giao 3 việc"


def test_the_worker_goes_on_with_the_rest_and_a_second_run_changes_nothing(agency):
    items = [item(agency, "lan", due=at(11, 9)) for _ in range(60)]
    number = start(agency, items)
    assert Assignment.objects.get(pk=number).done == 25
    user = agency.actor("toan").user_id

    for _ in range(2):
        services.assignment_go_on(assignment_id=number, user_id=user, now=NOW)

    row = Assignment.objects.get(pk=number)
    assert (row.done, row.item_ids, row.refused) == (60, [], [])
    assert WorkItem.objects.filter(person_id=agency.people["huy"]).count() == 60
    assert Notice.objects.filter(person_id=agency.people["huy"]).count() == 1


def undone(agency, number, *, now=NOW, by="toan"):
    actor = agency.actor(by)
    services.assignment_undo(actor=actor, now=now, assignment_id=number)
    services.assignment_undo_go_on(assignment_id=number, user_id=actor.user_id, now=now)
    return queries.assignment_state(actor=actor, assignment_id=number, now=now)


def test_what_was_given_goes_back_to_who_held_it_with_its_note(agency):
    held, waiting = item(agency, "lan"), item(agency, None)
    WorkItem.objects.filter(pk=held).update(note="Đang xác minh", claimed_at=at(9, 9))
    before = {row.pk: (row.person_id, row.note, row.claimed_at) for row in WorkItem.objects.all()}
    number = start(agency, [held, waiting])

    state = undone(agency, number, now=NOW + timedelta(minutes=5))

    after = {row.pk: (row.person_id, row.note, row.claimed_at) for row in WorkItem.objects.all()}
    assert after == before
    assert (state.taken_back, state.kept, state.undo_left, state.may_undo) == (2, (), 0, False)
    entries = JournalEntry.objects.filter(action="work.handed_over").order_by("id")
    assert [json.loads(entry.new)["person_id"] for entry in entries][-2:] == [
        agency.people["lan"],
        None,
    ]
    assert JournalEntry.objects.filter(action="work.unassigned", object_id=number).count() == 1
    texts = Notice.objects.filter(person_id=agency.people["huy"]).values_list("text", flat=True)
    assert "2 việc vừa giao cho bạn đã được lấy lại" in texts


def test_what_moved_on_meanwhile_stays_and_says_why(agency):
    items = [item(agency, "lan", due=at(11, 9)) for _ in range(3)]
    number = start(agency, items)
    services.item_close(batch=None, item_id=items[0], at=NOW, by_id=None)
    services.item_hand_over(
        actor=agency.actor("huy"), now=NOW + timedelta(minutes=1), item_id=items[1],
        receiver_id=agency.people["lan"], reason="Việc của chị Lan",
    )  # fmt: skip

    state = undone(agency, number, now=NOW + timedelta(minutes=2))

    assert state.taken_back == 1
    assert [why for _, why in state.kept] == [MOVED_ON, MOVED_ON]
    assert WorkItem.objects.get(pk=items[0]).person_id == agency.people["huy"]
    assert WorkItem.objects.get(pk=items[2]).person_id == agency.people["lan"]


def test_many_are_taken_back_by_the_worker_and_what_is_not_given_yet_stays(agency):
    items = [item(agency, "lan", due=at(11, 9)) for _ in range(60)]
    number, user = start(agency, items), agency.actor("toan").user_id
    services.assignment_undo(actor=agency.actor("toan"), now=NOW, assignment_id=number)

    for _ in range(2):
        services.assignment_go_on(assignment_id=number, user_id=user, now=NOW)
        services.assignment_undo_go_on(assignment_id=number, user_id=user, now=NOW)

    assert set(WorkItem.objects.values_list("person_id", flat=True)) == {agency.people["lan"]}
    longer = start(agency, items, to="huy")
    services.assignment_go_on(assignment_id=longer, user_id=user, now=NOW)
    services.assignment_undo(actor=agency.actor("toan"), now=NOW, assignment_id=longer)
    assert Assignment.objects.get(pk=longer).undo_left == 35
    services.assignment_undo_go_on(assignment_id=longer, user_id=user, now=NOW)
    assert set(WorkItem.objects.values_list("person_id", flat=True)) == {agency.people["lan"]}


def test_taking_back_is_done_once_within_a_day_by_who_gave(agency):
    number = start(agency, [item(agency, "lan")])
    for by, hours, kind in (("ha", 1, NotFound), ("toan", 25, Refusal)):
        with pytest.raises(kind):
            undone(agency, number, now=NOW + timedelta(hours=hours), by=by)
    undone(agency, number)
    with pytest.raises(Refusal) as again:
        undone(agency, number)
    assert again.value.code == "undo_twice"


def test_who_no_longer_holds_the_role_gets_nothing_back(agency):
    number = start(agency, [item(agency, "lan")])
    Assignment.objects.filter(pk=number).update(
        given=[[one[0], agency.people["tuan"], *one[2:]] for one in Assignment.objects.get().given]
    )

    state = undone(agency, number)

    assert [why for _, why in state.kept] == [UNFIT]
    assert WorkItem.objects.get().person_id == agency.people["huy"]


def test_who_lost_the_right_gives_nothing_more(agency):
    number = start(agency, [item(agency, "lan") for _ in range(30)])

    services.assignment_go_on(assignment_id=number, user_id=None, now=NOW)

    row = Assignment.objects.get(pk=number)
    assert (row.done, len(row.refused)) == (25, 5)


@pytest.mark.parametrize(
    ("count", "reason", "code"),
    [(0, "Chia lại", "items_missing"), (501, "Chia lại", "items_many"), (1, " ", "reason_missing")],
)
def test_an_assignment_that_cannot_be_is_refused(agency, count, reason, code):
    with pytest.raises(Refusal) as refused:
        start(agency, list(range(1, count + 1)), reason=reason)
    assert refused.value.code == code


def test_a_specialist_gives_nothing_to_anybody(agency):
    with pytest.raises(Refusal):
        start(agency, [item(agency, "lan")], by="lan")


def test_candidates_hold_every_role_asked_and_the_least_loaded_come_first(agency):
    items = [item(agency, "lan", due=at(11, 9)) for _ in range(3)]
    item(agency, "huy", due=at(9, 9))
    toan = agency.actor("toan")

    page = queries.assignment_page(actor=toan, item_ids=items, now=NOW)
    loads = {one.name: (one.open, one.week, one.late) for one in page.candidates}

    assert [one.open for one in page.candidates] == sorted(one.open for one in page.candidates)
    assert sorted(loads.values()) == [(1, 1, 1), (3, 3, 0)]
    desk = item(agency, "tuan", unit_id=agency.units["MC"], role="reception")
    mixed = queries.assignment_page(actor=agency.actor("ha"), item_ids=[*items, desk], now=NOW)
    assert mixed.candidates == ()
    assert desk not in queries.assignment_page(actor=toan, item_ids=[desk], now=NOW).item_ids


def test_the_calendar_counts_days_and_marks_days_off(agency, calendar):
    item(agency, "lan", due=at(11, 9))
    item(agency, "huy", due=at(11, 16))
    item(agency, "lan", due=at(9, 9))
    toan = agency.actor("toan")

    days = queries.due_days(
        actor=toan, filter=ItemFilter.read({"pv": "don-vi"}, actor=toan), now=NOW,
        calendar=calendar, first=20261207, days=7,
    )  # fmt: skip

    assert [(day.number, day.count, day.late, day.is_working) for day in days] == [
        (7, 0, False, True), (8, 0, False, True), (9, 1, True, True), (10, 0, False, True),
        (11, 2, False, True), (12, 0, False, False), (13, 0, False, False),
    ]  # fmt: skip
    assert rules.day_of_number(days[0].on) == date(2026, 12, 7)


# The pages


@pytest.fixture
def head(agency, client):
    agency.sign_in(client, "ha")
    return client


def test_the_pages_answer_and_lead_on(agency, head):
    item_id = item(agency, "lan")
    body = head.get(reverse("work:items"), {"pv": "co-quan"}).content.decode()

    assert "1 việc của cơ quan, chưa việc nào quá hạn" in body
    assert f'value="{item_id}"' in body
    assert " style=" not in body
    assert head.get(reverse("work:items"), {"pv": "don-vi", "dv": "999"}).status_code == 404
    assert head.get(reverse("work:calendar"), {"tu": "hôm qua"}).status_code == 404
    assert "tuần" in head.get(reverse("work:calendar"), {"kieu": "tuan"}).content.decode().lower()
    empty = head.get(reverse("work:items"), {"q": "không có"}).content.decode()
    assert "Không thấy việc nào khớp" in empty


def test_giving_from_the_page(agency, head):
    items = [item(agency, "lan") for _ in range(2)]
    page = head.get(reverse("work:assign"), {"viec": items}).content.decode()
    assert "Giao 2 việc cho một người" in page
    assert "đang giữ 2 việc" in page
    huy = agency.people["huy"]

    wrong = head.post(reverse("work:assign"), {"viec": items, "receiver": huy, "reason": " "})
    done = head.post(
        reverse("work:assign"), {"viec": items, "receiver": huy, "reason": "Chia lại việc"}
    )

    assert wrong.status_code == 422
    assert "Chưa có lý do" in wrong.content.decode()
    body = head.get(done["Location"]).content.decode()
    assert "Đã giao 2 việc cho" in body and "Hoàn tác</button>" in body
    assert head.post(f"{done['Location']}hoan-tac/")["Location"] == done["Location"]
    body = head.get(done["Location"]).content.decode()
    assert "Đã lấy lại 2 việc từ" in body and "Hoàn tác</button>" not in body
    assert set(WorkItem.objects.values_list("person_id", flat=True)) == {agency.people["lan"]}
    assert (
        "đã được hoàn tác rồi"
        in head.post(f"{done['Location']}hoan-tac/", follow=True).content.decode()
    )
    agency.sign_in(head, "toan")
    assert head.post(f"{done['Location']}hoan-tac/").status_code == 404
    assert head.get(done["Location"]).status_code == 404


def test_keeping_a_filter_from_the_page(agency, head):
    answer = head.post(
        reverse("work:filter_save"),
        {"name": "Gấp", "query": "pv=co-quan&nhom=late&x=1", "unit": ""},
    )

    assert answer["Location"] == "/viec/danh-sach/?pv=co-quan&nhom=late"
    assert "Gấp" in head.get(answer["Location"]).content.decode()
    kept = SavedFilter.objects.get()
    assert kept.query == "pv=co-quan&nhom=late"
    assert head.post(reverse("work:filter_remove", args=[kept.pk])).status_code == 302
    assert not SavedFilter.objects.exists()
