"""Writes of planning."""

from nep.apps.planning.services._risk_following import (
    risk_action_ended,
    risk_follow,
    risks_review_due,
)
from nep.apps.planning.services._risk_life import (
    risk_accept,
    risk_act,
    risk_close,
    risk_happen,
    risk_return,
    risk_verify,
)
from nep.apps.planning.services._risk_scale import risk_scale_set
from nep.apps.planning.services._risks import (
    RiskValues,
    risk_assign,
    risk_change,
    risk_open,
    risk_rate,
)

__all__ = [
    "RiskValues",
    "risk_accept",
    "risk_act",
    "risk_action_ended",
    "risk_assign",
    "risk_change",
    "risk_close",
    "risk_follow",
    "risk_happen",
    "risk_open",
    "risk_rate",
    "risk_return",
    "risk_scale_set",
    "risk_verify",
    "risks_review_due",
]
