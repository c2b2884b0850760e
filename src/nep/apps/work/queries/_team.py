"""One list under a filter: the actor's own work, a unit's or the agency's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import F, Q, QuerySet

from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.work import ports, rules
from nep.apps.work.queries._list import PAGE, is_lent, own_items, place_after, place_asked
from nep.apps.work.queries._rows import COLUMNS, WorkRow, open_rows, row_maker, urgent_sources
from nep.apps.work.queries._tally import Owner, tally
from nep.foundation.db import Mark, Prepared
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound
from nep.kernel.text import fold, whole_number
from nep.kernel.vietnamese import VN, local
from nep.worktime import Calendar

Place = tuple[datetime | None, int]
MOST_FOUND = 1000
MOST_READ = 3000
GROUPS = (rules.LATE, rules.TODAY, rules.WEEK, rules.LATER, rules.PAUSED)


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """What to list: `scope` is toi, don-vi or co-quan; 0 and "" mean any.

    `group` is a key of `rules.GROUP_NAMES`, `day` is 20261121, `person_id` -1 means nobody yet.
    """

    scope: str = rules.OWN
    unit_id: int = 0
    group: str = ""
    kind: str = ""
    person_id: int = 0
    day: int = 0
    query: str = ""

    @classmethod
    def read(cls, values: Mapping[str, str], *, actor: Actor) -> "ItemFilter":
        """Return the filter of a query string: pv, dv, nhom, loai, nguoi, ngay, q."""
        scope = values.get("pv", "")
        group, unit_id = values.get("nhom", ""), whole_number(values.get("dv", ""))
        led = rules.led_units(actor)
        if scope == rules.UNIT and not unit_id:
            unit_id = led[0] if led else next(iter(_unit_ids(actor)), 0)
        person = values.get("nguoi", "")
        return cls(
            scope=scope if scope in rules.SCOPE_NAMES else rules.OWN,
            unit_id=unit_id if scope == rules.UNIT else 0,
            group=group if group in GROUPS else "",
            kind=values.get("loai", "")[:20],
            person_id=-1 if person == "chua" else whole_number(person),
            day=_day(values.get("ngay", "")),
            query=values.get("q", "")[:120].strip(),
        )

    def values(self) -> dict[str, str]:
        """Return the filter as a query string's values, without what means any."""
        found = {
            "pv": self.scope if self.scope != rules.OWN else "",
            "dv": str(self.unit_id or ""),
            "nhom": self.group,
            "loai": self.kind,
            "nguoi": "chua" if self.person_id < 0 else str(self.person_id or ""),
            "ngay": str(self.day or ""),
            "q": self.query,
        }
        return {name: value for name, value in found.items() if value}


def _day(text: str) -> int:
    number = whole_number(text)
    try:
        day = rules.day_of_number(number) if number else None
        return number if number and day and day < date.max else 0  # there is a day after it
    except ValueError:
        return 0


def _unit_ids(actor: Actor) -> list[int]:
    return [unit.id for unit in organization.units_of(actor.agency_id)]


@dataclass(frozen=True, slots=True)
class ListedItem:
    """One line with who holds it."""

    row: WorkRow
    holder: str
    unit: str


@dataclass(frozen=True, slots=True)
class ItemList:
    """One page of a list; `counts` by group are None where the filter cannot be counted ahead.

    `is_cut` says that the words were found in more sources than were looked at.
    """

    lines: tuple[ListedItem, ...]
    after: str
    counts: Mapping[str, int] | None
    is_cut: bool


def items_list(
    *,
    actor: Actor,
    filter: ItemFilter,
    now: datetime,
    calendar: Calendar,
    after: str = "",
    own_path: Callable[[int], str] = lambda item_id: f"/viec/{item_id}/cach-tinh/",
) -> ItemList:
    """Return a page of a filter's items, the nearest due date first, continued by keyset.

    Raises NotFound; Forbidden.
    """
    place = place_asked(after) if after else (None, 0)
    if place is None:
        raise NotFound()
    if filter.query or _is_lent(actor, filter):
        rows, is_cut = filtered_items(actor=actor, filter=filter, now=now)
        values = _page(rows, place, is_first=not after)
    else:
        _require_scope(actor, filter)
        values, is_cut = _prepared_page(actor, filter, now, place, is_first=not after), False
    make = row_maker(
        now=now, calendar=calendar, own_path=own_path, urgent=urgent_sources(actor.agency_id),
        with_pleat=False,
    )  # fmt: skip
    made = [make(*row) for row in values[:PAGE]]
    names = organization.person_names([row.person_id for row in made])
    units = {unit.id: unit.name for unit in organization.units_of(actor.agency_id)}
    lines = tuple(
        ListedItem(row, names.get(row.person_id or 0, ""), units.get(row.unit_id or 0, ""))
        for row in made
    )
    counts = None if after else list_counts(actor=actor, filter=filter, now=now)
    return ItemList(lines, place_after(made) if len(values) > PAGE else "", counts, is_cut)


