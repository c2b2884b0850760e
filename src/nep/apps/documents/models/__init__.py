"""Tables of controlled documents. People are kept by their id in organization."""

from nep.apps.documents.models._distribution import (
    Access,
    Inquiry,
    PaperCopy,
    Question,
    Reading,
    ReadingTerm,
    Recipient,
)
from nep.apps.documents.models._documents import (
    CodeMask,
    Document,
    DocumentClause,
    DocumentTag,
    ImportBatch,
    ImportedRow,
    SavedView,
)
from nep.apps.documents.models._life import (
    ChangeRequest,
    LifeEntry,
    RoutePerson,
    RouteStep,
    RouteTemplate,
)
from nep.apps.documents.models._papers import KeptPaper
from nep.apps.documents.models._revisions import (
    OPEN_STATES,
    CopyFault,
    Revision,
    RevisionAuthor,
    SeparationException,
)
from nep.apps.documents.models._signing import Signature, SigningRoom
from nep.apps.documents.models._upkeep import FilledForm, Review, ReviewInterval

__all__ = [
    "OPEN_STATES",
    "Access",
    "ChangeRequest",
    "CodeMask",
    "CopyFault",
    "Document",
    "DocumentClause",
    "DocumentTag",
    "FilledForm",
    "ImportBatch",
    "ImportedRow",
    "Inquiry",
    "KeptPaper",
    "LifeEntry",
    "PaperCopy",
    "Question",
    "Reading",
    "ReadingTerm",
    "Recipient",
    "Review",
    "ReviewInterval",
    "Revision",
    "RevisionAuthor",
    "RoutePerson",
    "RouteStep",
    "RouteTemplate",
    "SavedView",
    "SeparationException",
    "Signature",
    "SigningRoom",
]
