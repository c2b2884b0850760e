"""One look at an agency's year: what several readers ask is read once."""

from datetime import date
from functools import cached_property

from nep.apps.audits import queries as audits
from nep.apps.audits.queries import AuditState
from nep.apps.competence import queries as competence
from nep.apps.conformity.models import Declaration
from nep.apps.conformity.queries._standing import scope_lines
from nep.apps.conformity.rules import declaration as law
from nep.apps.documents import queries as documents
from nep.apps.legal import queries as legal
from nep.apps.planning import queries as planning
from nep.apps.records import queries as records
from nep.foundation.db.counting import Counted, read_counted
from nep.kernel.references import Evidence

COUNTS = tuple(part.year_counts for part in (records, legal, planning, competence, audits))


class Stand:
    """What an agency has declared and what its scope is; read once, where it is asked for."""

    def __init__(self, agency_id: int) -> None:
        self.agency_id = agency_id

    @cached_property
    def declarations(self) -> tuple[Declaration, ...]:
        """Return the agency's declarations, the newest first."""
        rows = Declaration.objects.filter(agency_id=self.agency_id)
        return tuple(rows.order_by("-started_at", "-id"))

    @cached_property
    def scope(self) -> tuple[law.ScopeLine, ...]:
        """Return the TTHC of the agency's scope as they are today."""
        return scope_lines(self.agency_id)


class Look(Stand):
    """An agency on a day of a year; what is read of the other parts is kept for this look."""

    def __init__(self, agency_id: int, *, year: int, today: date) -> None:
        super().__init__(agency_id)
        self.year, self.today = year, today

    @property
    def last_day(self) -> date:
        """Return today, or the last day of a year that is over."""
        return min(self.today, date(self.year, 12, 31))

    @cached_property
    def _counts(self) -> list[Counted]:
        """Return what the parts count of the year; one statement for all of them."""
        counts = [one for part in COUNTS for one in part(agency_id=self.agency_id, year=self.year)]
        counts += documents.review_counts(agency_id=self.agency_id, today=self.today)
        return read_counted([*counts, *planning.evidence_counts([self.agency_id])])

    def all_counted(self, kind: str) -> tuple[Counted, ...]:
        """Return every count of a kind, one for each of its notes."""
        return tuple(one for one in self._counts if one.kind == kind)

    def counted(self, kind: str) -> Counted | None:
        """Return the only count of a kind, None where there is nothing of it."""
        return next(iter(self.all_counted(kind)), None)

    def planned(self, *clauses: str) -> tuple[Evidence, ...]:
        """Return what planning has for some clauses."""
        found = planning.evidence_told(self._counts)
        return tuple(one for one in found if one.clause in clauses)

    @cached_property
    def audits(self) -> tuple[AuditState, ...]:
        """Return the audits of the year."""
        return audits.audit_states(agency_id=self.agency_id, year=self.year)
