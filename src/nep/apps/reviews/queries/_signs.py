"""When minutes were written and approved, and what reviews conclude: for the adviser."""

from datetime import datetime

from nep.apps.reviews.models import Review
from nep.apps.reviews.queries._register import code_of
from nep.apps.reviews.rules import inputs
from nep.kernel.references import Approval, Wording

MOST = 100


def approvals_of(*, agency_id: int, since: datetime) -> tuple[Approval, ...]:
    """Return approvals of minutes since a moment; one query."""
    rows = Review.objects.filter(agency_id=agency_id, approved_at__gte=since)
    return tuple(
        Approval(f"Biên bản xem xét {code_of(one)}", f"/xem-xet/{one.id}/", one.written_at,
                 one.approved_at)
        for one in rows.order_by("approved_at", "id")[:MOST] if one.written_at and one.approved_at
    )  # fmt: skip


def wordings_of(*, agency_id: int, since: datetime) -> tuple[Wording, ...]:
    """Return what the reviews held since a moment say of each result they must have; one query."""
    rows = Review.objects.filter(agency_id=agency_id, written_at__gte=since).order_by("id")
    return tuple(
        Wording("kết luận xem xét", text, f"/xem-xet/{id_}/")
        for id_, minutes in rows.values_list("id", "minutes")[:MOST]
        for text in minutes.get("outputs", {}).values()
        if text != inputs.NOTHING_ELSE
    )
