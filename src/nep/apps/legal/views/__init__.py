"""Pages of external documents."""

from nep.apps.legal.views._external import (
    amend,
    checked,
    edit,
    external,
    file,
    new,
    replace,
    suggest,
    withdraw,
)
from nep.apps.legal.views._register import export, import_file, register
from nep.apps.legal.views._reviews import review, reviews

__all__ = [
    "amend",
    "checked",
    "edit",
    "export",
    "external",
    "file",
    "import_file",
    "new",
    "register",
    "replace",
    "review",
    "reviews",
    "suggest",
    "withdraw",
]
