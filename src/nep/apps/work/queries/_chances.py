"""Chances to be late: of sources, of what falls due soon, of the items somebody holds."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.work import rules
from nep.apps.work.models import Chance, Forecast
from nep.apps.work.queries._list import is_lent, own_items
from nep.apps.work.queries._rows import open_rows
from nep.foundation.db import Mark, Prepared

MOST_ADVISED = 400
MOST_LIKELY = 500


@dataclass(frozen=True, slots=True)
class ChanceLine:
    """The chance of one source; `percent` is None where the history is too thin."""

    source_type: str
    source_id: int
    person_id: int | None
    unit_id: int | None
    due_at: datetime
    percent: int | None
    after: int | None
    middle: int
    high: int
    why: str
    told_at: datetime
    mark: int

    @property
    def gain(self) -> int:
        """Return by how many points finishing the present step lowers the chance."""
        if self.percent is None or self.after is None:
            return 0
        return max(0, self.percent - self.after)


@dataclass(frozen=True, slots=True)
class ForecastFacts:
    """What an agency's history teaches, and how it did on cases it had not seen."""

    state: str
    body: Mapping[str, Any]
    cases: int
    tested: int
    brier: float | None
    base: float | None
    fitted_at: datetime


_COLUMNS = (
    "source_type", "source_id", "person_id", "unit_id", "due_at", "percent", "after", "middle",
    "high", "why", "told_at", "mark",
)  # fmt: skip


_CHANCE = Prepared(
    lambda: Chance.objects.filter(
        agency_id=Mark("agency"), source_type=Mark("kind"), source_id=Mark("source")
    ).values_list(*_COLUMNS)
)


def chances_of(
    *, agency_id: int, source_type: str, source_ids: Collection[int]
) -> dict[int, ChanceLine]:
    """Return what is known of the chances of some sources of an agency, by id."""
    if len(source_ids) == 1:
        (one,) = source_ids
        known = _CHANCE.rows(agency=agency_id, kind=source_type, source=one)
        return {row[1]: ChanceLine(*row) for row in known}
    rows = Chance.objects.filter(
        agency_id=agency_id, source_type=source_type, source_id__in=list(source_ids)
    )
    return {row[1]: ChanceLine(*row) for row in rows.values_list(*_COLUMNS)}


def likely_late(
    *, agency_id: int, now: datetime, until: datetime, least: int = 0
) -> tuple[ChanceLine, ...]:
    """Return what falls due from now until a moment and is not late yet, the likeliest first; the
    first five hundred with at least so many percent."""
    rows = Chance.objects.filter(
        agency_id=agency_id, due_at__gte=now, due_at__lt=until, percent__gte=least
    ).order_by("-percent", "due_at", "source_id")
    return tuple(ChanceLine(*row) for row in rows.values_list(*_COLUMNS)[:MOST_LIKELY])


def unknown_count(*, agency_id: int, now: datetime, until: datetime) -> int:
    """Return how many sources due in a time have no percentage, their history being too thin."""
    return Chance.objects.filter(
        agency_id=agency_id, due_at__gte=now, due_at__lt=until, percent=None
    ).count()


def chance_marks(*, source_type: str, source_ids: Sequence[int]) -> dict[int, tuple[int, datetime]]:
    """Return (mark, told at) of the sources whose chance is kept."""
    rows = Chance.objects.filter(source_type=source_type, source_id__in=list(source_ids))
    return {key: (mark, at) for key, mark, at in rows.values_list("source_id", "mark", "told_at")}


def chance_sources(*, source_type: str, after: int, limit: int) -> list[int]:
    """Return sources whose chance is kept, by id, those behind `after`."""
    rows = Chance.objects.filter(source_type=source_type, source_id__gt=after)
    return list(rows.order_by("source_id").values_list("source_id", flat=True)[:limit])


def forecast_of(*, agency_id: int, source_type: str) -> ForecastFacts | None:
    """Return what an agency's history teaches; None before the worker has looked."""
    row = Forecast.objects.filter(agency_id=agency_id, source_type=source_type).first()
    if row is None:
        return None
    return ForecastFacts(
        row.state, row.body, row.cases, row.tested, row.brier, row.base, row.fitted_at
    )


@dataclass(frozen=True, slots=True)
class NextItem:
    """An item in the order of what to do next, with the sentence why it stands there."""

    title: str
    source_code: str
    link: str
    percent: int | None
    why: str
    is_late: bool


def _nearest(rows: QuerySet) -> QuerySet:
    running = rows.filter(paused=False, due_at__isnull=False).order_by("due_at", "id")
    return running.values_list(
        "source_type", "source_id", "title", "source_code", "link", "due_at"
    )[:MOST_ADVISED]


_NEAREST = Prepared(
    lambda: _nearest(open_rows().filter(person_id=Mark("person"), agency_id=Mark("agency")))
)


def next_items(*, actor: Actor, now: datetime, limit: int = 5) -> tuple[NextItem, ...]:
    """Return what the actor had best do next: what is late, the longest first; then the items
    whose finishing now lowers the chance to be late most; then the nearest due date.

    Looks at the four hundred nearest running items of the actor's; two queries besides names.
    """
    if is_lent(actor):
        found = list(_nearest(own_items(actor)))
    else:
        found = _NEAREST.rows(person=actor.person_id, agency=actor.agency_id)
    ids = [source_id for source_type, source_id, *_ in found if source_type == "case"]
    chances = chances_of(agency_id=actor.agency_id, source_type="case", source_ids=ids)
    placed = []
    for place, (source_type, source_id, title, code, link, due_at) in enumerate(found):
        chance = chances.get(source_id) if source_type == "case" else None
        late = due_at < now
        gain = chance.gain if chance else 0
        item = NextItem(
            title, code, link, chance.percent if chance else None,
            rules.reason_next(
                late=late, percent=chance.percent if chance else None,
                after=chance.after if chance else None, due_at=due_at, now=now,
            ),
            late,
        )  # fmt: skip
        placed.append(((not late, -gain if not late else 0, place), item))
    placed.sort(key=lambda pair: pair[0])
    return tuple(item for _, item in placed[:limit])


def holders_of(lines: Sequence[ChanceLine]) -> dict[int, str]:
    """Return the names of those who hold what the lines tell of."""
    return organization.person_names([line.person_id for line in lines])
