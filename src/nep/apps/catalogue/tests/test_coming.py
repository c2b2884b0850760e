"""Editions published before the day they hold from, with what is published meanwhile."""

from datetime import timedelta

import pytest

from nep.apps.catalogue import queries, rules, services
from nep.apps.catalogue.queries._invariants import editions
from nep.apps.catalogue.tests import make
from nep.apps.organization.rules import setup_actor
from nep.apps.organization.tests.scene import NOW

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
HEADS = (*make.HEADS, "Phí, lệ phí")
CODE = "1.012345"


def listed(agencies: str, fee: str, **wish) -> None:
    """Take a list with this one TTHC."""
    row = (
        CODE, "Cấp giấy phép xây dựng nhà ở riêng lẻ", "Bộ Xây dựng", agencies,
        "Hoạt động xây dựng", fee,
    )  # fmt: skip
    made = make.take((f"{agencies} {fee} {wish}.xlsx", make.sheet(row, heads=HEADS)), **wish)
    assert made["refused"] == []


def coming(agencies: str, fee: str, *, days: int) -> None:
    listed(agencies, fee, kind="coming", on=TODAY + timedelta(days=days), decision="12/QĐ-BXD")


def line(days: int = 0):
    return queries.entry(code=CODE, today=TODAY + timedelta(days=days)).line


def later(days: int) -> int:
    return services.editions_take_force(now=NOW + timedelta(days=days))


def test_a_list_of_today_does_not_bring_forward_what_is_to_come():
    listed("Sở Xây dựng", "100.000 đồng")
    coming("Sở Xây dựng", "500.000 đồng", days=60)
    listed("Sở Xây dựng\nUBND cấp xã", "")

    assert (line().fee, line().agencies) == ("100.000 đồng", "Sở Xây dựng\nUBND cấp xã")


def test_what_is_to_come_changes_on_its_day_what_it_told_and_nothing_published_meanwhile():
    listed("Sở Xây dựng", "100.000 đồng")
    coming("Sở Xây dựng", "500.000 đồng", days=60)
    listed("Sở Xây dựng\nUBND cấp xã", "100.000 đồng")

    assert later(59) == 0
    assert [later(61), later(61), later(90)] == [1, 0, 0]

    assert (line(61).fee, line(61).agencies) == ("500.000 đồng", "Sở Xây dựng\nUBND cấp xã")
    told = queries.entry(code=CODE, today=TODAY + timedelta(days=61)).editions[0]
    assert told.is_shown
    assert (told.effective_from, told.decision) == (TODAY + timedelta(days=60), "12/QĐ-BXD")
    assert list(editions()) == []


def test_lists_to_come_hold_in_the_order_of_their_days_whichever_was_taken_in_first():
    listed("Sở", "1 đồng")
    coming("Sở", "3 đồng", days=60)
    coming("Sở", "2 đồng", days=30)

    fees = []
    for days in (29, 31, 61):
        later(days)
        fees.append(line(days).fee)
    assert fees == ["1 đồng", "2 đồng", "3 đồng"]


def test_both_hold_in_turn_though_nobody_looked_for_two_months():
    listed("Sở", "1 đồng")
    coming("Sở\nXã", "2 đồng", days=30)
    coming("Sở\nXã", "3 đồng", days=60)

    assert later(70) == 1
    assert (line(70).fee, line(70).agencies) == ("3 đồng", "Sở\nXã")


def test_what_was_written_after_the_day_stays_when_the_list_comes_once_more():
    listed("Sở", "1 đồng")
    coming("Sở", "3 đồng", days=60)
    later(61)
    row = (CODE, "Cấp giấy phép xây dựng nhà ở riêng lẻ", "Bộ Xây dựng", "Sở", "Hoạt động xây dựng",
           "4 đồng")  # fmt: skip
    make.take(("mới.xlsx", make.sheet(row, heads=HEADS)), now=NOW + timedelta(days=70))

    assert later(80) == 0
    assert line(80).fee == "4 đồng"


def test_what_was_to_come_holds_once_a_list_of_today_names_it():
    coming("Sở Xây dựng", "5 đồng", days=60)
    assert line().state == rules.COMING
    listed("Sở Xây dựng", "5 đồng")

    assert (line().state, line().effective_from) == (rules.CURRENT, None)
    assert later(61) == 0


def test_an_edit_by_hand_of_what_holds_leaves_what_is_to_come():
    listed("Sở", "1 đồng")
    coming("Sở", "3 đồng", days=60)
    page = queries.entry(code=CODE, today=TODAY)
    value = rules.merged(page.value, rules.Published(conditions="Có bản vẽ"))
    assert services.entry_edit(
        actor=setup_actor(), code=CODE, version=page.version, value=value, effective_from=None,
        now=NOW,
    )  # fmt: skip

    assert line().fee == "1 đồng"
    later(61)
    then = queries.entry(code=CODE, today=TODAY + timedelta(days=61))
    assert (then.value.fee, then.value.conditions) == ("3 đồng", "Có bản vẽ")


@pytest.mark.parametrize(
    ("turn", "begins"),
    [((1, 60), 0), ((2, 60), 60), ((2, -60), 0), ((2, None), 0)],
)
def test_the_turn_of_an_edition_is_its_day_where_that_was_still_to_come(turn, begins):
    number, days = turn
    effective_from = None if days is None else TODAY + timedelta(days=days)
    found = rules.turn_of(number, written_on=TODAY, effective_from=effective_from)
    assert found == rules.Turn(TODAY + timedelta(days=begins), number)


def test_a_limit_is_taken_over_whole():
    base = rules.Published(name="A", limit_amount="5", limit_unit="working_day")
    coming = rules.Published(name="A", limit_amount="3", limit_unit="working_day")
    shown = rules.Published(name="A", limit_amount="5", limit_unit="calendar_day", fee="1 đồng")

    assert rules.rebased(coming, base=base, shown=shown) == rules.Published(
        name="A", limit_amount="3", limit_unit="working_day", fee="1 đồng"
    )


@pytest.mark.parametrize(
    "data", [b"[" * 200_000, b"[" + b"9" * 5000 + b"]"], ids=["nested", "long number"]
)
def test_an_odd_file_is_refused_in_a_sentence(data):
    (refused,) = make.take(("x.json", data))["refused"]
    assert "x.json" in refused["reason"]


def test_a_line_with_a_number_too_long_is_refused_alone():
    data = b'{"a": ' + b"9" * 5000 + b"}\n" + make.lines(make.record())
    told = make.take(("x.jsonl", data))
    assert told["imported"] == 1
    assert [one["row"] for one in told["refused"]] == [1]
