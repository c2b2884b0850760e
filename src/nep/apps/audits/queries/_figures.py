"""Figures of audits for objectives and the review; evidence for the matrix."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Max

from nep.apps.audits.models import Audit, Finding, Programme, Session
from nep.apps.audits.queries._findings import finding_lines
from nep.apps.audits.rules import life
from nep.apps.planning.services import Measured
from nep.kernel.references import Evidence
from nep.kernel.vietnamese import local

OWN_CLAUSE = "9.2"
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Figures:
    """How a programme goes: lines that were due and those carried out, sheets of findings that were
    due and those that ended in time."""

    lines: int
    held: int
    treated: int
    in_time: int


def figures(*, agency_id: int, since: date, until: date, today: date) -> Figures:
    """Return how the programme went between two days: its lines of those months, and the findings
    of sessions held then whose sheets have ended or are overdue. Four queries besides names."""
    lines = _lines(agency_id, since, until)
    rows = Finding.objects.filter(
        agency_id=agency_id, state=life.TREATED, session__starts_at__date__gte=since,
        session__starts_at__date__lte=until,
    )  # fmt: skip
    sheets = [
        one.sheet for one in finding_lines(rows, agency_id=agency_id, today=today) if one.sheet
    ]
    counted = [one for one in sheets if one.is_ended or one.is_late]
    return Figures(
        lines=len(lines), held=_carried_out(agency_id, lines, until),
        treated=len(counted), in_time=sum(one.is_ended and one.round == 1 for one in counted),
    )  # fmt: skip


def _lines(agency_id: int, since: date, until: date) -> list[tuple[int, int, int]]:
    rows = Programme.objects.filter(
        agency_id=agency_id, year__gte=since.year, year__lte=until.year,
        state__in=[life.APPROVED, life.DONE],
    )  # fmt: skip
    found = rows.values_list("lines__unit_id", "year", "lines__month")
    first, last = (since.year, since.month), (until.year, until.month)
    return [one for one in found if one[0] and first <= (one[1], one[2]) <= last]


def _carried_out(agency_id: int, lines: list[tuple[int, int, int]], until: date) -> int:
    """Return how many lines were carried out: each audit held at a unit stands for one line of the
    unit in its year, never for several."""
    sessions = Session.objects.filter(
        audit__agency_id=agency_id, audit__state__in=life.AUDIT_HELD, starts_at__date__lte=until
    ).values_list("audit_id", "unit_id", "starts_at")
    audits = {(audit_id, unit_id, local(at).year) for audit_id, unit_id, at in sessions}
    held = Counter((unit_id, year) for _audit_id, unit_id, year in audits)
    planned = Counter((unit_id, year) for unit_id, year, _month in lines)
    return (planned & held).total()


def evidence(agency_ids: Iterable[int]) -> tuple[Evidence, ...]:
    """Return what audits show for clauses: 9.2 for every audit held, and each clause that was
    looked at. Two statements for any number of agencies."""
    wanted = list(agency_ids)
    audits = (
        Audit.objects.filter(agency_id__in=wanted, state__in=life.AUDIT_HELD)
        .values_list("agency_id", "standard")
        .annotate(n=Count("id"), newest=Max("held_at"), last=Max("id"))
        .order_by()
    )
    looked = (
        Finding.objects.filter(agency_id__in=wanted, session__audit__state__in=life.AUDIT_HELD)
        .exclude(level="")
        .exclude(state=life.WITHDRAWN)
        .values_list("agency_id", "session__audit__standard", "clause")
        .annotate(
            n=Count("session__audit_id", distinct=True), newest=Max("noted_at"),
            last=Max("session__audit_id"),
        )
        .order_by()
    )  # fmt: skip
    return (
        *(_evidence(agency, edition, OWN_CLAUSE, n, newest, last)
          for agency, edition, n, newest, last in audits),
        *(_evidence(agency, edition, clause, n, newest, last)
          for agency, edition, clause, n, newest, last in looked if clause != OWN_CLAUSE),
    )  # fmt: skip


def _evidence(agency_id: int, edition: str, clause: str, count: int, newest, last: int) -> Evidence:
    return Evidence(
        agency_id=agency_id, edition=edition, clause=clause, kind="audit", count=count,
        newest_on=local(newest).date() if newest else None,
        title="Đánh giá nội bộ gần nhất", url=f"/danh-gia/{last}/",
    )  # fmt: skip


def programme_share(agency_id: int, since: date, until: date) -> Measured | None:
    """Return how many percent of the programme's lines of a period were carried out."""
    found = figures(agency_id=agency_id, since=since, until=until, today=until)
    return _share(found.held, found.lines, f"/danh-gia/?nam={until.year}")


def findings_in_time(agency_id: int, since: date, until: date) -> Measured | None:
    """Return how many percent of the nonconformities that audits of a period found were put right
    at the first attempt: of those that ended and those overdue."""
    found = figures(agency_id=agency_id, since=since, until=until, today=until)
    return _share(found.in_time, found.treated, "/danh-gia/phat-hien/?loc=tat-ca")


def _share(part: int, whole: int, url: str) -> Measured | None:
    return (
        Measured((Decimal(100 * part) / whole).quantize(_HUNDREDTH), whole, url) if whole else None
    )
