"""The page of one action."""

from dataclasses import dataclass
from datetime import date, datetime

from nep.apps.actions import rules
from nep.apps.actions.models import Action, ActionProof
from nep.apps.actions.queries._register import ActionLine, lines_of
from nep.apps.organization.queries import person_names
from nep.apps.organization.rules import Actor, may
from nep.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class ProofLine:
    """A piece of evidence; `url` is its address, also of a file."""

    id: int
    title: str
    url: str
    is_file: bool
    added_by: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class MoveLine:
    """One step of the life in words."""

    name: str
    state_name: str
    text: str
    due_on: date
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ActionPage:
    """Everything the page of an action shows, and what the reader may do now."""

    line: ActionLine
    opened_by: str
    done_by: str
    checked_by: str
    end_note: str
    proofs: tuple[ProofLine, ...]
    moves: tuple[MoveLine, ...]
    may_finish: bool
    may_check: bool
    may_steer: bool
    version: int


def action_page(*, actor: Actor, action_id: int, today: date) -> ActionPage:
    """Return one action of the agency. Raises NotFound."""
    row = Action.objects.filter(pk=action_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    proofs, moves = (
        list(row.proofs.order_by("added_at", "id")),
        list(row.moves.order_by("at", "id")),
    )
    names = person_names(
        [row.opened_by_id, row.done_by_id, row.checked_by_id,
         *(one.added_by_id for one in proofs), *(one.by_id for one in moves)]
    )  # fmt: skip
    facts = rules.Facts(row.state, row.owner_id, row.checker_id, row.opened_by_id, row.due_on)
    is_running = row.state in rules.RUNNING
    (line,) = lines_of([row], row.agency_id, today)
    return ActionPage(
        line=line, opened_by=names.get(row.opened_by_id, ""),
        done_by=names.get(row.done_by_id or 0, ""),
        checked_by=names.get(row.checked_by_id or 0, ""), end_note=row.end_note,
        proofs=tuple(_proof(one, names) for one in proofs),
        moves=tuple(
            MoveLine(rules.MOVE_NAMES[one.move], rules.STATE_NAMES[one.state], one.text,
                     one.due_on, names.get(one.by_id, ""), one.at)
            for one in moves
        ),
        may_finish=is_running
        and (row.owner_id == actor.person_id or bool(may(actor, "action.manage"))),
        may_check=row.state == rules.DONE
        and bool(rules.may_check(actor, facts, done_by_id=row.done_by_id)),
        may_steer=is_running and bool(rules.may_steer(actor, facts)),
        version=row.version,
    )  # fmt: skip


def _proof(row: ActionProof, names: dict[int, str]) -> ProofLine:
    url = row.url or f"/hanh-dong/bang-chung/{row.id}/"
    return ProofLine(
        row.id,
        row.title,
        url,
        row.file_id is not None,
        names.get(row.added_by_id, ""),
        row.added_at,
    )


def proof_file(*, actor: Actor, proof_id: int) -> int:
    """Return the stored file of a piece of evidence of the agency. Raises NotFound."""
    rows = ActionProof.objects.filter(pk=proof_id, action__agency_id=actor.agency_id)
    found = rows.values_list("file_id", flat=True).first()
    if found is None:
        raise NotFound()
    return found
