"""How the objectives of a year stand, folded to one line."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from nep.apps.planning.models import Objective, ObjectiveList
from nep.apps.planning.rules import objectives as rules


@dataclass(frozen=True, slots=True)
class ObjectivesState:
    """How many objectives a year has, are in force, were judged; when the first list was approved."""

    count: int
    in_force: int
    judged: int
    approved_at: datetime | None


def objectives_state(*, agency_id: int, year: int) -> ObjectivesState:
    """Return how the objectives of a year stand; two queries."""
    rows = Objective.objects.filter(agency_id=agency_id, year=year).exclude(state=rules.DROPPED)
    counts = rows.aggregate(
        count=Count("id"),
        in_force=Count("id", filter=Q(state__in=rules.IN_FORCE)),
        judged=Count("id", filter=Q(state=rules.JUDGED)),
    )
    lists = ObjectiveList.objects.filter(agency_id=agency_id, year=year)
    return ObjectivesState(**counts, approved_at=lists.aggregate(at=Min("approved_at"))["at"])
