"""What an agency has for clauses 4.1 to 4.3, 5.2 and 6.1, folded for the matrix."""

from collections.abc import Collection

from django.db.models import Count, Max

from nep.apps.planning.models import Risk
from nep.apps.planning.rules import risks
from nep.apps.planning.rules.scales import OPPORTUNITY, RISK
from nep.kernel.references import Evidence
from nep.kernel.vietnamese import local

_REGISTERS = {RISK: ("Sổ rủi ro", "/rui-ro/"), OPPORTUNITY: ("Sổ cơ hội", "/co-hoi/")}


def evidence(agency_ids: Collection[int]) -> tuple[Evidence, ...]:
    """Return the evidence of planning of some agencies, one line a clause and kind.

    Rated risks and opportunities stand for 6.1.
    """
    return _risks(agency_ids)


def _risks(agency_ids: Collection[int]) -> tuple[Evidence, ...]:
    rows = (
        Risk.objects.filter(agency_id__in=list(agency_ids), state__in=risks.OPEN_STATES)
        .exclude(state=risks.DRAFT)
        .values("agency_id", "kind")
        .annotate(count=Count("id"), newest=Max("changed_at"))
        .order_by()
    )
    return tuple(
        Evidence(one["agency_id"], "2015", "6.1", one["kind"], one["count"],
                 local(one["newest"]).date(), *_REGISTERS[one["kind"]])
        for one in rows
    )  # fmt: skip
