"""Taking back what one assignment gave: to who held it before, item by item."""

from datetime import datetime, timedelta

from django.db import transaction

from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.work import rules
from nep.apps.work.models import Assignment, WorkItem
from nep.apps.work.services._assigning import AT_ONCE
from nep.apps.work.services._holding import item_give_back, receivers
from nep.apps.work.services._notices import notice_add
from nep.foundation.journal import services as journal
from nep.foundation.outbox import services as outbox
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.vietnamese import local

UNDO_JOB = "work.unassign"
MOVED_ON = "Việc đã xong hoặc đã đổi người sau khi giao, nên giữ nguyên."
UNFIT = "Người giữ trước nay không còn giữ vai trò của bước, nên việc vẫn ở người nhận."


@transaction.atomic
def assignment_undo(*, actor: Actor, now: datetime, assignment_id: int) -> None:
    """Take back what an assignment of the actor's gave; what is not given yet is not given.

    Each item goes back to who held it before, or waits for its role again; one that was closed or
    has changed hands since keeps its holder and is named with the sentence why. The first 25 go
    now, the rest by the worker. Raises NotFound; Refusal("undo_twice", "undo_late").
    """
    row = (
        Assignment.objects.select_for_update()
        .filter(pk=assignment_id, agency_id=actor.agency_id, by_id=actor.person_id)
        .first()
    )
    if row is None:
        raise NotFound()
    since = now - row.started_at
    decision = rules.decide_undo(
        is_undone=row.undo_at is not None, is_late=since > timedelta(hours=rules.UNDO_HOURS)
    )
    require(decision, kind=Refusal)
    row.item_ids, row.finished_at = [], row.finished_at or now
    row.undo_at, row.undo_left = now, len(row.given)
    row.save(update_fields=["item_ids", "finished_at", "undo_at", "undo_left"])
    journal.record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action="work.unassigned",
        object_type="assignment", object_id=row.pk, at=now, reason=row.reason,
        new={"items": len(row.given), "receiver": row.receiver_id},
    )  # fmt: skip
    _take_back(row, actor, now)
    if row.undo_left:
        outbox.enqueue(
            UNDO_JOB, {"id": row.pk, "user": actor.user_id}, at=now,
            agency_id=actor.agency_id, urgent=True,
        )  # fmt: skip


def assignment_undo_go_on(*, assignment_id: int, user_id: int | None, now: datetime) -> None:
    """Take back the rest; who began it must still wear a hat in the agency, else the rest stays."""
    while True:
        with transaction.atomic():
            row = Assignment.objects.select_for_update().filter(pk=assignment_id).first()
            if row is None or not row.undo_left:
                return
            actor = organization.actor_for(
                user_id=user_id or 0, agency_id=row.agency_id, today=local(now).date()
            )
            if actor is None or actor.person_id != row.by_id:
                kept = [[given[0], MOVED_ON] for given in row.given[-row.undo_left :]]
                row.undo_kept, row.undo_left = [*row.undo_kept, *kept], 0
                row.save(update_fields=["undo_kept", "undo_left"])
                return
            _take_back(row, actor, now)


def _take_back(row: Assignment, actor: Actor, now: datetime) -> None:
    """Give back the next items; every item stands or falls by itself."""
    start = len(row.given) - row.undo_left
    part = row.given[start : start + AT_ONCE]
    items = WorkItem.objects.filter(pk__in=[one[0] for one in part], agency_id=row.agency_id)
    fits: dict[tuple[int | None, str], set[int]] = {}
    found = {item.pk: item for item in items}
    for item_id, old_person_id, note, claimed_at, given_at in part:
        item = found.get(item_id)
        if item is None:
            row.undo_kept.append([item_id, MOVED_ON])
            continue
        key = (item.unit_id, item.role)
        if old_person_id is not None and key not in fits:
            fits[key] = {person.id for person in receivers(item, now=now)}
        if old_person_id is not None and old_person_id not in fits[key]:
            row.undo_kept.append([item_id, UNFIT])
            continue
        with transaction.atomic():
            is_back = item_give_back(
                actor=actor, now=now, item_id=item_id, receiver_id=row.receiver_id,
                given_at=datetime.fromisoformat(given_at), old_person_id=old_person_id, note=note,
                claimed_at=datetime.fromisoformat(claimed_at) if claimed_at else None,
                reason=f"Hoàn tác giao việc: {row.reason}"[:500],
            )  # fmt: skip
        if not is_back:
            row.undo_kept.append([item_id, MOVED_ON])
    row.undo_left -= len(part)
    row.save(update_fields=["undo_kept", "undo_left"])
    if not row.undo_left:
        _tell(row, now)


def _tell(row: Assignment, now: datetime) -> None:
    taken = len(row.given) - len(row.undo_kept)
    if not taken or row.receiver_id == row.by_id:
        return
    notice_add(
        person_id=row.receiver_id, agency_id=row.agency_id, key=f"unassigned:{row.pk}",
        text=f"{taken} việc vừa giao cho bạn đã được lấy lại", detail=row.reason, icon="users",
        link="/viec/", at=now,
    )  # fmt: skip
