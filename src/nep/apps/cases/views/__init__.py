"""Pages of cases."""

from nep.apps.cases.views._acts import (
    claim,
    give_result,
    hand_outside,
    pause,
    refuse,
    resume,
    step,
    supplement,
    withdraw,
)
from nep.apps.cases.views._case import (
    case,
    paper_add,
    paper_file,
    result_explanation,
    slip,
    step_explanation,
)
from nep.apps.cases.views._intake import intake, receipt
from nep.apps.cases.views._lists import case_export, case_list

__all__ = [
    "case",
    "case_export",
    "case_list",
    "claim",
    "give_result",
    "hand_outside",
    "intake",
    "paper_add",
    "paper_file",
    "pause",
    "receipt",
    "refuse",
    "result_explanation",
    "resume",
    "slip",
    "step",
    "step_explanation",
    "supplement",
    "withdraw",
]
