"""One look at an agency's year: what several readers ask is read once."""

from datetime import date
from functools import cached_property

from nep.apps.audits import queries as audits
from nep.apps.audits.queries import AuditState
from nep.apps.organization.rules import Actor
from nep.apps.planning import queries as planning
from nep.apps.planning.queries import ObjectivesState
from nep.kernel.references import Evidence


class Look:
    """An agency on a day of a year; what is read of the other parts is kept for this look."""

    def __init__(self, agency_id: int, *, year: int, today: date) -> None:
        self.agency_id, self.year, self.today = agency_id, year, today

    @property
    def reader(self) -> Actor:
        """Return who reads lists of the agency for the system: nobody, in no role."""
        return Actor(0, None, "Nếp", self.agency_id)

    @property
    def last_day(self) -> date:
        """Return today, or the last day of a year that is over."""
        return min(self.today, date(self.year, 12, 31))

    @cached_property
    def _planning(self) -> tuple[Evidence, ...]:
        return planning.evidence([self.agency_id])

    def planned(self, *clauses: str) -> tuple[Evidence, ...]:
        """Return what planning has for some clauses."""
        return tuple(one for one in self._planning if one.clause in clauses)

    @cached_property
    def objectives(self) -> ObjectivesState:
        """Return how the objectives of the year stand."""
        return planning.objectives_state(agency_id=self.agency_id, year=self.year)

    @cached_property
    def audits(self) -> tuple[AuditState, ...]:
        """Return the audits of the year."""
        return audits.audit_states(agency_id=self.agency_id, year=self.year)
