"""The burden meter: minutes of ISO work per person and month."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from nep.apps.conformity.models import BurdenCount
from nep.apps.conformity.rules import burden as rules
from nep.apps.organization.queries import person_names


@dataclass(frozen=True, slots=True)
class BurdenLine:
    """One person of the table."""

    name: str
    minutes: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True)
class BurdenBar:
    """One month of the chart; `height` in percent of the highest month."""

    label: str
    minutes: int
    height: int


@dataclass(frozen=True, slots=True)
class BurdenPage:
    """A year of ISO work up to this month."""

    headline: str
    bars: tuple[BurdenBar, ...]
    lines: tuple[BurdenLine, ...]
    kinds: tuple[tuple[str, int], ...]
    source: str
    verified: str


def _kinds(shipped: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    """Return the minutes of each kind of act by its name, by its code where a file has no name."""
    names = shipped.get("names", {})
    return tuple((names.get(code, code), minutes) for code, minutes in shipped["minutes"].items())


def burden_page(*, agency_id: int, today: date) -> BurdenPage:
    """Return minutes by person and month of the last twelve months; two queries."""
    shipped = settings.ISO_YEAR["burden"]
    months = rules.months_of(today.year, today.month)
    rows = BurdenCount.objects.filter(agency_id=agency_id, month__in=months)
    acts = [
        rules.Acts(*values) for values in rows.values_list("person_id", "month", "action", "count")
    ]
    found = rules.burden(acts, months=months, minutes=shipped["minutes"])
    names = person_names([one.person_id for one in found])
    totals = tuple(sum(one.minutes[place] for one in found) for place in range(len(months)))
    most = max(totals, default=0) or 1
    return BurdenPage(
        headline=rules.headline(totals, people=len(found)),
        bars=tuple(
            BurdenBar(f"{month % 100:02d}/{month // 100 % 100}", total, round(100 * total / most))
            for month, total in zip(months, totals, strict=True)
        ),
        lines=tuple(
            BurdenLine(names.get(one.person_id, ""), one.minutes, one.total) for one in found
        ),
        kinds=_kinds(shipped), source=shipped["source"],
        verified=shipped["verified"],
    )  # fmt: skip
