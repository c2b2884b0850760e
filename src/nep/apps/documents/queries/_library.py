"""The library: one filter for the list, its count and its export."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from nep.apps.documents import rules
from nep.apps.documents.models import Document, DocumentClause, Reading, Revision
from nep.apps.documents.queries._access import visible, visible_among
from nep.apps.documents.queries._page import DocumentLine, document_lines
from nep.apps.organization.rules import Actor
from nep.kernel.text import clean, fold

PAGE = 50
MOST_COUNTED = 300
MOST_EXPORTED = 20_000
_FEW = 500
_BEFORE_WORDS = (" ", "-", ".", "/", "(", "#")


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
            unit_id=int(unit) if unit.isascii() and unit.isdigit() and len(unit) < 20 else 0,
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
    """One page of the list; `after` continues it, empty at the end."""

    lines: tuple[DocumentLine, ...]
    after: str


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause of a standard ("" for the standard as a whole) with its documents in use."""

    standard: str
    clause: str
    documents: int


def matching(q: str) -> Q:
    """Return the condition that a document holds every word of a text, each as a word's start.

    With and without marks, đ as d; the one place to change when a search index answers instead.
    """
    found = Q()
    for word in fold(q).split():
        starts = Q(folded__startswith=word)
        for blank in _BEFORE_WORDS:
            starts |= Q(folded__contains=f"{blank}{word}")
        found &= Q(folded__contains=word) & starts
    return found


def _sought(q: str, *, actor: Actor) -> Q:
    """Return the matching documents one may see: by key when they are few, else as a condition.

    Few of 100,000 are found in the index of the search form alone; where many match, the list in
    the order of codes is full after a few rows.
    """
    rows = Document.objects.filter(matching(q), agency_id=actor.agency_id).order_by()
    keys = list(rows.values_list("pk", flat=True)[: _FEW + 1])
    if len(keys) <= _FEW:
        return Q(pk__in=keys) & visible_among(actor)
    return matching(q) & visible(actor)


def _state_condition(state: str, *, actor: Actor, today: date) -> Q:
    mine = Reading.objects.filter(
        person_id=actor.person_id, agency_id=actor.agency_id, acknowledged_at=None, ended_at=None
    )
    on_way = Revision.objects.filter(agency_id=actor.agency_id, state__in=rules.OPEN)
    conditions = {
        "hl": Q(status=rules.IN_FORCE),
        "moi": Q(status=rules.IN_FORCE, in_force_since__gte=today - rules.NEW_FOR)
        & Q(in_force_since__lte=today),
        "soan": Q(pk__in=on_way.values("document_id")),
        "doc": Q(pk__in=mine.values("document_id")),
        "xet": Q(status=rules.IN_FORCE, next_review_on__lte=today + timedelta(days=30)),
        "bo": Q(status="withdrawn"),
        "tat": Q(),
    }
    # the negation keeps the order of the codes' index: nearly every row passes
    return conditions.get(state, ~Q(status__in=["withdrawn", "dropped"]))


def filtered(*, actor: Actor, filter: LibraryFilter, today: date) -> QuerySet[Document]:
    """Return the documents of a filter that the actor may see, unordered."""
    seen = _sought(filter.query, actor=actor) if filter.query else visible(actor)
    found = seen & _state_condition(filter.state, actor=actor, today=today)
    if filter.kind:
        found &= Q(kind=filter.kind)
    if filter.unit_id:
        found &= Q(owner_unit_id=filter.unit_id)
    if filter.level:
        found &= Q(level=filter.level)
    if filter.standard:
        found &= Q(Exists(_answering(filter)))
    if filter.tag:
        mark = rules.tag_mark(filter.tag)
        found &= Q(folded__contains=f"{mark} ") | Q(folded__endswith=mark)
    return Document.objects.filter(found)


def _answering(filter: LibraryFilter) -> QuerySet[DocumentClause]:
    rows = DocumentClause.objects.filter(document_id=OuterRef("pk"), standard=filter.standard)
    return rows.filter(clause=filter.clause) if filter.clause else rows


def library_page(
    *, actor: Actor, filter: LibraryFilter, today: date, after: str = "", limit: int = PAGE
) -> LibraryLines:
    """Return a page of the documents a filter finds, by code, continued by keyset."""
    rows = filtered(actor=actor, filter=filter, today=today).select_related("owner_unit")
    if after:
        rows = rows.filter(code__gt=after)
    found = list(rows.order_by("code")[: limit + 1])
    lines = document_lines(
        found[:limit], today=today, to_read=_to_read(actor, [row.pk for row in found[:limit]])
    )
    return LibraryLines(lines, found[limit - 1].code if len(found) > limit else "")


def library_around(
    *, actor: Actor, filter: LibraryFilter, today: date, code: str, limit: int = 30
) -> LibraryLines:
    """Return the part of a filtered list in which a code stands: five before it, the rest after."""
    rows = filtered(actor=actor, filter=filter, today=today).select_related("owner_unit")
    before = list(rows.filter(code__lt=code).order_by("-code")[:5])[::-1]
    after = list(rows.filter(code__gte=code).order_by("code")[: limit - len(before)])
    found = before + after
    to_read = _to_read(actor, [row.pk for row in found])
    return LibraryLines(document_lines(found, today=today, to_read=to_read), "")


def _to_read(actor: Actor, ids: list[int]) -> frozenset[int]:
    rows = Reading.objects.filter(
        person_id=actor.person_id,
        agency_id=actor.agency_id,
        acknowledged_at=None,
        ended_at=None,
        document_id__in=ids,
    )
    return frozenset(rows.values_list("document_id", flat=True))


def library_count(*, actor: Actor, filter: LibraryFilter, today: date) -> int:
    """Return how many documents a filter finds, at most one more than MOST_COUNTED."""
    rows = filtered(actor=actor, filter=filter, today=today).order_by("code")
    return rows.values("pk")[: MOST_COUNTED + 1].count()


def in_force_count(*, actor: Actor) -> int:
    """Return how many documents in force the actor may see, exactly.

    Counted from the index of states; only the restricted ones are looked at one by one.
    """
    rows = Document.objects.filter(agency_id=actor.agency_id, status=rules.IN_FORCE)
    hidden = rows.filter(level=rules.RESTRICTED)
    seen = hidden.filter(visible(actor))
    return rows.count() - hidden.count() + seen.count()


def documents_exist(*, agency_id: int) -> bool:
    """Say whether the agency has any document."""
    return Document.objects.filter(agency_id=agency_id).exists()


def clause_lines(*, actor: Actor) -> tuple[ClauseLine, ...]:
    """Return the standards and clauses that documents in use answer to, in their order."""
    rows = (
        DocumentClause.objects.filter(visible(actor, at="document__"), agency_id=actor.agency_id)
        .exclude(document__status__in=["withdrawn", "dropped"])
        .values_list("standard", "clause")
        .annotate(n=Count("document_id", distinct=True))
    )
    lines = [ClauseLine(standard, clause, n) for standard, clause, n in rows]
    return tuple(
        sorted(lines, key=lambda one: (one.standard, rules.clause_order(one.clause), one.clause))
    )