def _is_lent(actor: Actor, filter: ItemFilter) -> bool:
    """Say whether the list holds what the actor does for others, which no prepared query knows."""
    return filter.scope == rules.OWN and is_lent(actor)


def _page(rows: QuerySet, place: Place, *, is_first: bool) -> list[tuple]:
    """Return fifty rows and one, those with a due date first; each part follows an index."""
    due_at, item_id = place
    at = {"due": due_at, "id": item_id}
    found: list[tuple] = []
    if is_first or due_at is not None:
        found = list(_dated(rows, at, is_first=is_first))
        at["id"] = 0
    if len(found) <= PAGE:
        found += _undated(rows, at)[: PAGE + 1 - len(found)]
    return found


def _dated(rows: QuerySet, at: Mapping[str, Any], *, is_first: bool) -> QuerySet:
    dated = rows.filter(due_at__isnull=False)
    if not is_first:
        dated = dated.filter(due_at__gte=at["due"])
        dated = dated.filter(Q(due_at__gt=at["due"]) | Q(id__gt=at["id"]))
    return dated.order_by("due_at", "id").values_list(*COLUMNS)[: PAGE + 1]


def _undated(rows: QuerySet, at: Mapping[str, Any]) -> QuerySet:
    undated = rows.filter(due_at=None, id__gt=at["id"]).order_by(F("id").asc())
    return undated.values_list(*COLUMNS)[: PAGE + 1]


def _prepared_page(
    actor: Actor, filter: ItemFilter, now: datetime, place: Place, *, is_first: bool
) -> list[tuple]:
    """Return what `_page` returns, by statements that were compiled once for their shape."""
    due_at, item_id = place
    shape, values = _shape_of(filter), _values_of(actor, filter, now)
    found: list[tuple] = []
    if is_first or due_at is not None:
        part = _FIRST if is_first else _NEXT
        found = _statement(shape, part).rows(**values, due=due_at, id=item_id)
        item_id = 0
    if len(found) <= PAGE:
        found += _statement(shape, _UNDATED).rows(**values, id=item_id)[: PAGE + 1 - len(found)]
    return found


_FIRST, _NEXT, _UNDATED = "first", "next", "undated"


