"""Tables of planning."""

from nep.apps.planning.models._objectives import (
    Objective,
    ObjectiveList,
    ObjectiveMove,
    ObjectiveValue,
)
from nep.apps.planning.models._risks import Risk, RiskMove, RiskScaleSetting
from nep.apps.planning.models._statements import Statement, StatementMove

__all__ = [
    "Objective",
    "ObjectiveList",
    "ObjectiveMove",
    "ObjectiveValue",
    "Risk",
    "RiskMove",
    "RiskScaleSetting",
    "Statement",
    "StatementMove",
]
