"""How the objectives of a year stand, counted to be read together with other counts."""

from django.db.models import F, QuerySet

from nep.apps.planning.models import Objective, ObjectiveList
from nep.apps.planning.rules import objectives as rules
from nep.foundation.db.counting import counted

OBJECTIVES, FIRST_LIST = "objectives_of_year", "first_list_of_year"


def year_counts(*, agency_id: int, year: int) -> tuple[QuerySet, ...]:
    """Return the objectives of a year by state, their note, without those left out, and the first
    approved list with its day."""
    rows = Objective.objects.filter(agency_id=agency_id, year=year).exclude(state=rules.DROPPED)
    lists = ObjectiveList.objects.filter(agency_id=agency_id, year=year, approved_at__isnull=False)
    first = lists.order_by("approved_at", "id").values("pk")[:1]
    return (
        counted(rows, OBJECTIVES, note=F("state")),
        counted(lists.filter(pk__in=first), FIRST_LIST, moment="approved_at"),
    )
