"""When the sessions of audits began, and how the programme of a year stands, in one statement each."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from nep.apps.audits.models import Audit, Finding, Programme, Session
from nep.apps.audits.queries._audit import code_of
from nep.apps.audits.rules import life
from nep.apps.improvement import queries as improvement
from nep.foundation.db.counting import counted
from nep.kernel.vietnamese import local

PROGRAMME, LEFT = "audit_programme", "audit_findings_left"


@dataclass(frozen=True, slots=True)
class AuditState:
    """How an audit of a year stands; `to_correct` counts its nonconformities."""

    id: int
    code: str
    state: str
    state_name: str
    ends_on: date | None
    to_correct: int
    reported_at: datetime | None

    @property
    def is_held(self) -> bool:
        """Say whether it took place."""
        return self.state in life.AUDIT_HELD


def audit_states(*, agency_id: int, year: int) -> tuple[AuditState, ...]:
    """Return how the audits of a year stand, without those that were dropped, by their first day; one
    query."""
    wrong = Finding.objects.filter(
        session__audit_id=OuterRef("pk"), level__in=life.TO_CORRECT
    ).exclude(state=life.WITHDRAWN)
    count = wrong.order_by().values("session__audit_id").annotate(n=Count("id")).values("n")
    rows = Audit.objects.filter(agency_id=agency_id, year=year).exclude(state=life.CANCELLED)
    found = rows.annotate(
        first=Min("sessions__starts_at"), last=Max("sessions__ends_at"),
        wrong=Coalesce(Subquery(count), 0),
    )  # fmt: skip
    return tuple(
        AuditState(
            one.id, code_of(one), one.state, life.AUDIT_STATES[one.state],
            local(one.last).date() if one.last else None, one.wrong, one.reported_at,
        )
        for one in found.order_by("first", "id")
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class HeldYear:
    """The audits held in a year: when their sessions began, in order, and how much they found."""

    starts: tuple[datetime, ...]
    findings: int


def held_years(*, agency_id: int, since: int) -> dict[int, HeldYear]:
    """Return the audits held in each year since one, the years without any left out; one query."""
    told = ~Q(findings__level__in=["", life.CONFORM]) & ~Q(findings__state=life.WITHDRAWN)
    rows = Session.objects.filter(
        audit__agency_id=agency_id, audit__year__gte=since, audit__state__in=life.AUDIT_HELD
    ).annotate(found=Count("findings", filter=told))
    starts: dict[int, list[datetime]] = {}
    counts: Counter[int] = Counter()
    for year, at, found in rows.order_by("starts_at", "id").values_list(
        "audit__year", "starts_at", "found"
    ):
        starts.setdefault(year, []).append(at)
        counts[year] += found
    return {year: HeldYear(tuple(began), counts[year]) for year, began in starts.items()}


def findings_left(*, agency_id: int) -> int:
    """Return how many nonconformities of audits have not been put right; one query."""
    return _left(agency_id).count()


def _left(agency_id: int) -> QuerySet[Finding]:
    rows = Finding.objects.filter(
        agency_id=agency_id, level__in=life.TO_CORRECT, session__audit__state__in=life.AUDIT_HELD
    ).exclude(state__in=[life.NOTED, life.WITHDRAWN])
    healed = improvement.ended_origins(agency_id=agency_id, kind="audit")
    return rows.exclude(sheet_id__isnull=False, id__in=healed)


def year_counts(*, agency_id: int, year: int) -> tuple[QuerySet, ...]:
    """Return the programme of a year, counted, with the day it was approved on and as its note how
    many units it covers; and the nonconformities that have not been put right, of whatever year."""
    rows = Programme.objects.filter(agency_id=agency_id, year=year)
    units = Count("lines__unit", distinct=True)
    return (
        counted(rows, PROGRAMME, moment="approved_at", note=units),
        counted(_left(agency_id), LEFT),
    )
