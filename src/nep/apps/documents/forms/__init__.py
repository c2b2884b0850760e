"""Forms of the pages about documents."""

from nep.apps.documents.forms._distribution import (
    AnswersForm,
    QuestionForm,
    RecipientForm,
)
from nep.apps.documents.forms._exceptions import PAIR_CHOICES, ExceptionForm
from nep.apps.documents.forms._filled import (
    FillForm,
)

__all__ = [
    "PAIR_CHOICES",
    "AnswersForm",
    "ExceptionForm",
    "FillForm",
    "QuestionForm",
    "RecipientForm",
]
