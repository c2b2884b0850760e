"""Forms of planning."""

from nep.apps.planning.forms._objectives import (
    ApproveForm,
    ChosenForm,
    ExplainForm,
    JudgeForm,
    ObjectiveForm,
    RecordForm,
    WhyForm,
)
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
    "ApproveForm",
    "ChosenForm",
    "ExplainForm",
    "JudgeForm",
    "ObjectiveForm",
    "RateForm",
    "RecordForm",
    "RiskAcceptForm",
    "RiskActForm",
    "RiskAssignForm",
    "RiskChangeForm",
    "RiskForm",
    "RiskHappenForm",
    "RiskReasonForm",
    "RiskVerifyForm",
    "ScaleForm",
    "WhyForm",
]
