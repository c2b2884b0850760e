"""Filters kept under a name: a person's own, and those shared with the person's units."""

from dataclasses import dataclass

from django.db.models import Q

from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.work.models import SavedFilter


@dataclass(frozen=True, slots=True)
class FilterLine:
    """One kept filter; `by` names who shares it, empty for an own one."""

    id: int
    name: str
    query: str
    by: str
    is_shared: bool


def saved_filters(*, actor: Actor) -> tuple[FilterLine, ...]:
    """Return the actor's filters in the agency, own ones first, then shared ones; by name."""
    mine = Q(person_id=actor.person_id)
    rows = SavedFilter.objects.filter(
        mine | Q(unit_id__in=actor.unit_ids), agency_id=actor.agency_id
    ).order_by("name")[:100]
    found = list(rows)
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
