"""Keeping the index equal to what the parts have."""

import hashlib
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from nep.foundation.search.models import Entry
from nep.foundation.search.words import folded_words, index_form
from nep.kernel.text import clean, clean_lines

LONGEST_TEXT = 200_000  # characters kept and indexed of one text
LONGEST_HEAD = 800
MOST_PLACES, MOST_OF_ONE_WORD = 16_000, 250
FORM = 2  # of the folded words; another number makes every text be written anew


@dataclass(frozen=True, slots=True)
class Found:
    """One thing as its part describes it.

    What is not open to the whole agency is shown to those whom its source lets through. `extra` is
    found like the title, `aside` like the text; neither is shown.
    """

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
    aside: str = ""


def put(thing: Found, *, stamp: datetime | None = None) -> None:
    """Write a thing as it was at `stamp` into the index, or change what stands there.

    The index repeats what the parts have journaled; it writes no journal of its own.
    """
    text = unicodedata.normalize("NFC", clean_lines(thing.text))[:LONGEST_TEXT]
    head = index_form(f"{thing.code} {thing.title} {thing.extra}", most=LONGEST_HEAD)
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
    aside = thing.aside[:LONGEST_TEXT]
    digest = hashlib.sha256(f"{FORM}\0{text}\0{aside}".encode()).hexdigest()
    with transaction.atomic():
        row = (
            Entry.objects.select_for_update()
            .only("id", "text_hash")
            .filter(kind=thing.kind, object_id=thing.object_id)
            .first()
        )
        if row is None or row.text_hash != digest:
            folded = " ".join(filter(None, [index_form(text), folded_words(aside)]))
            columns |= {
                "text": text, "folded": folded, "text_hash": digest,
                "is_long": outgrows_positions(head, folded),
            }  # fmt: skip
        if row is None:
            Entry.objects.create(kind=thing.kind, object_id=thing.object_id, **columns)
        else:
            Entry.objects.filter(pk=row.pk).update(**columns)


def outgrows_positions(head: str, folded: str) -> bool:
    """Say whether PostgreSQL cannot keep the place of every word.

    It keeps the first 16,383 places and 256 of one word.
    """
    words = folded.split()
    often = max(Counter(words).values(), default=0) + len(head.split())
    return len(words) + len(head.split()) > MOST_PLACES or often > MOST_OF_ONE_WORD


def remove(*, kind: str, object_id: int) -> int:
    """Take a thing out of the index; return 1, or 0 when it was not there."""
    return Entry.objects.filter(kind=kind, object_id=object_id).delete()[0]
