"""Reads of improvement: frozen values."""

from nep.apps.improvement.queries import _invariants  # noqa: F401  # registers what must hold
from nep.apps.improvement.queries._case_rules import case_rules_by_agency, case_rules_of
from nep.apps.improvement.queries._figures import Tally, tally
from nep.apps.improvement.queries._register import (
    MOST_EXPORTED,
    PAGE,
    SCOPES,
    SheetFilter,
    SheetLine,
    SheetRegister,
    about,
    nonconformities,
    of_origin,
)
from nep.apps.improvement.queries._sheet import (
    ChangeLine,
    SheetPage,
    StepLine,
    nonconformity_page,
)

__all__ = [
    "MOST_EXPORTED",
    "PAGE",
    "SCOPES",
    "ChangeLine",
    "SheetFilter",
    "SheetLine",
    "SheetPage",
    "SheetRegister",
    "StepLine",
    "Tally",
    "about",
    "case_rules_by_agency",
    "case_rules_of",
    "nonconformities",
    "nonconformity_page",
    "of_origin",
    "tally",
]
