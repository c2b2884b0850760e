"""Writes of documents: each is one user action in one transaction."""

from nep.apps.documents.services._access_log import (
    access_note,
)
from nep.apps.documents.services._citations import document_cite, document_uncite
from nep.apps.documents.services._codes import (
    code_mask_save,
    code_take,
)
from nep.apps.documents.services._comparison import (
    change_summary_save,
)
from nep.apps.documents.services._copies import with_copies
from nep.apps.documents.services._deposits import (
    filled_deposit,
    revision_deposit,
    signed_deposit,
)
from nep.apps.documents.services._distribution import (
    recipient_add,
    recipient_remove,
)
from nep.apps.documents.services._distribution_public import (
    document_public_set,
)
from nep.apps.documents.services._exceptions import (
    exception_end,
    exception_grant,
)
from nep.apps.documents.services._filled import (
    form_fill,
)
from nep.apps.documents.services._history import (
    history_note,
)
from nep.apps.documents.services._importing import (
    IMPORT_JOB,
    import_again,
    import_begin,
    import_go_on,
    import_lines,
    import_run,
    import_step,
    import_upload,
)
from nep.apps.documents.services._importing_rows import (
    revision_from_paper,
)
from nep.apps.documents.services._importing_source import (
    ImportSource,
    archive_source,
    folder_source,
)
from nep.apps.documents.services._inquiries import (
    inquiry_answer,
    inquiry_ask,
)
from nep.apps.documents.services._kept_papers import papers_catch_up, papers_retry
from nep.apps.documents.services._leaving import leaver_groups_register
from nep.apps.documents.services._library import (
    document_add,
    document_change,
    revision_file_replace,
)
from nep.apps.documents.services._life import (
    Answer,
    approval_prepare,
    document_approve,
    document_check,
    document_consult,
    document_drop,
    document_recall,
    document_return,
    document_submit,
)
from nep.apps.documents.services._life_effect import (
    approved_take_effect,
)
from nep.apps.documents.services._life_steps import (
    revision_approve,
    revision_check,
    revision_drop,
    revision_recall,
    revision_return,
    revision_submit_check,
)
from nep.apps.documents.services._members import (
    members_approve,
    members_check,
    members_release,
    members_return,
    members_submit,
)
from nep.apps.documents.services._paper import (
    copies_recall,
    copy_end,
    copy_give,
)
from nep.apps.documents.services._publication import (
    copies_catch_up,
    publication_attach,
    publication_check,
    publication_make,
)
from nep.apps.documents.services._readings import (
    reading_acknowledge,
    readings_make,
    readings_nudge,
    readings_remind,
    readings_sync,
)
from nep.apps.documents.services._readings_questions import (
    question_remove,
    question_save,
)
from nep.apps.documents.services._readings_term import reading_term_set
from nep.apps.documents.services._requests import (
    request_accept,
    request_ask,
    request_refuse,
    request_take_back,
)
from nep.apps.documents.services._reviews import (
    review_end,
    review_interval_set,
    review_plan,
    reviews_hold,
    reviews_open,
    reviews_remind,
)
from nep.apps.documents.services._reviews_forward import (
    document_forward,
    document_year_set,
)
from nep.apps.documents.services._revisions import (
    FIRST,
    document_create,
    document_retitle,
    revision_draft,
    revision_touch,
)
from nep.apps.documents.services._routes import (
    asked_handed_over,
    asked_replace,
    route_lay,
    route_template_save,
)
from nep.apps.documents.services._signing import (
    Made,
    rooms_clear,
    signature_keep,
    signature_make,
    signature_receive,
    signing_begin,
)
from nep.apps.documents.services._views import (
    view_remove,
    view_rename,
    view_save,
)
from nep.apps.documents.services._withdrawal import (
    document_withdraw,
)

__all__ = [
    "FIRST",
    "IMPORT_JOB",
    "Answer",
    "ImportSource",
    "Made",
    "access_note",
    "approval_prepare",
    "approved_take_effect",
    "archive_source",
    "asked_handed_over",
    "asked_replace",
    "change_summary_save",
    "code_mask_save",
    "code_take",
    "copies_catch_up",
    "copies_recall",
    "copy_end",
    "copy_give",
    "document_add",
    "document_approve",
    "document_change",
    "document_check",
    "document_cite",
    "document_consult",
    "document_create",
    "document_drop",
    "document_forward",
    "document_public_set",
    "document_recall",
    "document_retitle",
    "document_return",
    "document_submit",
    "document_uncite",
    "document_withdraw",
    "document_year_set",
    "exception_end",
    "exception_grant",
    "filled_deposit",
    "folder_source",
    "form_fill",
    "history_note",
    "import_again",
    "import_begin",
    "import_go_on",
    "import_lines",
    "import_run",
    "import_step",
    "import_upload",
    "inquiry_answer",
    "inquiry_ask",
    "leaver_groups_register",
    "members_approve",
    "members_check",
    "members_release",
    "members_return",
    "members_submit",
    "papers_catch_up",
    "papers_retry",
    "publication_attach",
    "publication_check",
    "publication_make",
    "question_remove",
    "question_save",
    "reading_acknowledge",
    "reading_term_set",
    "readings_make",
    "readings_nudge",
    "readings_remind",
    "readings_sync",
    "recipient_add",
    "recipient_remove",
    "request_accept",
    "request_ask",
    "request_refuse",
    "request_take_back",
    "review_end",
    "review_interval_set",
    "review_plan",
    "reviews_hold",
    "reviews_open",
    "reviews_remind",
    "revision_approve",
    "revision_check",
    "revision_deposit",
    "revision_draft",
    "revision_drop",
    "revision_file_replace",
    "revision_from_paper",
    "revision_recall",
    "revision_return",
    "revision_submit_check",
    "revision_touch",
    "rooms_clear",
    "route_lay",
    "route_template_save",
    "signature_keep",
    "signature_make",
    "signature_receive",
    "signed_deposit",
    "signing_begin",
    "view_remove",
    "view_rename",
    "view_save",
    "with_copies",
]
