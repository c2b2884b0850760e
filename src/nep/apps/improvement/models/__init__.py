"""Tables of improvement."""

from nep.apps.improvement.models._sheets import Nonconformity, RuleSetting, SheetMove, Subject

__all__ = ["Nonconformity", "RuleSetting", "SheetMove", "Subject"]
