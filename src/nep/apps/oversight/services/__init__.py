"""Writes of what the figures keep themselves: one user action each."""

from nep.apps.oversight.services._inputs import formulas_set, inputs_enter
from nep.apps.oversight.services._sheets import sheet_period_close, sheet_write, terms_set

__all__ = ["formulas_set", "inputs_enter", "sheet_period_close", "sheet_write", "terms_set"]
