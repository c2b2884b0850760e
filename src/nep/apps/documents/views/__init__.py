"""Pages of documents."""

from nep.apps.documents.views._exceptions import exception_end, exception_grant, exceptions

__all__ = ["exception_end", "exception_grant", "exceptions"]
