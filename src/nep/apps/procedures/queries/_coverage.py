"""Coverage: which TTHC of an agency have a procedure in force, which share one, which have none.

Source: Thông tư 26/2014/TT-BKHCN Điều 36 khoản 1 (phạm vi bao quát mọi thủ tục hành chính), Điều 41
khoản 6 (thủ tục tương tự dùng chung một quy trình).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from nep.apps.catalogue import queries as catalogue
from nep.apps.catalogue import rules as published
from nep.apps.documents import rules as life
from nep.apps.procedures.models import Definition, SharedTthc, Tthc
from nep.kernel.text import fold, whole_number

PAGE = 50
COVERED, SHARED, DRAFTED, MISSING = "covered", "shared", "drafted", "missing"
STATE_NAMES = {
    COVERED: "Có quy trình",
    SHARED: "Dùng chung quy trình",
    DRAFTED: "Đang soạn",
    MISSING: "Chưa có quy trình",
}
CHIPS = {COVERED: "ok", SHARED: "ok", DRAFTED: "cho", MISSING: "qua"}
FILTER_NAMES = {
    "": "Tất cả",
    MISSING: "Chưa có quy trình",
    DRAFTED: "Đang soạn",
    COVERED: "Có quy trình",
    SHARED: "Dùng chung",
    "abolished": "Thủ tục đã bãi bỏ",
    "unbound": "Chưa ghép danh mục",
}


@dataclass(frozen=True, slots=True)
class CoverageFilter:
    """What to list; `state` is a key of `FILTER_NAMES`, `after` the last TTHC shown."""

    query: str = ""
    state: str = ""
    field: str = ""
    after: int = 0

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "CoverageFilter":
        """Return the filter of a query string: q, tt, lv, sau."""
        state = values.get("tt", "")
        return cls(
            query=values.get("q", "")[:120].strip(),
            state=state if state in FILTER_NAMES else "",
            field=values.get("lv", "")[:200].strip(),
            after=whole_number(values.get("sau", "")),
        )

    def values(self) -> dict[str, str]:
        """Return the filter as a query string's values, without what means any and the place."""
        found = {"q": self.query, "tt": self.state, "lv": self.field}
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """One TTHC: how it is covered, by which procedures (id, code), and the state of its entry."""

    tthc_id: int
    code: str
    name: str
    field: str
    state: str
    procedures: tuple[tuple[int, str], ...]
    entry_state: str
    abolition: str
    abolished_from: date | None

    @property
    def state_name(self) -> str:
        """Return the coverage in words."""
        return STATE_NAMES[self.state]

    @property
    def chip(self) -> str:
        """Return the kind of the chip of the state."""
        return CHIPS[self.state]

    @property
    def is_abolished(self) -> bool:
        """Say whether what is published of it has been abolished."""
        return self.entry_state == published.ABOLISHED

    @property
    def is_pointing_at_abolished(self) -> bool:
        """Say whether a procedure is in force for a TTHC that is abolished."""
        return self.is_abolished and self.state in {COVERED, SHARED}


@dataclass(frozen=True, slots=True)
class CoveragePage:
    """A page of the coverage and counts over every TTHC of the agency."""

    lines: tuple[CoverageLine, ...]
    counts: dict[str, int]
    fields: tuple[tuple[str, int], ...]
    next_after: int

    @property
    def total(self) -> int:
        """Return how many TTHC need a procedure: all that are not abolished."""
        return self.counts[""] - self.counts["abolished"]

    @property
    def covered(self) -> int:
        """Return how many of these have or share one in force."""
        return self.counts["held"]


def coverage(
    *, agency_id: int, filter: CoverageFilter, today: date, limit: int | None = PAGE
) -> CoveragePage:
    """Return the TTHC that a filter finds, by code, with the counts of the whole.

    Three statements, whatever the number of TTHC; procedures of the agency's own work are left out.
    """
    everything = _lines(agency_id, today)
    words = fold(filter.query).split()
    field = fold(filter.field)
    found = [
        line
        for line, folded in everything
        if _fits(line, filter.state)
        and all(word in folded for word in words)
        and (not field or fold(line.field) == field)
    ]
    place = next((n for n, one in enumerate(found, 1) if one.tthc_id == filter.after), 0)
    shown = found[place:] if limit is None else found[place : place + limit]
    more = limit is not None and len(found) > place + limit
    return CoveragePage(
        lines=tuple(shown), counts=_counts(one for one, _folded in everything),
        fields=_fields(one for one, _folded in everything),
        next_after=shown[-1].tthc_id if more else 0,
    )  # fmt: skip


