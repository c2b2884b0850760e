"""Counts of open items: folded or not, they are the count of the rows."""

import random
from datetime import timedelta

import pytest

from nep.apps.organization.tests.scene import NOW
from nep.apps.work import services
from nep.apps.work.models import WorkCount, WorkItem
from nep.apps.work.queries._invariants import counts as doctor_counts
from nep.apps.work.queries._tally import tally
from nep.apps.work.tests.make import at, item

ACTS = ("open", "close", "hand", "pause", "resume", "move", "fold", "claim")


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


def test_the_doctor_finds_an_item_that_nobody_will_count(agency):
    item_id = item(agency, due=at(11, 9))
    services.counts_fold()
    WorkItem.objects.filter(pk=item_id).update(due_at=at(12, 9))

    assert any("việc" in one.record for one in doctor_counts())
