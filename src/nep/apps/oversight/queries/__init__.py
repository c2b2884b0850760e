"""Reads of what the figures keep themselves: frozen values, of the actor's agency only."""

from nep.apps.oversight.queries import _invariants  # noqa: F401  # registers what must hold
from nep.apps.oversight.queries._inputs import (
    FormulaPage,
    InputLine,
    InputPage,
    Proposal,
    formula_page,
    formulas_for,
    input_page,
)
from nep.apps.oversight.queries._sheets import (
    EntryLine,
    SheetLine,
    SheetList,
    SheetPage,
    TermsPage,
    sheet_list,
    sheet_page,
    terms_content,
    terms_page,
)

__all__ = [
    "EntryLine",
    "FormulaPage",
    "InputLine",
    "InputPage",
    "Proposal",
    "SheetLine",
    "SheetList",
    "SheetPage",
    "TermsPage",
    "formula_page",
    "formulas_for",
    "input_page",
    "sheet_list",
    "sheet_page",
    "terms_content",
    "terms_page",
]