def _fits(line: CoverageLine, state: str) -> bool:
    if state == "abolished":
        return line.is_abolished
    if state == "unbound":
        return not line.entry_state
    return not state or (line.state == state and not line.is_abolished)


def _counts(lines: Iterable[CoverageLine]) -> dict[str, int]:
    found: Counter[str] = Counter(dict.fromkeys([*FILTER_NAMES, "pointing", "held"], 0))
    for line in lines:
        found[""] += 1
        if not line.entry_state:
            found["unbound"] += 1
        if line.is_abolished:
            found["abolished"] += 1
            found["pointing"] += line.is_pointing_at_abolished
        else:
            found[line.state] += 1
            found["held"] += line.state in {COVERED, SHARED}
    return dict(found)


def _fields(lines: Iterable[CoverageLine]) -> tuple[tuple[str, int], ...]:
    found = Counter(line.field for line in lines if line.field)
    return tuple(sorted(found.items(), key=lambda pair: fold(pair[0])))


def _lines(agency_id: int, today: date) -> list[tuple[CoverageLine, str]]:
    """Return every TTHC with a public procedure as a line, with its search text, by code."""
    rows = Tthc.objects.filter(agency_id=agency_id, is_internal=False).order_by("code", "id")
    held = _procedures(agency_id)
    known: dict[tuple, str] = {}
    lines = []
    for pk, code, name, field, folded, entry, begins, ends, by in rows.values_list(
        "id", "code", "name", "field", "folded", "entry_id", "entry__effective_from",
        "entry__abolished_from", "entry__abolition",
    ):  # fmt: skip
        state, procedures = held.get(pk, (MISSING, ()))
        entry_state = ""
        if entry is not None:
            entry_state = known.get((begins, ends)) or published.state_of(
                published.Span(begins, ends), today=today
            )
            known[begins, ends] = entry_state
        line = CoverageLine(
            pk, code, name, field, state, tuple(procedures), entry_state, by or "", ends
        )
        lines.append((line, folded))
    return lines


def _procedures(agency_id: int) -> dict[int, tuple[str, list[tuple[int, str]]]]:
    """Return by TTHC how it is covered and by which procedures; own ones before shared ones."""
    in_force: dict[int, str] = {}
    own: dict[int, dict[str, list[tuple[int, str]]]] = {}
    rows = Definition.objects.filter(agency_id=agency_id).exclude(
        revision__state__in=[life.RETIRED, life.DROPPED]
    )
    for tthc_id, procedure_id, code, state in rows.order_by("revision__document__code").values_list(
        "procedure__tthc_id", "procedure_id", "revision__document__code", "revision__state"
    ):
        kind = COVERED if state == life.IN_FORCE else DRAFTED
        if kind == COVERED:
            in_force[procedure_id] = code
        own.setdefault(tthc_id, {}).setdefault(kind, []).append((procedure_id, code))
    found = {
        tthc_id: (COVERED if COVERED in kinds else DRAFTED, kinds.get(COVERED) or kinds[DRAFTED])
        for tthc_id, kinds in own.items()
    }
    shares = SharedTthc.objects.filter(agency_id=agency_id).order_by("id")
    for tthc_id, procedure_id in shares.values_list("tthc_id", "procedure_id"):
        if procedure_id not in in_force or found.get(tthc_id, ("",))[0] == COVERED:
            continue
        state, known = found.get(tthc_id, (SHARED, []))
        kept = known if state == SHARED else []
        found[tthc_id] = (SHARED, [*kept, (procedure_id, in_force[procedure_id])])
    return found


def entry_codes(*, agency_id: int) -> dict[int, str]:
    """Return the codes of the agency's TTHC that name no entry, by TTHC, where it has them."""
    rows = Tthc.objects.filter(agency_id=agency_id, entry=None).exclude(code="")
    codes = dict(rows.values_list("id", "code"))
    ids = catalogue.entry_ids(codes.values())
    return {tthc_id: code for tthc_id, code in codes.items() if code in ids}
