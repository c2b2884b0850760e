"""By which edition each agency goes, what the Ministry said, what is locked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from nep.apps.organization import queries as organization
from nep.apps.standards import rules
from nep.apps.standards.models import EditionChoice, MinistryGuidance
from nep.apps.standards.queries._shipped import edition_facts
from nep.apps.standards.rules import Guidance
from nep.kernel.decisions import Decision, Refused


@dataclass(frozen=True, slots=True)
class AgencyEdition:
    """By which edition an agency goes and for which it makes ready ("" for none).

    `is_set` is False where nobody has written it down: then the shipped default stands.
    """

    agency_id: int
    in_force: str
    target: str
    since: date | None
    decision: str
    is_set: bool


@dataclass(frozen=True, slots=True)
class ChoiceLine:
    """One choice of an agency as it was written down."""

    edition: str
    target: str
    since: date | None
    decision: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class GuidanceLine:
    """A text of the Ministry as recorded by the province."""

    id: int
    edition: str
    number: str
    issued_on: date
    title: str
    by: str
    at: datetime


def edition_of(agency_id: int) -> AgencyEdition:
    """Return by which edition an agency goes; one query."""
    return editions_of([agency_id])[agency_id]


def editions_of(agency_ids: Iterable[int]) -> dict[int, AgencyEdition]:
    """Return by which edition each agency goes; one query for any number."""
    found = {
        id_: AgencyEdition(id_, rules.DEFAULT_EDITION, "", None, "", False) for id_ in agency_ids
    }
    newest = (
        EditionChoice.objects.filter(agency_id__in=list(found))
        .values("agency_id")
        .annotate(newest=Max("id"))
        .values("newest")
    )
    for row in EditionChoice.objects.filter(pk__in=newest):
        found[row.agency_id] = AgencyEdition(
            row.agency_id, row.edition, row.target, row.since, row.decision, True
        )
    return found


def choices_of(agency_id: int) -> tuple[ChoiceLine, ...]:
    """Return every choice of an agency, newest first."""
    rows = EditionChoice.objects.filter(agency_id=agency_id).select_related("chosen_by")
    return tuple(
        ChoiceLine(one.edition, one.target, one.since, one.decision, one.chosen_by.name,
                   one.chosen_at)
        for one in rows.order_by("-id")
    )  # fmt: skip


def guidances(*, province_id: int | None) -> tuple[GuidanceLine, ...]:
    """Return the texts of the Ministry that a province has recorded, newest first."""
    rows = MinistryGuidance.objects.filter(province_id=province_id or 0, withdrawn_at=None)
    return tuple(
        GuidanceLine(one.id, one.edition, one.number, one.issued_on, one.title,
                     one.recorded_by.name, one.recorded_at)
        for one in rows.select_related("recorded_by").order_by("-id")
    )  # fmt: skip


def declaration_lock(*, agency_id: int, edition: str) -> Decision:
    """Decide whether an agency may declare on an edition; refuses one that is not known."""
    facts = edition_facts(edition)
    if facts is None:
        return Refused("edition_unknown", f"Không có bản {edition}.", field="edition")
    province_id = organization.agency(agency_id).province_id
    said = [
        Guidance(one.id, one.edition, one.number, one.issued_on, one.title)
        for one in guidances(province_id=province_id)
    ]
    return rules.declaration_locked(facts, said)
