"""When the sessions of audits began, and how the programme of a year stands, in one statement each."""

from datetime import datetime

from django.db.models import Count

from nep.apps.audits.models import Programme, Session
from nep.apps.audits.rules import life


def session_starts(*, agency_id: int, year: int) -> tuple[datetime, ...]:
    """Return when each session of the audits held in a year began, in order."""
    rows = Session.objects.filter(
        audit__agency_id=agency_id, audit__year=year, audit__state__in=life.AUDIT_HELD
    )
    return tuple(rows.order_by("starts_at", "id").values_list("starts_at", flat=True))


def programme_state(*, agency_id: int, year: int) -> tuple[int, datetime | None] | None:
    """Return how many units the programme of a year covers and when it was approved, None for none."""
    rows = Programme.objects.filter(agency_id=agency_id, year=year)
    return (
        rows.annotate(units=Count("lines__unit", distinct=True))
        .values_list("units", "approved_at")
        .first()
    )
