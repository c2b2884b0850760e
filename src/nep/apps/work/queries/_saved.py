"""Filters kept under a name: a person's own, and those shared with the person's units."""

from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Q

from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.work.models import SavedFilter
from nep.foundation.db import Mark, Prepared


@dataclass(frozen=True, slots=True)
class FilterLine:
    """One kept filter; `by` names who shares it, empty for an own one."""

    id: int
    name: str
    query: str
    by: str
    is_shared: bool


@lru_cache(maxsize=64)
def _kept(units: int) -> Prepared:
    """Return the query of the filters of a person who belongs to so many units."""
    seen = Q(person_id=Mark("person"))
    for place in range(units):
        seen |= Q(unit_id=Mark(f"unit{place}"))
    return Prepared(
        lambda: SavedFilter.objects.filter(seen, agency_id=Mark("agency")).order_by("name")[:100]
    )


def saved_filters(*, actor: Actor) -> tuple[FilterLine, ...]:
    """Return the actor's filters in the agency, own ones first, then shared ones; by name."""
    units = sorted(actor.unit_ids)
    marks = {f"unit{place}": unit_id for place, unit_id in enumerate(units)}
    found = _kept(len(units)).objects(person=actor.person_id, agency=actor.agency_id, **marks)
    names = organization.person_names([row.person_id for row in found])
    lines = [
        FilterLine(
            row.pk, row.name, row.query,
            "" if row.person_id == actor.person_id else names.get(row.person_id, ""),
            row.unit_id is not None,
        )
        for row in found
    ]  # fmt: skip
    return tuple(sorted(lines, key=lambda line: bool(line.by)))
