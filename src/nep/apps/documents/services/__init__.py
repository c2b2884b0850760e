"""Writes of documents: each is one user action in one transaction."""

from nep.apps.documents.services._revisions import (
    FIRST,
    approved_take_effect,
    document_create,
    document_retitle,
    exception_end,
    exception_grant,
    revision_approve,
    revision_check,
    revision_draft,
    revision_drop,
    revision_return,
    revision_submit_check,
    revision_touch,
)

__all__ = [
    "FIRST",
    "approved_take_effect",
    "document_create",
    "document_retitle",
    "exception_end",
    "exception_grant",
    "revision_approve",
    "revision_check",
    "revision_draft",
    "revision_drop",
    "revision_return",
    "revision_submit_check",
    "revision_touch",
]
