"""Declarations of an agency: where it stands, one declaration, what has changed since."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from nep.apps.conformity.models import Declaration, DeclarationStep, Posting
from nep.apps.conformity.ports import readers
from nep.apps.conformity.queries._look import Stand
from nep.apps.conformity.queries._standing import scope_lines
from nep.apps.conformity.rules import declaration as law
from nep.apps.organization.queries import person_names
from nep.apps.organization.rules import Actor, may
from nep.kernel.errors import NotFound
from nep.kernel.vietnamese import local


@dataclass(frozen=True, slots=True)
class DeclarationLine:
    """A declaration of the register."""

    id: int
    code: str
    state: str
    state_name: str
    chip: str
    reason_name: str
    edition: str
    scope_text: str
    decision_number: str
    decision_on: date | None
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of the life in words."""

    name: str
    state_name: str
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PostingLine:
    """Where and when it was sent or posted."""

    kind: str
    name: str
    place: str
    url: str
    on: date
    by: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the steps of the law on the way: its name and whether it is done, now or next."""

    name: str
    state: str


@dataclass(frozen=True, slots=True)
class DeclarationPage:
    """Everything the page of a declaration shows, and what the reader may do now."""

    line: DeclarationLine
    lead_unit: str
    previous_id: int | None
    started_by: str
    started_by_id: int
    applied_at: datetime | None
    confirm_text: str
    confirm_number: str
    confirmed_by: str
    confirmed_at: datetime | None
    signer_title: str
    seal: str
    confirmed_gates: tuple[tuple[str, str], ...]
    notice_number: str
    declared_by: str
    end_note: str
    annex: tuple[law.ScopeLine, ...]
    is_frozen: bool
    gates: tuple[law.Gate, ...]
    next_move: str
    postings: tuple[PostingLine, ...]
    steps: tuple[StepLine, ...]
    stages: tuple[Stage, ...]
    change: law.ScopeChange
    may: frozenset[str]
    version: int

    @property
    def ready(self) -> bool:
        """Say whether nothing is missing before the next move."""
        return all(gate.holds for gate in self.gates)


@dataclass(frozen=True, slots=True)
class Register:
    """An agency's declarations, newest first, and where it stands now."""

    headline: str
    lines: tuple[DeclarationLine, ...]
    standing: DeclarationLine | None
    open: DeclarationLine | None
    change: law.ScopeChange


def standing_of(*, agency_id: int, edition: str, today: date) -> law.Standing:
    """Return what the agency has on a day, from the parts that own it."""
    known = readers()
    scope, policy = known.ground(agency_id)
    return law.Standing(
        lines=scope_lines(agency_id), scope=scope, policy=policy,
        audit=known.audit(agency_id, today), review=known.review(agency_id, today),
        open_findings=known.findings(agency_id), locked=known.locked(agency_id, edition),
    )  # fmt: skip


def facts_of(row: Declaration, posted: Iterable[str] = ()) -> law.Declared:
    """Return a declaration as rules see it."""
    return law.Declared(
        state=row.state, started_by=row.started_by_id,
        applied_on=local(row.applied_at).date() if row.applied_at else None,
        annex=frozenset(one["key"] for one in row.annex), posted=frozenset(posted),
    )  # fmt: skip


def register(*, actor: Actor, stand: Stand | None = None) -> Register:
    """Return the agency's declarations, and whether the scope has changed since the last; `stand`
    is what was read of it already."""
    stand = stand or Stand(actor.agency_id)
    rows = stand.declarations
    lines = tuple(line_of(row) for row in rows)
    standing = next((one for one in rows if one.state in law.STANDING_STATES), None)
    change = change_since(standing, stand.scope) if standing else law.ScopeChange((), ())
    open_ = next((one for one in lines if one.state in law.OPEN_STATES), None)
    shown = open_ or (line_of(standing) if standing else None)
    if standing and change:
        shown = line_of(standing)
    return Register(
        headline=law.headline(shown.state if shown else "", change=bool(change),
                              edition=shown.edition if shown else ""),
        lines=lines, standing=line_of(standing) if standing else None, open=open_, change=change,
    )  # fmt: skip


def change_since(row: Declaration, scope: Iterable[law.ScopeLine] | None = None) -> law.ScopeChange:
    """Return which TTHC came and went since the annex was frozen; `scope` is that of today where it
    was read already."""
    annex = {one["key"]: one["name"] for one in row.annex}
    return law.scope_change(annex, scope_lines(row.agency_id) if scope is None else scope)


def code_of(row: Declaration) -> str:
    """Return the number of a declaration as it is said: "CB 01/2026"."""
    return f"CB {row.number:02d}/{row.year}"


