"""Writes of competence."""

from nep.apps.competence.services._qualifications import (
    QualificationValues,
    qualification_add,
    qualification_end,
)

__all__ = ["QualificationValues", "qualification_add", "qualification_end"]
