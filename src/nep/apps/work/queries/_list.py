"""The list of a person: groups by urgency, what waits for the unit, what comes in five days."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.work import rules
from nep.apps.work.queries._rows import (
    COLUMNS,
    Source,
    WorkRow,
    open_rows,
    row_maker,
    urgent_sources,
)
from nep.apps.work.queries._tally import Tally, tally
from nep.foundation.db import Mark, Prepared
from nep.kernel.vietnamese import local
from nep.worktime import Calendar

PAGE = 50
MOST_AT_ONCE = 200
ORDER = (rules.LATE, rules.TODAY, rules.WEEK, rules.LATER, rules.PAUSED)
DAYS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Group:
    """Items of one urgency: all are counted, the first fifty are here. `after` starts the rest."""

    key: str
    name: str
    count: int
    rows: tuple[WorkRow, ...]
    after: str


@dataclass(frozen=True, slots=True)
class GroupPage:
    """The next fifty of one group."""

    key: str
    rows: tuple[WorkRow, ...]
    after: str


@dataclass(frozen=True, slots=True)
class Tab:
    """One kind of items and how many there are; an empty kind means all."""

    kind: str
    name: str
    count: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class DueDay:
    """How many items fall due on one working day."""

    day: date
    label: str
    count: int
    is_today: bool


@dataclass(frozen=True, slots=True)
class Worklist:
    """Everything the page "Việc của tôi" shows. `late` and `total` count all kinds."""

    headline: str
    total: int
    late: int
    groups: tuple[Group, ...]
    waiting: Group
    tabs: tuple[Tab, ...]
    days: tuple[DueDay, ...]
    left_today: int
    rests_today: bool


def my_items(
    *,
    actor: Actor,
    now: datetime,
    calendar: Calendar,
    kind: str = "",
    own_path: Callable[[int], str] = lambda item_id: f"/viec/{item_id}/cach-tinh/",
) -> Worklist:
    """Return the actor's open items in the agency chosen, the first fifty of each group.

    At most six queries, whatever their number; counts come from the tally, not from rows.
    """
    urgent = urgent_sources(actor.agency_id)
    make = row_maker(
        now=now, calendar=calendar, own_path=own_path, acting=_acting(actor), urgent=urgent
    )
    held, waits = _tallies(actor, now)
    kinds = _kinds(held, _lent(actor), now)
    waiting = _waiting_group(actor, kind, make, urgent, waits)
    by_group = dict.fromkeys(ORDER, 0)
    whole = dict.fromkeys(ORDER, 0)
    for name, groups in kinds.items():
        for group, n in groups.items():
            whole[group] += n
            by_group[group] += n if kind in ("", name) else 0
    total = sum(whole.values())
    return Worklist(
        headline=rules.headline(
            open_count=total - whole[rules.PAUSED],
            late=whole[rules.LATE],
            today=whole[rules.TODAY],
            unclaimed=waiting.count,
        ),
        total=total,
        late=whole[rules.LATE],
        groups=_groups(actor, kind, by_group, make, urgent, now),
        waiting=waiting,
        tabs=_tabs(kinds, kind),
        days=_days(held, _lent(actor), now, calendar),
        left_today=_left_today(calendar, now),
        rests_today=not calendar.is_working_day(local(now).date()),
    )


def _tallies(actor: Actor, now: datetime) -> tuple[Tally, tuple[Tally, ...]]:
    """Return the counts of what the actor holds, and of what waits for the actor's roles."""
    own = ("p", actor.person_id)
    waits = sorted({(f"{rules.ROLE_SCOPE}{hat.role}", hat.unit_id or 0) for hat in actor.hats})
    found = tally(agency_id=actor.agency_id, owners=[own, *waits], now=now)
    return found[own], tuple(found[owner] for owner in waits)


def _kinds(held: Tally, lent: QuerySet | None, now: datetime) -> dict[str, dict[str, int]]:
    """Return how many items stand in each group of each kind, those held for others among them."""
    found = held.by_kind()
    if lent is not None:
        lines = lent.annotate(grp=_group(now)).values("kind", "grp").annotate(n=Count("id"))
        for line in lines.order_by():
            groups, name = found.setdefault(line["kind"], {}), ORDER[line["grp"]]
            groups[name] = groups.get(name, 0) + line["n"]
    return {kind: groups for kind, groups in found.items() if any(groups.values())}


