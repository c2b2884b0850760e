"""Every case is counted once: the figures add up, and each opens as many rows as it says."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nep.apps.cases import queries
from nep.apps.cases.models import Case
from nep.apps.cases.queries import FIGURE_GROUPS, CaseFilter, Figures
from nep.apps.cases.rules import GROUP_NAMES, statuses
from nep.apps.cases.tests.scene import Office, moment, office
from nep.foundation.db import new_id
from nep.kernel.vietnamese import local
from tests.standing import kept

NOW = moment(20, 10)
PARTS = ("waiting", "running", "paused", "before", "on_time", "late", "withdrawn")
STATUSES = sorted(statuses.STATUS_NAMES)


@st.composite
def standings(draw) -> dict:
    """Draw what a case may be according to the constraints of its table."""
    status = draw(st.sampled_from(STATUSES))
    received = NOW - timedelta(hours=draw(st.integers(0, 24 * 420)))
    due = draw(st.none() | st.integers(-300, 300))
    done = status in statuses.FINISHED
    return {
        "status": status,
        "received_at": received,
        "received_month": local(received).year * 100 + local(received).month,
        "result_due_at": None if due is None else NOW + timedelta(hours=due),
        "finished_at": received + timedelta(minutes=1) if done else None,
        "paused_since": received if status in statuses.ON_PAUSE else None,
        "on_time": draw(st.sampled_from(["", "truoc", "dung", "tre"])) if done else "",
    }


def build_pattern(at: Office) -> Case:
    """A case whose row the drawn ones copy, in the agency that is asked."""
    return at.accept(now=NOW - timedelta(days=1))


pattern = kept(build_pattern, on=office)


def lay(pattern: Case, drawn: list[dict]) -> None:
    """Have the table hold the drawn cases and nothing else."""
    fields = {one.attname: getattr(pattern, one.attname) for one in Case._meta.concrete_fields}
    Case.objects.exclude(pk=pattern.pk).delete()
    Case.objects.filter(pk=pattern.pk).update(**(drawn[0] if drawn else {}))
    Case.objects.bulk_create(
        Case(**fields | one | {"id": new_id(), "code": f"C{n}", "lookup_key": f"k{n}"})
        for n, one in enumerate(drawn[1:], start=1)
    )


PERIODS = (2025, 2026, 202610, 202611, 1000, 9999, 999912)


@given(drawn=st.lists(standings(), min_size=1, max_size=25), month=st.sampled_from(PERIODS))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_random_cases_are_each_counted_once_and_found_where_they_are_counted(
    at: Office, pattern: Case, drawn: list[dict], month: int
):
    lay(pattern, drawn)
    actor = at.actor("ha")

    table = queries.figures(actor=actor, month=month, now=NOW)

    months = [one["received_month"] for one in drawn]
    assert table.total.received == sum(month in (one, one // 100) for one in months)
    for figures in (table.total, *(one.figures for one in (*table.months, *table.procedures))):
        assert sum(getattr(figures, name) for name in PARTS) == figures.received
        assert figures.overdue <= figures.running
    for name in FIGURE_GROUPS:
        wanted = CaseFilter(group=FIGURE_GROUPS[name], month=month)
        count = getattr(table.total, name)
        assert sum(getattr(one.figures, name) for one in table.months) == count
        assert rows(at, wanted) == count


def rows(at: Office, wanted: CaseFilter) -> int:
    """Return how many lines the list shows, page after page; it equals the list's own count."""
    actor, after, found = at.actor("ha"), "", 0
    while True:
        page = queries.cases_list(actor=actor, filter=wanted, now=NOW, after=after, limit=7)
        found += len(page.lines)
        after = page.after
        if not after:
            break
    assert found == queries.cases_count(actor=actor, filter=wanted, now=NOW)
    return found


@pytest.mark.parametrize("word", ["truoc", "dung", "tre"])
@pytest.mark.parametrize("status", [statuses.WITHDRAWN, statuses.STOPPED])
def test_a_stopped_case_stands_among_the_stopped_alone(at: Office, pattern: Case, status, word):
    Case.objects.filter(pk=pattern.pk).update(
        status=status, finished_at=NOW, on_time=word, paused_since=None
    )

    counts = {group: rows(at, CaseFilter(group=group)) for group in GROUP_NAMES}

    assert counts == {group: int(group == "rut") for group in GROUP_NAMES}


def test_an_agency_without_cases_counts_nothing(db):
    empty = office(code="H99.40", name="Sở Nội vụ")

    assert queries.figures(actor=empty.actor("ha"), month=2026, now=NOW).total == Figures()


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("202611", 202611), ("2026-11", 202611), ("2026", 2026), ("1000", 1000), ("0000", 0),
        ("000000", 0), ("202613", 0), ("202600", 0), ("20261", 0), ("0999", 0), ("-1", 0),
        ("99999999999999999999999", 0), ("١٢٣٤", 0), ("", 0),
    ],
)  # fmt: skip
def test_only_a_real_month_or_year_is_a_period(text, month):
    assert queries.month_asked(text) == month
    assert CaseFilter.read({"thang": text}).month == month
