"""Pages of documents."""

from nep.apps.documents.views import _records
from nep.apps.documents.views._citations import cite, uncite
from nep.apps.documents.views._comparison import (
    comparison,
    comparison_choose,
    summary_save,
)
from nep.apps.documents.views._distribution import (
    public_set,
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
    printed,
    stamped,
)
from nep.apps.documents.views._filled import (
    filled,
    filled_file,
    form_fill,
)
from nep.apps.documents.views._importing import (
    import_for_real,
    import_page,
    import_refused,
    import_sample,
    imports,
)
from nep.apps.documents.views._inquiries import (
    inquiry_answer,
    inquiry_ask,
)
from nep.apps.documents.views._library import (
    clauses,
    library,
    library_export,
)
from nep.apps.documents.views._life import (
    life_approve,
    life_check,
    life_consult,
    life_drop,
    life_history,
    life_recall,
    life_redraft,
    life_replace,
    life_return,
    life_submit,
    life_withdraw,
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
from nep.apps.documents.views._paper import (
    copies,
    copies_print,
    copy_end,
    copy_give,
    copy_print,
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
from nep.apps.documents.views._readings_term import reading_term
from nep.apps.documents.views._requests import (
    change_request,
    request_about,
    request_accept,
    request_new,
    request_refuse,
    request_take_back,
    requests,
)
from nep.apps.documents.views._reviews import (
    document_year,
    forward,
    intervals,
    review,
    reviews,
)
from nep.apps.documents.views._routes import (
    life_route,
    route_template,
    route_templates,
)
from nep.apps.documents.views._search import form_finder, search_page, search_suggest
from nep.apps.documents.views._signing import (
    sign_by_file,
    sign_by_token,
    sign_outside,
    signed_file,
    signing,
    signing_room,
    signing_room_file,
)
from nep.apps.documents.views._views import (
    view_page,
    view_remove,
    view_save,
)

__all__ = [
    "_records",
    "acknowledge",
    "change_request",
    "cite",
    "clauses",
    "code_masks",
    "code_proposal",
    "comparison",
    "comparison_choose",
    "copies",
    "copies_print",
    "copy_end",
    "copy_give",
    "copy_print",
    "document",
    "document_edit",
    "document_new",
    "document_year",
    "draft_file",
    "exception_end",
    "exception_grant",
    "exceptions",
    "filled",
    "filled_file",
    "form_fill",
    "form_finder",
    "forward",
    "fulltext",
    "fulltext_part",
    "import_for_real",
    "import_page",
    "import_refused",
    "import_sample",
    "imports",
    "inquiry_answer",
    "inquiry_ask",
    "intervals",
    "library",
    "library_export",
    "life_approve",
    "life_check",
    "life_consult",
    "life_drop",
    "life_history",
    "life_recall",
    "life_redraft",
    "life_replace",
    "life_return",
    "life_route",
    "life_submit",
    "life_withdraw",
    "nudge",
    "original",
    "page_picture",
    "pdf_attach",
    "printed",
    "public_set",
    "question_remove",
    "questions",
    "readers",
    "readers_sheet",
    "reading_term",
    "recipient_add",
    "recipient_remove",
    "request_about",
    "request_accept",
    "request_new",
    "request_refuse",
    "request_take_back",
    "requests",
    "review",
    "reviews",
    "route_template",
    "route_templates",
    "search_page",
    "search_suggest",
    "sign_by_file",
    "sign_by_token",
    "sign_outside",
    "signed_file",
    "signing",
    "signing_room",
    "signing_room_file",
    "stamped",
    "summary_save",
    "to_read",
    "uncite",
    "view_page",
    "view_remove",
    "view_save",
]
