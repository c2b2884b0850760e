"""Writes of the catalogue of published TTHC."""

from nep.apps.catalogue.services._entries import (
    editions_take_force,
    entry_abolish,
    entry_add,
    entry_edit,
    entry_restore,
)
from nep.apps.catalogue.services._importing import (
    MOST_FILES,
    READ_JOB,
    ImportWish,
    import_files,
    import_job,
    import_portion,
    import_upload,
)

__all__ = [
    "MOST_FILES",
    "READ_JOB",
    "ImportWish",
    "editions_take_force",
    "entry_abolish",
    "entry_add",
    "entry_edit",
    "entry_restore",
    "import_files",
    "import_job",
    "import_portion",
    "import_upload",
]
