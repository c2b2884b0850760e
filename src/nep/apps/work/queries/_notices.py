"""What stands behind the bell."""

from dataclasses import dataclass
from datetime import datetime

from nep.apps.organization.rules import Actor
from nep.apps.work.models import Notice


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One notice."""

    id: int
    text: str
    detail: str
    icon: str
    link: str
    at: datetime
    is_new: bool


def notice_count(*, actor: Actor) -> int:
    """Return how many notices the actor has not read in this agency, at most 99."""
    rows = Notice.objects.filter(
        person_id=actor.person_id, agency_id=actor.agency_id, read_at__isnull=True
    )
    return rows[:99].count()


def notice_lines(*, actor: Actor, limit: int = 100) -> tuple[NoticeLine, ...]:
    """Return the actor's latest notices in this agency."""
    rows = Notice.objects.filter(person_id=actor.person_id, agency_id=actor.agency_id)
    return tuple(
        NoticeLine(r.id, r.text, r.detail, r.icon, r.link, r.at, r.read_at is None)
        for r in rows.order_by("-at", "-id")[:limit]
    )
