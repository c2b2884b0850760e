"""The forms of officers' sheets, of figures entered by hand, and of formulas."""

from nep.apps.oversight.forms._inputs import FormulaForm, InputsForm
from nep.apps.oversight.forms._sheets import ClosingForm, SheetForm, TermsForm

__all__ = ["ClosingForm", "FormulaForm", "InputsForm", "SheetForm", "TermsForm"]
