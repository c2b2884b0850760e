"""What cases tell of a procedure: how past ones did its steps, which run on a version."""

from collections.abc import Mapping
from datetime import date

from django.db.models import F, Sum
from django.urls import reverse

from nep.apps.cases.models import Case, StepMonth
from nep.apps.cases.rules.figures import BOUNDS, BUCKETS
from nep.apps.procedures.ports import OpenCase, OpenCases
from nep.apps.procedures.rules.report import Pace
from nep.kernel.vietnamese import date_text, local

MONTHS = 24
MOST_NAMED = 8
_NAMES = tuple(f"b{place:02d}" for place in range(BUCKETS))


def step_paces(agency_id: int, tthc_id: int, today: date) -> Mapping[str, Pace]:
    """Return by step how often it was done in the last two years and what every run took more than.

    Working minutes, to the bound of the roll-ups' buckets; one query.
    """
    last = today.year * 12 + today.month - 1
    months = [place // 12 * 100 + place % 12 + 1 for place in range(last - MONTHS + 1, last + 1)]
    rows = (
        StepMonth.objects.filter(agency_id=agency_id, month__in=months, tthc_id=tthc_id)
        .values_list("node")
        .annotate(*(Sum(name) for name in _NAMES))
    )
    found = {}
    for node, *counts in rows:
        place = next((at for at, count in enumerate(counts) if count), 0)
        found[node] = Pace(sum(counts), BOUNDS[place - 1] if place else 0)
    return found


def open_on_version(agency_id: int, revision_id: int) -> OpenCases:
    """Return how many cases are under way on a version, and the first by result date; two queries."""
    rows = Case.objects.filter(agency_id=agency_id, revision_id=revision_id, finished_at=None)
    count = rows.count()
    if not count:
        return OpenCases()
    named = rows.order_by(F("result_due_at").asc(nulls_last=True), "id").values_list(
        "id", "code", "step_number", "result_due_at", "tthc_id"
    )
    found = list(named[:MOST_NAMED])
    first = tuple(
        OpenCase(
            link=reverse("cases:case", args=[id_]), code=code, at=f"bước {step}" if step else "",
            due=date_text(local(due).date()) if due else "",
        )
        for id_, code, step, due, _tthc in found
    )  # fmt: skip
    return OpenCases(count, first, f"{reverse('cases:list')}?nhom=mo&tt={found[0][4]}")
