"""When the sessions of audits began."""

from datetime import datetime

from nep.apps.audits.models import Session
from nep.apps.audits.rules import life


def session_starts(*, agency_id: int, year: int) -> tuple[datetime, ...]:
    """Return when each session of the audits held in a year began, in order."""
    rows = Session.objects.filter(
        audit__agency_id=agency_id, audit__year=year, audit__state__in=life.AUDIT_HELD
    )
    return tuple(rows.order_by("starts_at", "id").values_list("starts_at", flat=True))
