"""Counts of open items: folded or not, they are the count of the rows."""

import random
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from nep.apps.organization.tests.scene import NOW
from nep.apps.work import services
from nep.apps.work.models import WorkCount, WorkItem
from nep.apps.work.queries._invariants import counts as doctor_counts
from nep.apps.work.queries._rows import open_rows
from nep.apps.work.queries._tally import tally
from nep.apps.work.tests.make import at, item, passed_on

LIST_OPEN = import_module("nep.apps.work.migrations.0010_closed_in_place")
ACTS = ("open", "close", "pass", "hand", "pause", "resume", "move", "fold", "claim")


def told(agency, now=NOW) -> dict:
    """Return the tally of every list of the agency's people, units and roles."""
    owners = [("a", 0), ("u", agency.units["PKH"]), ("u", agency.units["MC"])]
    owners += [("p", agency.people[name]) for name in ("lan", "huy")]
    owners += [("r:specialist", agency.units["PKH"])]
    found = tally(agency_id=agency.agency_id, owners=owners, now=now)
    return {owner: one.groups() for owner, one in found.items()}


def raw(agency, now=NOW) -> dict:
    """Return the same, counted row by row without any of the product's code."""
    found = {owner: {} for owner in told(agency, now)}
    for row in WorkItem.objects.filter(agency_id=agency.agency_id, state=0):
        lists = [("a", 0), ("u", row.unit_id or 0)]
        lists.append(("p", row.person_id) if row.person_id else (f"r:{row.role}", row.unit_id))
        group = _group(row, now)
        for owner in lists:
            if owner in found:
                found[owner][group] = found[owner].get(group, 0) + 1
    return found


def _group(row, now) -> str:
    if row.paused:
        return "paused"
    if row.due_at is None:
        return "later"
    if row.due_at < now:
        return "late"
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if row.due_at < midnight + timedelta(days=1):
        return "today"
    return "week" if row.due_at < midnight + timedelta(days=7 - now.weekday()) else "later"


def without_noughts(found: dict) -> dict:
    return {owner: {g: n for g, n in groups.items() if n} for owner, groups in found.items()}


def act(rng: random.Random, agency, ids: list[int]) -> None:
    what, due = rng.choice(ACTS), NOW + timedelta(hours=rng.randint(-200, 200))
    if what == "fold":
        services.counts_fold(limit=rng.choice((3, 500)))
    elif what == "open" or not ids:
        who = rng.choice(("lan", "huy", None))
        ids.append(item(agency, who, due=rng.choice((due, None)), kind=rng.choice(("case", "x"))))
    elif what == "close":
        services.item_close(batch=None, item_id=ids.pop(), at=NOW, by_id=None)
    elif what == "pass":
        who = rng.choice(("lan", "huy", None))
        ids.append(passed_on(agency, ids.pop(rng.randrange(len(ids))), who, due=due))
    elif what == "pause":
        services.item_pause(batch=None, item_id=rng.choice(ids))
    elif what == "resume":
        services.item_resume(batch=None, item_id=rng.choice(ids), due_at=due)
    elif what == "move":
        services.item_due_change(batch=None, item_id=rng.choice(ids), due_at=due)
    else:
        _hold(rng, agency, rng.choice(ids), what)


def _hold(rng: random.Random, agency, item_id: int, what: str) -> None:
    row = WorkItem.objects.get(pk=item_id)
    if what == "claim" and row.person_id is None:
        services.item_claim(actor=agency.actor("lan"), now=NOW, item_id=item_id)
    elif what == "hand" and row.person_id is not None:
        giver, taker = ("lan", "huy") if row.person_id == agency.people["lan"] else ("huy", "lan")
        services.item_hand_over(
            actor=agency.actor(giver), now=NOW, item_id=item_id,
            receiver_id=agency.people[taker], reason="Chia lại việc",
        )  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_happens_the_counts_are_the_rows(agency, seed):
    rng, ids = random.Random(seed), []

    for _ in range(60):
        act(rng, agency, ids)
        if rng.random() < 0.2:
            assert without_noughts(told(agency)) == without_noughts(raw(agency))

    assert without_noughts(told(agency)) == without_noughts(raw(agency))
    while services.counts_fold():
        pass
    assert not WorkItem.objects.filter(stale=True).exists()
    assert not WorkItem.objects.exclude(ends_id=None).exists()
    assert {(row.state == 0) == row.listed for row in WorkItem.objects.all()} == {True}
    assert without_noughts(told(agency)) == without_noughts(raw(agency))
    assert list(doctor_counts()) == []


