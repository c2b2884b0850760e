"""Writes of competence."""

from nep.apps.competence.services._following import need_of_failed_check, need_of_new_steps
from nep.apps.competence.services._needs import (
    need_add,
    need_drop,
    need_propose,
    needs_of_positions,
    requirement_add,
    requirement_end,
)
from nep.apps.competence.services._papers import plan_paper, session_paper, training_sheet
from nep.apps.competence.services._plans import (
    SessionValues,
    plan_approve,
    plan_return,
    plan_send,
    session_add,
    session_change,
)
from nep.apps.competence.services._qualifications import (
    QualificationValues,
    qualification_add,
    qualification_end,
)
from nep.apps.competence.services._sessions import (
    session_attend,
    session_cancel,
    session_follow,
    session_hold,
    session_judge,
)

__all__ = [
    "QualificationValues",
    "SessionValues",
    "need_add",
    "need_drop",
    "need_of_failed_check",
    "need_of_new_steps",
    "need_propose",
    "needs_of_positions",
    "plan_approve",
    "plan_paper",
    "plan_return",
    "plan_send",
    "qualification_add",
    "qualification_end",
    "requirement_add",
    "requirement_end",
    "session_add",
    "session_attend",
    "session_cancel",
    "session_change",
    "session_follow",
    "session_hold",
    "session_judge",
    "session_paper",
    "training_sheet",
]
