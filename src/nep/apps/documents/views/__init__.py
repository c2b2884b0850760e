"""Pages of documents."""

from nep.apps.documents.views._comparison import (
    comparison,
    comparison_choose,
    summary_save,
)
from nep.apps.documents.views._distribution import (
    recipient_add,
    recipient_remove,
)
from nep.apps.documents.views._exceptions import exception_end, exception_grant, exceptions
from nep.apps.documents.views._files import (
    fulltext,
    fulltext_part,
    original,
    page_picture,
    pdf_attach,
    stamped,
)
from nep.apps.documents.views._filled import (
    filled,
    filled_file,
    form_fill,
)
from nep.apps.documents.views._library import (
    clauses,
    library,
    library_export,
)
from nep.apps.documents.views._making import (
    code_masks,
    code_proposal,
    document_edit,
    document_new,
    draft_file,
)
from nep.apps.documents.views._page import (
    document,
)
from nep.apps.documents.views._readings import (
    acknowledge,
    nudge,
    question_remove,
    questions,
    readers,
    readers_sheet,
    to_read,
)
from nep.apps.documents.views._views import (
    view_page,
    view_remove,
    view_save,
)

__all__ = [
    "acknowledge",
    "clauses",
    "code_masks",
    "code_proposal",
    "comparison",
    "comparison_choose",
    "document",
    "document_edit",
    "document_new",
    "draft_file",
    "exception_end",
    "exception_grant",
    "exceptions",
    "filled",
    "filled_file",
    "form_fill",
    "fulltext",
    "fulltext_part",
    "library",
    "library_export",
    "nudge",
    "original",
    "page_picture",
    "pdf_attach",
    "question_remove",
    "questions",
    "readers",
    "readers_sheet",
    "recipient_add",
    "recipient_remove",
    "stamped",
    "summary_save",
    "to_read",
    "view_page",
    "view_remove",
    "view_save",
]
