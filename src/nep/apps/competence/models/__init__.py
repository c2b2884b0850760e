"""Tables of competence."""

from nep.apps.competence.models._qualifications import Qualification
from nep.apps.competence.models._training import (
    Attendance,
    Need,
    NeedPerson,
    Requirement,
    Session,
    SessionMove,
    TrainingPlan,
)

__all__ = [
    "Attendance",
    "Need",
    "NeedPerson",
    "Qualification",
    "Requirement",
    "Session",
    "SessionMove",
    "TrainingPlan",
]
