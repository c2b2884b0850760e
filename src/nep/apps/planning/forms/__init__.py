"""Forms of planning."""

from nep.apps.planning.forms._risks import (
    RateForm,
    RiskAcceptForm,
    RiskActForm,
    RiskAssignForm,
    RiskChangeForm,
    RiskForm,
    RiskHappenForm,
    RiskReasonForm,
    RiskVerifyForm,
    ScaleForm,
)

__all__ = [
    "RateForm",
    "RiskAcceptForm",
    "RiskActForm",
    "RiskAssignForm",
    "RiskChangeForm",
    "RiskForm",
    "RiskHappenForm",
    "RiskReasonForm",
    "RiskVerifyForm",
    "ScaleForm",
]
