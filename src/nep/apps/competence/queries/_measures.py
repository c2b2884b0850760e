"""What objectives can be measured by from training."""

from datetime import date, datetime, time
from decimal import Decimal

from django.db.models import Count, Q

from nep.apps.competence.models import Attendance, Session
from nep.apps.competence.rules import training as rules
from nep.apps.planning.services import Measured
from nep.kernel.vietnamese import VN


def _share(part: int, of: int) -> Measured | None:
    if not of:
        return None
    return Measured((Decimal(100 * part) / of).quantize(Decimal("0.01")), of, "/nang-luc/")


def _span(since: date, until: date) -> tuple[datetime, datetime]:
    return datetime.combine(since, time.min, VN), datetime.combine(until, time.max, VN)


def _counts(agency_id: int, since: date, until: date) -> dict[str, int]:
    rows = Session.objects.filter(agency_id=agency_id, starts_at__range=_span(since, until))
    return rows.aggregate(
        due=Count("id", filter=Q(state__in=[rules.PLANNED, *rules.TAUGHT])),
        taught=Count("id", filter=Q(state__in=rules.TAUGHT)),
        judged=Count("id", filter=Q(state__in=[rules.EFFECTIVE, rules.INEFFECTIVE])),
        effective=Count("id", filter=Q(state=rules.EFFECTIVE)),
    )


def held_share(agency_id: int, since: date, until: date) -> Measured | None:
    """Return how many percent of the approved sessions whose day has come were held."""
    found = _counts(agency_id, since, until)
    return _share(found["taught"], found["due"])


def effective_share(agency_id: int, since: date, until: date) -> Measured | None:
    """Return how many percent of the sessions that were judged had an effect."""
    found = _counts(agency_id, since, until)
    return _share(found["effective"], found["judged"])


def attended_share(agency_id: int, since: date, until: date) -> Measured | None:
    """Return how many percent of those invited to the sessions that were held came."""
    found = Attendance.objects.filter(
        session__agency_id=agency_id, session__state__in=rules.TAUGHT,
        session__starts_at__range=_span(since, until),
    ).aggregate(invited=Count("id"), there=Count("id", filter=Q(state=rules.PRESENT)))  # fmt: skip
    return _share(found["there"], found["invited"])
