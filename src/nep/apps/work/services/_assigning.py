"""Many items given to one person at once: a part at once, the rest by the worker."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.work import rules
from nep.apps.work.models import Assignment, WorkItem
from nep.apps.work.services._holding import item_assign, receivers
from nep.apps.work.services._notices import notice_add
from nep.foundation.db import new_id
from nep.foundation.journal import services as journal
from nep.foundation.outbox import services as outbox
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.text import clean
from nep.kernel.vietnamese import local

ASSIGN_JOB = "work.assign"
AT_ONCE = 25


@transaction.atomic
def assignment_start(
    *, actor: Actor, now: datetime, item_ids: Sequence[int], receiver_id: int, reason: str
) -> int:
    """Give items to one person: the first 25 now, the rest by the worker; return the id under
    which progress is shown.

    An item that cannot go there (its role, its holder, done meanwhile) is refused by itself with
    its sentence, the others go on. Raises Forbidden; Refusal("items_missing", "items_many",
    "reason_missing").
    """
    require(rules.may(actor, "case.manage"))
    words, wanted = clean(reason)[:500], list(dict.fromkeys(item_ids))
    require(rules.decide_assignment(count=len(wanted), reason=words), kind=Refusal)
    row = Assignment.objects.create(
        id=new_id(), agency_id=actor.agency_id, by_id=actor.person_id, receiver_id=receiver_id,
        reason=words, item_ids=wanted, total=len(wanted), started_at=now,
    )  # fmt: skip
    journal.record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action="work.assigned",
        object_type="assignment", object_id=row.pk, at=now, reason=words,
        new={"items": len(wanted), "receiver": receiver_id},
    )  # fmt: skip
    _give(row, actor, now)
    if row.item_ids:
        outbox.enqueue(
            ASSIGN_JOB, {"id": row.pk, "user": actor.user_id}, at=now,
            agency_id=actor.agency_id, urgent=True,
        )  # fmt: skip
    return row.pk


def assignment_go_on(*, assignment_id: int, user_id: int | None, now: datetime) -> bool:
    """Give the next items of an assignment and return whether it is finished.

    Who began it must still be allowed to; else the rest is refused.
    """
    while True:
        with transaction.atomic():
            row = Assignment.objects.select_for_update().filter(pk=assignment_id).first()
            if row is None or row.finished_at is not None:
                return True
            actor = organization.actor_for(
                user_id=user_id or 0, agency_id=row.agency_id, today=local(now).date()
            )
            if actor is None or actor.person_id != row.by_id:
                _refuse_rest(row, "Người giao không còn quyền trong cơ quan.", now)
            else:
                _give(row, actor, now)
        if row.finished_at is not None:
            return True


def _refuse_rest(row: Assignment, why: str, now: datetime) -> None:
    row.refused = [*row.refused, *([item_id, why] for item_id in row.item_ids)]
    row.item_ids, row.finished_at = [], now
    row.save(update_fields=["refused", "item_ids", "finished_at"])


def _give(row: Assignment, actor: Actor, now: datetime) -> None:
    """Give the next items; every item stands or falls by itself."""
    part, rest = row.item_ids[:AT_ONCE], row.item_ids[AT_ONCE:]
    fits: dict[tuple[int | None, str], set[int]] = {}
    found = {
        item.pk: item for item in WorkItem.objects.filter(pk__in=part, agency_id=row.agency_id)
    }
    for item_id in part:
        item = found.get(item_id)
        if item is None:
            row.refused.append([item_id, "Không tìm thấy việc này trong cơ quan của bạn."])
            continue
        key = (item.unit_id, item.role)
        if key not in fits:
            fits[key] = {person.id for person in receivers(item, now=now)}
        try:
            with transaction.atomic():
                item_assign(
                    actor=actor, now=now, item_id=item_id, receiver_id=row.receiver_id,
                    reason=row.reason, fit=fits[key],
                )  # fmt: skip
        except Refusal as refusal:
            row.refused.append([item_id, refusal.message])
        else:
            row.done += 1
            since = item.claimed_at.isoformat() if item.claimed_at else None
            row.given.append([item_id, item.person_id, item.note, since, now.isoformat()])
    row.item_ids = rest
    if not rest:
        row.finished_at = now
        _tell(row, now)
    row.save(update_fields=["item_ids", "refused", "given", "done", "finished_at"])


def _tell(row: Assignment, now: datetime) -> None:
    if not row.done or row.receiver_id == row.by_id:
        return
    notice_add(
        person_id=row.receiver_id, agency_id=row.agency_id, key=f"assigned:{row.pk}",
        text=f"Bạn được giao {row.done} việc", detail=row.reason, icon="users", link="/viec/",
        at=now,
    )  # fmt: skip
