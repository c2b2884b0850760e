"""Reads of planning: frozen values."""

from nep.apps.planning.queries import _invariants  # noqa: F401  # registers what must hold
from nep.apps.planning.queries._evidence import evidence
from nep.apps.planning.queries._places import Place, place_of, procedure_choices
from nep.apps.planning.queries._proposals import Proposal, case_proposals
from nep.apps.planning.queries._risk import RiskPage, RiskStep, risk_page
from nep.apps.planning.queries._risk_scale import proposal_rules, scale_of, shipped_scales
from nep.apps.planning.queries._risks import (
    MOST_EXPORTED,
    PAGE,
    SCOPES,
    Cell,
    RiskFilter,
    RiskLine,
    RiskRegister,
    is_taken,
    risk_line,
    risk_register,
    risks_of,
    taken_keys,
)

__all__ = [
    "MOST_EXPORTED",
    "PAGE",
    "SCOPES",
    "Cell",
    "Place",
    "Proposal",
    "RiskFilter",
    "RiskLine",
    "RiskPage",
    "RiskRegister",
    "RiskStep",
    "case_proposals",
    "evidence",
    "is_taken",
    "place_of",
    "procedure_choices",
    "proposal_rules",
    "risk_line",
    "risk_page",
    "risk_register",
    "risks_of",
    "scale_of",
    "shipped_scales",
    "taken_keys",
]