def _left_today(calendar: Calendar, now: datetime) -> int:
    midnight = local(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return calendar.measure(now, midnight)


def own_items(actor: Actor) -> QuerySet:
    """Return what the actor holds, and what is held by those the actor acts for today."""
    held = Q(person_id=actor.person_id) | _lent_condition(actor)
    return open_rows().filter(held, person_id__isnull=False, agency_id=actor.agency_id)


def is_lent(actor: Actor) -> bool:
    """Say whether the actor acts for somebody else today."""
    return any(hat.acting_for is not None for hat in actor.hats)


def _lent(actor: Actor) -> QuerySet | None:
    """Return what is held by those the actor acts for today; None for who acts for nobody."""
    if not is_lent(actor):
        return None
    rows = open_rows().filter(_lent_condition(actor), agency_id=actor.agency_id)
    return rows.filter(person_id__isnull=False).exclude(person_id=actor.person_id)


def _lent_condition(actor: Actor) -> Q:
    held = Q(pk__in=[])
    for hat in actor.hats:
        if hat.acting_for is not None:
            unit = Q(unit_id=hat.unit_id) if hat.unit_id else Q(unit_id__isnull=True)
            held |= Q(person_id=hat.acting_for, role=hat.role) & unit
    return held


def _acting(actor: Actor) -> dict[int, str]:
    """Return how the actor signs for each person acted for, as "KT. Đặng Văn Toàn"."""
    lent = {hat.acting_for: hat.prefix for hat in actor.hats if hat.acting_for is not None}
    names = organization.person_names(lent)
    return {id_: f"{prefix} {names.get(id_, '')}".strip() for id_, prefix in lent.items()}


def _group(now: datetime) -> Case:
    tomorrow, next_week = rules.group_bounds(now)
    return Case(
        When(paused=True, then=Value(4)),
        When(due_at=None, then=Value(3)),
        When(due_at__lt=now, then=Value(0)),
        When(due_at__lt=tomorrow, then=Value(1)),
        When(due_at__lt=next_week, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )


_NEAREST = (F("due_at").asc(nulls_last=True), F("id").asc())


def by_nearest(rows: QuerySet) -> QuerySet:
    """Return items with the nearest due date first."""
    return rows.order_by(*_NEAREST)


def _order(urgent: frozenset[Source]) -> list:
    """Return the order within a group: what is urgent, then the nearest due date."""
    if not urgent:
        return list(_NEAREST)
    first = Case(When(_is_urgent(urgent), then=Value(0)), default=Value(1))
    return [first.asc(), *_NEAREST]


def _is_urgent(urgent: frozenset[Source]) -> Q:
    found = Q(pk__in=[])
    for source_type in sorted({name for name, _ in urgent}):
        ids = [source_id for name, source_id in urgent if name == source_type]
        found |= Q(source_type=source_type, source_id__in=ids)
    return found


def _groups(
    actor: Actor,
    kind: str,
    counts: dict[str, int],
    make: Callable[..., WorkRow],
    urgent: frozenset[Source],
    now: datetime,
) -> tuple[Group, ...]:
    found: dict[str, list[WorkRow]] = {key: [] for key in ORDER}
    if sum(counts.values()) <= MOST_AT_ONCE:
        return _shown(_grouped(_whole(actor, kind), make, urgent, now), counts)
    rows = own_items(actor).filter(kind=kind) if kind else own_items(actor)
    place = Window(RowNumber(), partition_by=[F("grp")], order_by=_order(urgent))
    first = (
        rows.annotate(grp=_group(now))
        .annotate(place=place)
        .filter(place__lte=PAGE)
        .order_by("grp", "place")
    )
    for group, *values in first.values_list("grp", *COLUMNS):
        found[ORDER[group]].append(make(*values))
    return _shown(found, counts)


def _mine() -> QuerySet:
    held = open_rows().filter(person_id=Mark("person"), agency_id=Mark("agency"))
    return held.order_by(*_NEAREST)


_WHOLE_COLUMNS = ("due_at", "paused", *COLUMNS)
_WHOLE = Prepared(lambda: _mine().values_list(*_WHOLE_COLUMNS))
_WHOLE_KIND = Prepared(lambda: _mine().filter(kind=Mark("kind")).values_list(*_WHOLE_COLUMNS))


def _whole(actor: Actor, kind: str) -> list[tuple]:
    """Return all that the actor holds, the nearest first."""
    if is_lent(actor):
        rows = own_items(actor).filter(kind=kind) if kind else own_items(actor)
        return list(rows.order_by(*_NEAREST).values_list(*_WHOLE_COLUMNS))
    who = {"person": actor.person_id, "agency": actor.agency_id}
    return _WHOLE_KIND.rows(**who, kind=kind) if kind else _WHOLE.rows(**who)


def _shown(found: Mapping[str, list[WorkRow]], counts: Mapping[str, int]) -> tuple[Group, ...]:
    return tuple(
        Group(
            key,
            rules.GROUP_NAMES[key],
            counts[key],
            tuple(found[key]),
            place_after(found[key]) if counts[key] > PAGE else "",
        )
        for key in ORDER
        if counts[key]
    )


def _grouped(
    values: list[tuple], make: Callable[..., WorkRow], urgent: frozenset[Source], now: datetime
) -> dict[str, list[WorkRow]]:
    """Return the first fifty of each group of a list that is short enough to be read whole."""
    found: dict[str, list[tuple]] = {key: [] for key in ORDER}
    for due_at, paused, *row in values:
        found[rules.group_of(now=now, due_at=due_at, paused=paused)].append(tuple(row))
    kind, number = COLUMNS.index("source_type"), COLUMNS.index("source_id")
    if urgent:
        for lines in found.values():
            lines.sort(key=lambda row: (row[kind], row[number]) not in urgent)
    return {key: [make(*row) for row in lines[:PAGE]] for key, lines in found.items()}


def place_after(rows: list[WorkRow]) -> str:
    """Return the place in the order where the next page starts."""
    if not rows:
        return ""
    last = rows[-1]
    return f"{last.due_at.isoformat() if last.due_at else ''}~{last.id}"


def group_page(
    *,
    actor: Actor,
    now: datetime,
    calendar: Calendar,
    key: str,
    after: str,
    kind: str = "",
    own_path: Callable[[int], str] = lambda item_id: f"/viec/{item_id}/cach-tinh/",
) -> GroupPage:
    """Return the fifty items of a group that follow a place; an unreadable place gives none."""
    place = place_asked(after)
    if key not in rules.GROUP_NAMES or place is None:
        return GroupPage(key, (), "")
    due_at, item_id = place
    urgent = urgent_sources(actor.agency_id)
    make = row_maker(
        now=now, calendar=calendar, own_path=own_path, acting=_acting(actor), urgent=urgent
    )
    if key == rules.WAITING:
        rows = waiting_items(actor)
    else:
        rows = own_items(actor).annotate(grp=_group(now)).filter(grp=ORDER.index(key))
    if kind:
        rows = rows.filter(kind=kind)
    if urgent:  # they stand on the first page
        rows = rows.exclude(_is_urgent(urgent))
    if due_at is None:
        rows = rows.filter(due_at=None, id__gt=item_id)
    else:
        rows = rows.filter(Q(due_at__gt=due_at) | Q(due_at=due_at, id__gt=item_id) | Q(due_at=None))
    values = list(rows.order_by(*_NEAREST).values_list(*COLUMNS)[: PAGE + 1])
    found = [make(*row) for row in values[:PAGE]]
    return GroupPage(key, tuple(found), place_after(found) if len(values) > PAGE else "")


def place_asked(after: str) -> tuple[datetime | None, int] | None:
    moment, _, item_id = after.partition("~")
    try:
        due_at = datetime.fromisoformat(moment) if moment else None
        return (due_at, int(item_id)) if due_at is None or due_at.tzinfo else None
    except ValueError:
        return None


def waiting_items(actor: Actor) -> QuerySet:
    """Return the items that nobody has taken and that wait for one of the actor's roles."""
    pairs = {(hat.unit_id, hat.role) for hat in actor.hats}
    wanted = Q(pk__in=[])
    for unit_id, role in sorted(pairs, key=str):
        unit = Q(unit_id=unit_id) if unit_id is not None else Q(unit_id__isnull=True)
        wanted |= unit & Q(role=role)
    return open_rows().filter(wanted, agency_id=actor.agency_id, person_id__isnull=True)


def _first_waiting(actor: Actor) -> list[tuple]:
    """Return the first fifty items that wait for one of the actor's roles, the nearest first."""
    pairs = sorted({(hat.unit_id, hat.role) for hat in actor.hats}, key=str)
    values: dict[str, Any] = {"agency": actor.agency_id}
    for place, (unit_id, role) in enumerate(pairs):
        values |= {f"role{place}": role, f"unit{place}": unit_id}
    return _waiting_statement(tuple(unit_id is None for unit_id, _ in pairs)).rows(**values)


@lru_cache(maxsize=256)
def _waiting_statement(is_everywhere: tuple[bool, ...]) -> Prepared:
    """Return the query of what waits for so many roles; True stands for one of the whole agency."""

    def make() -> QuerySet:
        wanted = Q(pk__in=[])
        for place, is_whole in enumerate(is_everywhere):
            unit = Q(unit_id=None) if is_whole else Q(unit_id=Mark(f"unit{place}"))
            wanted |= unit & Q(role=Mark(f"role{place}"))
        rows = open_rows().filter(wanted, agency_id=Mark("agency"), person_id=None)
        return rows.order_by(*_NEAREST).values_list(*COLUMNS)[:PAGE]

    return Prepared(make)


def _waiting_group(
    actor: Actor,
    kind: str,
    make: Callable[..., WorkRow],
    urgent: frozenset[Source],
    tallies: tuple[Tally, ...],
) -> Group:
    count = sum(sum(one.groups(kind).values()) for one in tallies)
    values: Iterable[tuple] = ()
    if count and (urgent or kind):
        rows = waiting_items(actor)
        rows = rows.filter(kind=kind) if kind else rows
        values = rows.order_by(*_order(urgent)).values_list(*COLUMNS)[:PAGE]
    elif count:
        values = _first_waiting(actor)
    found = tuple(make(*row) for row in values)
    after = place_after(list(found)) if count > PAGE else ""
    return Group(rules.WAITING, rules.GROUP_NAMES[rules.WAITING], count, found, after)


def _tabs(kinds: Mapping[str, Mapping[str, int]], kind: str) -> tuple[Tab, ...]:
    by_kind = {name: sum(groups.values()) for name, groups in kinds.items()}
    if len(by_kind) < 2 and not kind:
        return ()
    tabs = [Tab("", "Tất cả", sum(by_kind.values()), not kind)]
    if kind and kind not in by_kind:
        by_kind[kind] = 0
    for name, count in sorted(by_kind.items()):
        tabs.append(Tab(name, rules.KIND_NAMES.get(name, "Việc khác"), count, name == kind))
    return tuple(tabs)


def _days(
    held: Tally, lent: QuerySet | None, now: datetime, calendar: Calendar
) -> tuple[DueDay, ...]:
    days = _next_days(local(now).date(), calendar)
    known = held.on_days()
    counts = {day: known.get(rules.day_number(day), 0) for day in days}
    if lent is not None:
        midnight = local(now).replace(hour=0, minute=0, second=0, microsecond=0)
        end = midnight + timedelta(days=(days[-1] - days[0]).days + 1)
        due = lent.filter(paused=False, due_at__gte=midnight, due_at__lt=end)
        for moment in due.values_list("due_at", flat=True)[:1000]:
            day = local(moment).date()
            if day in counts:
                counts[day] += 1
    return tuple(
        DueDay(day, "Hôm nay" if day == days[0] else _short(day), count, day == days[0])
        for day, count in counts.items()
    )


def _next_days(today: date, calendar: Calendar) -> list[date]:
    """Return today and the working days after it, five in all."""
    days, day = [today], today
    while len(days) < DAYS_SHOWN and (day - today).days < 40:
        day += timedelta(days=1)
        if calendar.is_working_day(day):
            days.append(day)
    return days


def _short(day: date) -> str:
    return "CN" if day.weekday() == 6 else f"T{day.weekday() + 2}"
