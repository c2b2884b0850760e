"""Everything that the parts show for the clauses of the standard, by agency."""

from collections.abc import Callable, Collection
from datetime import date

from nep.apps.actions import queries as actions
from nep.apps.audits import queries as audits
from nep.apps.cases import queries as cases
from nep.apps.competence import queries as competence
from nep.apps.documents import queries as documents
from nep.apps.improvement import queries as improvement
from nep.apps.legal import queries as legal
from nep.apps.organization import queries as organization
from nep.apps.planning import queries as planning
from nep.apps.records import queries as records
from nep.apps.reviews import queries as reviews
from nep.foundation.db.counting import read_counted
from nep.kernel.references import Evidence

READERS: tuple[Callable[[Collection[int]], tuple[Evidence, ...]], ...] = (
    documents.evidence_in_force,
    audits.evidence,
    reviews.evidence,
)
# what these count is read in one statement for all of them
COUNTS: tuple[tuple[Callable, Callable], ...] = tuple(
    (part.evidence_counts, part.evidence_told)
    for part in (
        documents, records, legal, cases, actions, improvement, planning, competence,
    )
)  # fmt: skip


def collected(agency_ids: Collection[int], *, today: date) -> dict[int, list[Evidence]]:
    """Return the evidence of each agency; as many statements for one agency as for all."""
    found: dict[int, list[Evidence]] = {agency_id: [] for agency_id in agency_ids}
    for one in organization.evidence(agency_ids, today=today):
        found[one.agency_id].append(one)
    for read in READERS:
        for one in read(agency_ids):
            found[one.agency_id].append(one)
    rows = read_counted([count for counts, _told in COUNTS for count in counts(agency_ids)])
    for _counts, told in COUNTS:
        for one in told(rows):
            found[one.agency_id].append(one)
    return found
