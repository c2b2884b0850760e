"""When documents were submitted and when they were approved."""

from dataclasses import dataclass
from datetime import date, datetime, time

from nep.apps.documents.models import Revision
from nep.kernel.vietnamese import VN

MOST = 500


@dataclass(frozen=True, slots=True)
class ApprovalLine:
    """A revision that was approved: what, whose, when it was submitted and approved."""

    title: str
    url: str
    unit_id: int | None
    submitted_at: datetime
    approved_at: datetime


def approvals_of(*, agency_id: int, since: date) -> tuple[ApprovalLine, ...]:
    """Return the newest approvals of an agency since a day, restricted documents left out."""
    rows = (
        Revision.objects.filter(
            agency_id=agency_id, leader=None, submitted_at__isnull=False,
            approved_at__gte=datetime.combine(since, time(), VN),
        )
        .exclude(document__level="restricted")
        .order_by("-approved_at", "-id")
        .values_list(
            "document__code", "document__title", "document_id", "document__owner_unit_id",
            "submitted_at", "approved_at",
        )[:MOST]
    )  # fmt: skip
    return tuple(
        ApprovalLine(f"{code} {title}", f"/tai-lieu/{id_}/", unit_id, submitted_at, approved_at)
        for code, title, id_, unit_id, submitted_at, approved_at in rows
        if submitted_at and approved_at
    )
