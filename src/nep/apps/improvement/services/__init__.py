"""Writes of improvement."""

from nep.apps.improvement.services._case_rules import nonconformities_of_cases, rule_set
from nep.apps.improvement.services._deposits import nonconformity_deposit
from nep.apps.improvement.services._feedback import (
    FeedbackValues,
    feedback_accept,
    feedback_add,
    feedback_answer,
    feedback_assign,
    feedback_end,
    feedback_limit_set,
    feedback_sender_erase,
)
from nep.apps.improvement.services._following import nonconformity_action_ended
from nep.apps.improvement.services._handing import feedback_follow, nonconformity_follow
from nep.apps.improvement.services._judging import (
    nonconformity_check,
    nonconformity_close,
    nonconformity_effect,
    nonconformity_reject,
    nonconformity_return,
)
from nep.apps.improvement.services._opening import SheetValues, nonconformity_open
from nep.apps.improvement.services._papers import nonconformity_paper
from nep.apps.improvement.services._surveys import survey_answer, survey_keep, survey_move
from nep.apps.improvement.services._working import (
    nonconformity_act,
    nonconformity_analyse,
    nonconformity_assign,
    nonconformity_change_ask,
    nonconformity_correct,
    nonconformity_no_change,
)

__all__ = [
    "FeedbackValues",
    "SheetValues",
    "feedback_accept",
    "feedback_add",
    "feedback_answer",
    "feedback_assign",
    "feedback_end",
    "feedback_follow",
    "feedback_limit_set",
    "feedback_sender_erase",
    "nonconformities_of_cases",
    "nonconformity_act",
    "nonconformity_action_ended",
    "nonconformity_analyse",
    "nonconformity_assign",
    "nonconformity_change_ask",
    "nonconformity_check",
    "nonconformity_close",
    "nonconformity_correct",
    "nonconformity_deposit",
    "nonconformity_effect",
    "nonconformity_follow",
    "nonconformity_no_change",
    "nonconformity_open",
    "nonconformity_paper",
    "nonconformity_reject",
    "nonconformity_return",
    "rule_set",
    "survey_answer",
    "survey_keep",
    "survey_move",
]
