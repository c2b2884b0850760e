"""What objectives can be measured by from training."""

from datetime import date, datetime, time
from decimal import Decimal

from django.db.models import Count, Q

from nep.apps.competence.models import Session
from nep.apps.competence.rules import training as rules
from nep.apps.planning.services import Measured
from nep.kernel.vietnamese import VN


def _share(part: int, of: int) -> Measured | None:
    if not of:
        return None
    return Measured((Decimal(100 * part) / of).quantize(Decimal("0.01")), of, "/nang-luc/")


def _counts(agency_id: int, since: date, until: date) -> dict[str, int]:
    rows = Session.objects.filter(
        agency_id=agency_id, starts_at__gte=datetime.combine(since, time.min, VN),
        starts_at__lte=datetime.combine(until, time.max, VN),
    )  # fmt: skip
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
