"""The register of nonconformities, and those of one origin or about one thing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import BigIntegerField, CharField, Count, Exists, OuterRef, Q, QuerySet

from nep.apps.actions.rules import name_of_origin
from nep.apps.improvement.models import Nonconformity, Subject
from nep.apps.improvement.rules import life
from nep.apps.organization.queries import person_names, units_of
from nep.apps.organization.rules import Actor
from nep.foundation.db.prepared import Mark, Prepared
from nep.kernel.text import fold, shorten, whole_number

PAGE = 50
MOST_EXPORTED = 20_000
POTENTIAL, ENDED, ALL = "phong-ngua", "da-dong", "tat-ca"
SCOPES: dict[str, str] = {
    "": "Đang mở",
    "toi": "Của tôi",
    "hieu-luc": "Chờ xét hiệu lực",
    ENDED: "Đã đóng",
    POTENTIAL: "Hành động phòng ngừa",
    ALL: "Tất cả",
}


@dataclass(frozen=True, slots=True)
class SheetFilter:
    """What to list: `scope` is a key of SCOPES; unit 0 and an empty origin mean any."""

    scope: str = ""
    query: str = ""
    unit_id: int = 0
    origin: str = ""

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "SheetFilter":
        """Return the filter of a query string: loc, q, dv, nguon."""
        scope = values.get("loc", "")
        return cls(
            scope=scope if scope in SCOPES else "",
            query=values.get("q", "")[:120].strip(),
            unit_id=whole_number(values.get("dv", "")),
            origin=values.get("nguon", "")[:20],
        )

    def values(self) -> dict[str, str]:
        """Return the filter as a query string's values, without what means any."""
        unit = str(self.unit_id) if self.unit_id else ""
        found = {"loc": self.scope, "q": self.query, "dv": unit, "nguon": self.origin}
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A nonconformity of the register."""

    id: int
    code: str
    potential: bool
    title: str
    level: str
    level_name: str
    clause: str
    origin_kind: str
    origin_id: int
    origin_name: str
    origin_title: str
    origin_url: str
    unit_id: int | None
    unit: str
    owner_id: int | None
    owner: str
    state: str
    state_name: str
    chip: str
    round: int
    found_on: date
    due_on: date
    is_late: bool
    is_ended: bool
    reported_at: datetime
    effect_on: date | None
    ended_at: datetime | None
    correction: str
    cause: str


@dataclass(frozen=True, slots=True)
class SheetRegister:
    """A page of the register with the counts of the whole."""

    lines: tuple[SheetLine, ...]
    found: int
    offset: int
    open_count: int
    late: int
    potential: int
    mine: int
    to_judge: int
    is_potential: bool

    @property
    def headline(self) -> str:
        """Return the answer in words."""
        count = self.potential if self.is_potential else self.open_count
        late = 0 if self.is_potential else self.late
        return life.headline(open_count=count, late=late, potential=self.is_potential)


def nonconformities(
    *, actor: Actor, filter: SheetFilter, today: date, offset: int = 0, limit: int = PAGE
) -> SheetRegister:
    """Return a page of the agency's nonconformities; those open by their day, ended ones newest
    first. Three queries besides names."""
    own = Nonconformity.objects.filter(agency_id=actor.agency_id)
    rows = own.filter(_scope(filter.scope, actor))
    if filter.unit_id:
        rows = rows.filter(unit_id=filter.unit_id)
    if filter.origin:
        rows = rows.filter(origin_kind=filter.origin)
    for word in fold(filter.query).split():
        rows = rows.filter(folded__contains=word)
    order = ("-reported_at", "-id") if filter.scope in {ENDED, ALL} else ("due_on", "id")
    open_ = Q(state__in=life.OPEN_STATES)
    counts = own.aggregate(
        open=Count("id", filter=open_ & Q(potential=False)),
        late=Count("id", filter=_late(today) & Q(potential=False)),
        potential=Count("id", filter=open_ & Q(potential=True)),
        mine=Count("id", filter=open_ & Q(owner_id=actor.person_id)),
        judge=Count("id", filter=Q(state=life.CHECKED)),
    )
    return SheetRegister(
        lines=lines_of(rows.order_by(*order)[offset : offset + limit], actor.agency_id, today),
        found=rows.count(), offset=offset, open_count=counts["open"], late=counts["late"],
        potential=counts["potential"], mine=counts["mine"], to_judge=counts["judge"],
        is_potential=filter.scope == POTENTIAL,
    )  # fmt: skip


def _late(today: date) -> Q:
    waiting = Q(state__in=[life.REPORTED, life.AGAIN, life.ANALYSED], due_on__lt=today)
    return waiting | Q(state=life.CHECKED, effect_on__lt=today)


def _scope(scope: str, actor: Actor) -> Q:
    open_ = Q(state__in=life.OPEN_STATES)
    return {
        "toi": open_ & Q(owner_id=actor.person_id),
        "hieu-luc": Q(state=life.CHECKED),
        ENDED: Q(state__in=life.ENDED),
        POTENTIAL: Q(potential=True),
        ALL: Q(),
    }.get(scope, open_ & Q(potential=False))


def of_origin(
    *, agency_id: int, kind: str, ids: Iterable[int], today: date
) -> tuple[SheetLine, ...]:
    """Return the nonconformities that come from some origins of one kind; one query and names."""
    rows = Nonconformity.objects.filter(
        agency_id=agency_id, origin_kind=kind, origin_id__in=list(ids)
    )
    return lines_of(rows.order_by("reported_at", "id"), agency_id, today)


def ended_origins(*, agency_id: int, kind: str) -> QuerySet:
    """Return, to be asked within another query, the origins of a kind whose nonconformity has ended."""
    rows = Nonconformity.objects.filter(agency_id=agency_id, origin_kind=kind, state__in=life.ENDED)
    return rows.values("origin_id")


def sheets_since(*, agency_id: int, since: date, today: date, limit: int) -> tuple[SheetLine, ...]:
    """Return the nonconformities found since a day, the newest first; one query and names."""
    rows = Nonconformity.objects.filter(agency_id=agency_id, found_on__gte=since)
    return lines_of(rows.order_by("-reported_at", "-id")[:limit], agency_id, today)


def open_sheets(*, agency_id: int, today: date, limit: int) -> tuple[SheetLine, ...]:
    """Return the nonconformities that have not ended, by their day; one query and names."""
    rows = Nonconformity.objects.filter(agency_id=agency_id, state__in=life.OPEN_STATES)
    return lines_of(rows.order_by("due_on", "id")[:limit], agency_id, today)


def latest_of_unit(
    *, agency_id: int, unit_id: int, today: date, limit: int = 2
) -> tuple[SheetLine, ...]:
    """Return the newest nonconformities that a unit answered for, without rejected ones."""
    rows = Nonconformity.objects.filter(agency_id=agency_id, unit_id=unit_id, potential=False)
    rows = rows.exclude(state=life.REJECTED).order_by("-reported_at", "-id")
    return lines_of(rows[:limit], agency_id, today)


def about(*, agency_id: int, kind: str, ref_id: int, today: date) -> tuple[SheetLine, ...]:
    """Return the nonconformities that come from, or are about, one thing."""
    return lines_of(_ABOUT.objects(agency=agency_id, kind=kind, ref=ref_id), agency_id, today)


def _about() -> QuerySet[Nonconformity]:
    kind, ref_id = Mark("kind", CharField()), Mark("ref", BigIntegerField())
    named = Subject.objects.filter(nonconformity_id=OuterRef("pk"), kind=kind, ref_id=ref_id)
    rows = Nonconformity.objects.filter(
        Q(origin_kind=kind, origin_id=ref_id) | Exists(named),
        agency_id=Mark("agency", BigIntegerField()),
    )
    return rows.order_by("reported_at", "id")


_ABOUT = Prepared(_about)  # every page of a case asks it


def lines_of(rows: Iterable[Nonconformity], agency_id: int, today: date) -> tuple[SheetLine, ...]:
    """Return rows as the register shows them."""
    rows = list(rows)
    names = person_names([row.owner_id for row in rows])
    units = {unit.id: unit.name for unit in units_of(agency_id)}
    return tuple(_line(row, names, units, today) for row in rows)


def code_of(row: Nonconformity) -> str:
    """Return the number of a sheet as it is said: "KPH 03/2026"; "PN" when it is preventive."""
    return f"{'PN' if row.potential else 'KPH'} {row.number:02d}/{row.year}"


def _line(
    row: Nonconformity, names: Mapping[int, str], units: Mapping[int, str], today: date
) -> SheetLine:
    due_on = row.effect_on if row.state == life.CHECKED and row.effect_on else row.due_on
    waits = {life.REPORTED, life.AGAIN, life.ANALYSED, life.CHECKED}
    late = row.state in waits and due_on < today
    return SheetLine(
        id=row.id, code=code_of(row), potential=row.potential, title=row.title, level=row.level,
        level_name=life.LEVEL_NAMES[row.level], clause=row.clause, origin_kind=row.origin_kind,
        origin_id=row.origin_id, origin_name=name_of_origin(row.origin_kind),
        origin_title=shorten(row.origin_title, 200), origin_url=row.origin_url,
        unit_id=row.unit_id, unit=units.get(row.unit_id or 0, ""), owner_id=row.owner_id,
        owner=names.get(row.owner_id or 0, ""), state=row.state,
        state_name=life.STATE_NAMES[row.state], chip=_chip(row.state, late), round=row.round,
        found_on=row.found_on, due_on=due_on, is_late=late, is_ended=row.state in life.ENDED,
        reported_at=row.reported_at, effect_on=row.effect_on, ended_at=row.ended_at,
        correction=row.correction, cause=row.cause,
    )  # fmt: skip


def _chip(state: str, late: bool) -> str:
    if late:
        return "qua"
    known = {life.CLOSED: "ok", life.REJECTED: "tam", life.CHECKED: "cho", life.EFFECTIVE: "cho"}
    return known.get(state, "trong")
