"""Forms of the pages about documents."""

from nep.apps.documents.forms._distribution import (
    AnswersForm,
    QuestionForm,
    RecipientForm,
)
from nep.apps.documents.forms._exceptions import PAIR_CHOICES, ExceptionForm
from nep.apps.documents.forms._files import (
    AttachedPdfForm,
    ChangeSummaryForm,
)
from nep.apps.documents.forms._filled import (
    FillForm,
)
from nep.apps.documents.forms._library import (
    DocumentEditForm,
    DocumentForm,
    DraftFileForm,
    MaskForm,
    ViewForm,
)

__all__ = [
    "PAIR_CHOICES",
    "AnswersForm",
    "AttachedPdfForm",
    "ChangeSummaryForm",
    "DocumentEditForm",
    "DocumentForm",
    "DraftFileForm",
    "ExceptionForm",
    "FillForm",
    "MaskForm",
    "QuestionForm",
    "RecipientForm",
    "ViewForm",
]
