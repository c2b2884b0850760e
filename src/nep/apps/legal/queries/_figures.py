"""How an agency followed the law in a period, for the review."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from nep.apps.legal.models import ExternalDocument, LegalReview


@dataclass(frozen=True, slots=True)
class LegalTally:
    """Texts of a period and the reviews they caused; `late` reviews are waiting past their day."""

    began: int
    expired: int
    asked: int
    done: int
    late: int


def legal_tally(*, agency_id: int, starts_on: date, ends_on: date, today: date) -> LegalTally:
    """Return what came into force and expired from one day to another, and how it was reviewed;
    two queries."""
    texts = ExternalDocument.objects.filter(agency_id=agency_id, withdrawn_on=None).aggregate(
        began=Count("id", filter=Q(effective_from__gte=starts_on, effective_from__lte=ends_on)),
        expired=Count("id", filter=Q(expires_on__gte=starts_on, expires_on__lte=ends_on)),
    )
    reviews = LegalReview.objects.filter(
        agency_id=agency_id, opened_at__date__gte=starts_on, opened_at__date__lte=ends_on
    ).aggregate(
        asked=Count("id"),
        done=Count("id", filter=~Q(result="")),
        late=Count("id", filter=Q(result="", due_on__lt=today)),
    )
    return LegalTally(**texts, **reviews)
