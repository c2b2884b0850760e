"""One list under a filter: the actor's own work, a unit's or the agency's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import F, Q, QuerySet

from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.work import ports, rules
from nep.apps.work.queries._list import PAGE, own_items, place_after, place_asked
from nep.apps.work.queries._rows import COLUMNS, WorkRow, open_rows, row_maker, urgent_sources
from nep.apps.work.queries._tally import Owner, tally
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound
from nep.kernel.text import fold, whole_number
from nep.kernel.vietnamese import VN, local
from nep.worktime import Calendar

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
        return number if number and rules.day_of_number(number) else 0
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
    rows, is_cut = filtered_items(actor=actor, filter=filter, now=now)
    place = place_asked(after) if after else (None, 0)
    if place is None:
        raise NotFound()
    values = _page(rows, place, is_first=not after)
    make = row_maker(
        now=now, calendar=calendar, own_path=own_path, urgent=urgent_sources(actor.agency_id)
    )
    made = [make(*row) for row in values[:PAGE]]
    names = organization.person_names([row.person_id for row in made])
    units = {unit.id: unit.name for unit in organization.units_of(actor.agency_id)}
    lines = tuple(
        ListedItem(row, names.get(row.person_id or 0, ""), units.get(row.unit_id or 0, ""))
        for row in made
    )
    counts = None if after else list_counts(actor=actor, filter=filter, now=now)
    return ItemList(lines, place_after(made) if len(values) > PAGE else "", counts, is_cut)


def _page(rows: QuerySet, place: tuple[datetime | None, int], *, is_first: bool) -> list[tuple]:
    """Return fifty rows and one, those with a due date first; each part follows an index."""
    due_at, item_id = place
    found: list[tuple] = []
    if is_first or due_at is not None:
        dated = rows.filter(due_at__isnull=False)
        if due_at is not None:
            dated = dated.filter(due_at__gte=due_at).filter(
                Q(due_at__gt=due_at) | Q(id__gt=item_id)
            )
        found = list(dated.order_by("due_at", "id").values_list(*COLUMNS)[: PAGE + 1])
        item_id = 0
    if len(found) <= PAGE:
        undated = rows.filter(due_at=None, id__gt=item_id).order_by(F("id").asc())
        found += undated.values_list(*COLUMNS)[: PAGE + 1 - len(found)]
    return found


def filtered_items(*, actor: Actor, filter: ItemFilter, now: datetime) -> tuple[QuerySet, bool]:
    """Return the rows of a filter, unordered, and whether its words were looked for in part only.

    Raises NotFound; Forbidden where the actor may not see the list.
    """
    _require_scope(actor, filter)
    if filter.scope == rules.OWN:
        rows = own_items(actor)
    else:
        rows = open_rows().filter(agency_id=actor.agency_id)
        if filter.scope == rules.UNIT:
            rows = rows.filter(unit_id=filter.unit_id)
    if filter.kind:
        rows = rows.filter(kind=filter.kind)
    if filter.person_id < 0:
        rows = rows.filter(person_id__isnull=True)
    elif filter.person_id and filter.scope != rules.OWN:
        rows = rows.filter(person_id=filter.person_id)
    rows = rows.filter(_in_group(filter.group, now))
    if filter.day:
        start = datetime.combine(rules.day_of_number(filter.day), time(), VN)
        rows = rows.filter(paused=False, due_at__gte=start, due_at__lt=start + timedelta(days=1))
    return _with_words(actor, rows, filter.query)


def _require_scope(actor: Actor, filter: ItemFilter) -> None:
    decision = rules.may_see_list(actor, scope=filter.scope, unit_id=filter.unit_id)
    is_foreign = filter.scope == rules.UNIT and filter.unit_id not in _unit_ids(actor)
    if is_foreign or getattr(decision, "code", "") == "not_found":
        raise NotFound()
    require(decision)


def _in_group(group: str, now: datetime) -> Q:
    tomorrow, next_week = rules.group_bounds(now)
    running = Q(paused=False)
    conditions = {
        rules.LATE: running & Q(due_at__lt=now),
        rules.TODAY: running & Q(due_at__gte=now, due_at__lt=tomorrow),
        rules.WEEK: running & Q(due_at__gte=tomorrow, due_at__lt=next_week),
        rules.LATER: running & (Q(due_at__gte=next_week) | Q(due_at=None)),
        rules.PAUSED: Q(paused=True),
    }
    return conditions.get(group, Q())


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
    return {group: found.groups(filter.kind).get(group, 0) for group in GROUPS}


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
