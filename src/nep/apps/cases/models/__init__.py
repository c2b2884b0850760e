"""Tables of cases: the case and its life, what other systems tell, the facts of figures."""

from nep.apps.cases.models._case import (
    Case,
    CaseApplicant,
    CaseEvent,
    CasePaper,
    CasePause,
    StepRun,
)
from nep.apps.cases.models._citizens import CaseRating, CaseReport
from nep.apps.cases.models._fed import (
    FedDeviation,
    FedImport,
    FedMapping,
    FedRow,
    FedSource,
    FedWaiting,
    FedWording,
)
from nep.apps.cases.models._figures import (
    AgencyMonth,
    CaseFact,
    FactPending,
    FiguresState,
    PersonMonth,
    ProcedureMonth,
    StepMonth,
    TraitMonth,
    UnitMonth,
)
from nep.apps.cases.models._forms import FormEdition, GivenPaper, GivenValues
from nep.apps.cases.models._moving import CaseMove, CaseMoving
from nep.apps.cases.models._privacy import (
    CaseErasure,
    CaseHold,
    CaseLook,
    ErasureMark,
    ErasureRun,
)
from nep.apps.cases.models._running import (
    CaseCorrection,
    CaseExtension,
    CaseLink,
    JointStep,
    Reprojection,
    TimeRuleEdition,
)
from nep.apps.cases.models._step_data import CaseStepData
from nep.apps.cases.models._waiting import CaseCall, CaseMessage, CaseOpinion, CaseWait

__all__ = [
    "AgencyMonth",
    "Case",
    "CaseApplicant",
    "CaseCall",
    "CaseCorrection",
    "CaseErasure",
    "CaseEvent",
    "CaseExtension",
    "CaseFact",
    "CaseHold",
    "CaseLink",
    "CaseLook",
    "CaseMessage",
    "CaseMove",
    "CaseMoving",
    "CaseOpinion",
    "CasePaper",
    "CasePause",
    "CaseRating",
    "CaseReport",
    "CaseStepData",
    "CaseWait",
    "ErasureMark",
    "ErasureRun",
    "FactPending",
    "FedDeviation",
    "FedImport",
    "FedMapping",
    "FedRow",
    "FedSource",
    "FedWaiting",
    "FedWording",
    "FiguresState",
    "FormEdition",
    "GivenPaper",
    "GivenValues",
    "JointStep",
    "PersonMonth",
    "ProcedureMonth",
    "Reprojection",
    "StepMonth",
    "StepRun",
    "TimeRuleEdition",
    "TraitMonth",
    "UnitMonth",
]
