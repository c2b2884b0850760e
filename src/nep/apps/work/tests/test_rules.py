"""Who sees, takes and hands over; the group an item stands in. No database."""

from datetime import datetime, timedelta

import pytest

from nep.apps.organization.rules import Actor, Hat
from nep.apps.work import rules
from nep.apps.work.rules import Holding
from nep.kernel.vietnamese import VN

NOW = datetime(2026, 12, 10, 10, 20, tzinfo=VN)  # a Thursday


def actor(person_id: int, *roles: tuple[int | None, str], agency_id: int = 1) -> Actor:
    hats = tuple(Hat(agency_id, unit, f"U{unit}", role) for unit, role in roles)
    return Actor(
        person_id=person_id, user_id=person_id, name="X", agency_id=agency_id,
        roles=frozenset(hat.role for hat in hats), hats=hats,
    )  # fmt: skip


def holding(person_id: int | None = None, *, agency_id: int = 1, is_open: bool = True) -> Holding:
    return Holding(agency_id, person_id, 3, "specialist", is_open)


HOLDER = actor(5, (3, "specialist"))
COLLEAGUE = actor(6, (3, "specialist"))
NEIGHBOUR = actor(7, (4, "specialist"))
HEAD = actor(8, (3, "unit_head"))
OTHER_HEAD = actor(9, (4, "unit_head"))
LEADER = actor(10, (1, "leader"))
STRANGER = actor(5, (3, "specialist"), agency_id=2)


@pytest.mark.parametrize(
    ("who", "sees", "acts", "gives"),
    [
        (HOLDER, True, True, True),
        (COLLEAGUE, True, False, False),
        (NEIGHBOUR, False, False, False),
        (HEAD, True, False, True),
        (OTHER_HEAD, False, False, False),
        (LEADER, True, False, True),
        (STRANGER, False, False, None),
    ],
)
def test_an_item_held_by_somebody(who, sees, acts, gives):
    item = holding(5)
    hand_over = rules.decide_hand_over(
        who, item, receiver_id=6, receiver_fits=True, reason="Nghỉ phép"
    )

    assert bool(rules.may_see_item(who, item)) == sees
    assert bool(rules.may_act_on(who, item)) == acts
    if gives is not None:
        assert bool(hand_over) == gives


@pytest.mark.parametrize(
    ("who", "item", "code"),
    [
        (COLLEAGUE, holding(), None),
        (NEIGHBOUR, holding(), "not_your_role"),
        (HEAD, holding(), "not_your_role"),
        (COLLEAGUE, holding(5), "item_taken"),
        (COLLEAGUE, holding(is_open=False), "item_closed"),
    ],
)
def test_taking_an_item(who, item, code):
    assert getattr(rules.decide_claim(who, item), "code", None) == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"reason": "  a  "}, "reason_missing"),
        ({"receiver_fits": False}, "receiver_unfit"),
        ({"receiver_id": 5}, "same_holder"),
    ],
)
def test_handing_over_asks_for_a_fitting_receiver_and_a_reason(change, code):
    asked = {"receiver_id": 6, "receiver_fits": True, "reason": "Nghỉ phép"}
    decision = rules.decide_hand_over(HOLDER, holding(5), **{**asked, **change})

    assert getattr(decision, "code", None) == code


@pytest.mark.parametrize(
    ("due_at", "paused", "group"),
    [
        (NOW - timedelta(seconds=1), False, "late"),
        (NOW - timedelta(days=3), True, "paused"),
        (NOW, False, "today"),
        (NOW.replace(hour=23, minute=59), False, "today"),
        (NOW.replace(day=11, hour=0, minute=0), False, "week"),
        (NOW.replace(day=13, hour=23), False, "week"),
        (NOW.replace(day=14, hour=0, minute=0), False, "later"),
        (None, False, "later"),
    ],
)
def test_groups_end_at_midnight_and_on_sunday(due_at, paused, group):
    assert rules.group_of(now=NOW, due_at=due_at, paused=paused) == group


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((10, 2, 3, 0), "10 việc đang chờ bạn, 2 việc đã quá hạn"),
        ((10, 0, 3, 0), "10 việc đang chờ bạn, 3 việc hạn hôm nay"),
        ((10, 0, 0, 5), "10 việc đang chờ bạn, chưa việc nào quá hạn"),
        ((0, 0, 0, 5), "5 việc của đơn vị đang chờ người nhận"),
        ((0, 0, 0, 0), "Hôm nay bạn không còn việc nào"),
    ],
)
def test_the_headline_is_the_answer(counts, words):
    open_count, late, today, unclaimed = counts

    assert (
        rules.headline(open_count=open_count, late=late, today=today, unclaimed=unclaimed) == words
    )


@pytest.mark.parametrize(
    ("days", "when"), [(0, "hôm nay"), (1, "ngày mai"), (3, "ngày 05/03")]
)  # fmt: skip
def test_what_to_do_next_says_when_it_is_due_and_counts_no_days(days, when):
    now = datetime(2026, 3, 2, 9, tzinfo=VN)
    due = datetime(2026, 3, 2 + days, 16, 30, tzinfo=VN)

    said = rules.reason_next(late=False, percent=None, after=None, due_at=due, now=now)

    assert said == f"Xếp theo hạn: đến hạn lúc 16:30 {when}."
