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
from nep.kernel.references import Evidence

READERS: tuple[Callable[[Collection[int]], tuple[Evidence, ...]], ...] = (
    documents.evidence,
    records.evidence,
    legal.evidence,
    cases.evidence,
    actions.evidence,
    improvement.evidence,
    planning.evidence,
    competence.evidence,
    audits.evidence,
    reviews.evidence,
)


def collected(agency_ids: Collection[int], *, today: date) -> dict[int, list[Evidence]]:
    """Return the evidence of each agency; as many statements for one agency as for all."""
    found: dict[int, list[Evidence]] = {agency_id: [] for agency_id in agency_ids}
    for one in organization.evidence(agency_ids, today=today):
        found[one.agency_id].append(one)
    for read in READERS:
        for one in read(agency_ids):
            found[one.agency_id].append(one)
    return found
