"""How the people of an agency read what came into force in a period, for the review."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q

from nep.apps.documents.models import Reading


@dataclass(frozen=True, slots=True)
class ReadingTally:
    """Readings asked for in a period, without those that ended otherwise; `late` wait past their
    day."""

    asked: int
    done: int
    in_time: int
    late: int


def reading_tally(*, agency_id: int, starts_on: date, ends_on: date, today: date) -> ReadingTally:
    """Return what was asked to be read from one day to another and what became of it; one query."""
    rows = Reading.objects.filter(
        agency_id=agency_id, ended_at=None, asked_at__date__gte=starts_on,
        asked_at__date__lte=ends_on,
    )  # fmt: skip
    found = rows.aggregate(
        asked=Count("id"),
        done=Count("id", filter=Q(acknowledged_at__isnull=False)),
        in_time=Count("id", filter=Q(acknowledged_at__date__lte=F("due_on"))),
        late=Count("id", filter=Q(acknowledged_at=None, due_on__lt=today)),
    )
    return ReadingTally(**found)
