"""When the sessions of audits began, and how the programme of a year stands, in one statement each."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Min, OuterRef, Subquery
from django.db.models.functions import Coalesce

from nep.apps.audits.models import Audit, Finding, Programme, Session
from nep.apps.audits.queries._audit import code_of
from nep.apps.audits.rules import life
from nep.apps.improvement import queries as improvement
from nep.kernel.vietnamese import local


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
    """Return the audits held in each year since one, the years without any left out; two queries."""
    rows = Session.objects.filter(
        audit__agency_id=agency_id, audit__year__gte=since, audit__state__in=life.AUDIT_HELD
    )
    starts: dict[int, list[datetime]] = {}
    for year, at in rows.order_by("starts_at", "id").values_list("audit__year", "starts_at"):
        starts.setdefault(year, []).append(at)
    noted = Finding.objects.filter(session__in=rows).exclude(level__in=["", life.CONFORM])
    counts = dict(
        noted.exclude(state=life.WITHDRAWN).order_by()
        .values_list("session__audit__year").annotate(n=Count("id"))
    )  # fmt: skip
    return {year: HeldYear(tuple(began), counts.get(year, 0)) for year, began in starts.items()}


def findings_left(*, agency_id: int, today: date) -> int:
    """Return how many nonconformities of audits have not been put right; two queries at most."""
    rows = Finding.objects.filter(
        agency_id=agency_id, level__in=life.TO_CORRECT, session__audit__state__in=life.AUDIT_HELD
    ).exclude(state__in=[life.NOTED, life.WITHDRAWN])
    treated = dict(rows.values_list("id", "sheet_id"))
    if not any(treated.values()):
        return len(treated)
    found = improvement.of_origin(
        agency_id=agency_id, kind="audit", today=today,
        ids=[id_ for id_, sheet_id in treated.items() if sheet_id],
    )  # fmt: skip
    return len(treated) - len({one.origin_id for one in found if one.is_ended})


def programme_state(*, agency_id: int, year: int) -> tuple[int, datetime | None] | None:
    """Return how many units the programme of a year covers and when it was approved, None for none."""
    rows = Programme.objects.filter(agency_id=agency_id, year=year)
    return (
        rows.annotate(units=Count("lines__unit", distinct=True))
        .values_list("units", "approved_at")
        .first()
    )
