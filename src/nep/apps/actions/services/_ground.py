"""What every service of actions needs: the row, its step in the history, its work item."""

from collections.abc import Set
from datetime import date, datetime
from typing import Any

from nep.apps.actions import rules
from nep.apps.actions.events import ActionEnded
from nep.apps.actions.models import Action, ActionMove
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.work import services as work
from nep.apps.workcal import queries as workcal
from nep.foundation.journal import services as journal
from nep.foundation.outbox.services import publish
from nep.kernel.errors import NotFound
from nep.kernel.text import shorten
from nep.kernel.vietnamese import local

SOURCE = "action"
SECRETARY = "iso_secretary"
CHECKERS = (SECRETARY, "qmr", "leader", "unit_head")  # who manages actions, the nearest first


def locked(actor: Actor, action_id: int) -> Action:
    """Return an action of the actor's agency, locked until the end. Raises NotFound."""
    row = (
        Action.objects.select_for_update(of=("self",))
        .filter(pk=action_id, agency_id=actor.agency_id)
        .first()
    )
    if row is None:
        raise NotFound()
    return row


def facts_of(row: Action) -> rules.Facts:
    """Return an action as rules see it."""
    return rules.Facts(row.state, row.owner_id, row.checker_id, row.opened_by_id, row.due_on)


def stepped(actor: Actor, row: Action, move: str, text: str, now: datetime, old: Any) -> None:
    """Write a changed action with its step and its journal entry; its end is announced."""
    row.changed_at, row.version = now, row.version + 1
    row.save()
    ActionMove.objects.create(
        action=row, move=move, state=row.state, due_on=row.due_on, text=text[:2000],
        by_id=actor.person_id, at=now,
    )  # fmt: skip
    journal.record(
        actor_id=actor.person_id, agency_id=row.agency_id, action=f"action.{move}",
        object_type="action", object_id=row.id, at=now, old=old,
        new={"state": row.state, "due_on": row.due_on}, reason=text[:1000],
    )  # fmt: skip
    if row.state in rules.ENDED:
        ended = ActionEnded(row.id, row.agency_id, row.origin_kind, row.origin_id, row.state)
        publish(ended, agency_id=row.agency_id, at=now)


def end_of(row: Action, day: date) -> datetime:
    """Return the moment at which a day's work is due."""
    return workcal.day_end(agency_id=row.agency_id, day=day)


def item_for_owner(row: Action, now: datetime, note: str = "") -> None:
    """Put the action before who has to do it."""
    row.item_id = work.item_open(
        batch=None, **_shown(row), opened_at=now, due_at=end_of(row, row.due_on),
        person_id=row.owner_id, unit_id=row.unit_id, step_label="Thực hiện", note=note[:500],
    )  # fmt: skip


def item_for_checker(row: Action, now: datetime) -> None:
    """Put a done action before the checker named, or else before the ISO secretary or whoever comes
    next of those who may check it: never before who did it alone."""
    today = local(now).date()
    soon = workcal.working_day_after(agency_id=row.agency_id, day=today, count=rules.CHECK_DAYS)
    due = max(row.due_on, soon)
    doers = {row.owner_id, row.done_by_id}
    checker_id = None if row.checker_id in doers else row.checker_id
    role, unit_id = "", None
    if checker_id is None:
        role = _checking_role(row.agency_id, today, doers)
        unit_id = unit_of_role(row.agency_id, role, today, besides=doers)
    row.item_id = work.item_open(
        batch=None, **_shown(row), opened_at=now, due_at=end_of(row, due), person_id=checker_id,
        role=role, unit_id=unit_id, step_label="Kiểm tra",
    )  # fmt: skip


def _checking_role(agency_id: int, today: date, doers: Set[int | None]) -> str:
    """Return the nearest role of `CHECKERS` that somebody else than the doers holds today."""
    for role in CHECKERS:
        held = organization.people_for(agency_id=agency_id, today=today, role=role)
        if any(person.id not in doers for person in held):
            return role
    return SECRETARY


def unit_of_role(
    agency_id: int, role: str, today: date, *, besides: Set[int | None] = frozenset()
) -> int | None:
    """Return the unit in which others than `besides` hold a role today, the first by code; None for
    none."""
    directory = organization.directory(agency_id=agency_id, today=today)
    codes = sorted(
        code
        for (code, held), people in directory.holders.items()
        if held == role and any(person.id not in besides for person in people)
    )
    unit = directory.unit(codes[0]) if codes else None
    return unit.id if unit else None


def _shown(row: Action) -> dict[str, Any]:
    where = rules.name_of_origin(row.origin_kind)
    detail = f"{where}: {row.origin_title}" if row.origin_title else where
    return {
        "agency_id": row.agency_id, "kind": "action", "title": shorten(row.title, 300),
        "detail": shorten(detail, 400), "link": f"/hanh-dong/{row.id}/", "source_type": SOURCE,
        "source_id": row.id, "source_code": f"HĐ {row.number:02d}/{row.year}",
    }  # fmt: skip
