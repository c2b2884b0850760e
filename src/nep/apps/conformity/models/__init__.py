"""The tables of conformity."""

from nep.apps.conformity.models._declaration import Declaration, DeclarationStep, Posting
from nep.apps.conformity.models._matrix import AskSetting, LeftOut
from nep.apps.conformity.models._pack import EvidencePack, PackFile
from nep.apps.conformity.models._year import (
    BurdenCount,
    BurdenMark,
    IsoYear,
    SecretaryHandover,
    YearItem,
)

__all__ = [
    "AskSetting",
    "BurdenCount",
    "BurdenMark",
    "Declaration",
    "DeclarationStep",
    "EvidencePack",
    "IsoYear",
    "LeftOut",
    "PackFile",
    "Posting",
    "SecretaryHandover",
    "YearItem",
]
