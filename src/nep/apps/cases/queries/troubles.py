"""Finished cases that something went wrong with, counted by procedure and month; one case by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from nep.apps.cases.models import Case, CaseFact, CaseRating, FedDeviation
from nep.apps.cases.rules.citizens import DISPLEASED
from nep.apps.organization.rules import Actor
from nep.kernel.errors import NotFound
from nep.kernel.references import Reference
from nep.kernel.text import clean
from nep.kernel.vietnamese import VN

MOST_NAMED = 300
_FACTS: Mapping[str, Q] = {
    "late": Q(word="tre"),
    "returned": Q(returns__gt=0),
    "supplements": Q(supplements__gt=1),
}
DEVIATIONS, RATINGS = "deviations", "ratings"
MEASURES = (*_FACTS, DEVIATIONS, RATINGS)


@dataclass(frozen=True, slots=True)
class Trouble:
    """How many cases of a TTHC one measure counts in a month, and how many of them it asks about."""

    measure: str
    agency_id: int
    tthc_id: int
    total: int
    hit: int


def troubles(*, month: int, agency_id: int | None = None) -> tuple[Trouble, ...]:
    """Return every measure of every procedure with a hit in a month (202610); three queries.

    Late, returned and repeatedly supplemented cases are those finished in the month, deviations
    those of other systems' finished ones, ratings those given in the month. Internal work is left
    out. Without an agency all of them.
    """
    facts = _finished(month, agency_id)
    grouped = facts.values("agency_id", "tthc_id").annotate(
        total=Count("pk"), **{name: Count("pk", filter=asked) for name, asked in _FACTS.items()}
    )
    found, totals = [], {}
    counts: Any = grouped.order_by()
    for row in counts:
        key = row["agency_id"], row["tthc_id"]
        totals[key] = row["total"]
        found += [Trouble(name, *key, row["total"], row[name]) for name in _FACTS if row[name]]
    strayed = FedDeviation.objects.filter(case_id__in=facts.values("case_id"))
    counted = strayed.values_list("case__agency_id", "case__tthc_id")
    for agency, tthc, hit in counted.annotate(n=Count("case_id", distinct=True)).order_by():
        found.append(Trouble(DEVIATIONS, agency, tthc, totals.get((agency, tthc), hit), hit))
    rated = _rated(month, agency_id).values_list("agency_id", "tthc_id")
    bad = Count("pk", filter=Q(degree__lte=DISPLEASED))
    for agency, tthc, total, hit in rated.annotate(n=Count("pk"), bad=bad).order_by():
        found += [Trouble(RATINGS, agency, tthc, total, hit)] if hit else []
    return tuple(found)


def troubled_cases(
    *, measure: str, agency_id: int, tthc_id: int, month: int
) -> tuple[Reference, ...]:
    """Return the cases behind one measure, the earliest finish first, at most three hundred."""
    if measure == RATINGS:
        asked = _rated(month, agency_id).filter(tthc_id=tthc_id, degree__lte=DISPLEASED)
        keys: QuerySet = asked.values("case_id")
    else:
        facts = _finished(month, agency_id).filter(tthc_id=tthc_id)
        if measure == DEVIATIONS:
            keys = FedDeviation.objects.filter(case_id__in=facts.values("case_id")).values(
                "case_id"
            )
        else:
            keys = facts.filter(_FACTS[measure]).values("case_id")
    rows = Case.objects.filter(pk__in=keys).order_by("finished_at", "id")
    named = rows.values_list("id", "code", "tthc_name")[:MOST_NAMED]
    return tuple(Reference("case", id_, f"{code}, {name}"[:400], f"/ho-so/{id_}/")
                 for id_, code, name in named)  # fmt: skip


def case_reference(*, actor: Actor, case_id: int) -> Reference:
    """Return a case of the actor's agency by name; nothing of its applicant. Raises NotFound."""
    rows = Case.objects.filter(pk=case_id, agency_id=actor.agency_id)
    found = rows.values_list("code", "tthc_name").first()
    if found is None:
        raise NotFound()
    return Reference("case", case_id, f"{found[0]}, {found[1]}"[:400], f"/ho-so/{case_id}/")


def case_by_code(*, actor: Actor, code: str) -> Reference | None:
    """Return a case of the actor's agency by its code, None for an unknown one."""
    rows = Case.objects.filter(agency_id=actor.agency_id, code=clean(code).upper())
    found = rows.values_list("id", "tthc_name").first()
    if found is None:
        return None
    title = f"{clean(code).upper()}, {found[1]}"[:400]
    return Reference("case", found[0], title, f"/ho-so/{found[0]}/")


def _finished(month: int, agency_id: int | None) -> QuerySet[CaseFact]:
    rows = CaseFact.objects.filter(month=month, is_internal=False).exclude(word="rut")
    return rows if agency_id is None else rows.filter(agency_id=agency_id)


def _rated(month: int, agency_id: int | None) -> QuerySet[CaseRating]:
    year, number = divmod(month, 100)
    since = datetime(year, number, 1, tzinfo=VN)
    until = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=VN)
    rows = CaseRating.objects.filter(rated_at__gte=since, rated_at__lt=until)
    return rows if agency_id is None else rows.filter(agency_id=agency_id)
