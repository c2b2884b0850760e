"""Reads of a TTHC beside its entry: what differs, likely codes, entries not yet in the table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from nep.apps.catalogue import queries as catalogue
from nep.apps.organization import queries as organization
from nep.apps.procedures.models import SharedTthc, Tthc
from nep.apps.procedures.queries._tthc import TthcFacts
from nep.apps.procedures.rules import published as rules
from nep.kernel.text import fold

PAGE = 100


@dataclass(frozen=True, slots=True)
class PublishedSide:
    """What is published of an agency's TTHC: the entry's state and what differs from the table."""

    code: str
    state: str
    abolished_from: date | None
    abolition: str
    decision: str
    differences: tuple[rules.PartDifference, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that a TTHC without a code may be."""

    entry_id: int
    code: str
    name: str
    percent: int


@dataclass(frozen=True, slots=True)
class ShareLine:
    """A procedure of another TTHC by which this one goes."""

    procedure_id: int
    code: str
    title: str


@dataclass(frozen=True, slots=True)
class ProposedEntry:
    """An entry of the agency's level that is not in its table; `why` is named, field or level."""

    id: int
    code: str
    name: str
    field: str
    agencies: str
    why: str


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """A page of entries not in the table: likely ones first; counts over all."""

    lines: tuple[ProposedEntry, ...]
    counts: dict[str, int]
    fields: tuple[tuple[str, int], ...]
    next_after: str


def own_side(facts: TthcFacts) -> rules.Own:
    """Return what the agency's table says of a TTHC, to be laid beside what is published."""
    return rules.Own(
        name=facts.name, field=facts.field, limit_amount=facts.limit_amount,
        limit_unit=facts.limit_unit, fee=facts.fee, result=facts.result,
        legal_basis=facts.legal_basis,
        papers=tuple(
            rules.OwnPaper(one.name, one.originals, one.copies, one.is_required)
            for one in facts.papers
        ),
    )  # fmt: skip


def published_side(*, facts: TthcFacts, today: date) -> PublishedSide | None:
    """Return the entry's side of a TTHC, or None for one that names no entry."""
    entry_id = Tthc.objects.filter(pk=facts.id).values_list("entry_id", flat=True).first()
    if entry_id is None:
        return None
    entry = catalogue.entry_facts(entry_ids=[entry_id], today=today)[entry_id]
    return PublishedSide(
        code=entry.code, state=entry.state, abolished_from=entry.abolished_from,
        abolition=entry.abolition, decision=entry.value.decision,
        differences=rules.differences(own_side(facts), entry.value),
    )  # fmt: skip


def candidates(*, names: Mapping[int, str], today: date) -> dict[int, tuple[Candidate, ...]]:
    """Return which entries in force the TTHC of these names are likely to be; one statement."""
    if not names:
        return {}
    entries = {one.id: one for one in catalogue.current_names(today=today)}
    called = {one.id: one.name for one in entries.values()}
    return {
        tthc_id: tuple(
            Candidate(entry_id, entries[entry_id].code, entries[entry_id].name, round(100 * score))
            for entry_id, score in rules.best_entries(name, called)
        )
        for tthc_id, name in names.items()
    }


def shares_of(*, tthc_id: int) -> tuple[ShareLine, ...]:
    """Return the procedures of other TTHC by which this one goes."""
    rows = SharedTthc.objects.filter(tthc_id=tthc_id).order_by("procedure__document__code")
    return tuple(
        ShareLine(*row)
        for row in rows.values_list(
            "procedure_id", "procedure__document__code", "procedure__document__title"
        )
    )


def proposed_entries(
    *,
    agency_id: int,
    today: date,
    query: str = "",
    field: str = "",
    why: str = "",
    after: str = "",
    limit: int = PAGE,
) -> ProposalPage:
    """Return the entries in force of the agency's level that its table does not have.

    Three statements, whatever the number; `why` keeps one reason, `after` is a base code.
    """
    facts = organization.agency(agency_id)
    rows = list(Tthc.objects.filter(agency_id=agency_id).values_list("code", "entry_id", "field"))
    codes = {code for code, _entry, _field in rows if code}
    bound = {entry_id for _code, entry_id, _field in rows if entry_id}
    fields = frozenset(fold(name) for _code, _entry, name in rows if name)
    level = rules.LEVEL_OF_KIND.get(facts.kind, "")
    found: list[ProposedEntry] = []
    for entry in catalogue.current_names(today=today, level=level, query=query, field=field):
        if entry.id in bound or entry.code in codes:
            continue
        reason = rules.likely(
            kind=facts.kind, name=facts.name, fields=fields, agencies=fold(entry.agencies),
            field=fold(entry.field),
        )  # fmt: skip
        found.append(
            ProposedEntry(entry.id, entry.code, entry.name, entry.field, entry.agencies, reason)
        )
    counts = {
        name: sum(one.why == name for one in found)
        for name in (rules.NAMED, rules.FIELD, rules.LEVEL)
    }
    by_field: dict[str, int] = {}
    kept = [one for one in found if not why or one.why == why]
    for one in kept:
        by_field[one.field] = by_field.get(one.field, 0) + 1
    later = [one for one in kept if one.code > after]
    shown = later[:limit]
    return ProposalPage(
        lines=tuple(shown), counts={"all": len(found), **counts},
        fields=tuple(sorted(by_field.items(), key=lambda pair: (-pair[1], fold(pair[0])))),
        next_after=shown[-1].code if len(later) > limit else "",
    )  # fmt: skip
