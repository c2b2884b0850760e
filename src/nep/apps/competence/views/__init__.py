"""Pages of competence."""

from nep.apps.competence.views._qualifications import (
    auditors,
    qualification_add,
    qualification_end,
    qualification_file,
)

__all__ = ["auditors", "qualification_add", "qualification_end", "qualification_file"]
