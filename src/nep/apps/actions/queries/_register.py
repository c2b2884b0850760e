"""The register as a list, and the actions of one origin."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from nep.apps.actions import rules
from nep.apps.actions.models import Action
from nep.apps.organization.queries import person_names, units_of
from nep.apps.organization.rules import Actor
from nep.kernel.text import fold, whole_number

PAGE = 50
MOST_EXPORTED = 20_000
MINE, CHECK, RUNNING, LATE, ENDED = "toi", "kiem-tra", "dang-lam", "qua-han", "da-xong"
SCOPES: dict[str, str] = {
    "": "Đang làm",
    MINE: "Của tôi",
    CHECK: "Chờ kiểm tra",
    LATE: "Quá hạn",
    ENDED: "Đã xong, đã thôi",
    "tat-ca": "Tất cả",
}


@dataclass(frozen=True, slots=True)
class ActionFilter:
    """What to list: `scope` is a key of SCOPES; unit 0 and an empty origin mean any."""

    scope: str = ""
    query: str = ""
    unit_id: int = 0
    origin: str = ""

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "ActionFilter":
        """Return the filter of a query string: loc, q, dv, nguon."""
        scope, origin = values.get("loc", ""), values.get("nguon", "")
        return cls(
            scope=scope if scope in SCOPES else "",
            query=values.get("q", "")[:120].strip(),
            unit_id=whole_number(values.get("dv", "")),
            origin=origin if origin in rules.ORIGIN_NAMES else "",
        )

    def values(self) -> dict[str, str]:
        """Return the filter as a query string's values, without what means any."""
        unit = str(self.unit_id) if self.unit_id else ""
        found = {"loc": self.scope, "q": self.query, "dv": unit, "nguon": self.origin}
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An action of the register."""

    id: int
    code: str
    title: str
    origin_kind: str
    origin_id: int
    origin_name: str
    origin_title: str
    origin_url: str
    clause: str
    owner_id: int
    owner: str
    unit_id: int | None
    unit: str
    checker_id: int | None
    checker: str
    state: str
    state_name: str
    chip: str
    due_on: date
    first_due_on: date
    is_late: bool
    days_late: int
    opened_at: datetime
    done_at: datetime | None
    ended_at: datetime | None
    evidence: str

    @property
    def is_done(self) -> bool:
        """Say whether it was done and somebody else has accepted it."""
        return self.state == rules.CHECKED

    @property
    def is_ended(self) -> bool:
        """Say whether nothing of it is left to do."""
        return self.state in rules.ENDED


@dataclass(frozen=True, slots=True)
class Register:
    """A page of the register with the counts of the whole."""

    lines: tuple[ActionLine, ...]
    found: int
    offset: int
    open_count: int
    late: int
    mine: int
    to_check: int

    @property
    def headline(self) -> str:
        """Return the answer in words."""
        return rules.headline(mine=self.mine, late=self.late, open_count=self.open_count)


def register(
    *, actor: Actor, filter: ActionFilter, today: date, offset: int = 0, limit: int = PAGE
) -> Register:
    """Return a page of the agency's actions, the nearest day first; ended ones newest first.

    Three queries besides names, however long the register is.
    """
    own = Action.objects.filter(agency_id=actor.agency_id)
    rows = own.filter(_scope(filter.scope, actor, today))
    if filter.unit_id:
        rows = rows.filter(unit_id=filter.unit_id)
    if filter.origin:
        rows = rows.filter(origin_kind=filter.origin)
    for word in fold(filter.query).split():
        rows = rows.filter(folded__contains=word)
    order = ("-opened_at", "-id") if filter.scope in {ENDED, "tat-ca"} else ("due_on", "id")
    running = Q(state__in=rules.RUNNING)
    counts = own.aggregate(
        open=Count("id", filter=~Q(state__in=rules.ENDED)),
        late=Count("id", filter=running & Q(due_on__lt=today)),
        mine=Count("id", filter=running & Q(owner_id=actor.person_id)),
        check=Count("id", filter=Q(state=rules.DONE)),
    )
    return Register(
        lines=lines_of(rows.order_by(*order)[offset : offset + limit], actor.agency_id, today),
        found=rows.count(), offset=offset, open_count=counts["open"], late=counts["late"],
        mine=counts["mine"], to_check=counts["check"],
    )  # fmt: skip


def _scope(scope: str, actor: Actor, today: date) -> Q:
    if scope == MINE:
        return Q(owner_id=actor.person_id, state__in=rules.RUNNING)
    if scope == CHECK:
        return Q(state=rules.DONE)
    if scope == LATE:
        return Q(state__in=rules.RUNNING, due_on__lt=today)
    if scope == ENDED:
        return Q(state__in=rules.ENDED)
    return Q() if scope == "tat-ca" else ~Q(state__in=rules.ENDED)


def of_origin(
    *, agency_id: int, kind: str, ids: Iterable[int], today: date
) -> tuple[ActionLine, ...]:
    """Return the actions of some origins of one kind, the nearest day first; one query and names."""
    rows = Action.objects.filter(agency_id=agency_id, origin_kind=kind, origin_id__in=list(ids))
    return lines_of(rows.order_by("due_on", "id"), agency_id, today)


def of_origins(
    *, agency_id: int, kind: str, ids: Iterable[int], today: date
) -> dict[int, tuple[ActionLine, ...]]:
    """Return the actions of each of some origins of one kind."""
    found: dict[int, list[ActionLine]] = {}
    for line in of_origin(agency_id=agency_id, kind=kind, ids=ids, today=today):
        found.setdefault(line.origin_id, []).append(line)
    return {origin: tuple(lines) for origin, lines in found.items()}


def open_of(*, agency_id: int, today: date, limit: int = 500) -> tuple[ActionLine, ...]:
    """Return the actions of an agency that have not ended, the nearest day first."""
    rows = Action.objects.filter(agency_id=agency_id).exclude(state__in=rules.ENDED)
    return lines_of(rows.order_by("due_on", "id")[:limit], agency_id, today)


def done_since(
    *, agency_id: int, since: date, today: date, limit: int = 500
) -> tuple[ActionLine, ...]:
    """Return the actions of an agency that were done since a day, the newest first."""
    rows = Action.objects.filter(agency_id=agency_id, done_at__date__gte=since)
    return lines_of(rows.order_by("-done_at", "-id")[:limit], agency_id, today)


def lines_of(rows: Iterable[Action], agency_id: int, today: date) -> tuple[ActionLine, ...]:
    """Return rows as the register shows them."""
    rows = list(rows)
    names = person_names([id_ for row in rows for id_ in (row.owner_id, row.checker_id)])
    units = {unit.id: unit.name for unit in units_of(agency_id)}
    return tuple(_line(row, names, units, today) for row in rows)


def _line(
    row: Action, names: Mapping[int, str], units: Mapping[int, str], today: date
) -> ActionLine:
    late = rules.is_late(row.state, due_on=row.due_on, today=today)
    return ActionLine(
        id=row.id, code=code_of(row), title=row.title, origin_kind=row.origin_kind,
        origin_id=row.origin_id, origin_name=rules.name_of_origin(row.origin_kind),
        origin_title=row.origin_title, origin_url=row.origin_url, clause=row.clause,
        owner_id=row.owner_id, owner=names.get(row.owner_id, ""), unit_id=row.unit_id,
        unit=units.get(row.unit_id or 0, ""), checker_id=row.checker_id,
        checker=names.get(row.checker_id or 0, ""), state=row.state,
        state_name=rules.STATE_NAMES[row.state], chip=chip_of(row.state, late), due_on=row.due_on,
        first_due_on=row.first_due_on, is_late=late,
        days_late=(today - row.due_on).days if late else 0, opened_at=row.opened_at,
        done_at=row.done_at, ended_at=row.ended_at, evidence=row.evidence,
    )  # fmt: skip


def code_of(row: Action) -> str:
    """Return the number of an action as it is said: "HĐ 03/2026"."""
    return f"HĐ {row.number:02d}/{row.year}"


def chip_of(state: str, late: bool) -> str:
    """Return the chip of a state."""
    if late:
        return "qua"
    return {rules.CHECKED: "ok", rules.CANCELLED: "tam", rules.DONE: "cho"}.get(state, "trong")
