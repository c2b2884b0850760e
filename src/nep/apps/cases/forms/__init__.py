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
from nep.apps.cases.forms._internal import InternalForm
from nep.apps.cases.forms._joint import JointAnswerForm, JointAskForm, JointAssignForm
from nep.apps.cases.forms._running import (
    CorrectionDoneForm,
    CorrectionForm,
    ExtendForm,
    LinkForm,
    MovingForm,
    ReasonForm,
    RefusalForm,
    ReprojectionForm,
    TimeRulesForm,
    UnlinkForm,
)
from nep.apps.cases.forms._step_data import StepDataForm, given_files, typed_data

__all__ = [
    "CorrectionDoneForm",
    "CorrectionForm",
    "EndForm",
    "ExtendForm",
    "IntakeForm",
    "InternalForm",
    "JointAnswerForm",
    "JointAskForm",
    "JointAssignForm",
    "LinkForm",
    "MovingForm",
    "PaperForm",
    "PauseForm",
    "ReasonForm",
    "RefusalForm",
    "ReprojectionForm",
    "ResumeForm",
    "StepDataForm",
    "StepForm",
    "SupplementForm",
    "TimeRulesForm",
    "UnlinkForm",
    "given_files",
    "read_papers",
    "typed_data",
    "wanted_papers",
]
