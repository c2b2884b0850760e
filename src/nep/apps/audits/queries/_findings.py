"""Findings: of one audit, of one session, of the whole agency."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from nep.apps.audits.models import Finding
from nep.apps.audits.rules import life
from nep.apps.improvement import queries as improvement
from nep.apps.improvement.queries import SheetLine
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.kernel.text import whole_number

PAGE = 50
MOST_EXPORTED = 20_000
SCOPES: dict[str, str] = {
    "": "Chưa khắc phục",
    "cho": "Chờ đơn vị, trưởng đoàn",
    "cai-tien": "Quan sát, cải tiến",
    "tat-ca": "Tất cả",
}


@dataclass(frozen=True, slots=True)
class ProofLine:
    """A piece of evidence."""

    id: int
    kind: str
    title: str
    url: str
    file_id: int | None


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A question, or a finding, with everything that is shown of it."""

    id: int
    audit_id: int
    audit_code: str
    session_id: int
    unit_id: int
    unit: str
    position: int
    number: int | None
    clause: str
    question: str
    hint: str
    url: str
    state: str
    state_name: str
    level: str
    level_name: str
    chip: str
    text: str
    noted_by: str
    noted_at: datetime | None
    answer: str
    answered_by: str
    answered_at: datetime | None
    settlement: str
    settled_by: str
    proofs: tuple[ProofLine, ...]
    sheet: SheetLine | None
    version: int

    @property
    def is_open(self) -> bool:
        """Say whether a nonconformity has not been put right."""
        if self.level not in life.TO_CORRECT or self.state in {life.NOTED, life.WITHDRAWN}:
            return False
        return self.sheet is None or not self.sheet.is_ended


def finding_lines(
    rows: QuerySet[Finding], *, agency_id: int, today: date
) -> tuple[FindingLine, ...]:
    """Return findings in the order of sessions and questions; four queries whatever their number."""
    kept = list(
        rows.select_related("session__audit")
        .prefetch_related("proofs")
        .order_by("session__starts_at", "session_id", "position")
    )
    names = organization.person_names(
        id_ for row in kept for id_ in (row.noted_by_id, row.answered_by_id, row.settled_by_id)
    )
    units = {unit.id: unit.name for unit in organization.units_of(agency_id)}
    treated = [row.id for row in kept if row.sheet_id]
    sheets = {}
    if treated:
        found = improvement.of_origin(agency_id=agency_id, kind="audit", ids=treated, today=today)
        sheets = {one.origin_id: one for one in found}
    return tuple(_line(row, names, units, sheets.get(row.id)) for row in kept)


def _line(
    row: Finding, names: Mapping[int, str], units: Mapping[int, str], sheet: SheetLine | None
) -> FindingLine:
    audit, unit_id = row.session.audit, row.session.unit_id
    return FindingLine(
        id=row.id, audit_id=audit.id, audit_code=f"ĐG {audit.number:02d}/{audit.year}",
        session_id=row.session_id, unit_id=unit_id, unit=units.get(unit_id, ""),
        position=row.position, number=row.number, clause=row.clause, question=row.question,
        hint=row.hint, url=row.url, state=row.state, state_name=life.FINDING_STATES[row.state],
        level=row.level, level_name=life.LEVELS.get(row.level, ""), chip=_chip(row.level),
        text=row.text, noted_by=names.get(row.noted_by_id or 0, ""), noted_at=row.noted_at,
        answer=row.answer, answered_by=names.get(row.answered_by_id or 0, ""),
        answered_at=row.answered_at, settlement=row.settlement,
        settled_by=names.get(row.settled_by_id or 0, ""),
        proofs=tuple(
            ProofLine(one.id, one.kind, one.title, one.url, one.file_id)
            for one in row.proofs.all()
        ),
        sheet=sheet, version=row.version,
    )  # fmt: skip


