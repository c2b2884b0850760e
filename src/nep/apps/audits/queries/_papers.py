"""The papers of a year's programme and audits, for a pack that leaves the house."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from nep.apps.audits.models import AuditPaper


@dataclass(frozen=True, slots=True)
class GivenPaper:
    """A paper as it was given out."""

    title: str
    edition: int
    file_id: int
    made_at: datetime


def papers_of(*, agency_id: int, year: int) -> tuple[GivenPaper, ...]:
    """Return every paper of a year's programme and audits by its moment; one query."""
    rows = AuditPaper.objects.filter(
        Q(programme__year=year) | Q(audit__year=year), agency_id=agency_id
    )
    found = rows.order_by("made_at", "id").values_list("title", "edition", "file_id", "made_at")
    return tuple(GivenPaper(*one) for one in found)
