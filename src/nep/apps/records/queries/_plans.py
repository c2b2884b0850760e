"""File plans and their lines."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from nep.apps.organization.queries import person_names, units_of
from nep.apps.organization.rules import Actor
from nep.apps.records import rules
from nep.apps.records.models import DepositRule, FilePlan, Series
from nep.foundation.db.counting import counted

FILE_PLAN = "file_plan"


@dataclass(frozen=True, slots=True)
class SeriesFacts:
    """A line of a plan with how many files it has."""

    id: int
    code: str
    title: str
    unit_id: int | None
    unit: str
    keeper_id: int | None
    keeper: str
    years: int | None
    is_permanent: bool
    retention: str
    basis: str
    mark: str
    mark_name: str
    note: str
    files: int
    open_files: int
    version: int


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A plan of one year."""

    id: int
    year: int
    state: str
    made_by: str
    made_by_id: int
    approved_by: str
    approved_at: datetime | None
    decision: str
    edition: int
    lines: tuple[SeriesFacts, ...]

    @property
    def headline(self) -> str:
        """Return the state of the plan in words."""
        if not self.lines:
            return f"Danh mục hồ sơ năm {self.year} chưa có dòng nào"
        if self.state == "draft":
            told = f"lần {self.edition} " if self.edition > 1 else ""
            return f"Danh mục hồ sơ năm {self.year}: {len(self.lines)} dòng, {told}chưa ban hành"
        return f"Danh mục hồ sơ năm {self.year} đã ban hành, {len(self.lines)} dòng"

    @property
    def undecided(self) -> int:
        """Return how many lines have no retention yet."""
        return sum(not line.years and not line.is_permanent for line in self.lines)


@dataclass(frozen=True, slots=True)
class RuleLine:
    """Into which series a kind of source goes by itself; empty where nothing is set."""

    source_type: str
    name: str
    series_code: str


def plan_years(*, actor: Actor) -> tuple[int, ...]:
    """Return the years that have a plan, newest first."""
    rows = FilePlan.objects.filter(agency_id=actor.agency_id).order_by("-year")
    return tuple(rows.values_list("year", flat=True))


def year_counts(*, agency_id: int, year: int) -> tuple[QuerySet, ...]:
    """Return the plan of a year, counted, with the day it was approved on."""
    rows = FilePlan.objects.filter(agency_id=agency_id, year=year)
    return (counted(rows, FILE_PLAN, moment="approved_at"),)


def plan_page(*, actor: Actor, year: int) -> PlanPage | None:
    """Return the plan of a year, or None when there is none."""
    plan = FilePlan.objects.filter(agency_id=actor.agency_id, year=year).first()
    if plan is None:
        return None
    rows = list(
        Series.objects.filter(plan=plan)
        .annotate(
            files_all=Count("files"), files_open=Count("files", filter=Q(files__state=rules.OPEN))
        )
        .order_by("position", "code")
    )
    people = person_names([plan.made_by_id, plan.approved_by_id, *(r.keeper_id for r in rows)])
    units = {unit.id: unit.name for unit in units_of(actor.agency_id)}
    return PlanPage(
        id=plan.id, year=plan.year, state=plan.state, made_by=people.get(plan.made_by_id, ""),
        made_by_id=plan.made_by_id, approved_by=people.get(plan.approved_by_id or 0, ""),
        approved_at=plan.approved_at, decision=plan.decision, edition=plan.edition,
        lines=tuple(_line(row, units, people) for row in rows),
    )  # fmt: skip


def _line(row: Series, units: dict[int, str], people: dict[int, str]) -> SeriesFacts:
    return SeriesFacts(
        id=row.id, code=row.code, title=row.title, unit_id=row.unit_id,
        unit=units.get(row.unit_id or 0, ""), keeper_id=row.keeper_id,
        keeper=people.get(row.keeper_id or 0, ""), years=row.retention_years,
        is_permanent=row.is_permanent,
        retention=rules.retention_text(years=row.retention_years, is_permanent=row.is_permanent),
        basis=row.basis, mark=row.mark, mark_name=rules.MARK_NAMES[row.mark], note=row.note,
        files=row.files_all, open_files=row.files_open, version=row.version,  # type: ignore[attr-defined]
    )  # fmt: skip


def series_choices(*, actor: Actor, year: int | None = None) -> tuple[tuple[int, str], ...]:
    """Return (id, words) of the series of a year, or of every year, newest first."""
    rows = Series.objects.filter(agency_id=actor.agency_id)
    if year is not None:
        rows = rows.filter(plan__year=year)
    found = rows.order_by("-plan__year", "position", "code").values_list(
        "id", "code", "title", "plan__year"
    )
    return tuple((id_, f"{code}/{of} {title}") for id_, code, title, of in found[:500])


def series_terms(*, actor: Actor, year: int) -> tuple[tuple[str, str, str], ...]:
    """Return (code, title, term in words) of the series of a year, in the order of the plan."""
    rows = Series.objects.filter(agency_id=actor.agency_id, plan__year=year)
    found = rows.order_by("position", "code").values_list(
        "code", "title", "retention_years", "is_permanent"
    )
    return tuple(
        (code, title, rules.retention_text(years=years, is_permanent=is_permanent))
        for code, title, years, is_permanent in found[:500]
    )


def deposit_rules(*, actor: Actor) -> tuple[RuleLine, ...]:
    """Return for every kind of source into which series it goes by itself."""
    known = dict(
        DepositRule.objects.filter(agency_id=actor.agency_id).values_list(
            "source_type", "series_code"
        )
    )
    return tuple(
        RuleLine(key, name, known.get(key, ""))
        for key, name in rules.SOURCE_NAMES.items()
        if key != "upload"
    )
