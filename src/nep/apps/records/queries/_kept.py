"""Which sources must stay because a file that the law keeps holds their record."""

from collections.abc import Collection, Iterator
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q

from nep.apps.records.models import Hold, Record


def kept_sources(
    *, agency_id: int, source_type: str, source_ids: Collection[int], today: date
) -> frozenset[int]:
    """Return those of the sources whose record waits to be filed, or lies in a file still kept.

    A file is kept while it is open or permanent, until its retention is over, and while it is
    held back. Source: Luật Lưu trữ số 33/2024/QH15; Nghị định 30/2020/NĐ-CP Điều 29–31.
    """
    held = Exists(Hold.objects.filter(file_id=OuterRef("file_id"), lifted_at=None))
    rows = Record.objects.filter(
        agency_id=agency_id, source_type=source_type, source_id__in=list(source_ids)
    ).exclude(source_type="upload")
    kept = Q(file=None) | (
        ~Q(file__state="destroyed")
        & (Q(file__retain_until=None) | Q(file__retain_until__gte=today) | held)
    )
    return frozenset(rows.filter(kept).values_list("source_id", flat=True))


def record_of_source(*, agency_id: int, source_type: str, source_id: int) -> int | None:
    """Return the record that came from a source, or None."""
    rows = Record.objects.filter(
        agency_id=agency_id, source_type=source_type, source_id=source_id
    ).exclude(source_type="upload")
    return rows.values_list("id", flat=True).first()


def deposits_of(*, source_type: str) -> Iterator[tuple[int, int, datetime]]:
    """Yield (agency, source, when deposited) of every record of a kind of source; the doctor asks."""
    rows = Record.objects.filter(source_type=source_type).order_by("id")
    yield from rows.values_list("agency_id", "source_id", "deposited_at").iterator()
