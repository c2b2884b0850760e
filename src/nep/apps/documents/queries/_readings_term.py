"""Within how many working days an agency's people read what has come into force."""

from dataclasses import dataclass

from nep.apps.documents import rules
from nep.apps.documents.models import ReadingTerm


@dataclass(frozen=True, slots=True)
class ReadingTermFacts:
    """The term in working days; `is_default` while the agency has set none."""

    days: int
    version: int
    is_default: bool


def reading_term(agency_id: int) -> ReadingTermFacts:
    """Return the reading term of an agency, the proposal where it has set none."""
    row = ReadingTerm.objects.filter(agency_id=agency_id).first()
    if row is None:
        return ReadingTermFacts(rules.READING_DAYS, 0, True)
    return ReadingTermFacts(row.days, row.version, False)