def test_the_clock_moves_items_to_late_without_touching_a_row(agency):
    item(agency, due=at(10, 15))
    services.counts_fold()
    before = list(WorkCount.objects.values_list("id", "n"))

    morning, evening = at(10, 9), at(10, 18)
    lan = ("p", agency.people["lan"])

    assert without_noughts(told(agency, morning))[lan] == {"today": 1}
    assert without_noughts(told(agency, evening))[lan] == {"late": 1}
    assert without_noughts(told(agency, at(11, 9)))[lan] == {"late": 1}
    assert list(WorkCount.objects.values_list("id", "n")) == before


def test_the_doctor_finds_a_count_that_is_not_the_rows(agency):
    item(agency, due=at(11, 9))
    services.counts_fold()
    WorkCount.objects.filter(scope="a").update(n=7)

    assert [one.code for one in doctor_counts()] == ["work_counts"]


def test_what_is_closed_in_place_is_off_the_lists_before_the_worker_comes(agency):
    first = item(agency, due=at(11, 9))
    services.counts_fold()

    second = passed_on(agency, first, "huy", due=at(12, 9))

    closed = WorkItem.objects.get(pk=first)
    assert (closed.state, closed.stale, closed.listed) == (WorkItem.DONE, False, True)
    assert list(open_rows().values_list("id", flat=True)) == [second]
    assert without_noughts(told(agency)) == without_noughts(raw(agency))
    assert services.counts_fold() == 2
    closed.refresh_from_db()
    assert (closed.counted, closed.listed) == ("", False)
    assert list(doctor_counts()) == []


def test_no_index_holds_what_closing_in_place_writes():
    held = {name for index in WorkItem._meta.indexes for name in index.fields}
    told = [index.condition.children for index in WorkItem._meta.indexes if index.condition]
    asked = {name.partition("__")[0] for children in told for name, _ in children}

    assert {"listed", "stale"} <= asked
    assert not {"state", "closed_at", "closed_by_id"} & (held | asked)


def test_the_migration_lists_what_is_open_and_going_back_marks_what_was_closed_in_place(agency):
    first, other = item(agency), item(agency)
    services.counts_fold()
    second = passed_on(agency, first)
    WorkItem.objects.update(listed=False)

    LIST_OPEN.list_what_is_open(apps, SimpleNamespace(connection=connection))
    listed = set(WorkItem.objects.filter(listed=True).values_list("id", flat=True))
    LIST_OPEN.mark_what_is_closed(apps, SimpleNamespace(connection=connection))
    marked = set(WorkItem.objects.filter(stale=True).values_list("id", flat=True))

    assert (listed, marked) == ({other, second}, {first, second})


def test_the_doctor_finds_an_open_item_on_no_list(agency):
    item_id = item(agency, due=at(11, 9))
    services.counts_fold()
    WorkItem.objects.filter(pk=item_id).update(listed=False)

    assert any("không danh sách nào" in one.message for one in doctor_counts())


def test_the_doctor_finds_an_item_that_nobody_will_count(agency):
    item_id = item(agency, due=at(11, 9))
    services.counts_fold()
    WorkItem.objects.filter(pk=item_id).update(due_at=at(12, 9))

    assert any("việc" in one.record for one in doctor_counts())
