"""Writes of cases: each is one user action in one transaction."""

from nep.apps.cases.services._added import paper_add
from nep.apps.cases.services._asking import Asked
from nep.apps.cases.services._calls import (
    call_child_stop,
    call_end,
    call_return,
    calls_open,
    calls_return,
)
from nep.apps.cases.services._corrections import correction_close, correction_open
from nep.apps.cases.services._deposits import case_deposit, step_record_deposit
from nep.apps.cases.services._endings import (
    case_refuse,
    case_stop,
    case_withdraw,
    result_returned,
)
from nep.apps.cases.services._extension import case_extend
from nep.apps.cases.services._fed_correcting import fed_match_correct, fed_match_undo
from nep.apps.cases.services._fed_forgetting import fed_files_forget
from nep.apps.cases.services._holding import case_lock, holder_changed
from nep.apps.cases.services._intake import (
    Applicant,
    CaseMade,
    PaperGiven,
    case_accept,
    case_receive_incomplete,
)
from nep.apps.cases.services._internal import internal_start
from nep.apps.cases.services._joint import (
    joint_answer,
    joint_assign,
    joint_follow,
    joint_open,
    joint_orphans_close,
    joint_receivers,
)
from nep.apps.cases.services._opinions import opinion_answer, opinion_withdraw
from nep.apps.cases.services._outside import outside_handed, outside_returned
from nep.apps.cases.services._pauses import (
    case_pause,
    case_resume,
    case_supplement_received,
    case_supplement_request,
)
from nep.apps.cases.services._recall import recall_tell, step_recall
from nep.apps.cases.services._reprojection import (
    REPROJECT_JOB,
    reprojection_run,
    reprojection_start,
)
from nep.apps.cases.services._steps import StepDone, step_complete, step_return
from nep.apps.cases.services._ties import case_link, case_unlink, case_urgent_set
from nep.apps.cases.services._time_rules import time_rules_set
from nep.apps.cases.services._unsupplemented import cases_close_unsupplemented
from nep.apps.cases.services._waits import timers_fire, wait_end
from nep.apps.cases.services.fed import (
    MOST_TRIED,
    fed_columns_set,
    fed_look,
    fed_run,
    fed_start,
    import_cases,
)

__all__ = [
    "MOST_TRIED",
    "REPROJECT_JOB",
    "Applicant",
    "Asked",
    "CaseMade",
    "PaperGiven",
    "StepDone",
    "call_child_stop",
    "call_end",
    "call_return",
    "calls_open",
    "calls_return",
    "case_accept",
    "case_deposit",
    "case_extend",
    "case_link",
    "case_lock",
    "case_pause",
    "case_receive_incomplete",
    "case_refuse",
    "case_resume",
    "case_stop",
    "case_supplement_received",
    "case_supplement_request",
    "case_unlink",
    "case_urgent_set",
    "case_withdraw",
    "cases_close_unsupplemented",
    "correction_close",
    "correction_open",
    "fed_columns_set",
    "fed_files_forget",
    "fed_look",
    "fed_match_correct",
    "fed_match_undo",
    "fed_run",
    "fed_start",
    "holder_changed",
    "import_cases",
    "internal_start",
    "joint_answer",
    "joint_assign",
    "joint_follow",
    "joint_open",
    "joint_orphans_close",
    "joint_receivers",
    "opinion_answer",
    "opinion_withdraw",
    "outside_handed",
    "outside_returned",
    "paper_add",
    "recall_tell",
    "reprojection_run",
    "reprojection_start",
    "result_returned",
    "step_complete",
    "step_recall",
    "step_record_deposit",
    "step_return",
    "time_rules_set",
    "timers_fire",
    "wait_end",
]
