"""Reads of improvement: frozen values."""

from nep.apps.improvement.queries import _invariants  # noqa: F401  # registers what must hold
from nep.apps.improvement.queries._case_rules import case_rules_by_agency, case_rules_of
from nep.apps.improvement.queries._evidence import evidence, evidence_counts, evidence_told
from nep.apps.improvement.queries._feedback import SCOPES as FEEDBACK_SCOPES
from nep.apps.improvement.queries._feedback import (
    FeedbackFilter,
    FeedbackLine,
    FeedbackPage,
    FeedbackRegister,
    FeedbackTally,
    feedback_page,
    feedback_register,
    feedback_subjects,
    feedback_tally,
    limits,
    limits_of,
)
from nep.apps.improvement.queries._figures import Tally, open_by_unit, sheets_of_clause, tally
from nep.apps.improvement.queries._measures import (
    actions_in_time,
    answered_in_time,
    closed_share,
    surveyed,
)
from nep.apps.improvement.queries._register import (
    MOST_EXPORTED,
    PAGE,
    SCOPES,
    SheetFilter,
    SheetLine,
    SheetRegister,
    about,
    latest_of_unit,
    nonconformities,
    of_origin,
)
from nep.apps.improvement.queries._sheet import (
    ChangeLine,
    SheetPage,
    StepLine,
    nonconformity_page,
)
from nep.apps.improvement.queries._surveys import (
    PublicSurvey,
    SurveyLine,
    SurveyPage,
    public_survey,
    survey_lines,
    survey_page,
    survey_satisfaction,
)

__all__ = [
    "FEEDBACK_SCOPES",
    "MOST_EXPORTED",
    "PAGE",
    "SCOPES",
    "ChangeLine",
    "FeedbackFilter",
    "FeedbackLine",
    "FeedbackPage",
    "FeedbackRegister",
    "FeedbackTally",
    "PublicSurvey",
    "SheetFilter",
    "SheetLine",
    "SheetPage",
    "SheetRegister",
    "StepLine",
    "SurveyLine",
    "SurveyPage",
    "Tally",
    "about",
    "actions_in_time",
    "answered_in_time",
    "case_rules_by_agency",
    "case_rules_of",
    "closed_share",
    "evidence",
    "evidence_counts",
    "evidence_told",
    "feedback_page",
    "feedback_register",
    "feedback_subjects",
    "feedback_tally",
    "latest_of_unit",
    "limits",
    "limits_of",
    "nonconformities",
    "nonconformity_page",
    "of_origin",
    "open_by_unit",
    "public_survey",
    "sheets_of_clause",
    "survey_lines",
    "survey_page",
    "survey_satisfaction",
    "surveyed",
    "tally",
]
