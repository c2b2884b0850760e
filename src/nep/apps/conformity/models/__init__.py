"""The tables of conformity."""

from nep.apps.conformity.models._declaration import Declaration, DeclarationStep, Posting
from nep.apps.conformity.models._matrix import AskSetting, LeftOut

__all__ = ["AskSetting", "Declaration", "DeclarationStep", "LeftOut", "Posting"]
