"""Tables of internal audits."""

from nep.apps.audits.models._audit import Audit, Draw, Member, Sample, Session, SessionAuditor
from nep.apps.audits.models._findings import Finding, Proof
from nep.apps.audits.models._programme import AuditPaper, Programme, ProgrammeLine, Step

__all__ = [
    "Audit",
    "AuditPaper",
    "Draw",
    "Finding",
    "Member",
    "Programme",
    "ProgrammeLine",
    "Proof",
    "Sample",
    "Session",
    "SessionAuditor",
    "Step",
]
