"""When plans were submitted and approved, and what was written of missed targets: for the adviser."""

from datetime import datetime

from nep.apps.planning.models import ObjectiveList, ObjectiveValue, Statement
from nep.apps.planning.rules import context
from nep.apps.planning.rules import objectives as rules
from nep.kernel.references import Approval, Wording

MOST = 300


def approvals_of(*, agency_id: int, since: datetime) -> tuple[Approval, ...]:
    """Return approvals of objectives and of context, parties and scope since a moment; two queries.

    A policy is approved as a document and told there.
    """
    lists = ObjectiveList.objects.filter(
        agency_id=agency_id, approved_at__gte=since, gathered_at__isnull=False
    ).order_by("-approved_at")[:MOST]
    rows = Statement.objects.filter(agency_id=agency_id, approved_at__gte=since).exclude(
        part=context.POLICY
    )
    found = [
        Approval(f"Mục tiêu chất lượng năm {one.year}, lần {one.edition}",
                 f"/muc-tieu/danh-sach/{one.id}/", one.gathered_at, one.approved_at)
        for one in lists if one.gathered_at and one.approved_at
    ]  # fmt: skip
    found += [
        Approval(f"{context.PART_NAMES[one.part]}, lần {one.edition:02d}", f"/boi-canh/{one.id}/",
                 one.submitted_at, one.approved_at)
        for one in rows.order_by("-approved_at")[:MOST] if one.submitted_at and one.approved_at
    ]  # fmt: skip
    return tuple(found)


def wordings_of(*, agency_id: int, since: datetime) -> tuple[Wording, ...]:
    """Return why targets were missed, as people wrote it since a moment; one query."""
    rows = ObjectiveValue.objects.filter(objective__agency_id=agency_id, at__gte=since).exclude(
        objective__state=rules.DROPPED
    )
    told = rows.exclude(cause="").order_by("-at", "-id").values_list(
        "cause", "objective_id", "objective__unit_id"
    )  # fmt: skip
    return tuple(
        Wording("nguyên nhân chưa đạt mục tiêu", cause, f"/muc-tieu/{id_}/", unit_id)
        for cause, id_, unit_id in told[:MOST]
    )
