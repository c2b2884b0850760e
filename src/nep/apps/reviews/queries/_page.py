"""The page of one review."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from nep.apps.actions import queries as actions
from nep.apps.actions.queries import ActionLine
from nep.apps.organization.queries import person_names
from nep.apps.organization.rules import Actor, may
from nep.apps.reviews.models import Review
from nep.apps.reviews.queries._demands import demands_of
from nep.apps.reviews.queries._register import KIND, chip_of, code_of, left_before
from nep.apps.reviews.rules import life
from nep.apps.reviews.rules.inputs import EDITION_NAMES, Demands, Input, from_content
from nep.kernel.errors import NotFound
from nep.kernel.vietnamese import local


@dataclass(frozen=True, slots=True)
class ParticipantLine:
    """Somebody who is called; `present` None before the meeting."""

    person_id: int
    name: str
    position: str
    present: bool | None


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision as the minutes hold it, with its action once approved."""

    output: str
    title: str
    owner_id: int
    owner: str
    due_on: date
    action: ActionLine | None


@dataclass(frozen=True, slots=True)
class MoveLine:
    """One step of the life in words."""

    name: str
    state_name: str
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Everything the page of a review shows, and what the reader may do now."""

    id: int
    agency_id: int
    code: str
    state: str
    state_name: str
    chip: str
    demands: Demands
    edition_name: str
    starts_on: date
    ends_on: date
    meets_on: date
    meets_at: str
    place: str
    agenda: tuple[str, ...]
    chair_id: int
    chair: str
    prepared_by: str
    prepared_at: datetime
    frozen_id: int
    freezing: int
    frozen_at: datetime
    inputs: tuple[Input, ...]
    inputs_hash: str
    remarks: Mapping[str, str]
    participants: tuple[ParticipantLine, ...]
    held_on: date | None
    minutes: Mapping[str, Any] | None
    minutes_hash: str
    written_by: str
    written_at: datetime | None
    approved_by: str
    approved_at: datetime | None
    end_note: str
    decisions: tuple[DecisionLine, ...]
    left: tuple[ActionLine, ...]
    moves: tuple[MoveLine, ...]
    returned: str
    may: frozenset[str]
    version: int

    @property
    def open_decisions(self) -> int:
        """Return how many decisions somebody still has to do."""
        return sum(bool(one.action and not one.action.is_ended) for one in self.decisions)

    @property
    def verdict_name(self) -> str:
        """Return the overall conclusion in words."""
        return life.VERDICT_NAMES.get(self.minutes["verdict"], "") if self.minutes else ""

    @property
    def concluded(self) -> tuple[tuple[str, str, str], ...]:
        """Return (number, title, words) of every output of the minutes."""
        said = self.minutes["outputs"] if self.minutes else {}
        return tuple((one.number, one.title, said.get(one.key, "")) for one in self.demands.outputs)


def review_page(*, actor: Actor, review_id: int, today: date) -> ReviewPage:
    """Return one review of the agency; a fixed number of queries. Raises NotFound."""
    row = Review.objects.filter(pk=review_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    frozen = row.freezings.latest("number")
    people = list(row.participants.order_by("id"))
    moves = list(row.moves.order_by("at", "id"))
    decided = list(row.decisions.order_by("place"))
    names = person_names(
        [row.chair_id, row.prepared_by_id, row.written_by_id, row.approved_by_id,
         *(one.person_id for one in people), *(one.by_id for one in moves),
         *(one.owner_id for one in decided)]
    )  # fmt: skip
    own = {
        one.id: one
        for one in actions.of_origin(agency_id=row.agency_id, kind=KIND, ids=[row.id], today=today)
    }
    left = left_before(agency_id=row.agency_id, previous_id=row.previous_id, today=today)
    facts = life.Facts(
        row.state, row.chair_id, row.written_by_id, local(frozen.frozen_at).date(), len(left),
        row.minutes_hash,
    )  # fmt: skip
    returned = [one.text for one in moves if one.move == life.RETURN]
    return ReviewPage(
        id=row.id, agency_id=row.agency_id, code=code_of(row), state=row.state,
        state_name=life.STATE_NAMES[row.state], chip=chip_of(row.state),
        demands=demands_of(row.edition), edition_name=EDITION_NAMES.get(row.edition, row.edition),
        starts_on=row.starts_on, ends_on=row.ends_on, meets_on=row.meets_on,
        meets_at=row.meets_at, place=row.place, agenda=tuple(row.agenda), chair_id=row.chair_id,
        chair=names.get(row.chair_id, ""), prepared_by=names.get(row.prepared_by_id, ""),
        prepared_at=row.prepared_at, frozen_id=frozen.id, freezing=frozen.number,
        frozen_at=frozen.frozen_at, inputs=from_content(frozen.content),
        inputs_hash=frozen.sha256, remarks=row.remarks,
        participants=tuple(
            ParticipantLine(one.person_id, names.get(one.person_id, ""), one.position, one.present)
            for one in people
        ),
        held_on=row.held_on, minutes=row.minutes or None, minutes_hash=row.minutes_hash,
        written_by=names.get(row.written_by_id or 0, ""), written_at=row.written_at,
        approved_by=names.get(row.approved_by_id or 0, ""), approved_at=row.approved_at,
        end_note=row.end_note,
        decisions=tuple(
            DecisionLine(one.output, one.title, one.owner_id, names.get(one.owner_id, ""),
                         one.due_on, own.get(one.action_id or 0))
            for one in decided
        ),
        left=left,
        moves=tuple(
            MoveLine(life.MOVE_NAMES[one.move], life.STATE_NAMES[one.state], one.text,
                     names.get(one.by_id, ""), one.at)
            for one in moves
        ),
        returned=returned[-1] if returned and row.state == life.RETURNED else "",
        may=_allowed(actor, facts, is_called=any(one.person_id == actor.person_id for one in people)), version=row.version,
    )  # fmt: skip


def _allowed(actor: Actor, facts: life.Facts, *, is_called: bool) -> frozenset[str]:
    """Return the moves whose forms the reader is shown."""
    prepares, judges = may(actor, "review.prepare"), life.judges(actor, facts)
    asked = {
        life.FREEZE: prepares, life.REMARK: prepares, life.PLAN: prepares, life.DROP: prepares,
        life.WRITE: prepares and actor.person_id != facts.chair_id,
        life.RETURN: judges, life.APPROVE: judges, life.OPINE: is_called,
    }  # fmt: skip
    return frozenset(
        move for move, allowed in asked.items() if allowed and (facts.state, move) in life.LIFE
    )
