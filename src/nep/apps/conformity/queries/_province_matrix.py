"""The matrices of all agencies of a province, chapter by chapter; one agency's for drilling down."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from nep.apps.conformity.queries._collected import collected
from nep.apps.conformity.queries._matrix import Matrix, decided, matrix, states_of
from nep.apps.conformity.rules import matrix as rules
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may_see_agency
from nep.apps.standards import queries as standards
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound

SORTS = {"": "Ít đủ nhất trước", "ten": "Theo tên"}


@dataclass(frozen=True, slots=True)
class ChapterCell:
    """How many clauses of a chapter are complete, of how many that apply; the worst state."""

    number: str
    complete: int
    total: int
    missing: int

    @property
    def chip(self) -> str:
        """Return how the cell is drawn."""
        if self.complete == self.total:
            return rules.CHIPS[rules.COMPLETE]
        return rules.CHIPS[rules.MISSING if self.missing * 2 > self.total else rules.THIN]


@dataclass(frozen=True, slots=True)
class AgencyStanding:
    """One agency: by which edition it goes, how each chapter stands, how much is complete."""

    agency_id: int
    name: str
    code: str
    edition: str
    target: str
    cells: tuple[ChapterCell, ...]
    counts: dict[str, int]

    @property
    def total(self) -> int:
        """Return how many clauses apply."""
        return sum(self.counts.values()) - self.counts[rules.LEFT_OUT]

    @property
    def share(self) -> int:
        """Return the share of complete clauses in percent."""
        return 100 * self.counts[rules.COMPLETE] // self.total if self.total else 0


@dataclass(frozen=True, slots=True)
class ProvinceMatrix:
    """All agencies of a province by the rows of 2015, so that they compare."""

    chapters: tuple[tuple[str, str], ...]
    lines: tuple[AgencyStanding, ...]
    counts: dict[str, int]

    @property
    def full(self) -> int:
        """Return how many agencies have everything."""
        return sum(line.counts[rules.COMPLETE] == line.total for line in self.lines)


def province_matrix(
    *, actor: Actor, today: date, state: str = "", chapter: str = "", sort: str = ""
) -> ProvinceMatrix:
    """Return how every agency of the actor's province stands, the least complete first.

    `state` and `chapter` keep agencies with such a clause in such a chapter. As many statements for
    250 agencies as for one.
    """
    names = organization.agency_names(province_id=actor.province_id or 0)
    facts = standards.edition_facts(rules.BACKBONE)
    assert facts is not None
    editions = standards.editions_of(names)
    said = decided(names, editions=editions)
    found = collected(list(names), today=today)
    heads = tuple((one.number, one.vi) for one in facts.clauses if not one.depth)
    chapter_of = {row.number: row.chapter for row in facts.rows}
    lines = []
    for agency_id, (name, code) in names.items():
        states = states_of(found[agency_id], said[agency_id], today)
        counts = Counter(states.values())
        by_chapter: dict[str, Counter[str]] = {number: Counter() for number, _ in heads}
        for number, one in states.items():
            by_chapter[chapter_of[number]][one] += 1
        if state and not by_chapter.get(chapter, counts)[state]:
            continue
        lines.append(
            AgencyStanding(
                agency_id, name, code, editions[agency_id].in_force, editions[agency_id].target,
                tuple(_cell(number, by_chapter[number]) for number, _ in heads),
                {one: counts[one] for one in rules.STATES},
            )
        )  # fmt: skip
    if sort != "ten":
        lines.sort(key=lambda line: line.share)
    totals = Counter[str]()
    for line in lines:
        totals.update(line.counts)
    return ProvinceMatrix(heads, tuple(lines), {one: totals[one] for one in rules.STATES})


def _cell(number: str, counts: Counter[str]) -> ChapterCell:
    total = sum(counts.values()) - counts[rules.LEFT_OUT]
    return ChapterCell(number, counts[rules.COMPLETE], total, counts[rules.MISSING])


def matrix_of_agency(
    *, actor: Actor, agency_id: int, today: date, edition: str = ""
) -> tuple[str, Matrix]:
    """Return the name and the matrix of an agency of the actor's province. Raises NotFound."""
    province_id = organization.province_id_of(agency_id)
    require(may_see_agency(actor, agency_id=agency_id, province_id=province_id), kind=NotFound)
    found = matrix(actor=actor, agency_id=agency_id, today=today, edition=edition)
    return organization.agency(agency_id).name, found
