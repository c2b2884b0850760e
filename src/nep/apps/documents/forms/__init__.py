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
    MORE,
    FillForm,
)
from nep.apps.documents.forms._inquiries import (
    AnswerForm,
    InquiryForm,
)
from nep.apps.documents.forms._library import (
    DocumentEditForm,
    DocumentForm,
    DraftFileForm,
    ImportForm,
    MaskForm,
    ViewForm,
)
from nep.apps.documents.forms._life import (
    ApproveForm,
    CheckForm,
    LifeReasonForm,
    OpinionForm,
    RedraftForm,
    ReplaceForm,
    SubmitForm,
    WithdrawForm,
)
from nep.apps.documents.forms._readings_term import ReadingTermForm
from nep.apps.documents.forms._requests import (
    AcceptForm,
    AskForm,
    RefuseForm,
)
from nep.apps.documents.forms._reviews import (
    CopyEndForm,
    CopyForm,
    ForwardForm,
    HoldForm,
    IntervalForm,
    ReviewForm,
    YearForm,
)
from nep.apps.documents.forms._routes import (
    RouteForm,
    StepForm,
)
from nep.apps.documents.forms._signing import (
    KeyFileForm,
    OutsideForm,
    ReturnedForm,
    TokenForm,
)

__all__ = [
    "MORE",
    "PAIR_CHOICES",
    "AcceptForm",
    "AnswerForm",
    "AnswersForm",
    "ApproveForm",
    "AskForm",
    "AttachedPdfForm",
    "ChangeSummaryForm",
    "CheckForm",
    "CopyEndForm",
    "CopyForm",
    "DocumentEditForm",
    "DocumentForm",
    "DraftFileForm",
    "ExceptionForm",
    "FillForm",
    "ForwardForm",
    "HoldForm",
    "ImportForm",
    "InquiryForm",
    "IntervalForm",
    "KeyFileForm",
    "LifeReasonForm",
    "MaskForm",
    "OpinionForm",
    "OutsideForm",
    "QuestionForm",
    "ReadingTermForm",
    "RecipientForm",
    "RedraftForm",
    "RefuseForm",
    "ReplaceForm",
    "ReturnedForm",
    "ReviewForm",
    "RouteForm",
    "StepForm",
    "SubmitForm",
    "TokenForm",
    "ViewForm",
    "WithdrawForm",
    "YearForm",
]
