"""The list of a person: groups by urgency, what waits for the unit, what comes in five days."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

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
from nep.kernel.vietnamese import local
from nep.worktime import Calendar

PAGE = 50
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


def my_items(
    *,
    actor: Actor,
    now: datetime,
    calendar: Calendar,
    kind: str = "",
    own_path: Callable[[int], str] = lambda item_id: f"/viec/{item_id}/cach-tinh/",
) -> Worklist:
    """Return the actor's open items in the agency chosen; five queries, whatever their number."""
    urgent = urgent_sources(actor.agency_id)
    make = row_maker(
        now=now, calendar=calendar, own_path=own_path, acting=_acting(actor), urgent=urgent
    )
    mine = _mine(actor).annotate(grp=_group(now))
    counts = list(mine.values("kind", "grp").annotate(n=Count("id")).order_by())
    waiting = _waiting_group(actor, kind, make, urgent)
    by_group = dict.fromkeys(ORDER, 0)
    for line in counts:
        if kind in ("", line["kind"]):
            by_group[ORDER[line["grp"]]] += line["n"]
    late = sum(line["n"] for line in counts if ORDER[line["grp"]] == rules.LATE)
    today = sum(line["n"] for line in counts if ORDER[line["grp"]] == rules.TODAY)
    paused = sum(line["n"] for line in counts if ORDER[line["grp"]] == rules.PAUSED)
    total = sum(line["n"] for line in counts)
    return Worklist(
        headline=rules.headline(
            open_count=total - paused, late=late, today=today, unclaimed=waiting.count
        ),
        total=total,
        late=late,
        groups=_groups(mine.filter(kind=kind) if kind else mine, by_group, make, urgent),
        waiting=waiting,
        tabs=_tabs(counts, kind),
        days=_days(actor, now, calendar),
        left_today=_left_today(calendar, now),
    )


def _left_today(calendar: Calendar, now: datetime) -> int:
    midnight = local(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return calendar.measure(now, midnight)


def _mine(actor: Actor) -> QuerySet:
    """Return what the actor holds, and what is held by those the actor acts for today."""
    held = Q(person_id=actor.person_id)
    for hat in actor.hats:
        if hat.acting_for is not None:
            unit = Q(unit_id=hat.unit_id) if hat.unit_id else Q(unit_id__isnull=True)
            held |= Q(person_id=hat.acting_for, role=hat.role) & unit
    return open_rows().filter(held, person_id__isnull=False, agency_id=actor.agency_id)


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
    rows: QuerySet,
    counts: dict[str, int],
    make: Callable[..., WorkRow],
    urgent: frozenset[Source],
) -> tuple[Group, ...]:
    place = Window(RowNumber(), partition_by=[F("grp")], order_by=_order(urgent))
    found: dict[str, list[WorkRow]] = {key: [] for key in ORDER}
    first = rows.annotate(place=place).filter(place__lte=PAGE).order_by("grp", "place")
    for group, *values in first.values_list("grp", *COLUMNS):
        found[ORDER[group]].append(make(*values))
    return tuple(
        Group(
            key,
            rules.GROUP_NAMES[key],
            counts[key],
            tuple(found[key]),
            _after(found[key]) if counts[key] > PAGE else "",
        )
        for key in ORDER
        if counts[key]
    )


def _after(rows: list[WorkRow]) -> str:
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
    place = _place(after)
    if key not in rules.GROUP_NAMES or place is None:
        return GroupPage(key, (), "")
    due_at, item_id = place
    urgent = urgent_sources(actor.agency_id)
    make = row_maker(
        now=now, calendar=calendar, own_path=own_path, acting=_acting(actor), urgent=urgent
    )
    if key == rules.WAITING:
        rows = _waiting(actor)
    else:
        rows = _mine(actor).annotate(grp=_group(now)).filter(grp=ORDER.index(key))
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
    return GroupPage(key, tuple(found), _after(found) if len(values) > PAGE else "")


def _place(after: str) -> tuple[datetime | None, int] | None:
    moment, _, item_id = after.partition("~")
    try:
        due_at = datetime.fromisoformat(moment) if moment else None
        return (due_at, int(item_id)) if due_at is None or due_at.tzinfo else None
    except ValueError:
        return None


def _waiting(actor: Actor) -> QuerySet:
    """Return the items that nobody has taken and that wait for one of the actor's roles."""
    pairs = {(hat.unit_id, hat.role) for hat in actor.hats}
    wanted = Q(pk__in=[])
    for unit_id, role in sorted(pairs, key=str):
        unit = Q(unit_id=unit_id) if unit_id is not None else Q(unit_id__isnull=True)
        wanted |= unit & Q(role=role)
    return open_rows().filter(wanted, agency_id=actor.agency_id, person_id__isnull=True)


def _waiting_group(
    actor: Actor, kind: str, make: Callable[..., WorkRow], urgent: frozenset[Source]
) -> Group:
    rows = _waiting(actor)
    if kind:
        rows = rows.filter(kind=kind)
    counted = rows.annotate(total=Window(Count("id"))).order_by(*_order(urgent))
    values = list(counted.values_list("total", *COLUMNS)[:PAGE])
    found = tuple(make(*row[1:]) for row in values)
    count = values[0][0] if values else 0
    after = _after(list(found)) if count > PAGE else ""
    return Group(rules.WAITING, rules.GROUP_NAMES[rules.WAITING], count, found, after)


def _tabs(counts: list[dict], kind: str) -> tuple[Tab, ...]:
    by_kind: dict[str, int] = {}
    for line in counts:
        by_kind[line["kind"]] = by_kind.get(line["kind"], 0) + line["n"]
    if len(by_kind) < 2 and not kind:
        return ()
    tabs = [Tab("", "Tất cả", sum(by_kind.values()), not kind)]
    if kind and kind not in by_kind:
        by_kind[kind] = 0
    for name, count in sorted(by_kind.items()):
        tabs.append(Tab(name, rules.KIND_NAMES.get(name, "Việc khác"), count, name == kind))
    return tuple(tabs)


def _days(actor: Actor, now: datetime, calendar: Calendar) -> tuple[DueDay, ...]:
    days = _next_days(local(now).date(), calendar)
    midnight = local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    end = midnight + timedelta(days=(days[-1] - days[0]).days + 1)
    moments = (
        _mine(actor)
        .filter(paused=False, due_at__gte=midnight, due_at__lt=end)
        .values_list("due_at", flat=True)[:1000]
    )
    counts = dict.fromkeys(days, 0)
    for moment in moments:
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
