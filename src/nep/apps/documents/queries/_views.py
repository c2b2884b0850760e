"""A person's kept filters of the library."""

from dataclasses import dataclass

from nep.apps.documents.models import SavedView
from nep.apps.organization.rules import Actor
from nep.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class ViewLine:
    """One kept filter; `query` is the library's query string."""

    id: int
    name: str
    query: str


def saved_views(*, actor: Actor) -> tuple[ViewLine, ...]:
    """Return a person's kept filters in an agency, by name."""
    rows = SavedView.objects.filter(agency_id=actor.agency_id, person_id=actor.person_id).order_by(
        "name"
    )
    return tuple(ViewLine(row.pk, row.name, row.query) for row in rows)


def saved_view(*, actor: Actor, view_id: int) -> ViewLine:
    """Return one of a person's kept filters. Raises NotFound."""
    found = next((one for one in saved_views(actor=actor) if one.id == view_id), None)
    if found is None:
        raise NotFound()
    return found
