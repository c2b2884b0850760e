"""Reading the numbering books."""

from nep.foundation.numbering.models import Book


def books(*, agency_id: int) -> list[tuple[str, int, int]]:
    """Return (name, year, last number taken) of every book of an agency."""
    rows = Book.objects.filter(agency_id=agency_id).order_by("name", "year")
    return list(rows.values_list("name", "year", "last_number"))
