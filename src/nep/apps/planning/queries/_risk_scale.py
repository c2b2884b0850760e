"""How an agency rates its risks."""

from django.conf import settings

from nep.apps.planning.models import RiskScaleSetting
from nep.apps.planning.rules.scales import (
    QUANTITATIVE,
    ProposalRule,
    Scale,
    read_proposal_rules,
    read_scales,
    set_by_agency,
)


def shipped_scales() -> dict[str, Scale]:
    """Return the shipped methods by name."""
    return read_scales(settings.RISK_SCALES)


def proposal_rules() -> dict[str, ProposalRule]:
    """Return the rules by which finished cases propose risks."""
    return read_proposal_rules(settings.RISK_SCALES)


def scale_of(*, agency_id: int, method: str = "") -> Scale:
    """Return the method an agency rates by, or a named one with its thresholds; one query."""
    row = RiskScaleSetting.objects.filter(agency_id=agency_id).first()
    shipped = shipped_scales()
    asked = method or (row.method if row else QUANTITATIVE)
    if row is None or row.method != asked:
        return shipped[asked]
    return set_by_agency(shipped[asked], medium_from=row.medium_from, high_from=row.high_from)
