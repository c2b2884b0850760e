"""Among many cases each list is read by the index that holds just what it asks for."""

from datetime import timedelta

import pytest

from nep.apps.cases import queries
from nep.apps.cases.models import Case
from nep.apps.cases.queries import CaseFilter
from nep.apps.cases.queries._lists import MOST_URGENT, filtered
from nep.apps.cases.rules import statuses
from nep.apps.cases.tests.scene import Office, moment, office
from nep.foundation.db import new_id
from nep.foundation.db.statistics import statistics_refresh
from tests.standing import kept

NOW = moment(20, 10)
FINISHED, OPEN = 6_000, 12


def build_many(at: Office) -> Case:
    """A case that runs, and thousands like it that are finished."""
    running = at.accept(now=NOW - timedelta(days=1))
    fields = {one.attname: getattr(running, one.attname) for one in Case._meta.concrete_fields}
    ended = {"status": statuses.DONE, "finished_at": NOW, "on_time": "dung"}
    lay(fields | ended, FINISHED)
    lay(fields, OPEN)
    return running


def lay(fields: dict, count: int) -> None:
    """Write so many rows like the given one, each received a minute before the last."""
    Case.objects.bulk_create(
        Case(**fields | {
            "id": (key := new_id()), "code": f"C{key}", "lookup_key": f"k{key}",
            "received_at": fields["received_at"] - timedelta(minutes=number),
        })
        for number in range(count)
    )  # fmt: skip


many = kept(build_many, on=office)


@pytest.mark.parametrize("group", ["mo", "dang", "qua"])
def test_what_is_open_is_found_without_reading_what_is_finished(at: Office, many: Case, group: str):
    statistics_refresh()
    wanted = CaseFilter(group=group, person_id=many.holder_person_id or 1)
    rows = filtered(actor=at.actor("ha"), filter=wanted, now=NOW)

    assert "cases_open_due" in rows.explain()


def test_a_page_of_a_year_is_read_in_its_order(at: Office, many: Case):
    statistics_refresh()
    wanted = CaseFilter(month=2026)
    rows = filtered(actor=at.actor("ha"), filter=wanted, now=NOW, in_order=True)

    plan = rows.order_by("-received_at", "-id")[:51].explain()

    assert "cases_newest" in plan
    assert "TEMP B-TREE" not in plan and "Sort" not in plan


def test_of_many_urgent_cases_none_is_lost_and_none_comes_twice(at: Office, many: Case):
    fields = {one.attname: getattr(many, one.attname) for one in Case._meta.concrete_fields}
    lay(fields | {"urgent": True}, MOST_URGENT + 30)
    actor, wanted, after, seen = at.actor("ha"), CaseFilter(group="mo"), "", []
    while True:
        page = queries.cases_list(actor=actor, filter=wanted, now=NOW, after=after)
        seen += [line.id for line in page.lines]
        if not after:
            assert all(line.urgent for line in page.lines[:MOST_URGENT])
        after = page.after
        if not after:
            break

    assert len(seen) == len(set(seen)) == MOST_URGENT + 30 + OPEN + 1
    assert len(seen) == queries.cases_count(actor=actor, filter=wanted, now=NOW)
