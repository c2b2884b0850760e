"""Tables of cases: the case and its life, what other systems tell."""

from nep.apps.cases.models._case import (
    Case,
    CaseApplicant,
    CaseEvent,
    CasePaper,
    CasePause,
    StepRun,
)
from nep.apps.cases.models._fed import FedImport, FedMapping, FedRow, FedWording
from nep.apps.cases.models._running import (
    CaseCorrection,
    CaseExtension,
    CaseLink,
    JointStep,
    Reprojection,
    TimeRuleEdition,
)

__all__ = [
    "Case",
    "CaseApplicant",
    "CaseCorrection",
    "CaseEvent",
    "CaseExtension",
    "CaseLink",
    "CasePaper",
    "CasePause",
    "FedImport",
    "FedMapping",
    "FedRow",
    "FedWording",
    "JointStep",
    "Reprojection",
    "StepRun",
    "TimeRuleEdition",
]