def line_of(row: Declaration) -> DeclarationLine:
    """Return a declaration as the register shows it."""
    chips = {law.MAINTAINED: "dung", law.DECLARED: "cho", law.REPLACED: "tam", law.DROPPED: "tam"}
    return DeclarationLine(
        id=row.id, code=code_of(row), state=row.state, state_name=law.STATE_NAMES[row.state],
        chip=chips.get(row.state, "trong"), reason_name=law.REASON_NAMES[row.reason],
        edition=row.edition, scope_text=row.scope_text, decision_number=row.decision_number,
        decision_on=row.decision_on, started_at=row.started_at, ended_at=row.ended_at,
    )  # fmt: skip


def declaration_page(*, actor: Actor, declaration_id: int, today: date) -> DeclarationPage:
    """Return one declaration of the agency with its gates; a fixed number of queries.

    Raises NotFound.
    """
    row = Declaration.objects.filter(pk=declaration_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    steps = list(row.steps.order_by("at", "id"))
    postings = list(row.postings.order_by("on", "id"))
    names = person_names(
        [row.started_by_id, row.confirmed_by_id, row.declared_by_id,
         *(one.by_id for one in steps), *(one.by_id for one in postings)]
    )  # fmt: skip
    standing = standing_of(agency_id=row.agency_id, edition=row.edition, today=today)
    facts = facts_of(row, (one.kind for one in postings))
    move = law.next_move(row.state)
    frozen = bool(row.seal) and row.state not in {law.BUILDING, law.APPLIED}
    annex = annex_of(row) if frozen else standing.lines
    stands = row.state in law.STANDING_STATES
    return DeclarationPage(
        line=line_of(row), lead_unit=row.lead_unit, previous_id=row.previous_id,
        started_by=names.get(row.started_by_id, ""), started_by_id=row.started_by_id,
        applied_at=row.applied_at, confirm_text=row.confirm_text,
        confirm_number=row.confirm_number, confirmed_by=names.get(row.confirmed_by_id or 0, ""),
        confirmed_at=row.confirmed_at, signer_title=row.signer_title, seal=row.seal,
        confirmed_gates=tuple((one["name"], one["told"]) for one in row.gates),
        notice_number=row.notice_number, declared_by=names.get(row.declared_by_id or 0, ""),
        end_note=row.end_note, annex=annex, is_frozen=frozen,
        gates=law.gates(move, facts, standing, today=today), next_move=move,
        postings=tuple(_posting(one, names) for one in postings),
        steps=tuple(_step(one, names) for one in steps), stages=_stages(row.state),
        change=(law.scope_change({one.key: one.name for one in annex}, standing.lines)
                if stands else law.ScopeChange((), ())),
        may=_allowed(actor, facts), version=row.version,
    )  # fmt: skip


def annex_of(row: Declaration) -> tuple[law.ScopeLine, ...]:
    """Return the frozen annex."""
    return tuple(
        law.ScopeLine(one["key"], one["code"], one["name"], one["field"], tuple(one["procedures"]))
        for one in row.annex
    )


def _posting(one: Posting, names: dict[int, str]) -> PostingLine:
    return PostingLine(
        one.kind, law.POSTING_NAMES[one.kind], one.place, one.url, one.on, names.get(one.by_id, "")
    )


def _step(one: DeclarationStep, names: dict[int, str]) -> StepLine:
    return StepLine(
        law.MOVE_NAMES[one.move], law.STATE_NAMES[one.state], one.text,
        names.get(one.by_id or 0, "Nếp"), one.at,
    )  # fmt: skip


_WAY = (
    (law.BUILDING, "Xây dựng"),
    (law.APPLIED, "Áp dụng"),
    (law.CONFIRMED, "Xác nhận hiệu lực"),
    (law.DECLARED, "Công bố"),
    (law.MAINTAINED, "Duy trì"),
)
# what a state leaves to be done on the way: confirmed means the confirmation itself is done
_PLACE = {
    law.BUILDING: 0, law.APPLIED: 1, law.CONFIRMED: 3, law.DECLARED: 3, law.MAINTAINED: 4,
    law.REPLACED: 5,
}  # fmt: skip


def _stages(state: str) -> tuple[Stage, ...]:
    at = _PLACE.get(state, -1)
    return tuple(
        Stage(name, "done" if place < at else "now" if place == at else "next")
        for place, (_key, name) in enumerate(_WAY)
    )


def _allowed(actor: Actor, facts: law.Declared) -> frozenset[str]:
    """Return the moves whose forms the reader is shown."""
    return frozenset(
        move
        for move, permission in law.PERMISSIONS.items()
        if (facts.state, move) in law.LIFE and may(actor, permission)
    )
