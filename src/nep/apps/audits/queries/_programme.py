"""The programme of a year: units by months, what is missing, what stands where."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from nep.apps.audits.models import Programme, Session, Step
from nep.apps.audits.queries._audit import (
    AuditLine,
    PaperLine,
    StepLine,
    audits_of,
    code_of,
    paper_lines,
)
from nep.apps.audits.queries._reference import clauses
from nep.apps.audits.queries._starts import findings_left
from nep.apps.audits.rules import life, planning
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.kernel.decisions import Refused
from nep.kernel.errors import NotFound
from nep.kernel.vietnamese import local

MONTHS = tuple(range(1, 13))
SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Cell:
    """What a month holds for a unit: `mark` is "", ok, run, due, late or plan."""

    month: int
    mark: str = ""
    icon: str = ""
    text: str = ""
    title: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit of the programme with its twelve months."""

    unit_id: int
    name: str
    clauses: tuple[str, ...]
    months: tuple[int, ...]
    weight: int
    reason: str
    cells: tuple[Cell, ...]
    is_held: bool

    @property
    def clause_text(self) -> str:
        """Return "điều 7.5, 8.1 … 10.2", shortened in the middle."""
        kept = self.clauses
        if len(kept) <= 6:
            return ", ".join(kept)
        return f"{', '.join(kept[:5])} … {kept[-1]} ({len(kept)})"


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    """Everything the page of a year shows; `id` is None before anything was proposed."""

    id: int | None
    year: int
    years: tuple[int, ...]
    state: str
    state_name: str
    edition: int
    aim: str
    excuse: str
    made_by: str
    approved_by: str
    approved_at: datetime | None
    lines: tuple[UnitLine, ...]
    left_units: tuple[tuple[int, str], ...]
    left_clauses: tuple[str, ...]
    audits: tuple[AuditLine, ...]
    papers: tuple[PaperLine, ...]
    steps: tuple[StepLine, ...]
    to_correct: int
    next_month: int | None
    may: frozenset[str]

    @property
    def held(self) -> int:
        """Return how many units have been audited."""
        return sum(one.is_held for one in self.lines)

    @property
    def headline(self) -> str:
        """Return the answer in words."""
        if self.state == life.DRAFT:
            return f"Chương trình đánh giá năm {self.year} đang soạn, {len(self.lines)} đơn vị"
        if self.state == life.SUBMITTED:
            return f"Chương trình đánh giá năm {self.year} chờ phê duyệt"
        return life.headline(audited=self.held, units=len(self.lines), to_correct=self.to_correct)


def programme_page(*, actor: Actor, year: int, today: date) -> ProgrammePage:
    """Return the programme of a year of the agency; a fixed number of queries."""
    agency_id = actor.agency_id
    years = set(Programme.objects.filter(agency_id=agency_id).values_list("year", flat=True))
    row = Programme.objects.filter(agency_id=agency_id, year=year).first()
    shown = tuple(sorted(years | {today.year, year}))
    manages = bool(may(actor, "audit.manage"))
    if row is None:
        return ProgrammePage(
            id=None, year=year, years=shown, state="", state_name="", edition=0, aim="", excuse="",
            made_by="", approved_by="", approved_at=None, lines=(), left_units=(), left_clauses=(),
            audits=(), papers=(), steps=(), to_correct=0, next_month=None,
            may=frozenset({"open"} if manages and year in {today.year, today.year + 1} else ()),
        )  # fmt: skip
    sessions = list(
        Session.objects.filter(audit__programme_id=row.id)
        .exclude(audit__state=life.CANCELLED)
        .select_related("audit")
        .order_by("starts_at")
    )
    lines = _lines(row, sessions, today)
    units = [(unit.id, unit.name) for unit in organization.units_of(agency_id)]
    left = planning.missing(
        units=units, clauses=clauses(), lines=[(one.unit_id, one.clauses) for one in lines]
    )
    planned = {one.unit_id for one in lines}
    steps = list(row.steps.order_by("at", "id"))
    names = organization.person_names(
        [row.made_by_id, row.approved_by_id, *(one.by_id for one in steps)]
    )
    return ProgrammePage(
        id=row.id, year=year, years=shown, state=row.state,
        state_name=life.PROGRAMME_STATES[row.state], edition=row.edition, aim=row.aim,
        excuse=row.excuse, made_by=names.get(row.made_by_id, ""),
        approved_by=names.get(row.approved_by_id or 0, ""), approved_at=row.approved_at,
        lines=lines, left_units=tuple(one for one in units if one[0] not in planned),
        left_clauses=left[1], audits=audits_of(agency_id=agency_id, year=year),
        papers=paper_lines(Q(programme_id=row.id)),
        steps=tuple(
            StepLine(life.PROGRAMME_MOVES[one.move], life.PROGRAMME_STATES[one.state], one.text,
                     names.get(one.by_id or 0, "Nếp"), one.at)
            for one in steps
        ),
        to_correct=findings_left(agency_id=agency_id),
        next_month=_next_month(row, lines, sessions) if manages else None,
        may=_allowed(actor, row, lines, steps, manages),
    )  # fmt: skip


