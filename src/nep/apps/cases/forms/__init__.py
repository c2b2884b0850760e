"""Forms of cases."""

from nep.apps.cases.forms._case import (
    EndForm,
    PaperForm,
    PauseForm,
    ResumeForm,
    StepForm,
    SupplementForm,
    wanted_papers,
)
from nep.apps.cases.forms._intake import IntakeForm, read_papers

__all__ = [
    "EndForm",
    "IntakeForm",
    "PaperForm",
    "PauseForm",
    "ResumeForm",
    "StepForm",
    "SupplementForm",
    "read_papers",
    "wanted_papers",
]
