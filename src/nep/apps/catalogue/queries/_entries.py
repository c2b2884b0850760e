"""Reads of entries: the list, one entry with its editions, facts for other parts."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from nep.apps.catalogue import rules
from nep.apps.catalogue.models import Entry, EntryEdition
from nep.apps.organization.queries import person_names
from nep.kernel.errors import NotFound
from nep.kernel.text import fold

PAGE = 50
_AT_ONCE = 900


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """What to list; empty means any. `state` is current, coming, abolished or doubt."""

    query: str = ""
    field: str = ""
    level: str = ""
    state: str = ""
    after: str = ""

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "EntryFilter":
        """Return the filter of a query string: q, lv, cap, tt, sau."""
        level, state = values.get("cap", ""), values.get("tt", "")
        after = rules.base_and_full(values.get("sau", ""))
        return cls(
            query=values.get("q", "")[:120].strip(),
            field=values.get("lv", "")[:300].strip(),
            level=level if level in rules.LEVEL_NAMES else "",
            state=state if state in {*rules.STATE_NAMES, "doubt"} else "",
            after=after[0] if after else "",
        )

    def values(self) -> dict[str, str]:
        """Return the filter as a query string's values, without what means any and the place."""
        found = {"q": self.query, "lv": self.field, "cap": self.level, "tt": self.state}
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry in a list."""

    id: int
    code: str
    full_code: str
    name: str
    field: str
    level_words: str
    agencies: str
    limit_words: str
    fee: str
    decision: str
    papers: int
    doubts: int
    edition: int
    state: str
    effective_from: date | None
    abolished_from: date | None
    abolition: str

    @property
    def state_name(self) -> str:
        """Return the state in words."""
        return rules.STATE_NAMES[self.state]

    @property
    def chip(self) -> str:
        """Return the kind of the chip of the state."""
        return rules.CHIPS[self.state]


@dataclass(frozen=True, slots=True)
class EntriesPage:
    """A page of the catalogue; `next_after` is where the next begins, "" at the end."""

    lines: tuple[EntryLine, ...]
    counts: dict[str, int]
    fields: tuple[tuple[str, int], ...]
    next_after: str


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One edition and what it changed against the one before."""

    number: int
    decision: str
    effective_from: date | None
    source: str
    person: str
    at: datetime
    is_shown: bool
    changes: tuple[rules.FieldDifference, ...]


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One entry: what holds, its editions, its version for forms."""

    line: EntryLine
    value: rules.Published
    editions: tuple[EditionLine, ...]
    version: int

    @property
    def coming(self) -> EditionLine | None:
        """Return the edition whose day has not come, or None."""
        first = self.editions[0] if self.editions else None
        return first if first is not None and first.number > self.line.edition else None


def entries(*, filter: EntryFilter, today: date, limit: int = PAGE) -> EntriesPage:
    """Return a page of the catalogue by code, with the counts of the states over the whole.

    Three statements, whatever its length.
    """
    rows = _found(filter, today)
    if filter.after:
        rows = rows.filter(code__gt=filter.after)
    shown = list(rows.order_by("code")[: limit + 1])
    lines = tuple(line_of(row, today=today) for row in shown[:limit])
    return EntriesPage(
        lines=lines,
        counts=_counts(today),
        fields=_fields(),
        next_after=lines[-1].code if len(shown) > limit else "",
    )


def _counts(today: date) -> dict[str, int]:
    names = (rules.CURRENT, rules.COMING, rules.ABOLISHED)
    asked = {name: Count("id", filter=in_state(name, today)) for name in names}
    return Entry.objects.aggregate(
        all=Count("id"), doubt=Count("id", filter=Q(doubt_count__gt=0)), **asked
    )


def _fields() -> tuple[tuple[str, int], ...]:
    rows = Entry.objects.exclude(field="").values_list("field").annotate(count=Count("id"))
    return tuple(sorted(rows, key=lambda row: fold(row[0])))


def _found(wanted: EntryFilter, today: date) -> QuerySet[Entry]:
    rows = Entry.objects.all()
    if wanted.state == "doubt":
        rows = rows.filter(doubt_count__gt=0)
    elif wanted.state:
        rows = rows.filter(in_state(wanted.state, today))
    if wanted.level:
        rows = rows.filter(levels__contains=f",{wanted.level},")
    if wanted.field:
        rows = rows.filter(field_folded=fold(wanted.field))
    known = rules.base_and_full(wanted.query)
    if known:
        return rows.filter(code=known[0])
    for word in fold(wanted.query).split():
        rows = rows.filter(folded__contains=word)
    return rows


def in_state(state: str, today: date) -> Q:
    """Return the condition of a state, the same as `rules.state_of` says."""
    standing = Q(abolished_from=None) | Q(abolished_from__gt=today)
    begun = Q(effective_from=None) | Q(effective_from__lte=today)
    return {
        rules.ABOLISHED: Q(abolished_from__lte=today),
        rules.COMING: standing & Q(effective_from__gt=today),
        rules.CURRENT: standing & begun,
    }[state]


def line_of(row: Entry, *, today: date) -> EntryLine:
    """Return a row as lists show it."""
    levels = [rules.LEVEL_NAMES[level] for level in row.levels.split(",") if level]
    return EntryLine(
        id=row.pk, code=row.code, full_code=row.full_code, name=row.name, field=row.field,
        level_words=", ".join(levels), agencies=row.agencies, limit_words=row.limit_text,
        fee=row.fee, decision=row.decision, papers=row.paper_count, doubts=row.doubt_count,
        edition=row.edition, effective_from=row.effective_from,
        abolished_from=row.abolished_from, abolition=row.abolition,
        state=rules.state_of(rules.Span(row.effective_from, row.abolished_from), today=today),
    )  # fmt: skip


def entry(*, code: str, today: date) -> EntryPage:
    """Return one entry by its base or full code, editions newest first. Raises NotFound."""
    known = rules.base_and_full(code)
    row = Entry.objects.filter(code=known[0]).first() if known else None
    if row is None:
        raise NotFound("entry_unknown", f"Danh mục không có thủ tục mang mã {code[:40]}.")
    found = list(row.editions.order_by("number"))
    values = [rules.published(one.content) for one in found]
    names = person_names(one.person_id for one in found if one.person_id)
    editions = tuple(
        EditionLine(
            number=one.number, decision=one.decision, effective_from=one.effective_from,
            source=one.source, person=names.get(one.person_id or 0, ""), at=one.at,
            is_shown=one.number == row.edition,
            changes=rules.differences(values[place - 1], values[place]) if place else (),
        )
        for place, one in enumerate(found)
    )  # fmt: skip
    shown = next((v for one, v in zip(found, values, strict=True) if one.number == row.edition))
    return EntryPage(
        line=line_of(row, today=today), value=shown,
        editions=tuple(reversed(editions)), version=row.version,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """What other parts need of an entry: its edition in force and its state."""

    id: int
    code: str
    state: str
    abolished_from: date | None
    abolition: str
    value: rules.Published


def entry_facts(*, entry_ids: Collection[int], today: date) -> dict[int, EntryFacts]:
    """Return the edition in force of entries by id; two statements a thousand."""
    found: dict[int, EntryFacts] = {}
    wanted = sorted(set(entry_ids))
    for start in range(0, len(wanted), _AT_ONCE):
        rows = list(Entry.objects.filter(pk__in=wanted[start : start + _AT_ONCE]))
        contents = _contents(rows)
        for row in rows:
            span = rules.Span(row.effective_from, row.abolished_from)
            found[row.pk] = EntryFacts(
                row.pk, row.code, rules.state_of(span, today=today), row.abolished_from,
                row.abolition, rules.published(contents[row.pk]),
            )  # fmt: skip
    return found


def _contents(rows: Iterable[Entry]) -> dict[int, str]:
    shown = {row.pk: row.edition for row in rows}
    editions = EntryEdition.objects.filter(entry_id__in=shown)
    return {
        entry_id: content
        for entry_id, number, content in editions.values_list("entry_id", "number", "content")
        if shown[entry_id] == number
    }


def entry_ids(codes: Iterable[str]) -> dict[str, int]:
    """Return {base code: id} of the codes that the catalogue has."""
    wanted = sorted({known[0] for code in codes if (known := rules.base_and_full(code))})
    found: dict[str, int] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = Entry.objects.filter(code__in=wanted[start : start + _AT_ONCE])
        found.update(rows.values_list("code", "id"))
    return found


@dataclass(frozen=True, slots=True)
class EntryName:
    """What lists of another part say of an entry."""

    id: int
    code: str
    name: str
    field: str
    agencies: str
    limit_amount: Decimal | None
    limit_unit: str


def current_names(
    *, today: date, level: str = "", query: str = "", field: str = ""
) -> tuple[EntryName, ...]:
    """Return every entry in force of a level (or of any), by code; one statement."""
    wanted = EntryFilter(query=query, field=field, level=level, state=rules.CURRENT)
    rows = _found(wanted, today).order_by("code")
    return tuple(
        EntryName(*row)
        for row in rows.values_list(
            "id", "code", "name", "field", "agencies", "limit_amount", "limit_unit"
        )
    )
