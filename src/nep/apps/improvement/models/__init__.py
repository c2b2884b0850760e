"""Tables of improvement."""

from nep.apps.improvement.models._feedback import (
    Feedback,
    FeedbackLimit,
    FeedbackMove,
    Survey,
    SurveyAnswer,
)
from nep.apps.improvement.models._sheets import Nonconformity, RuleSetting, SheetMove, Subject

__all__ = [
    "Feedback",
    "FeedbackLimit",
    "FeedbackMove",
    "Nonconformity",
    "RuleSetting",
    "SheetMove",
    "Subject",
    "Survey",
    "SurveyAnswer",
]
