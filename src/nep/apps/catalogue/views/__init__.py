"""Pages of the catalogue of published TTHC."""

from nep.apps.catalogue.views._entries import abolish, edit, entries, entry, new, restore
from nep.apps.catalogue.views._imports import import_page, import_sheet, upload

__all__ = [
    "abolish",
    "edit",
    "entries",
    "entry",
    "import_page",
    "import_sheet",
    "new",
    "restore",
    "upload",
]
