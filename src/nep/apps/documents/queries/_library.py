"""The library: one filter for the list, its count and its export."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from nep.apps.documents import rules
from nep.apps.documents.models import (
    Document,
    DocumentClause,
    DocumentTag,
    Reading,
    Revision,
)
from nep.apps.documents.queries._access import visible, visible_among
from nep.apps.documents.queries._library_words import matching, words_asked
from nep.apps.documents.queries._page import DocumentLine, LineRow, document_lines, line_rows
from nep.apps.organization.rules import Actor, may
from nep.foundation.db.words import to_be_counted
from nep.kernel.text import clean, whole_number

PAGE = 50
MOST_COUNTED = 300
MOST_IN_FORCE = 10_000
MOST_EXPORTED = 20_000
_FEW, _MANY = 1_000, 5_000  # keys of another table that are named one by one; that are a list
_SOME = 1_000  # of too many keys, how many are looked at for the count
_MARKS = (DocumentClause, DocumentTag)
_LOOKED_AT, _COMMON = 400, 40  # a tenth of the first documents makes a word common


@dataclass(frozen=True, slots=True)
class LibraryFilter:
    """What to list; empty values mean any.

    `state` is a key of `rules.LIBRARY_STATES`: without one the list holds what is in force or on
    its way, never what was withdrawn.
    """

    kind: str = ""
    unit_id: int = 0
    standard: str = ""
    clause: str = ""
    state: str = ""
    level: str = ""
    tag: str = ""
    query: str = ""

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "LibraryFilter":
        """Return the filter of a query string: loai, dv, tc, dk, tt, muc, the, q."""
        kind, state, level = values.get("loai", ""), values.get("tt", ""), values.get("muc", "")
        unit = values.get("dv", "")
        standard = clean(values.get("tc", ""))[:30]
        return cls(
            kind=kind if kind in rules.KIND_NAMES else "",
            unit_id=whole_number(unit),
            standard=standard,
            clause=clean(values.get("dk", ""))[:20] if standard else "",
            state=state if state in rules.LIBRARY_STATES else "",
            level=level if level in rules.LEVEL_NAMES else "",
            tag=clean(values.get("the", ""))[:60],
            query=clean(values.get("q", ""))[:120],
        )

    def values(self) -> dict[str, str]:
        """Return the filter as a query string's values, without what means any."""
        found = {
            "loai": self.kind,
            "dv": str(self.unit_id or ""),
            "tc": self.standard,
            "dk": self.clause,
            "tt": self.state,
            "muc": self.level,
            "the": self.tag,
            "q": self.query,
        }
        return {name: value for name, value in found.items() if value}

    def without(self, name: str) -> "LibraryFilter":
        """Return the filter with one of its fields meaning any."""
        empty = replace(self, **{name: 0 if name == "unit_id" else ""})  # type: ignore[arg-type]
        return replace(empty, clause="") if name == "standard" else empty


