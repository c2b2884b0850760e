"""Reads of the TTHC table."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q

from nep.apps.procedures.models import Tthc
from nep.apps.procedures.rules.wording import limit_text
from nep.foundation.db import Mark, Prepared
from nep.kernel.errors import NotFound
from nep.kernel.text import fold, sort_key

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of a TTHC; quantities are sheets or files of each kind."""

    id: int
    position: int
    name: str
    originals: int
    copies: int
    is_required: bool


@dataclass(frozen=True, slots=True)
class TthcFacts:
    """One TTHC of an agency with its papers; the limit is the one stated by law."""

    id: int
    agency_id: int
    code: str
    name: str
    field: str
    is_internal: bool
    limit_amount: Decimal | None
    limit_unit: str
    result: str
    fee: str
    legal_basis: str
    version: int
    papers: tuple[Paper, ...]
    at_once: bool = False
    abolished_from: date | None = None
    abolition: str = ""

    @property
    def limit_words(self) -> str:
        """Return "25 ngày làm việc", or nothing when it is not known."""
        return limit_text(self.limit_amount, self.limit_unit)


@dataclass(frozen=True, slots=True)
class TthcLine:
    """One TTHC in a list; `has_procedure` tells whether a version is in force."""

    id: int
    code: str
    name: str
    field: str
    is_internal: bool
    limit_words: str
    papers: int
    procedures: int
    in_force: int


@dataclass(frozen=True, slots=True)
class TthcName:
    """What tables say of a TTHC."""

    code: str
    name: str
    field: str
    is_internal: bool


def tthc_named(tthc_ids: Iterable[int]) -> dict[int, TthcName]:
    """Return code, name and field of TTHC, whichever agency's they are; one query."""
    wanted = sorted(set(tthc_ids))
    found: dict[int, TthcName] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = Tthc.objects.filter(pk__in=wanted[start : start + _AT_ONCE])
        for row in rows.only("code", "name", "field", "is_internal"):
            found[row.pk] = TthcName(row.code, row.name, row.field, row.is_internal)
    return found


def tthc_of_code(*, agency_ids: Iterable[int], code: str) -> dict[int, int]:
    """Return which TTHC of each of these agencies has this code: agency to TTHC."""
    rows = Tthc.objects.filter(agency_id__in=list(agency_ids), code=code).exclude(code="")
    return dict(rows.values_list("agency_id", "pk"))


def tthc(*, tthc_id: int, agency_id: int) -> TthcFacts:
    """Return one TTHC of the agency. Raises NotFound."""
    rows = Tthc.objects.filter(pk=tthc_id, agency_id=agency_id)
    row = rows.select_related("entry").first()
    if row is None:
        raise NotFound()
    papers = tuple(
        Paper(p.id, p.position, p.name, p.originals, p.copies, p.is_required)
        for p in row.papers.order_by("position")
    )
    return TthcFacts(
        id=row.id,
        agency_id=row.agency_id,
        code=row.code,
        name=row.name,
        field=row.field,
        is_internal=row.is_internal,
        limit_amount=row.limit_amount,
        limit_unit=row.limit_unit,
        result=row.result,
        fee=row.fee,
        legal_basis=row.legal_basis,
        version=row.version,
        papers=papers,
        at_once=row.at_once,
        abolished_from=row.entry.abolished_from if row.entry else None,
        abolition=row.entry.abolition if row.entry else "",
    )


def fee_of(*, tthc_id: int) -> str:
    """Return the fee of a TTHC in words, empty where none is written."""
    return next((fee for (fee,) in _FEE.rows(tthc=tthc_id)), "")


_FEE = Prepared(lambda: Tthc.objects.filter(pk=Mark("tthc")).values_list("fee"))


def tthc_by_code(*, agency_id: int, code: str) -> int | None:
    """Return the id of the agency's TTHC with this code, a suffix such as ".H05" ignored."""
    row = Tthc.objects.filter(agency_id=agency_id, code=base_code(code)).exclude(code="").first()
    return row.id if row else None


def internal_tthc_named(*, agency_id: int, name: str) -> int | None:
    """Return the agency's internal procedure of this name, marks ignored, or None."""
    rows = Tthc.objects.filter(agency_id=agency_id, is_internal=True).values_list("id", "name")
    wanted = fold(name)
    return next((id_ for id_, known in rows if fold(known) == wanted), None)


def base_code(code: str) -> str:
    """Return "1.009645" of "1.009645.H05"; anything else unchanged."""
    parts = code.strip().split(".")
    return ".".join(parts[:2]) if len(parts) > 2 and parts[0].isdigit() else code.strip()


def tthc_lines(
    *,
    agency_id: int,
    query: str = "",
    only_in_force: bool = False,
    internal: bool | None = None,
    limit: int | None = None,
) -> tuple[TthcLine, ...]:
    """Return the agency's TTHC that hold every word of the query, marks ignored, by name.

    With `internal` only those of the agency's own work (True) or of the public (False). All of
    them without a `limit`; with one the first by code.

    One query with counts, whatever the number of lines.
    """
    from_force = Q(procedures__definitions__revision__state="in_force")
    shared = Q(shares__procedure__definitions__revision__state="in_force")
    rows = Tthc.objects.filter(agency_id=agency_id)
    for word in fold(query).split():
        rows = rows.filter(folded__contains=word)
    if only_in_force:
        rows = rows.filter(from_force | shared).distinct()
    if internal is not None:
        rows = rows.filter(is_internal=internal)
    rows = rows.annotate(
        paper_count=Count("papers", distinct=True),
        procedure_count=Count("procedures", distinct=True),
        force_count=Count("procedures__definitions", filter=from_force, distinct=True),
        shared_count=Count("shares", filter=shared, distinct=True),
    ).order_by("folded")[:limit]
    lines = [
        TthcLine(
            row.id,
            row.code,
            row.name,
            row.field,
            row.is_internal,
            limit_text(row.limit_amount, row.limit_unit),
            row.paper_count,
            row.procedure_count,
            row.force_count + row.shared_count,
        )
        for row in rows
    ]
    return tuple(sorted(lines, key=lambda line: sort_key(line.name)))
