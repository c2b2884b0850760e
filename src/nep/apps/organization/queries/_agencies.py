"""Facts about agencies."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from nep.apps.organization.models import Agency, AgencyCode, Succession, Unit
from nep.apps.organization.queries._cache import remembered
from nep.apps.organization.rules import FORMER_CODE, KIND_NAMES, decide_agency_code
from nep.kernel.errors import NotFound
from nep.kernel.text import fold, sort_key, words

MOST_AGENCIES = 1_000  # of a province; the largest has some 250


@dataclass(frozen=True, slots=True)
class AgencyFacts:
    """What other parts need to know of an agency."""

    id: int
    code: str
    name: str
    short_name: str
    abbreviation: str
    kind: str
    province_id: int
    province: str
    parent_id: int | None
    parent_name: str
    valid_from: date
    valid_to: date | None
    reception_name: str
    case_code_mask: str
    address: str
    phone: str
    email: str
    website: str
    is_demonstration: bool
    version: int

    @property
    def kind_name(self) -> str:
        """Return the kind in words."""
        return KIND_NAMES.get(self.kind, self.kind)

    @property
    def mark(self) -> str:
        """Return what stands for the agency in the numbers of its papers: "UBND", else its code.

        Source: Nghị định 30/2020/NĐ-CP Phụ lục I, phần I, mục II, khoản 3.
        """
        return self.abbreviation or self.code


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """One agency in the province's list."""

    id: int
    code: str
    name: str
    kind_name: str
    valid_from: date
    valid_to: date | None
    units: int
    people: int


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One more code of an agency."""

    id: int
    scheme: str
    code: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class SuccessionLine:
    """An agency taken over, or taking over, seen from one agency."""

    other_id: int
    other_name: str
    is_predecessor: bool
    on: date
    basis: str


@dataclass(frozen=True, slots=True)
class LineageLine:
    """One succession of the province: who, from whom, when, by which decision."""

    id: int
    predecessor: str
    predecessor_to: date | None
    successor: str
    on: date
    basis: str


def agency(agency_id: int) -> AgencyFacts:
    """Return the facts of an agency; remembered per process.

    Raises NotFound.
    """
    return remembered(("agency", agency_id), lambda: _facts(Q(pk=agency_id)))


def agency_by_code(code: str) -> AgencyFacts:
    """Return the agency with this code, main or additional.

    Raises NotFound.
    """
    wanted = code.strip()
    found = Agency.objects.filter(Q(code__iexact=wanted) | Q(codes__code__iexact=wanted)).first()
    if found is None:
        raise NotFound("agency_unknown", f"Không có cơ quan nào mang mã “{wanted}”.")
    return agency(found.id)


def agency_called(*, name: str, province_id: int) -> AgencyFacts | None:
    """Return the agency of a province with this name, short name or code, marks ignored, or None.

    Two that are called alike are none.
    """
    wanted = fold(name)
    rows = Agency.objects.filter(province_id=province_id).values_list(
        "id", "code", "name", "short_name"
    )
    had = former_codes()
    found = [
        id_ for id_, *texts in rows
        if wanted and wanted in {fold(text) for text in (*texts, *had.get(id_, ()))}
    ]  # fmt: skip
    return agency(found[0]) if len(found) == 1 else None


def agency_exists() -> bool:
    """Say whether any agency has been set up."""
    return Agency.objects.exists()


def has_demonstration() -> bool:
    """Say whether any agency holds made-up data."""
    return Agency.objects.filter(is_demonstration=True).exists()


def province_id_of(agency_id: int) -> int | None:
    """Return the province of an agency, or None when there is no such agency."""
    return Agency.objects.filter(pk=agency_id).values_list("province_id", flat=True).first()


def agency_codes(agency_id: int) -> tuple[CodeLine, ...]:
    """Return the further codes of an agency."""
    rows = AgencyCode.objects.filter(agency_id=agency_id).order_by("scheme", "code")
    return tuple(CodeLine(r.id, r.scheme, r.code, r.valid_from, r.valid_to) for r in rows)


def former_codes() -> dict[int, tuple[str, ...]]:
    """Return by agency the codes that it had before and that still find it, of all agencies."""
    found: dict[int, tuple[str, ...]] = {}
    rows = AgencyCode.objects.filter(scheme=FORMER_CODE).order_by("code")
    for agency_id, code in rows.values_list("agency_id", "code"):
        if decide_agency_code(code):
            found[agency_id] = (*found.get(agency_id, ()), code)
    return found


def agency_code(*, agency_id: int, code_id: int) -> CodeLine:
    """Return one further code of an agency. Raises NotFound."""
    found = next((line for line in agency_codes(agency_id) if line.id == code_id), None)
    if found is None:
        raise NotFound()
    return found


def agency_successions(agency_id: int) -> tuple[SuccessionLine, ...]:
    """Return what the agency took over and what took it over, oldest first."""
    rows = Succession.objects.filter(
        Q(predecessor_id=agency_id) | Q(successor_id=agency_id)
    ).select_related("predecessor", "successor")
    lines = []
    for row in rows.order_by("on"):
        is_predecessor = row.successor_id == agency_id
        other = row.predecessor if is_predecessor else row.successor
        lines.append(SuccessionLine(other.id, other.name, is_predecessor, row.on, row.basis))
    return tuple(lines)


def successions_of_province(province_id: int) -> tuple[LineageLine, ...]:
    """Return every succession between agencies of a province, newest first."""
    rows = (
        Succession.objects.filter(
            predecessor__province_id=province_id, successor__province_id=province_id
        )
        .select_related("predecessor", "successor")
        .order_by("-on", "-id")
    )
    return tuple(
        LineageLine(
            r.id, r.predecessor.name, r.predecessor.valid_to, r.successor.name, r.on, r.basis
        )
        for r in rows
    )


def agency_names(*, province_id: int) -> dict[int, tuple[str, str]]:
    """Return name and code of every agency of a province, by name; one query."""
    rows = Agency.objects.filter(province_id=province_id).values_list("pk", "name", "code")
    return {key: (name, code) for key, name, code in sorted(rows, key=lambda row: sort_key(row[1]))}


def agency_lines(
    *, province_id: int | None = None, query: str = "", limit: int = MOST_AGENCIES
) -> tuple[AgencyLine, ...]:
    """Return agencies by name, of a province and with all words of a query when given."""
    rows = Agency.objects.all()
    if province_id is not None:
        rows = rows.filter(province_id=province_id)
    for word in fold(query).split():
        rows = rows.filter(folded__contains=word)
    rows = rows.annotate(
        unit_count=Count("units", filter=Q(units__closed_on=None), distinct=True),
        people_count=Count(
            "appointments__person", filter=Q(appointments__ends_on=None), distinct=True
        ),
    )[:limit]
    lines = [
        AgencyLine(
            r.id, r.code, r.name, KIND_NAMES.get(r.kind, r.kind), r.valid_from, r.valid_to,
            r.unit_count, r.people_count,  # type: ignore[attr-defined]
        )
        for r in rows
    ]  # fmt: skip
    return tuple(sorted(lines, key=lambda line: sort_key(line.name)))


def _facts(condition: Q) -> AgencyFacts:
    row = Agency.objects.filter(condition).select_related("province", "parent").first()
    if row is None:
        raise NotFound("agency_unknown", "Không tìm thấy cơ quan này.")
    return AgencyFacts(
        id=row.id,
        code=row.code,
        name=row.name,
        short_name=row.short_name or row.name,
        abbreviation=row.abbreviation,
        kind=row.kind,
        province_id=row.province_id,
        province=row.province.name,
        parent_id=row.parent_id,
        parent_name=row.parent.name if row.parent else "",
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        reception_name=row.reception_name,
        case_code_mask=row.case_code_mask,
        address=row.address,
        phone=row.phone,
        email=row.email,
        website=row.website,
        is_demonstration=row.is_demonstration,
        version=row.version,
    )


def peer_names(agency_id: int) -> tuple[tuple[str, str], ...]:
    """Return (folded, shown) names of agencies of the same level and of their units, but no name
    that this agency or one of its units has; remembered per process."""
    return remembered(("peers", agency_id), lambda: _peer_names(agency_id))


def own_names(agency_id: int) -> tuple[str, ...]:
    """Return the names of an agency, of the one above it and of its units; remembered."""
    return remembered(("own names", agency_id), lambda: _own_names(agency_id))


def _own_names(agency_id: int) -> tuple[str, ...]:
    facts = agency(agency_id)
    units = Unit.objects.filter(agency_id=agency_id).values_list("name", flat=True)
    names = (facts.name, facts.short_name, facts.parent_name, facts.reception_name)
    return tuple(dict.fromkeys(name for name in (*names, *units) if name))


def _peer_names(agency_id: int) -> tuple[tuple[str, str], ...]:
    facts = agency(agency_id)
    kinds = _COMMUNES if facts.kind in _COMMUNES else {facts.kind}
    peers = Agency.objects.filter(kind__in=kinds, valid_to=None).exclude(pk=agency_id)
    units = Unit.objects.filter(
        agency__kind__in=kinds, agency__valid_to=None, closed_on=None, is_reception=False
    ).exclude(agency_id=agency_id)
    found = {
        " ".join(words(name)): name for name in units.values_list("name", flat=True).distinct()
    }
    for row in peers.values_list("name", "short_name"):
        found |= {" ".join(words(name)): name for name in row if name}
    own = {" ".join(words(name)) for name in own_names(agency_id)}
    return tuple(sorted((key, name) for key, name in found.items() if key and key not in own))


_COMMUNES = frozenset({"xa", "phuong", "dac_khu"})