@dataclass(frozen=True, slots=True)
class LibraryLines:
    """One page of the list; `after` continues it, empty at the end.

    `count` is how many there are, at most one more than MOST_COUNTED; None where not asked.
    """

    lines: tuple[DocumentLine, ...]
    after: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause of a standard ("" for the standard as a whole) with its documents in use."""

    standard: str
    clause: str
    documents: int


def _on_way(actor: Actor) -> QuerySet[Revision]:
    return Revision.objects.filter(agency_id=actor.agency_id, state__in=rules.OPEN)


def _mine_to_read(actor: Actor) -> QuerySet[Reading]:
    return Reading.objects.filter(
        person_id=actor.person_id, agency_id=actor.agency_id, acknowledged_at=None, ended_at=None
    )


def _state_condition(state: str, *, today: date) -> Q:
    conditions = {
        "hl": Q(status=rules.IN_FORCE),
        "moi": Q(status=rules.IN_FORCE, in_force_since__gte=today - rules.NEW_FOR)
        & Q(in_force_since__lte=today),
        "soan": Q(),
        "doc": Q(),
        "xet": Q(status=rules.IN_FORCE, next_review_on__lte=today + timedelta(days=30)),
        "bo": Q(status="withdrawn"),
        "tat": Q(),
    }
    # the negation keeps the order of the codes' index: nearly every row passes
    return conditions.get(state, ~Q(status__in=["withdrawn", "dropped"]))


@dataclass(frozen=True, slots=True)
class _Narrowed:
    """What words, clauses, tags, drafts and readings leave: a condition, and keys where they are few.

    `some` are keys of those that match, when there are too many to name them all.
    """

    condition: Q
    keys: tuple[int, ...] | None
    some: tuple[int, ...] = ()


def filtered(*, actor: Actor, filter: LibraryFilter, today: date) -> QuerySet[Document]:
    """Return the documents of a filter that the actor may see, unordered."""
    return _filtered(_narrowed(actor, filter), actor, filter, today)


def _filtered(
    narrowed: _Narrowed,
    actor: Actor,
    filter: LibraryFilter,
    today: date,
    *,
    with_hidden: bool = False,
) -> QuerySet[Document]:
    """Return the documents of a filter, `with_hidden` also those the actor may not see.

    What lies in another table narrows the list to its keys when they are few; else the list is
    sifted in the order of codes, within an index, and full after a part of it.
    """
    found, keys = narrowed.condition, narrowed.keys
    if keys is not None:
        found &= Q(pk__among=frozenset(keys))
    else:
        found &= Q(agency_id=actor.agency_id)
    if not with_hidden:
        found &= visible_among(actor)
    found &= _state_condition(filter.state, today=today)
    if filter.kind:
        found &= Q(kind=filter.kind)
    if filter.unit_id:
        found &= Q(owner_unit_id=filter.unit_id)
    if filter.level:
        found &= Q(level=filter.level)
    return Document.objects.filter(found)


def _narrowed(actor: Actor, filter: LibraryFilter) -> _Narrowed:
    found, keys, some = _with_words(actor, filter.query)
    for rows in _beside(actor, filter):
        listed = rows.order_by().values_list("document_id", flat=True)
        some = list(listed[: _FEW + 1])
        if len(some) <= _FEW:
            keys = set(some) if keys is None else keys & set(some)
        elif rows.model in _MARKS and rows[_MANY:].exists():  # too many for a list of keys
            found &= Q(Exists(_marks_of(filter, rows.model)))
        else:
            found &= Q(pk__in=listed)
    return _Narrowed(found, None if keys is None else tuple(sorted(keys)), tuple(some[:_SOME]))


def _with_words(actor: Actor, typed: str) -> tuple[Q, set[int] | None, list[int]]:
    """Return what words leave: a condition, all keys when they are few, else some of them.

    Words that many documents hold are soon met in the order of codes; the index need not be asked.
    """
    condition, asked = matching(typed), words_asked(typed, agency_id=actor.agency_id)
    if not asked or asked.common(order="code", among=_LOOKED_AT) >= _COMMON:
        return condition, None, []
    some = asked.keys(most=_MANY + 1)
    if len(some) > _MANY:
        return condition, None, some
    return Q() if asked.is_exact else condition, set(some), []


def _beside(actor: Actor, filter: LibraryFilter) -> list[QuerySet]:
    """Return the rows of other tables whose documents the filter wants."""
    found: list[QuerySet] = []
    if filter.standard:
        clauses = DocumentClause.objects.filter(agency_id=actor.agency_id, standard=filter.standard)
        found.append(clauses.filter(clause=filter.clause) if filter.clause else clauses)
    if filter.tag:
        mark = rules.tag_mark(filter.tag)
        found.append(DocumentTag.objects.filter(agency_id=actor.agency_id, mark=mark))
    if filter.state == "soan":
        found.append(_on_way(actor))
    if filter.state == "doc":
        found.append(_mine_to_read(actor))
    return found


def _marks_of(filter: LibraryFilter, table: type[DocumentClause] | type[DocumentTag]) -> QuerySet:
    """Return the wanted marks of the document looked at.

    Naming the agency again would lead SQLite to all marks of the agency instead of the document's.
    """
    if table is DocumentTag:
        mark = rules.tag_mark(filter.tag)
        return DocumentTag.objects.filter(document_id=OuterRef("pk"), mark=mark)
    rows = DocumentClause.objects.filter(document_id=OuterRef("pk"), standard=filter.standard)
    return rows.filter(clause=filter.clause) if filter.clause else rows


def library_page(
    *,
    actor: Actor,
    filter: LibraryFilter,
    today: date,
    after: str = "",
    limit: int = PAGE,
    is_counted: bool = False,
) -> LibraryLines:
    """Return a page of the documents a filter finds, by code, continued by keyset.

    `is_counted` asks for the count, at most one more than MOST_COUNTED.
    """
    narrowed = _narrowed(actor, filter)
    rows = _filtered(narrowed, actor, filter, today)
    count: int | None = None
    if is_counted or narrowed.keys is not None:
        count, every = _counted(narrowed, actor, filter, today)
        rows = rows if every is None else Document.objects.filter(pk__among=frozenset(every))
    page = rows.filter(code__gt=after) if after else rows
    found = line_rows(page.order_by("code")[: limit + 1])
    to_read = _to_read(actor, [row.id for row in found[:limit]])
    lines = document_lines(found[:limit], today=today, to_read=to_read)
    return LibraryLines(lines, found[limit - 1].code if len(found) > limit else "", count)


def _counted(
    narrowed: _Narrowed, actor: Actor, filter: LibraryFilter, today: date
) -> tuple[int, list[int] | None]:
    """Return how many a filter finds, no further than one more than MOST_COUNTED, and all keys.

    The keys are None where there are more than were counted.
    """
    most = MOST_COUNTED + 1
    if narrowed.some and narrowed.keys is None:
        among = _filtered(replace(narrowed, keys=narrowed.some), actor, filter, today)
        if among.order_by().values("pk")[:most].count() == most:
            return most, None
    rows = _filtered(narrowed, actor, filter, today)
    keys = list(to_be_counted(rows, "code").values_list("pk", flat=True)[:most])
    return len(keys), None if len(keys) == most else keys


def library_around(
    *, actor: Actor, filter: LibraryFilter, today: date, code: str, limit: int = 30
) -> LibraryLines:
    """Return the part of a filtered list in which a code stands: five before it, the rest after."""
    rows = _filtered(_narrowed(actor, filter), actor, filter, today, with_hidden=True)
    before = line_rows(rows.filter(code__lt=code).order_by("-code")[:5])[::-1]
    after = line_rows(rows.filter(code__gte=code).order_by("code")[: limit - len(before)])
    found = _seen_of(before + after, actor)
    to_read = _to_read(actor, [row.id for row in found])
    return LibraryLines(document_lines(found, today=today, to_read=to_read), "")


def _seen_of(rows: list[LineRow], actor: Actor) -> list[LineRow]:
    """Leave out what the actor may not see: only the restricted few are asked about."""
    if not may(actor, "document.see"):
        return []
    asked = [row.id for row in rows if row.level == rules.RESTRICTED]
    if not asked:
        return rows
    seen = set(Document.objects.filter(visible(actor), pk__in=asked).values_list("pk", flat=True))
    return [row for row in rows if row.level != rules.RESTRICTED or row.id in seen]


def _to_read(actor: Actor, ids: list[int]) -> frozenset[int]:
    rows = _mine_to_read(actor).filter(document_id__in=ids)
    return frozenset(rows.values_list("document_id", flat=True))


def library_count(*, actor: Actor, filter: LibraryFilter, today: date) -> int:
    """Return how many documents a filter finds, at most one more than MOST_COUNTED."""
    narrowed = _narrowed(actor, filter)
    return _counted(narrowed, actor, filter, today)[0]


def in_force_count(*, actor: Actor) -> int:
    """Return how many documents in force the actor may see, at most one more than MOST_IN_FORCE.

    Counted from the index of states; only where restricted ones decide are they looked at.
    """
    most = MOST_IN_FORCE + 1
    rows = Document.objects.filter(agency_id=actor.agency_id, status=rules.IN_FORCE)
    hidden = rows.filter(level=rules.RESTRICTED)
    restricted = hidden.values("pk")[:most].count()
    others = rows.values("pk")[: most + restricted].count() - restricted
    if not restricted or others >= most:
        return others
    return min(most, others + hidden.filter(visible(actor)).values("pk")[:most].count())


def documents_exist(*, agency_id: int) -> bool:
    """Say whether the agency has any document."""
    return Document.objects.filter(agency_id=agency_id).exists()


def clause_lines(*, actor: Actor) -> tuple[ClauseLine, ...]:
    """Return the standards and clauses that documents in use answer to, in their order.

    Counted whole from one index, less what is out of use or hidden from the actor.
    """
    every = DocumentClause.objects.filter(agency_id=actor.agency_id)
    own = Document.objects.filter(agency_id=actor.agency_id)
    out_of_use = Q(status__in=["withdrawn", "dropped"])
    hidden = own.filter(~out_of_use, level=rules.RESTRICTED).exclude(visible(actor))
    counts = _by_clause(every)
    for left_out in (own.filter(out_of_use), hidden):
        for pair, n in _by_clause(every.filter(document_id__in=left_out.values("pk"))).items():
            counts[pair] -= n
    lines = [ClauseLine(standard, clause, n) for (standard, clause), n in counts.items() if n]
    return tuple(
        sorted(lines, key=lambda one: (one.standard, rules.clause_order(one.clause), one.clause))
    )


def _by_clause(rows: QuerySet[DocumentClause]) -> dict[tuple[str, str], int]:
    counted = rows.order_by().values_list("standard", "clause").annotate(n=Count("*"))
    return {(standard, clause): n for standard, clause, n in counted}