@lru_cache(maxsize=512)
def _statement(shape: "_Shape", part: str) -> Prepared:
    marks = {name: Mark(name) for name in _MARKS}

    def make() -> QuerySet:
        rows = _where(shape, marks)
        return (
            _undated(rows, marks)
            if part == _UNDATED
            else _dated(rows, marks, is_first=part == _FIRST)
        )

    return Prepared(make)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a list is filtered by, without the values."""

    scope: str
    group: str
    has_kind: bool
    holder: str
    has_day: bool


_MARKS = (
    "agency", "reader", "unit", "kind", "person", "now", "tomorrow", "next_week", "day", "day_end",
    "due", "id",
)  # fmt: skip


def _shape_of(filter: ItemFilter) -> _Shape:
    holder = "nobody" if filter.person_id < 0 else "person" if filter.person_id else ""
    if holder == "person" and filter.scope == rules.OWN:
        holder = ""
    return _Shape(filter.scope, filter.group, bool(filter.kind), holder, bool(filter.day))


def _values_of(actor: Actor, filter: ItemFilter, now: datetime) -> dict[str, Any]:
    tomorrow, next_week = rules.group_bounds(now)
    day = datetime.combine(rules.day_of_number(filter.day), time(), VN) if filter.day else now
    return {
        "agency": actor.agency_id, "reader": actor.person_id, "unit": filter.unit_id,
        "kind": filter.kind, "person": filter.person_id, "now": now, "tomorrow": tomorrow,
        "next_week": next_week, "day": day, "day_end": day + timedelta(days=1),
    }  # fmt: skip


def _where(shape: _Shape, at: Mapping[str, Any]) -> QuerySet:
    """Return the rows of a shape for these values, or for marks in their place."""
    rows = open_rows().filter(agency_id=at["agency"])
    if shape.scope == rules.OWN:
        rows = rows.filter(person_id=at["reader"])
    elif shape.scope == rules.UNIT:
        rows = rows.filter(unit_id=at["unit"])
    if shape.has_kind:
        rows = rows.filter(kind=at["kind"])
    if shape.holder:
        is_nobody = shape.holder == "nobody"
        rows = rows.filter(person_id=None) if is_nobody else rows.filter(person_id=at["person"])
    if shape.group:
        rows = rows.filter(_in_group(shape.group, at))
    if shape.has_day:
        rows = rows.filter(paused=False, due_at__gte=at["day"], due_at__lt=at["day_end"])
    return rows


def filtered_items(*, actor: Actor, filter: ItemFilter, now: datetime) -> tuple[QuerySet, bool]:
    """Return the rows of a filter, unordered, and whether its words were looked for in part only.

    Raises NotFound; Forbidden where the actor may not see the list.
    """
    _require_scope(actor, filter)
    rows = _where(_shape_of(filter), _values_of(actor, filter, now))
    if _is_lent(actor, filter):
        shape = replace(_shape_of(filter), scope="")
        rows = _where(shape, _values_of(actor, filter, now)) & own_items(actor)
    return _with_words(actor, rows, filter.query)


def _require_scope(actor: Actor, filter: ItemFilter) -> None:
    decision = rules.may_see_list(actor, scope=filter.scope, unit_id=filter.unit_id)
    is_foreign = filter.scope == rules.UNIT and filter.unit_id not in _unit_ids(actor)
    if is_foreign or getattr(decision, "code", "") == "not_found":
        raise NotFound()
    require(decision)


def _in_group(group: str, at: Mapping[str, Any]) -> Q:
    running = Q(paused=False)
    conditions = {
        rules.LATE: running & Q(due_at__lt=at["now"]),
        rules.TODAY: running & Q(due_at__gte=at["now"], due_at__lt=at["tomorrow"]),
        rules.WEEK: running & Q(due_at__gte=at["tomorrow"], due_at__lt=at["next_week"]),
        rules.LATER: running & (Q(due_at__gte=at["next_week"]) | Q(due_at=None)),
        rules.PAUSED: Q(paused=True),
    }
    return conditions[group]


def _with_words(actor: Actor, rows: QuerySet, text: str) -> tuple[QuerySet, bool]:
    """Keep what has every word of a text: sources found by their own part, the rest by its line."""
    words = fold(text).split()
    if not words:
        return rows, False
    wanted, is_cut = Q(pk__in=[]), False
    finders = ports.finders()
    for source_type, finder in sorted(finders.items()):
        ids = list(finder(actor, text, MOST_FOUND))
        is_cut = is_cut or len(ids) >= MOST_FOUND
        wanted |= Q(source_type=source_type, source_id__in=ids)
    others = rows.exclude(source_type__in=finders).order_by("id")
    read = list(others.values_list("id", "title", "detail", "source_code")[: MOST_READ + 1])
    met = [id_ for id_, *texts in read if _has_all(words, fold(" ".join(texts)))]
    return rows.filter(wanted | Q(pk__in=met)), is_cut or len(read) > MOST_READ


def _has_all(words: list[str], line: str) -> bool:
    return all(word in line for word in words)


def list_counts(*, actor: Actor, filter: ItemFilter, now: datetime) -> Mapping[str, int] | None:
    """Return how many items stand in each group of a list, without counting rows.

    None where no count is kept for what is asked: words, a day, another person within a unit, or
    items held for others by delegation.
    """
    if filter.query or filter.day or filter.person_id < 0:
        return None
    owner = _owner(actor, filter)
    if owner is None:
        return None
    found = tally(agency_id=actor.agency_id, owners=[owner], now=now)[owner]
    groups = found.groups(filter.kind)
    return {group: groups.get(group, 0) for group in GROUPS}


def _owner(actor: Actor, filter: ItemFilter) -> Owner | None:
    if filter.scope == rules.OWN:
        is_lent = any(hat.acting_for is not None for hat in actor.hats)
        return None if is_lent else ("p", actor.person_id)
    if filter.person_id:
        return ("p", filter.person_id) if filter.scope == rules.AGENCY else None
    return ("u", filter.unit_id) if filter.scope == rules.UNIT else ("a", 0)


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day of the calendar: how many items fall due, whether the agency works."""

    on: int
    number: int
    weekday: int
    count: int
    late: bool
    is_working: bool
    is_today: bool
    name: str


def due_days(
    *, actor: Actor, filter: ItemFilter, now: datetime, calendar: Calendar, first: int, days: int
) -> tuple[CalendarDay, ...]:
    """Return the days from `first` (20261101) on, with what falls due on each; no row is read.

    What the actor holds for others is not counted. Raises NotFound; Forbidden.
    """
    _require_scope(actor, filter)
    owner = ("p", actor.person_id) if filter.scope == rules.OWN else _owner(actor, filter)
    counts: Mapping[int, int] = {}
    if owner is not None:
        counts = tally(agency_id=actor.agency_id, owners=[owner], now=now)[owner].on_days()
    today, start = local(now).date(), rules.day_of_number(first)
    found = []
    for offset in range(days):
        day = start + timedelta(days=offset)
        number = rules.day_number(day)
        count = counts.get(number, 0)
        found.append(
            CalendarDay(
                on=number, number=day.day, weekday=day.weekday(), count=count,
                late=bool(count) and day < today, is_working=calendar.is_working_day(day),
                is_today=day == today,
                name="" if calendar.is_working_day(day) else calendar.day_name(day),
            )
        )  # fmt: skip
    return tuple(found)
