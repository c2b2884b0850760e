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
from nep.apps.cases.forms._waiting import (
    CallEndForm,
    ErrorForm,
    WaitEndForm,
    WithdrawForm,
    asked_typed,
)

__all__ = [
    "CallEndForm",
    "CorrectionDoneForm",
    "CorrectionForm",
    "EndForm",
    "ErrorForm",
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
    "WaitEndForm",
    "WithdrawForm",
    "asked_typed",
    "given_files",
    "read_papers",
    "typed_data",
    "wanted_papers",
]
