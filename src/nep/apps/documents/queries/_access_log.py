"""Who opened, downloaded or printed a document."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from nep.apps.documents import rules
from nep.apps.documents.models import Access
from nep.apps.organization import queries as organization
from nep.foundation.db import Mark, Prepared

SHOWN = 200


@dataclass(frozen=True, slots=True)
class AccessLine:
    """One opening; `number` names the revision."""

    name: str
    what: str
    number: str
    at: datetime

    @property
    def what_name(self) -> str:
        """Return what was done, in words."""
        return rules.ACCESS_NAMES.get(self.what, self.what)


def _openings() -> QuerySet[Access]:
    rows = Access.objects.filter(document_id=Mark("document"), agency_id=Mark("agency"))
    return rows.select_related("revision").order_by("-at", "-id")


_LATEST = Prepared(lambda: _openings()[:SHOWN])
_ALL = Prepared(_openings)


def access_lines(
    *, document_id: int, agency_id: int, limit: int | None = SHOWN
) -> tuple[AccessLine, ...]:
    """Return the latest openings of a document, newest first; all of them without a limit."""
    asked = _LATEST if limit is not None else _ALL
    rows = asked.objects(document=document_id, agency=agency_id)[:limit]
    names = organization.person_names(row.person_id for row in rows)
    return tuple(
        AccessLine(
            names.get(row.person_id, ""),
            row.what,
            rules.revision_text(row.revision.issue, row.revision.amendment),
            row.at,
        )
        for row in rows
    )
