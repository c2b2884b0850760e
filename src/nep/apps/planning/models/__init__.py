"""Tables of planning."""

from nep.apps.planning.models._risks import Risk, RiskMove, RiskScaleSetting

__all__ = ["Risk", "RiskMove", "RiskScaleSetting"]
