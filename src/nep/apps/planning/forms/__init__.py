"""Forms of planning."""

from nep.apps.planning.forms._context import (
    STATEMENT_FORMS,
    ContextForm,
    PartiesForm,
    PeopleForm,
    PolicyForm,
    ScopeForm,
    StatementForm,
)
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
    "STATEMENT_FORMS",
    "ApproveForm",
    "ChosenForm",
    "ContextForm",
    "ExplainForm",
    "JudgeForm",
    "ObjectiveForm",
    "PartiesForm",
    "PeopleForm",
    "PolicyForm",
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
    "ScopeForm",
    "StatementForm",
    "WhyForm",
]
