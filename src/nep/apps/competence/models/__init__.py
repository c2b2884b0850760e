"""Tables of competence."""

from nep.apps.competence.models._qualifications import Qualification

__all__ = ["Qualification"]
