"""The page of one nonconformity."""

from dataclasses import dataclass
from datetime import date, datetime

from nep.apps.actions import queries as actions
from nep.apps.actions.queries import ActionLine
from nep.apps.documents import queries as documents
from nep.apps.improvement.models import Nonconformity
from nep.apps.improvement.queries._register import SheetLine, lines_of
from nep.apps.improvement.rules import life
from nep.apps.organization.queries import person_names
from nep.apps.organization.rules import Actor, may
from nep.kernel.errors import NotFound
from nep.kernel.references import Reference

MOST_SUBJECTS = 300


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of the life in words."""

    name: str
    state_name: str
    round: int
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change of a document asked for because of the sheet."""

    id: int
    subject: str
    state: str
    state_name: str
    draft: str
    url: str


@dataclass(frozen=True, slots=True)
class SheetPage:
    """Everything the page of a nonconformity shows, and what the reader may do now."""

    line: SheetLine
    detail: str
    reported_by: str
    correction_on: date | None
    whys: tuple[str, ...]
    analysed_by: str
    analysed_at: datetime | None
    no_update_reason: str
    checked_by: str
    checked_at: datetime | None
    effect_note: str
    effect_by: str
    effect_at: datetime | None
    ended_by: str
    end_note: str
    subjects: tuple[Reference, ...]
    subject_count: int
    actions: tuple[ActionLine, ...]
    changes: tuple[ChangeLine, ...]
    steps: tuple[StepLine, ...]
    gates: tuple[tuple[str, bool], ...]
    may: frozenset[str]
    version: int

    @property
    def running(self) -> int:
        """Return how many actions have not ended."""
        return sum(not one.is_ended for one in self.actions)


def nonconformity_page(*, actor: Actor, nonconformity_id: int, today: date) -> SheetPage:
    """Return one nonconformity of the agency; a fixed number of queries. Raises NotFound."""
    row = Nonconformity.objects.filter(pk=nonconformity_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    steps = list(row.moves.order_by("at", "id"))
    names = person_names(
        [row.reported_by_id, row.analysed_by_id, row.checked_by_id, row.effect_by_id,
         row.ended_by_id, *(one.by_id for one in steps)]
    )  # fmt: skip
    own = actions.of_origin(
        agency_id=row.agency_id, kind="nonconformity", ids=[row.id], today=today
    )
    changes = _changes(row)
    sheet, done = _facts(row, own, changes)
    (line,) = lines_of([row], row.agency_id, today)
    about = row.subjects.order_by("id")
    named = list(about[: MOST_SUBJECTS + 1])
    return SheetPage(
        line=line, detail=row.detail, reported_by=names.get(row.reported_by_id or 0, ""),
        correction_on=row.correction_on, whys=tuple(row.whys),
        analysed_by=names.get(row.analysed_by_id or 0, ""), analysed_at=row.analysed_at,
        no_update_reason=row.no_update_reason, checked_by=names.get(row.checked_by_id or 0, ""),
        checked_at=row.checked_at, effect_note=row.effect_note,
        effect_by=names.get(row.effect_by_id or 0, ""), effect_at=row.effect_at,
        ended_by=names.get(row.ended_by_id or 0, ""), end_note=row.end_note,
        subjects=tuple(Reference(one.kind, one.ref_id, one.title, one.url)
                       for one in named[:MOST_SUBJECTS]),
        subject_count=len(named), actions=own, changes=changes,
        steps=tuple(
            StepLine(life.MOVE_NAMES[one.move], life.STATE_NAMES[one.state], one.round, one.text,
                     names.get(one.by_id or 0, "Nếp"), one.at)
            for one in steps
        ),
        gates=life.gates(sheet, done), may=_allowed(actor, sheet), version=row.version,
    )  # fmt: skip


def _changes(row: Nonconformity) -> tuple[ChangeLine, ...]:
    found = documents.requests_of_origin(
        agency_id=row.agency_id, origin_type="nonconformity", origin_id=row.id
    )
    return tuple(
        ChangeLine(one.id, one.subject, one.state, one.state_name, one.draft,
                   f"/tai-lieu/de-nghi/{one.id}/")
        for one in found
    )  # fmt: skip


def _facts(
    row: Nonconformity, own: tuple[ActionLine, ...], changes: tuple[ChangeLine, ...]
) -> tuple[life.Sheet, life.Done]:
    doers = frozenset(id_ for id_ in (row.owner_id, row.analysed_by_id) if id_)
    sheet = life.Sheet(row.state, row.potential, row.owner_id, doers, row.correction, row.cause,
                       row.effect_on, row.no_update_reason)  # fmt: skip
    present = [one for one in own if one.opened_at >= row.round_since]
    done = life.Done(
        running=sum(not one.is_ended for one in present),
        checked=sum(one.is_done for one in present),
        changes_open=sum(one.state in {"asked", "accepted"} for one in changes),
        changes_done=sum(one.state == "done" for one in changes),
    )
    return sheet, done


def _allowed(actor: Actor, sheet: life.Sheet) -> frozenset[str]:
    """Return the moves whose forms the reader is shown."""
    asked = {
        life.ASSIGN: may(actor, "improvement.manage"),
        life.REJECT: may(actor, "improvement.manage"),
        life.CHECK: life.judges(actor, sheet),
        life.RETURN: life.judges(actor, sheet),
        life.WORKED: life.judges(actor, sheet),
        life.CLOSE: life.judges(actor, sheet),
        life.CORRECT: life.works_on(actor, sheet),
        life.ANALYSE: life.works_on(actor, sheet),
        life.ACT: life.works_on(actor, sheet),
        life.DOCUMENT: life.works_on(actor, sheet),
    }
    return frozenset(
        move for move, allowed in asked.items() if allowed and (sheet.state, move) in life.LIFE
    )
