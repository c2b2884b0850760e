"""Counts of many tables in one statement: each part names its rows, one UNION ALL reads them.

What a row says is the same for all: whose it is, of which kind, how many, the newest day, a note.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import CharField, Count, DateField, DateTimeField, F, Max, QuerySet, Value
from django.db.models.functions import Cast

from nep.kernel.vietnamese import local


class Counted(NamedTuple):
    """How many rows of a kind an agency has; `newest_on` None where none has a day."""

    agency_id: int
    kind: str
    note: str
    n: int
    newest_on: date | None


def counted(
    rows: QuerySet, kind: str, *, moment: str = "", day: str = "", note: Any = None,
    count: Any = None, agency: str = "agency_id",
) -> QuerySet:  # fmt: skip
    """Return rows counted by agency; the newest by a `moment` or by a `day`.

    `note` is an expression over the rows of an agency (an aggregate, or a column: then rows are
    counted by it as well); `count` another aggregate than their number.
    """
    by_note = {"note": Cast(note, CharField())} if isinstance(note, F) else {}
    found = rows.order_by().values(whose=F(agency), **by_note)
    told = {} if by_note else {"note": _text(note)}
    return found.annotate(
        kind=Value(kind, CharField()), **told, n=count or Count("pk"),
        newest_at=Max(moment) if moment else Cast(Value(None), DateTimeField()),
        newest_on=Max(day) if day else Cast(Value(None), DateField()),
    ).values_list("whose", "kind", "note", "n", "newest_at", "newest_on")  # fmt: skip


def _text(note: Any) -> Any:
    return Value("", CharField()) if note is None else Cast(note, CharField())


def read_counted(counts: Sequence[QuerySet]) -> list[Counted]:
    """Return what some counts come to; one statement for all of them, none for none."""
    if not counts:
        return []
    rows: Iterable[Any] = counts[0].union(*counts[1:], all=True) if counts[1:] else counts[0]
    return [
        Counted(whose, kind, note, n, local(at).date() if at else on)
        for whose, kind, note, n, at, on in rows
        if n
    ]
