"""The posts of an agency, to choose from."""

from nep.apps.organization.models import Position


def position_choices(agency_id: int) -> tuple[tuple[int, str], ...]:
    """Return (id, name) of every post used in the agency, by name."""
    rows = Position.objects.filter(agency_id=agency_id).order_by("folded")
    return tuple(rows.values_list("id", "name"))
