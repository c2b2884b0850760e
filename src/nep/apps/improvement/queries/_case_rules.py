"""The rules over cases as each agency has set them."""

from collections.abc import Iterable
from dataclasses import replace

from django.conf import settings

from nep.apps.improvement.models import RuleSetting
from nep.apps.improvement.rules.case_rules import CaseRule, read_case_rules


def case_rules_of(*, agency_id: int) -> tuple[CaseRule, ...]:
    """Return the rules in force in an agency, in the shipped order; one query."""
    return tuple(case_rules_by_agency({agency_id})[agency_id].values())


def case_rules_by_agency(agency_ids: Iterable[int]) -> dict[int, dict[str, CaseRule]]:
    """Return the rules in force in some agencies by code; one query for all."""
    shipped = read_case_rules(settings.NONCONFORMITY_RULES)
    found = {agency_id: dict(shipped) for agency_id in agency_ids}
    for row in RuleSetting.objects.filter(agency_id__in=list(found)):
        if row.code in shipped:
            found[row.agency_id][row.code] = replace(
                shipped[row.code], is_on=row.is_on, share=row.share, least=row.least,
                verified="cơ quan đặt",
            )  # fmt: skip
    return found
