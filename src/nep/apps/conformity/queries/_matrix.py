"""The matrix of one agency: clause by clause what it has, how that stands and what mends it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from nep.apps.conformity.models import AskSetting, LeftOut
from nep.apps.conformity.queries._collected import collected
from nep.apps.conformity.rules import matrix as rules
from nep.apps.conformity.rules.matrix import Ask, EvidenceRules, Judged
from nep.apps.conformity.rules.mending import WAYS
from nep.apps.organization.rules import Actor, may
from nep.apps.planning import queries as planning
from nep.apps.standards import queries as standards
from nep.apps.standards.queries import AgencyEdition
from nep.apps.standards.rules import Clause, Edition
from nep.kernel.references import Evidence

MOST_LINES = 6


@dataclass(frozen=True, slots=True)
class MatrixLine:
    """What an agency has of one kind."""

    kind_name: str
    count: int
    newest_on: date | None
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One clause: what there is, how it stands, why, what mends it; its numbers in `other`.

    `parts_out` are (number, reason, by whom) of its parts that do not apply while the rest does.
    """

    clause: Clause
    state: str
    reason: str
    lines: tuple[MatrixLine, ...]
    more: int
    newest_on: date | None
    mend_label: str
    mend_url: str
    answers: tuple[str, ...]
    left_out_by: str
    parts_out: tuple[tuple[str, str, str], ...] = ()

    @property
    def state_name(self) -> str:
        """Return the state in a word."""
        return rules.STATE_NAMES[self.state]

    @property
    def chip(self) -> str:
        """Return how the state is drawn."""
        return rules.CHIPS[self.state]


@dataclass(frozen=True, slots=True)
class MatrixChapter:
    """A chapter with its rows."""

    number: str
    title: str
    rows: tuple[MatrixRow, ...]

    @property
    def words(self) -> str:
        """Return how many of its clauses stand how."""
        counts = Counter(row.state for row in self.rows)
        return " · ".join(
            f"{rules.STATE_NAMES[state].lower()} {counts[state]}"
            for state in rules.STATES
            if counts[state]
        )


@dataclass(frozen=True, slots=True)
class Matrix:
    """The matrix of an agency in one edition, beside the numbers of another."""

    agency_id: int
    chosen: AgencyEdition
    edition: Edition
    other: Edition | None
    chapters: tuple[MatrixChapter, ...]
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """Return how many clauses apply."""
        return sum(self.counts.values()) - self.counts[rules.LEFT_OUT]

    @property
    def open(self) -> int:
        """Return how many clauses are not complete."""
        return self.total - self.counts[rules.COMPLETE]

    @property
    def rows(self) -> tuple[MatrixRow, ...]:
        """Return every row in order."""
        return tuple(row for chapter in self.chapters for row in chapter.rows)


@dataclass(frozen=True, slots=True)
class Decided:
    """What people of an agency decided: rows and parts of 2015 left out with (reason, by whom), asks
    as set. A row all of whose parts are left out is left out itself."""

    left_out: Mapping[str, tuple[str, str]]
    asks: Mapping[tuple[str, str], tuple[int, int]]
    parts: Mapping[str, tuple[str, str]] = field(default_factory=dict)


_NOTHING = Decided({}, {})


@lru_cache(maxsize=1)
def evidence_rules() -> EvidenceRules:
    """Return what is asked of clauses, as shipped."""
    return rules.read_evidence_rules(settings.EVIDENCE_RULES)


def decided(
    agency_ids: Iterable[int], *, editions: Mapping[int, AgencyEdition] | None = None
) -> dict[int, Decided]:
    """Return what people of each agency decided, here or in the scope that its head approved; four
    statements for any number of agencies, three where the `editions` in force are known."""
    wanted = list(agency_ids)
    left: dict[int, dict[str, tuple[str, str]]] = {}
    rows = LeftOut.objects.filter(agency_id__in=wanted, ended_at=None)
    for agency_id, edition, clause, reason, by in rows.values_list(
        "agency_id", "edition", "clause", "reason", "decided_by__name"
    ):
        for number in _parts(edition, clause) or _backbone(edition, clause):
            left.setdefault(agency_id, {})[number] = (reason, by)
    for agency_id, number, reason in _out_of_scope(wanted, editions):
        left.setdefault(agency_id, {}).setdefault(number, (reason, "phạm vi đã phê duyệt"))
    asks: dict[int, dict[tuple[str, str], tuple[int, int]]] = {}
    for one in AskSetting.objects.filter(agency_id__in=wanted):
        asks.setdefault(one.agency_id, {})[one.clause, one.label] = (one.least, one.months)
    return {
        agency_id: Decided(*_folded(left.get(agency_id, {}), asks.get(agency_id, {})))
        if agency_id in left or agency_id in asks
        else _NOTHING
        for agency_id in wanted
    }


