"""Figures of nonconformities over a period, for the review and the matrix."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from nep.apps.improvement.models import Nonconformity
from nep.apps.improvement.rules import life


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the nonconformities found in a period; `again` were sought more than once."""

    found: int
    potential: int
    running: int
    closed: int
    rejected: int
    again: int
    late: int
    by_origin: tuple[tuple[str, int], ...]


def tally(*, agency_id: int, starts_on: date, ends_on: date, today: date) -> Tally:
    """Return what became of the nonconformities found from one day to another; two queries."""
    rows = Nonconformity.objects.filter(
        agency_id=agency_id, found_on__gte=starts_on, found_on__lte=ends_on
    )
    waiting = Q(state__in=[life.REPORTED, life.AGAIN, life.ANALYSED], due_on__lt=today)
    counts = rows.aggregate(
        found=Count("id"),
        potential=Count("id", filter=Q(potential=True)),
        running=Count("id", filter=Q(state__in=life.OPEN_STATES)),
        closed=Count("id", filter=Q(state=life.CLOSED)),
        rejected=Count("id", filter=Q(state=life.REJECTED)),
        again=Count("id", filter=Q(round__gt=1)),
        late=Count("id", filter=waiting),
    )
    origins = rows.values_list("origin_kind").annotate(n=Count("id")).order_by("-n", "origin_kind")
    return Tally(**counts, by_origin=tuple(origins))


def open_by_unit(*, agency_id: int) -> dict[int, int]:
    """Return how many nonconformities are open by the unit that answers for them; one query."""
    rows = Nonconformity.objects.filter(
        agency_id=agency_id, potential=False, state__in=life.OPEN_STATES, unit__isnull=False
    )
    return dict(rows.values_list("unit_id").annotate(n=Count("id")).order_by())


def sheets_of_clause(
    *, agency_id: int, clause: str, starts_on: date, ends_on: date
) -> tuple[int, int]:
    """Return (found in some days, still open of all) of the sheets under a clause ("8.4"), whatever
    the edition; rejected ones left out. One query."""
    under = Q(clause=clause) | Q(clause__startswith=f"{clause}.")
    under |= Q(clause__contains=f":{clause}.") | Q(clause__endswith=f":{clause}")
    rows = Nonconformity.objects.filter(under, agency_id=agency_id).exclude(state=life.REJECTED)
    found = rows.aggregate(
        found=Count("id", filter=Q(found_on__gte=starts_on, found_on__lte=ends_on)),
        open=Count("id", filter=Q(state__in=life.OPEN_STATES)),
    )
    return found["found"], found["open"]
