"""Keeping the index equal to what the parts have."""

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from nep.foundation.search.asking import folded_words
from nep.foundation.search.models import Entry, Grant
from nep.kernel.text import clean, clean_lines

LONGEST_TEXT = 200_000  # characters kept and indexed of one text


@dataclass(frozen=True, slots=True)
class Found:
    """One thing as its part describes it; `grants` matter where it is not open to the agency."""

    agency_id: int
    kind: str
    object_id: int
    title: str
    link: str
    code: str = ""
    detail: str = ""
    sort: str = ""
    state: str = "current"
    unit_id: int | None = None
    is_open: bool = True
    at: date | None = None
    text: str = ""
    extra: str = ""
    grants: frozenset[str] = frozenset()


def put(thing: Found, *, stamp: datetime | None = None) -> None:
    """Write a thing as it was at `stamp` into the index, or change what stands there.

    The index repeats what the parts have journaled; it writes no journal of its own.
    """
    text = unicodedata.normalize("NFC", clean_lines(thing.text))[:LONGEST_TEXT]
    head = folded_words(f"{thing.code} {thing.title} {thing.extra}")[:800]
    columns = {
        "agency_id": thing.agency_id,
        "sort": thing.sort,
        "state": thing.state,
        "unit_id": thing.unit_id,
        "is_open": thing.is_open,
        "at": thing.at,
        "code": thing.code[:80],
        "title": clean(thing.title)[:600],
        "detail": thing.detail[:300],
        "link": thing.link,
        "stamp": stamp,
        "folded_title": head,
    }
    digest = hashlib.sha256(text.encode()).hexdigest()
    with transaction.atomic():
        row = (
            Entry.objects.select_for_update()
            .only("id", "text_hash")
            .filter(kind=thing.kind, object_id=thing.object_id)
            .first()
        )
        if row is None or row.text_hash != digest:
            columns |= {"text": text, "folded": folded_words(text), "text_hash": digest}
        if row is None:
            row = Entry.objects.create(kind=thing.kind, object_id=thing.object_id, **columns)
        else:
            Entry.objects.filter(pk=row.pk).update(**columns)
        _grant(row.pk, thing.grants if not thing.is_open else frozenset())


def _grant(entry_id: int, tokens: Iterable[str]) -> None:
    wanted = set(tokens)
    known = set(Grant.objects.filter(entry_id=entry_id).values_list("token", flat=True))
    if gone := known - wanted:
        Grant.objects.filter(entry_id=entry_id, token__in=gone).delete()
    Grant.objects.bulk_create(Grant(entry_id=entry_id, token=one) for one in wanted - known)


def remove(*, kind: str, object_id: int) -> None:
    """Take a thing out of the index. Part of another action."""
    Entry.objects.filter(kind=kind, object_id=object_id).delete()