def _folded(
    said: Mapping[str, tuple[str, str]], asks: Mapping[tuple[str, str], tuple[int, int]]
) -> tuple[dict, Mapping, dict]:
    """Return rows left out, asks and parts left out; a row is out when all its parts are."""
    rows: dict[str, tuple[str, str]] = {}
    parts: dict[str, tuple[str, str]] = {}
    for number, why in said.items():
        clause = standards.clause(rules.BACKBONE, number)
        (parts if clause is not None and clause.is_part else rows)[number] = why
    for row, its in _parts_of_rows().items():
        if its and all(part in parts for part in its):
            rows.setdefault(row, parts[its[0]])
    return rows, asks, parts


@lru_cache(maxsize=1)
def _parts_of_rows() -> Mapping[str, tuple[str, ...]]:
    """Return the parts of every row of 2015 that has some."""
    found: dict[str, list[str]] = {}
    for one in standards.shipped().editions[rules.BACKBONE].clauses:
        if one.is_part:
            found.setdefault(one.row, []).append(one.number)
    return {row: tuple(parts) for row, parts in found.items()}


def _parts(edition: str, number: str) -> tuple[str, ...]:
    """Return the parts of rows of 2015 that a part of a row stands for; nothing for a whole row."""
    facts = standards.shipped().editions.get(edition)
    clause = facts.numbers.get(number) if facts else None
    if clause is None or not clause.is_part:
        return ()
    backbone = standards.shipped().editions[rules.BACKBONE].numbers
    through = standards.mapping(edition, rules.BACKBONE)[number]
    return tuple(one for one in through if one in backbone and backbone[one].is_part)


def _out_of_scope(
    agency_ids: list[int], editions: Mapping[int, AgencyEdition] | None
) -> Iterator[tuple[int, str, str]]:
    """Yield (agency, row or part of 2015, reason) of the clauses that approved scopes leave out."""
    excluded = planning.excluded_of(agency_ids)
    if not any(excluded.values()):
        return
    editions = standards.editions_of(excluded) if editions is None else editions
    never = evidence_rules().never_left_out
    for agency_id, clauses in excluded.items():
        edition = editions[agency_id].in_force
        for one in clauses:
            known = standards.clause(edition, one.clause)
            if known is None or (set(_backbone(edition, one.clause)) & never and known.is_part):
                continue
            for number in _parts(edition, one.clause) or _backbone(edition, one.clause):
                if number not in never:
                    yield agency_id, number, one.reason


def _backbone(edition: str, number: str) -> tuple[str, ...]:
    """Return the rows of 2015 that a clause, row or heading of an edition stands for."""
    facts = standards.shipped().editions.get(edition)
    if facts is None:
        return ()
    rows = facts.below(number)
    if edition == rules.BACKBONE:
        return rows
    through = standards.rows_between(edition, rules.BACKBONE)
    return tuple(dict.fromkeys(near for row in rows for near in through[row]))


