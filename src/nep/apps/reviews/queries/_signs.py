"""When minutes were written and approved, and what reviews conclude: for the adviser."""

from datetime import datetime

from django.db.models import Q

from nep.apps.reviews.models import Review
from nep.apps.reviews.queries._register import code_of
from nep.apps.reviews.rules import inputs
from nep.kernel.references import Approval, Wording

MOST = 100


def signs_of(
    *, agency_id: int, since: datetime
) -> tuple[tuple[Approval, ...], tuple[Wording, ...]]:
    """Return approvals of minutes since a moment, and what the reviews written since then say of each
    result they must have; one query."""
    lately = Q(approved_at__gte=since) | Q(written_at__gte=since)
    rows = list(Review.objects.filter(lately, agency_id=agency_id).order_by("-id")[:MOST])[::-1]
    approved = tuple(
        Approval(f"Biên bản xem xét {code_of(one)}", f"/xem-xet/{one.id}/", one.written_at,
                 one.approved_at)
        for one in rows if one.written_at and one.approved_at and one.approved_at >= since
    )  # fmt: skip
    written = tuple(
        Wording("kết luận xem xét", text, f"/xem-xet/{one.id}/")
        for one in rows if one.written_at and one.written_at >= since
        for text in one.minutes.get("outputs", {}).values()
        if text != inputs.NOTHING_ELSE
    )  # fmt: skip
    return approved, written
