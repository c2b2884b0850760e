"""How the people of an agency read what came into force in a period, for the review."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from nep.apps.documents.models import Reading


@dataclass(frozen=True, slots=True)
class ReadingTally:
    """Readings asked for in a period, without those that ended otherwise; `late` wait past their
    day."""

    asked: int
    done: int
    in_time: int
    late: int


@dataclass(frozen=True, slots=True)
class DocumentReadings:
    """How one document was read."""

    code: str
    title: str
    asked: int
    done: int
    in_time: int
    late: int


def readings_by_document(
    *, agency_id: int, starts_on: date, ends_on: date, today: date
) -> tuple[DocumentReadings, ...]:
    """Return what was asked to be read from one day to another by document; one query."""
    found = (
        _asked(agency_id, starts_on, ends_on)
        .values_list("document__code", "document__title")
        .annotate(**_counts(today))
        .order_by("document__code")
    )
    names = ("asked", "done", "in_time", "late")
    return tuple(
        DocumentReadings(code, title, **dict(zip(names, counts, strict=True)))
        for code, title, *counts in found
    )


def reading_tally(*, agency_id: int, starts_on: date, ends_on: date, today: date) -> ReadingTally:
    """Return what was asked to be read from one day to another and what became of it; one query."""
    return ReadingTally(**_asked(agency_id, starts_on, ends_on).aggregate(**_counts(today)))


def _asked(agency_id: int, starts_on: date, ends_on: date) -> QuerySet[Reading]:
    return Reading.objects.filter(
        agency_id=agency_id, ended_at=None, asked_at__date__gte=starts_on,
        asked_at__date__lte=ends_on,
    )  # fmt: skip


def _counts(today: date) -> dict[str, Count]:
    return {
        "asked": Count("id"),
        "done": Count("id", filter=Q(acknowledged_at__isnull=False)),
        "in_time": Count("id", filter=Q(acknowledged_at__date__lte=F("due_on"))),
        "late": Count("id", filter=Q(acknowledged_at=None, due_on__lt=today)),
    }
