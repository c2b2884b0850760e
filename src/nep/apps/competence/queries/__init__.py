"""Reads of competence: frozen values."""

from nep.apps.competence.queries._qualifications import (
    QualificationLine,
    Qualifications,
    QualifiedAuditor,
    qualification_file,
    qualification_line,
    qualifications,
    qualified_auditors,
    qualified_auditors_of,
)

__all__ = [
    "QualificationLine",
    "Qualifications",
    "QualifiedAuditor",
    "qualification_file",
    "qualification_line",
    "qualifications",
    "qualified_auditors",
    "qualified_auditors_of",
]
