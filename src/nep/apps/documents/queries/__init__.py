"""Reads of documents: frozen values of one agency."""

from nep.apps.documents.queries._revisions import (
    ExceptionLine,
    RevisionFacts,
    code_exists,
    document_exists,
    exception_lines,
    exceptions_of,
    revision,
    revisions_by_document,
    revisions_of,
)

__all__ = [
    "ExceptionLine",
    "RevisionFacts",
    "code_exists",
    "document_exists",
    "exception_lines",
    "exceptions_of",
    "revision",
    "revisions_by_document",
    "revisions_of",
]
