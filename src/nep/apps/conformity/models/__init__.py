"""The tables of conformity."""

from nep.apps.conformity.models._declaration import Declaration, DeclarationStep, Posting

__all__ = ["Declaration", "DeclarationStep", "Posting"]
