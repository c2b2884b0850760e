"""What every service of nonconformities needs: the row, what stands behind it, its step, its work."""

from datetime import date, datetime
from typing import Any

from nep.apps.actions import queries as actions
from nep.apps.documents import queries as documents
from nep.apps.improvement.models import Nonconformity, SheetMove
from nep.apps.improvement.rules import life
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.work import services as work
from nep.apps.workcal import queries as workcal
from nep.foundation.journal import services as journal
from nep.kernel.errors import NotFound
from nep.kernel.text import shorten
from nep.kernel.vietnamese import local

SOURCE = "nonconformity"
JUDGES = ("iso_secretary", "qmr", "leader")
_CHANGE_OPEN, _CHANGE_DONE = frozenset({"asked", "accepted"}), "done"


def locked(actor: Actor, nonconformity_id: int) -> Nonconformity:
    """Return a nonconformity of the actor's agency, locked until the end. Raises NotFound."""
    row = (
        Nonconformity.objects.select_for_update(of=("self",))
        .filter(pk=nonconformity_id, agency_id=actor.agency_id)
        .first()
    )
    if row is None:
        raise NotFound()
    return row


def sheet_of(row: Nonconformity) -> life.Sheet:
    """Return a nonconformity as rules see it."""
    doers = frozenset(id_ for id_ in (row.owner_id, row.analysed_by_id) if id_)
    return life.Sheet(
        row.state, row.potential, row.owner_id, doers, row.correction, row.cause, row.effect_on,
        row.no_update_reason,
    )  # fmt: skip


def done_of(row: Nonconformity, today: date) -> life.Done:
    """Return what stands behind a nonconformity: the actions of its round, its changes."""
    lines = [
        one
        for one in actions.of_origin(
            agency_id=row.agency_id, kind=SOURCE, ids=[row.id], today=today
        )
        if one.opened_at >= row.round_since
    ]
    changes = documents.requests_of_origin(
        agency_id=row.agency_id, origin_type=SOURCE, origin_id=row.id
    )
    return life.Done(
        running=sum(not one.is_ended for one in lines),
        checked=sum(one.is_done for one in lines),
        last_done_at=max((one.done_at for one in lines if one.done_at), default=None),
        changes_open=sum(one.state in _CHANGE_OPEN for one in changes),
        changes_done=sum(one.state == _CHANGE_DONE for one in changes),
    )


def stepped(
    actor: Actor | None, row: Nonconformity, move: str, text: str, now: datetime, old: Any = None
) -> None:
    """Write a changed nonconformity with its step and its journal entry."""
    row.changed_at, row.version = now, row.version + 1
    row.save()
    by_id = actor.person_id if actor else None
    SheetMove.objects.create(
        nonconformity=row, move=move, state=row.state, round=row.round, text=text, by_id=by_id,
        at=now,
    )  # fmt: skip
    journal.record(
        actor_id=by_id, agency_id=row.agency_id, action=f"nonconformity.{move}",
        object_type="nonconformity", object_id=row.id, at=now, old=old,
        new={"state": row.state, "round": row.round}, reason=shorten(text, 1000),
    )  # fmt: skip


def code_of(row: Nonconformity) -> str:
    """Return the number of a sheet as it is said: "KPH 03/2026"."""
    return f"{'PN' if row.potential else 'KPH'} {row.number:02d}/{row.year}"


def link_of(row: Nonconformity) -> str:
    """Return the address of a sheet."""
    return f"/khong-phu-hop/{row.id}/"


def item_renew(
    row: Nonconformity,
    actor: Actor | None,
    now: datetime,
    note: str = "",
    *,
    returned: bool = False,
) -> None:
    """Close the sheet's work item and put it before who has to do what comes next; `returned` when
    what was done has just been found too little."""
    by_id = actor.person_id if actor else None
    if row.item_id is not None:
        work.item_close(batch=None, item_id=row.item_id, at=now, by_id=by_id)
    row.item_id = None
    asked = _asked(row, now, returned)
    if asked is None:
        return
    step, due_on, person_id = asked
    role, unit_id = ("", row.unit_id) if person_id else _judge_role(row, now)
    row.item_id = work.item_open(
        batch=None, agency_id=row.agency_id, kind="improvement", title=shorten(row.title, 300),
        detail=step, link=link_of(row), source_type=SOURCE, source_id=row.id,
        source_code=code_of(row), opened_at=now, due_at=end_of(row.agency_id, due_on), person_id=person_id,
        role=role, unit_id=unit_id, step_label=step, note=note[:500],
    )  # fmt: skip


def _asked(
    row: Nonconformity, now: datetime, returned: bool
) -> tuple[str, date, int | None] | None:
    """Return (what comes next, until when, by which person), None when it waits for its actions."""
    today = local(now).date()
    if row.state in {life.REPORTED, life.AGAIN}:
        if row.owner_id is None:
            return "Giao người phụ trách phiếu không phù hợp", row.due_on, None
        return "Ghi sự khắc phục, phân tích nguyên nhân", row.due_on, row.owner_id
    if row.state == life.ANALYSED:
        return "Lập hành động khắc phục", row.due_on, row.owner_id
    if row.state == life.ACTING:
        done = done_of(row, today)
        if done.running:
            return None
        if returned:
            return "Làm tiếp hành động khắc phục", max(today, row.due_on), row.owner_id
        if not done.checked:  # every action was given up
            return "Lập hành động khắc phục", max(today, row.due_on), row.owner_id
        return "Kiểm tra kết quả khắc phục", max(today, row.due_on), None
    if row.state == life.CHECKED:
        return "Xét hiệu lực", row.effect_on or today, None
    return ("Đóng phiếu", today, None) if row.state == life.EFFECTIVE else None


def _judge_role(row: Nonconformity, now: datetime) -> tuple[str, int | None]:
    """Return (role, unit) that somebody holds who does not answer for the sheet."""
    directory = organization.directory(agency_id=row.agency_id, today=local(now).date())
    doers = {row.owner_id, row.analysed_by_id}
    for role in JUDGES:
        for (code, held), people in sorted(directory.holders.items()):
            if held == role and any(person.id not in doers for person in people):
                unit = directory.unit(code)
                return role, unit.id if unit else None
    return JUDGES[0], None


def end_of(agency_id: int, day: date) -> datetime:
    """Return the moment at which a day's work is due."""
    return workcal.day_end(agency_id=agency_id, day=day)