def rows_of(edition: str, number: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the rows under a number of an edition, and what they stand for in 2015: rows; for a
    part of a row the part, then its row."""
    facts = standards.shipped().editions.get(edition)
    if facts is None:
        return (), ()
    return facts.below(number), (*_parts(edition, number), *_backbone(edition, number))


def placed(lines: Iterable[Evidence], edition: str) -> dict[str, list[Evidence]]:
    """Return evidence by the rows of an edition that it counts for."""
    found: dict[str, list[Evidence]] = {}
    known = standards.shipped().editions
    for one in lines:
        if one.edition in known:
            for row in standards.rows_between(one.edition, edition).get(one.clause, ()):
                found.setdefault(row, []).append(one)
    return found


def matrix(
    *, actor: Actor, today: date, agency_id: int = 0, edition: str = "", beside: str = ""
) -> Matrix:
    """Return the matrix of an agency in the edition it goes by, or in another.

    `agency_id` 0 is the actor's own. As many statements for one agency as for all.
    """
    whose = agency_id or actor.agency_id
    chosen = standards.edition_of(whose)
    facts = standards.edition_facts(edition) or standards.edition_facts(chosen.in_force)
    assert facts is not None
    other = standards.edition_facts(beside or _neighbour(facts.code, chosen.target))
    said = decided([whose], editions={whose: chosen})[whose]
    lines = collected([whose], today=today)[whose]
    found = judged_rows(facts.code, lines, said, today)
    chapters = []
    for head in facts.clauses:
        if head.depth:
            continue
        rows = tuple(
            _row(
                actor if whose == actor.agency_id else None,
                clause,
                *found[clause.number],
                said,
                other,
            )
            for clause in facts.rows
            if clause.chapter == head.number
        )
        chapters.append(MatrixChapter(head.number, head.vi, rows))
    states = Counter(row.state for chapter in chapters for row in chapter.rows)
    counts = {state: states[state] for state in rules.STATES}
    return Matrix(whose, chosen, facts, other, tuple(chapters), counts)


def _neighbour(edition: str, target: str) -> str:
    """Return the edition shown beside: the target, else the next newer, else the one before."""
    codes = [one.code for one in standards.editions()]
    if target and target != edition:
        return target
    place = codes.index(edition)
    return codes[place + 1] if place + 1 < len(codes) else codes[place - 1]


@lru_cache(maxsize=8)
def asks_by_row(edition: str) -> Mapping[str, tuple[Ask, ...]]:
    """Return what is asked of every row of an edition, as shipped."""
    shipped = evidence_rules()
    return {
        row.number: rules.asks_of(
            shipped, edition=edition, number=row.number, backbone=_backbone(edition, row.number)
        )
        for row in standards.shipped().editions[edition].rows
    }


def judged_rows(
    edition: str, lines: Sequence[Evidence], said: Decided, today: date
) -> dict[str, tuple[Judged, tuple[Evidence, ...]]]:
    """Return how every row of an edition stands, with the evidence that stands for it."""
    under_2015 = placed(lines, rules.BACKBONE)
    own = placed(lines, edition) if edition != rules.BACKBONE else under_2015

    def under(clause: str) -> Sequence[Evidence]:
        return under_2015.get(clause, ())

    found = {}
    for number, shipped in asks_by_row(edition).items():
        asks = _applying(shipped, said)
        backbone = _backbone(edition, number)
        if backbone and all(near in said.left_out for near in backbone):
            judged = Judged(rules.LEFT_OUT, said.left_out[backbone[0]][0])
        else:
            judged = rules.judge(asks, under, today=today, has_other=number in own)
        shown = rules.gathered((*own.get(number, ()), *rules.asked_for(asks, under)))
        found[number] = judged, shown
    return found


def _applying(shipped: tuple[Ask, ...], said: Decided) -> tuple[Ask, ...]:
    """Return what is asked of a row as the agency set it, without parts that do not apply."""
    asks = rules.with_settings(shipped, said.asks)
    return tuple(one for one in asks if one.part not in said.parts) if said.parts else asks


def states_of(lines: Sequence[Evidence], said: Decided, today: date) -> dict[str, str]:
    """Return the state of every row of 2015, without what stands for it."""
    under_2015 = placed(lines, rules.BACKBONE)

    def under(clause: str) -> Sequence[Evidence]:
        return under_2015.get(clause, ())

    return {
        number: rules.LEFT_OUT
        if number in said.left_out
        else rules.judge(
            _applying(asks, said), under, today=today,
            has_other=number in under_2015,
        ).state
        for number, asks in asks_by_row(rules.BACKBONE).items()
    }  # fmt: skip


def _row(
    actor: Actor | None,
    clause: Clause,
    judged: Judged,
    shown: Sequence[Evidence],
    said: Decided,
    other: Edition | None,
) -> MatrixRow:
    label, url = ("", "")
    if actor is not None and judged.state not in {rules.COMPLETE, rules.LEFT_OUT}:
        label, url = _mend(actor, judged.mend, clause)
    answers = standards.rows_between(clause.edition, other.code)[clause.number] if other else ()
    backbone = _backbone(clause.edition, clause.number)
    left_by = said.left_out[backbone[0]][1] if judged.state == rules.LEFT_OUT else ""
    parts = [] if judged.state == rules.LEFT_OUT or not said.parts else [
        (part, *said.parts[part])
        for row in backbone for part in _parts_of_rows().get(row, ()) if part in said.parts
    ]  # fmt: skip
    return MatrixRow(
        clause=clause, state=judged.state, reason=judged.reason,
        lines=tuple(
            MatrixLine(rules.KIND_NAMES.get(one.kind, one.kind), one.count, one.newest_on,
                       one.title, one.url)
            for one in shown[:MOST_LINES]
        ),
        more=max(0, len(shown) - MOST_LINES),
        newest_on=max((one.newest_on for one in shown if one.newest_on), default=None),
        mend_label=label, mend_url=url, answers=answers, left_out_by=left_by,
        parts_out=tuple(parts),
    )  # fmt: skip


def _mend(actor: Actor, key: str, clause: Clause) -> tuple[str, str]:
    """Return the button that makes what is missing; nothing for who may not press it."""
    way = WAYS.get(key)
    if way is None or not may(actor, way.permission):
        return "", ""
    url = address_of(way.url_name)
    if key == "document" and url:
        url += f"?dieu={clause.edition}:{clause.number}"
    return (way.label, url) if url else ("", "")


@lru_cache(maxsize=64)
def address_of(url_name: str) -> str:
    """Return an address by its name, empty when the part does not stand."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
