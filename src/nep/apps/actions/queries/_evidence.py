"""What checked actions show for the clauses of the standard."""

from collections.abc import Iterable

from django.db.models import Count, Max

from nep.apps.actions import rules
from nep.apps.actions.models import Action
from nep.kernel.references import Evidence
from nep.kernel.vietnamese import local


def evidence(agency_ids: Iterable[int]) -> tuple[Evidence, ...]:
    """Return actions done and checked by another, for 10.1 and 10.2; one statement."""
    rows = (
        Action.objects.filter(agency_id__in=list(agency_ids), state=rules.CHECKED)
        .values("agency_id")
        .annotate(n=Count("id"), newest=Max("done_at"))
        .order_by()
    )
    return tuple(
        Evidence(one["agency_id"], "2015", clause, "action", one["n"],
                 local(one["newest"]).date() if one["newest"] else None,
                 "Hành động đã làm và được kiểm tra", "/hanh-dong/?loc=tat-ca")
        for one in rows
        for clause in ("10.1", "10.2")
    )  # fmt: skip
