"""Counts of open items by kind and due day: what is folded, and what has changed since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Count, DateTimeField, Q, QuerySet

from nep.apps.work import rules
from nep.apps.work.queries._rows import open_rows
from nep.foundation.db.prepared import Mark, Prepared
from nep.kernel.vietnamese import VN, local

Owner = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Tally:
    """Open items of some lists together by (kind, due day), and by kind those of today that are
    late already."""

    days: Mapping[tuple[str, int], int]
    late_today: Mapping[str, int]
    today: int

    def by_kind(self) -> dict[str, dict[str, int]]:
        """Return how many stand in each group of each kind."""
        found: dict[str, dict[str, int]] = {}
        today = rules.day_of_number(self.today)
        for (kind, day), n in self.days.items():
            group = rules.group_of_day(day=day, today=today)
            groups = found.setdefault(kind, {})
            groups[group] = groups.get(group, 0) + n
        for kind, n in self.late_today.items():
            groups = found.setdefault(kind, {})
            groups[rules.TODAY] = groups.get(rules.TODAY, 0) - n
            groups[rules.LATE] = groups.get(rules.LATE, 0) + n
        return found

    def groups(self, kind: str = "") -> dict[str, int]:
        """Return how many stand in each group, of all kinds or of one."""
        found: dict[str, int] = {}
        for name, groups in self.by_kind().items():
            if kind in ("", name):
                for group, n in groups.items():
                    found[group] = found.get(group, 0) + n
        return found

    def on_days(self, kind: str = "") -> dict[int, int]:
        """Return how many fall due on each day, as 20261121; what is paused or undated is not."""
        found: dict[int, int] = {}
        for (name, day), n in self.days.items():
            if day > 0 and kind in ("", name):
                found[day] = found.get(day, 0) + n
        return found


def tally(*, agency_id: int, owners: Sequence[Owner], now: datetime) -> dict[Owner, Tally]:
    """Return the counts of some lists of an agency, as (scope, owner) of `rules.Place.lists`.

    One statement, which sees one moment, so that an item is counted once whatever the worker does;
    a second one only where something is due today.
    """
    wanted = list(dict.fromkeys(owners))
    today = rules.day_number(local(now).date())
    days: dict[Owner, dict[tuple[str, int], int]] = {owner: {} for owner in wanted}
    if not wanted:
        return {}
    for is_stale, *row in _rows(agency_id, wanted):
        if is_stale:
            for scope, owner, kind, day, n in _difference(row):
                if (scope, owner) in days:
                    _add(days[scope, owner], (kind, day), n)
        else:
            scope, owner, kind, day, n = row[:5]
            _add(days[scope, owner], (kind, day), n)
    return {
        owner: Tally(
            {key: n for key, n in found.items() if n},
            _late_today(agency_id, owner, now)
            if any(day == today and n for (_, day), n in found.items())
            else {},
            today,
        )
        for owner, found in days.items()
    }


def _add(found: dict[tuple[str, int], int], key: tuple[str, int], n: int) -> None:
    found[key] = found.get(key, 0) + n


_CHANGED = (
    "1, i.role, COALESCE(i.unit_id, 0), i.kind, i.state, COALESCE(i.person_id, 0), i.counted, "
    "i.due_at, i.paused"
)


def _ended() -> str:
    """Return the condition of what changed items have ended: by key, whatever PostgreSQL's
    statistics say of how many have changed."""
    found = (
        "SELECT ends_id FROM work_workitem WHERE stale AND agency_id = %s AND ends_id IS NOT NULL"
    )
    return f"= ANY (ARRAY({found}))" if connection.vendor == "postgresql" else f"IN ({found})"


def _rows(agency_id: int, wanted: Sequence[Owner]) -> list[tuple[Any, ...]]:
    either = " OR ".join(["(scope = %s AND owner_id = %s)"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 0, scope, owner_id, kind, day, n, '', NULL, FALSE "  # noqa: S608
            f"FROM work_workcount WHERE agency_id = %s AND ({either}) UNION ALL "
            f"SELECT {_CHANGED} FROM work_workitem i WHERE stale AND agency_id = %s UNION ALL "
            f"SELECT {_CHANGED} FROM work_workitem i WHERE NOT i.stale AND i.id {_ended()}",
            [agency_id, *(value for owner in wanted for value in owner), agency_id, agency_id],
        )
        return cursor.fetchall()


def _difference(row: Sequence[Any]) -> list[tuple[str, int, str, int, int]]:
    """Return what a changed item adds to and takes from the folded counts."""
    role, unit_id, kind, state, person_id, counted, due_at, paused = row
    old = rules.place_of_text(counted)
    new = rules.place_of(
        is_open=state == 0, unit_id=unit_id, person_id=person_id, role=role, kind=kind,
        due_at=_moment(due_at), paused=bool(paused),
    )  # fmt: skip
    return [
        (scope, owner, place.kind, place.day, sign)
        for place, sign in ((old, -1), (new, 1))
        if place is not None
        for scope, owner in place.lists
    ]


def _moment(value: datetime | str | None) -> datetime | None:
    """Return a moment; SQLite gives that of a compound statement as text in UTC."""
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value


def owned_by(owner: tuple[str, Any]) -> Q:
    """Return the condition of the items that a list counts."""
    scope, owner_id = owner
    if scope == "a":
        return Q()
    if scope == "p":
        return Q(person_id=owner_id)
    unit = Q(unit_id=owner_id) if owner_id else Q(unit_id__isnull=True)
    if scope == "u":
        return unit
    role = scope.removeprefix(rules.ROLE_SCOPE)
    return unit & Q(role=role, person_id__isnull=True)


def _late_today(agency_id: int, owner: Owner, now: datetime) -> dict[str, int]:
    midnight = datetime.combine(local(now).date(), time(), VN)
    scope, owner_id = owner
    statement = _late_statement(scope, is_named=bool(owner_id))
    return dict(statement.rows(agency=agency_id, owner=owner_id, midnight=midnight, now=now))


@lru_cache(maxsize=64)
def _late_statement(scope: str, *, is_named: bool) -> Prepared:
    """Return the statement that counts by kind what of a list fell due today and is late."""
    owner = Mark("owner", BigIntegerField())

    def made() -> QuerySet:
        rows = open_rows().filter(
            owned_by((scope, owner if is_named else 0)),
            agency_id=Mark("agency", BigIntegerField()),
            paused=False,
            due_at__gte=Mark("midnight", DateTimeField()),
            due_at__lt=Mark("now", DateTimeField()),
        )
        if scope == "p":
            rows = rows.filter(person_id__isnull=False)
        return rows.order_by().values("kind").annotate(n=Count("id")).values_list("kind", "n")

    return Prepared(made)
