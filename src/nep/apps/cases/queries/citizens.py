"""What citizens said of cases: by the key of a receipt, for the agency, in figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, datetime

from django.db.models import Count
from django.db.models.functions import TruncMonth

from nep.apps.cases.models import Case, CaseRating, CaseReport
from nep.apps.cases.queries._lists import month_asked
from nep.apps.cases.queries._places import place_of
from nep.apps.cases.rules import citizens as rules
from nep.apps.cases.rules.citizens import Satisfaction, satisfaction
from nep.apps.cases.rules.statuses import DONE, RETURNED
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.work import queries as work
from nep.kernel.errors import NotFound
from nep.kernel.text import whole_number
from nep.kernel.vietnamese import VN

PAGE = 50
MOST_EXPORTED = 20_000


@dataclass(frozen=True, slots=True)
class OwnReport:
    """A report as the citizen reads it again."""

    kind_name: str
    text: str
    at: datetime
    due_at: datetime
    state: str
    answer: str
    answered_at: datetime | None
    founded: bool | None


@dataclass(frozen=True, slots=True)
class Voice:
    """What the holder of a receipt has said, and may still say."""

    may_rate: bool
    is_rated: bool
    degree: int
    degree_name: str
    remark: str
    rated_at: datetime | None
    reports: tuple[OwnReport, ...]


@dataclass(frozen=True, slots=True)
class RatingLine:
    """One rating for the agency, with its remark."""

    case_id: int
    code: str
    tthc_name: str
    unit: str
    degree: int
    degree_name: str
    remark: str
    rated_at: datetime
    is_changed: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class RatingFilter:
    """What to list: a year (2026), quarter (20264) or month (202611), a degree or all degrees of
    the displeased, a unit, a TTHC; 0 means any."""

    month: int
    degree: int = 0
    unit_id: int = 0
    tthc_id: int = 0
    only_displeased: bool = False

    def values(self) -> dict[str, str]:
        """Return the filter as a query string's values."""
        found = {
            "thang": self.month, "muc": self.degree, "dv": self.unit_id, "tt": self.tthc_id,
            "kem": int(self.only_displeased),
        }  # fmt: skip
        return {name: str(value) for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class RatingPage:
    """The figures of an agency and the rows behind them."""

    figures: Satisfaction
    units: tuple[tuple[int, str, Satisfaction], ...]
    procedures: tuple[tuple[int, str, Satisfaction], ...]
    months: tuple[tuple[int, Satisfaction], ...]
    lines: tuple[RatingLine, ...]
    after: str
    chosen: str


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One report in the agency's list; `chip` is how near its date is."""

    id: int
    case_id: int
    code: str
    tthc_name: str
    kind_name: str
    unit: str
    at: datetime
    due_at: datetime
    state: str
    is_open: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class ReportPage:
    """One report in full, and what the actor may do with it."""

    line: ReportLine
    text: str
    answer: str
    answered_at: datetime | None
    answered_by: str
    founded: bool | None
    measure: str
    closed_at: datetime | None
    closed_by: str
    may_answer: bool
    may_close: bool
    is_erased: bool


def voice_of(*, lookup_key: str, now: datetime) -> Voice | None:
    """Return what the holder of a receipt has said of the case, None for an unknown key."""
    case = Case.objects.filter(lookup_key=lookup_key, internal=False).first()
    if case is None:
        return None
    row = CaseRating.objects.filter(case=case).first()
    reports = CaseReport.objects.filter(case=case).order_by("-id")
    return Voice(
        may_rate=case.status in {DONE, RETURNED}
        and rules.is_changeable(row.rated_at if row else None, now=now),
        is_rated=row is not None,
        degree=row.degree if row else 0,
        degree_name=rules.DEGREES[row.degree] if row else "",
        remark=row.remark if row else "",
        rated_at=row.rated_at if row else None,
        reports=tuple(
            OwnReport(
                rules.REPORT_NAMES[one.kind], one.text, one.at, one.due_at,
                rules.report_state(
                    answered=one.answered_at is not None, closed=one.closed_at is not None
                ),
                one.answer, one.answered_at, one.founded,
            )
            for one in reports
        ),
    )  # fmt: skip


def rating_page(
    *, actor: Actor, asked: RatingFilter, after: str = "", limit: int = PAGE
) -> RatingPage:
    """Return the ratings of the actor's agency within a period, figures and rows of one filter."""
    rows = _rated(actor.agency_id, asked.month)
    if asked.unit_id:
        rows = rows.filter(unit_id=asked.unit_id)
    if asked.tthc_id:
        rows = rows.filter(tthc_id=asked.tthc_id)
    units = {one.id: one.name for one in organization.units_of(actor.agency_id)}
    rated = rows.order_by().values_list("tthc_id", "case__tthc_name").distinct()
    names = dict(rated)
    shown = rows.filter(degree=asked.degree) if asked.degree else rows
    if asked.only_displeased:
        shown = shown.filter(degree__lte=rules.DISPLEASED)
    lines, further = _lines(shown, units, after, limit)
    return RatingPage(
        figures=_figures(rows),
        units=_shares(rows, "unit_id", units, "Không rõ đơn vị"),
        procedures=_shares(rows, "tthc_id", names, ""),
        months=_months(rows),
        lines=lines, after=further,
        chosen=units.get(asked.unit_id) or names.get(asked.tthc_id) or "",
    )  # fmt: skip


def ratings_told(*, agency_id: int, period: int) -> Satisfaction:
    """Return how citizens rated the cases of an agency within a year, quarter or month."""
    return _figures(_rated(agency_id, period))


def _rated(agency_id: int, period: int):
    since, until = _span(period)
    return CaseRating.objects.filter(agency_id=agency_id, rated_at__gte=since, rated_at__lt=until)


def _figures(rows) -> Satisfaction:
    return satisfaction(dict(rows.values_list("degree").annotate(n=Count("pk")).order_by()))


def _shares(rows, column: str, names: Mapping[int, str], unknown: str):
    counts: dict[int, dict[int, int]] = {}
    for key, degree, count in rows.values_list(column, "degree").annotate(n=Count("pk")).order_by():
        counts.setdefault(key or 0, {})[degree] = count
    found = [(key, names.get(key, unknown), satisfaction(one)) for key, one in counts.items()]
    return tuple(sorted(found, key=lambda one: (-one[2].total, one[1])))


def _months(rows) -> tuple[tuple[int, Satisfaction], ...]:
    """Return the figures of each month on Vietnam's clock, grouped by the database."""
    counts: dict[int, dict[int, int]] = {}
    grouped = rows.annotate(begun=TruncMonth("rated_at", tzinfo=VN)).values_list("begun", "degree")
    for begun, degree, count in grouped.annotate(n=Count("pk")).order_by():
        counts.setdefault(begun.year * 100 + begun.month, {})[degree] = count
    return tuple((month, satisfaction(counts[month])) for month in sorted(counts))


def _lines(rows, units: Mapping[int, str], after: str, limit: int):
    ordered = rows.order_by("-rated_at", "-case_id").select_related("case")
    if (place := place_of(after)) is not None:
        moment, pk = place
        ordered = ordered.filter(rated_at__lte=moment).exclude(rated_at=moment, case_id__gte=pk)
    found = list(ordered[: limit + 1])
    lines = tuple(
        RatingLine(
            row.case_id, row.case.code, row.case.tthc_name, units.get(row.unit_id or 0, ""),
            row.degree, rules.DEGREES[row.degree], row.remark, row.rated_at, row.changes > 0,
            row.case.on_time == "tre",
        )
        for row in found[:limit]
    )  # fmt: skip
    last = found[limit - 1] if len(found) > limit else None
    return lines, f"{round(last.rated_at.timestamp() * 1_000_000)}_{last.case_id}" if last else ""


def rating_period(text: str) -> int:
    """Return the year (2026), quarter (20264) or month (202611) a text names, 0 when it names none."""
    asked = whole_number(text)
    is_quarter = 9999 < asked < 100_000 and 1 <= asked % 10 <= 4
    found = asked if is_quarter else month_asked(text)
    return found if int(str(found)[:4]) < MAXYEAR else 0


def _span(period: int) -> tuple[datetime, datetime]:
    """Return the first moment of a year, quarter or month and of the next one."""
    if period <= 9999:
        year, first, count = period, 1, 12
    elif period < 100_000:
        year, first, count = period // 10, 3 * (period % 10) - 2, 3
    else:
        year, first, count = period // 100, period % 100, 1
    months = year * 12 + first - 1 + count
    return datetime(year, first, 1, tzinfo=VN), datetime(
        months // 12, months % 12 + 1, 1, tzinfo=VN
    )


def report_lines(
    *, actor: Actor, now: datetime, only_open: bool, after: int = 0
) -> tuple[ReportLine, ...]:
    """Return the reports of the actor's agency, newest first, a page and one more."""
    rows = CaseReport.objects.filter(agency_id=actor.agency_id).select_related("case")
    if only_open:
        rows = rows.filter(closed_at=None)
    if after:
        rows = rows.filter(pk__lt=after)
    units = {one.id: one.name for one in organization.units_of(actor.agency_id)}
    return tuple(_line(row, units, now) for row in rows.order_by("-id")[: PAGE + 1])


def open_report_count(*, agency_id: int) -> int:
    """Return how many reports of an agency are not closed."""
    return CaseReport.objects.filter(agency_id=agency_id, closed_at=None).count()


def report_page(*, actor: Actor, report_id: int, now: datetime) -> ReportPage:
    """Return one report of the actor's agency. Raises NotFound."""
    row = (
        CaseReport.objects.select_related("case")
        .filter(pk=report_id, agency_id=actor.agency_id)
        .first()
    )
    if row is None:
        raise NotFound("not_found", "Không tìm thấy lời báo này trong cơ quan của bạn.")
    units = {one.id: one.name for one in organization.units_of(actor.agency_id)}
    names = organization.person_names([row.answered_by_id, row.closed_by_id])
    items = work.open_items_of(source_type=rules.ANSWER_ITEM, source_id=row.pk)
    holders = [item.person_id for item in items]
    return ReportPage(
        line=_line(row, units, now),
        text=row.text, answer=row.answer, answered_at=row.answered_at,
        answered_by=names.get(row.answered_by_id or 0, ""), founded=row.founded,
        measure=row.measure, closed_at=row.closed_at,
        closed_by=names.get(row.closed_by_id or 0, ""),
        may_answer=row.answered_at is None
        and bool(rules.may_answer_report(actor, unit_id=row.unit_id, holders=holders)),
        may_close=row.answered_at is not None and row.closed_at is None
        and bool(rules.may_close_report(actor)),
        is_erased=not row.text,
    )  # fmt: skip


def _line(row: CaseReport, units: Mapping[int, str], now: datetime) -> ReportLine:
    return ReportLine(
        row.pk, row.case_id, row.case.code, row.case.tthc_name, rules.REPORT_NAMES[row.kind],
        units.get(row.unit_id or 0, ""), row.at, row.due_at,
        rules.report_state(
            answered=row.answered_at is not None, closed=row.closed_at is not None
        ),
        row.closed_at is None,
        (row.answered_at or now) > row.due_at,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseVoice:
    """What stands on a case's page of what its citizen said."""

    degree: int
    degree_name: str
    remark: str
    rated_at: datetime | None
    reports: tuple[ReportLine, ...]


def case_voice(*, actor: Actor, case_id: int, now: datetime) -> CaseVoice | None:
    """Return what the citizen said of a case of the actor's agency, None where nothing was said."""
    rating = CaseRating.objects.filter(pk=case_id, agency_id=actor.agency_id).first()
    rows = CaseReport.objects.filter(case_id=case_id, agency_id=actor.agency_id)
    reports = list(rows.select_related("case").order_by("-id"))
    if rating is None and not reports:
        return None
    units = {one.id: one.name for one in organization.units_of(actor.agency_id)}
    return CaseVoice(
        rating.degree if rating else 0, rules.DEGREES[rating.degree] if rating else "",
        rating.remark if rating else "", rating.rated_at if rating else None,
        tuple(_line(row, units, now) for row in reports),
    )  # fmt: skip
