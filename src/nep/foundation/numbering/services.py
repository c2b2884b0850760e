"""Taking numbers, race-safe on both engines."""

from django.db import IntegrityError, transaction
from django.db.models import F

from nep.foundation.numbering.models import Book


def take_number(*, agency_id: int, book: str, year: int = 0) -> int:
    """Return the next number of the book, in the caller's transaction.

    The row stays locked until that transaction ends, so that two takers never meet and a
    rolled-back action gives its number back.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("numbers are taken inside an action")
    rows = Book.objects.filter(agency_id=agency_id, name=book, year=year)
    if not rows.update(last_number=F("last_number") + 1):
        try:
            with transaction.atomic():
                Book.objects.create(agency_id=agency_id, name=book, year=year, last_number=1)
            return 1
        except IntegrityError:  # somebody opened the book in the same instant
            rows.update(last_number=F("last_number") + 1)
    return rows.values_list("last_number", flat=True).get()
