"""Tables of the figures' own: officers' sheets, figures entered by hand, formulas of a province.

Everything else on these pages is read from cases. What is written here is added to, never changed:
an edition, an entry, a closing stands for ever; a newer one beside it holds.
"""

from nep.apps.oversight.models._inputs import FormulaEdition, InputEdition
from nep.apps.oversight.models._sheets import (
    OfficerSheet,
    SheetEntry,
    SheetPeriodClosing,
    SheetTermsEdition,
)

__all__ = [
    "FormulaEdition",
    "InputEdition",
    "OfficerSheet",
    "SheetEntry",
    "SheetPeriodClosing",
    "SheetTermsEdition",
]