def _chip(level: str) -> str:
    return {life.CONFORM: "ok", life.MAJOR: "qua", life.MINOR: "sap"}.get(level, "")


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """What to list: `scope` is a key of SCOPES; unit and year 0 mean any."""

    scope: str = ""
    unit_id: int = 0
    year: int = 0

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "FindingFilter":
        """Return the filter of a query string: loc, dv, nam."""
        scope = values.get("loc", "")
        return cls(
            scope=scope if scope in SCOPES else "", unit_id=whole_number(values.get("dv", "")),
            year=whole_number(values.get("nam", "")),
        )  # fmt: skip

    def values(self) -> dict[str, str]:
        """Return the filter as a query string's values, without what means any."""
        found = {"loc": self.scope, "dv": str(self.unit_id or ""), "nam": str(self.year or "")}
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class FindingRegister:
    """A page of the register with the counts of the whole."""

    lines: tuple[FindingLine, ...]
    found: int
    offset: int
    open_count: int
    waiting: int

    @property
    def headline(self) -> str:
        """Return the answer in words."""
        if not self.open_count:
            return "Không còn điểm không phù hợp nào chưa khắc phục"
        return f"{self.open_count} điểm không phù hợp chưa khắc phục xong"


def finding_register(
    *, actor: Actor, filter: FindingFilter, today: date, offset: int = 0, limit: int = PAGE
) -> FindingRegister:
    """Return a page of what audits found, without conformity, the newest first."""
    own = Finding.objects.filter(
        agency_id=actor.agency_id, session__audit__state__in=life.AUDIT_HELD
    ).exclude(level__in=["", life.CONFORM])
    if filter.unit_id:
        own = own.filter(session__unit_id=filter.unit_id)
    if filter.year:
        own = own.filter(session__audit__year=filter.year)
    ended = _ended_sheets(actor.agency_id, today)
    unhealed = Q(level__in=life.TO_CORRECT) & ~Q(state=life.WITHDRAWN) & ~Q(id__in=ended)
    counts = own.aggregate(
        open=Count("id", filter=unhealed),
        waiting=Count("id", filter=Q(state__in=life.OPEN_FINDINGS)),
    )
    rows = own.filter(
        {
            "cho": Q(state__in=life.OPEN_FINDINGS),
            "cai-tien": Q(level__in=[life.OBSERVATION, life.OPPORTUNITY]),
            "tat-ca": Q(),
        }.get(filter.scope, unhealed)
    )
    keys = list(
        rows.order_by("-session__starts_at", "number").values_list("id", flat=True)[
            offset : offset + limit
        ]
    )
    lines = finding_lines(
        Finding.objects.filter(pk__in=keys), agency_id=actor.agency_id, today=today
    )
    order = {key: place for place, key in enumerate(keys)}
    return FindingRegister(
        lines=tuple(sorted(lines, key=lambda one: order[one.id])), found=rows.count(),
        offset=offset, open_count=counts["open"], waiting=counts["waiting"],
    )  # fmt: skip


def _ended_sheets(agency_id: int, today: date) -> list[int]:
    """Return the findings whose sheets have ended."""
    treated = Finding.objects.filter(agency_id=agency_id, state=life.TREATED)
    found = improvement.of_origin(
        agency_id=agency_id, kind="audit", today=today,
        ids=treated.values_list("id", flat=True),
    )  # fmt: skip
    return [one.origin_id for one in found if one.is_ended]


def findings_open(*, agency_id: int, today: date) -> tuple[FindingLine, ...]:
    """Return the nonconformities of audits that have not been put right, the oldest first."""
    rows = Finding.objects.filter(
        agency_id=agency_id, level__in=life.TO_CORRECT, session__audit__state__in=life.AUDIT_HELD
    ).exclude(state=life.WITHDRAWN)
    lines = finding_lines(rows, agency_id=agency_id, today=today)
    return tuple(one for one in lines if one.is_open)