def programme_year(*, actor: Actor, programme_id: int) -> int:
    """Return the year of a programme of the agency. Raises NotFound."""
    found = Programme.objects.filter(pk=programme_id, agency_id=actor.agency_id)
    year = found.values_list("year", flat=True).first()
    if year is None:
        raise NotFound()
    return year


def makers(row: Programme, steps: Iterable[Step] | None = None) -> frozenset[int]:
    """Return who proposed, changed, reopened or submitted the edition that is being made.

    `steps` are the programme's in the order of time; read where they are not given.
    """
    found = {row.made_by_id}
    for step in row.steps.order_by("at", "id") if steps is None else steps:
        if step.move == life.APPROVE:
            found = {row.made_by_id}
        elif step.move in life.MAKING and step.by_id is not None:
            found.add(step.by_id)
    return frozenset(found)


def _allowed(
    actor: Actor, row: Programme, lines: tuple[UnitLine, ...], steps: Iterable[Step], manages: bool
) -> frozenset[str]:
    approves = bool(may(actor, "audit.approve")) and actor.person_id not in makers(row, steps)
    asked = {
        life.EDIT: manages, life.SUBMIT: manages, life.REVISE: manages,
        life.FINISH: manages and all(one.is_held for one in lines),
        life.RETURN: approves, life.APPROVE: approves,
    }  # fmt: skip
    return frozenset(
        move for move, holds in asked.items()
        if holds and not isinstance(life.next_state(life.PROGRAMME, row.state, move), Refused)
    )  # fmt: skip


def _next_month(
    row: Programme, lines: tuple[UnitLine, ...], sessions: Iterable[Session]
) -> int | None:
    """Return the first month with a unit that no plan covers, None when all are covered."""
    if row.state != life.APPROVED:
        return None
    planned: dict[int, int] = {}
    for one in sessions:
        planned[one.unit_id] = planned.get(one.unit_id, 0) + 1
    left = [
        month for line in lines
        for month in sorted(line.months)[planned.get(line.unit_id, 0):]
    ]  # fmt: skip
    return min(left, default=None)


def _lines(row: Programme, sessions: list[Session], today: date) -> tuple[UnitLine, ...]:
    units = {unit.id: unit.name for unit in organization.units_of(row.agency_id)}
    grouped: dict[int, list] = {}
    for one in row.lines.order_by("month", "-weight", "id"):
        grouped.setdefault(one.unit_id, []).append(one)
    held: dict[int, list[Session]] = {}
    for session in sessions:
        held.setdefault(session.unit_id, []).append(session)
    found = []
    for unit_id, rows in grouped.items():
        mine = held.get(unit_id, [])
        months = tuple(one.month for one in rows)
        found.append(
            UnitLine(
                unit_id=unit_id, name=units.get(unit_id, "Đơn vị đã giải thể"),
                clauses=tuple(rows[0].clauses), months=months, weight=rows[0].weight,
                reason=rows[0].reason, cells=_cells(row.year, months, mine, today),
                is_held=any(one.audit.state in life.AUDIT_HELD for one in mine),
            )
        )  # fmt: skip
    return tuple(found)


def _cells(
    year: int, months: tuple[int, ...], sessions: list[Session], today: date
) -> tuple[Cell, ...]:
    there: dict[int, Session] = {}
    for one in sessions:
        there[local(one.starts_at).month] = one
    waiting = sorted(months)[len(sessions) :]
    return tuple(
        _session_cell(there[month], today) if month in there
        else _line_cell(year, month, today) if month in waiting else Cell(month)
        for month in MONTHS
    )  # fmt: skip


def _session_cell(row: Session, today: date) -> Cell:
    day = local(row.starts_at).date()
    text, code = f"{day.day}/{day.month}", code_of(row.audit)
    url, state = f"/danh-gia/phien/{row.id}/", life.AUDIT_STATES[row.audit.state].lower()
    if row.audit.state in life.AUDIT_HELD:
        return Cell(day.month, "ok", "check", text, f"{code}, {state}", url)
    if day < today:
        return Cell(day.month, "late", "octagon-alert", text, f"{code}, đã qua ngày, {state}", url)
    if day - today <= SOON:
        return Cell(day.month, "due", "hourglass", text, f"{code}, {state}", url)
    return Cell(day.month, "run", "calendar-days", text, f"{code}, {state}", url)


def _line_cell(year: int, month: int, today: date) -> Cell:
    if (year, month) < (today.year, today.month):
        return Cell(month, "late", "octagon-alert", "", "Chưa có kế hoạch, đã qua tháng")
    if (year, month) == (today.year, today.month):
        return Cell(month, "due", "hourglass", "", "Chưa có kế hoạch, trong tháng này")
    return Cell(month, "run", "calendar-days", "", "Theo chương trình")
