"""Writes of documents: each is one user action in one transaction."""

from nep.apps.documents.services._access_log import (
    access_note,
)
from nep.apps.documents.services._distribution import (
    recipient_add,
    recipient_remove,
)
from nep.apps.documents.services._exceptions import (
    exception_end,
    exception_grant,
)
from nep.apps.documents.services._filled import (
    form_fill,
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
from nep.apps.documents.services._revisions import (
    FIRST,
    document_create,
    document_retitle,
    revision_draft,
    revision_touch,
)

__all__ = [
    "FIRST",
    "access_note",
    "approved_take_effect",
    "document_create",
    "document_retitle",
    "exception_end",
    "exception_grant",
    "form_fill",
    "question_remove",
    "question_save",
    "reading_acknowledge",
    "readings_make",
    "readings_nudge",
    "readings_remind",
    "readings_sync",
    "recipient_add",
    "recipient_remove",
    "revision_approve",
    "revision_check",
    "revision_draft",
    "revision_drop",
    "revision_recall",
    "revision_return",
    "revision_submit_check",
    "revision_touch",
]
