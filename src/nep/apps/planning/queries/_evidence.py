"""What an agency has for clauses 4.1 to 4.3, 5.2, 6.1 and 6.2, folded for the matrix."""

from collections.abc import Collection

from django.db.models import Count, Max

from nep.apps.planning.models import Risk, Statement
from nep.apps.planning.queries._objectives import objectives_evidence
from nep.apps.planning.rules import context, risks
from nep.apps.planning.rules.scales import OPPORTUNITY, RISK
from nep.kernel.references import Evidence
from nep.kernel.vietnamese import local

_REGISTERS = {RISK: ("Sổ rủi ro", "/rui-ro/"), OPPORTUNITY: ("Sổ cơ hội", "/co-hoi/")}


def evidence(agency_ids: Collection[int]) -> tuple[Evidence, ...]:
    """Return the evidence of planning of some agencies, one line a clause and kind.

    Editions in force stand for 4.1 to 4.3 and 5.2, rated risks and opportunities for 6.1, objectives
    for 6.2; one statement each.
    """
    return _statements(agency_ids) + _risks(agency_ids) + objectives_evidence(agency_ids)


def _statements(agency_ids: Collection[int]) -> tuple[Evidence, ...]:
    rows = Statement.objects.filter(agency_id__in=list(agency_ids), state=context.IN_FORCE)
    found = rows.values_list("agency_id", "part", "edition", "effective_on", "id")
    return tuple(
        Evidence(agency_id, "2015", clause, part, 1, on,
                 f"{context.PART_NAMES[part]}, lần {edition:02d}", f"/boi-canh/{id_}/")
        for agency_id, part, edition, on, id_ in found
        for clause in context.EVIDENCE_OF[part]
    )  # fmt: skip


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
