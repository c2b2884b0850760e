"""Who holds an item: taken by a person, or handed over to another."""

from datetime import datetime

from django.db import models, transaction

from nep.apps.organization import queries as organization
from nep.apps.organization.queries import PersonRow
from nep.apps.organization.rules import Actor
from nep.apps.work import ports, rules
from nep.apps.work.events import ItemHandedOver
from nep.apps.work.models import WorkItem
from nep.apps.work.ports import HolderChange, tell_holder_changed
from nep.apps.work.queries._items import able_to_hold
from nep.foundation.journal import services as journal
from nep.foundation.outbox import services as outbox
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, NotFound, Refusal
from nep.kernel.text import clean


@transaction.atomic
def item_claim(*, actor: Actor, now: datetime, item_id: int) -> None:
    """Take an item that waits for the actor's role.

    Raises NotFound; Conflict("item_taken", "item_closed"); Forbidden("not_your_role").
    """
    row = _locked(actor, item_id)
    decision = rules.decide_claim(actor, holding_of(row))
    if not decision and getattr(decision, "code", "") in {"item_taken", "item_closed"}:
        raise _lost(item_id)
    require(decision)
    taken = WorkItem.objects.filter(pk=item_id, state__lt=1, person_id=None).update(
        person_id=actor.person_id, claimed_at=now, version=row.version + 1, stale=True
    )
    if not taken:
        raise _lost(item_id)
    journal.record(
        actor_id=actor.person_id,
        agency_id=row.agency_id,
        action="work.claimed",
        object_type=row.source_type,
        object_id=row.source_id,
        at=now,
        new={"item_id": row.id, "person_id": actor.person_id},
    )
    tell_holder_changed(_change(row, actor.person_id, actor, "", now))


@transaction.atomic
def item_hand_over(
    *,
    actor: Actor,
    now: datetime,
    item_id: int,
    receiver_id: int,
    reason: str,
    version: int | None = None,
) -> None:
    """Give an item to another person who holds its role today; its clock goes on.

    Raises NotFound; Conflict("item_changed") when `version` is no longer the present one or the
    item was closed; Refusal("not_your_item", "receiver_unfit", "reason_missing", "same_holder").
    """
    row = _locked(actor, item_id)
    words = clean(reason)[:500]
    fits = receiver_id in {person.id for person in receivers(row, now=now)}
    decision = rules.decide_hand_over(
        actor, holding_of(row), receiver_id=receiver_id, receiver_fits=fits, reason=words
    )
    if row.state != WorkItem.OPEN or (version is not None and version != row.version):
        raise _lost(item_id, code="item_changed")
    require(decision, kind=Refusal)
    _hand(row, receiver_id, words, actor, now)


@transaction.atomic
def item_take_over(
    *, actor: Actor, now: datetime, item_id: int, receiver_id: int, reason: str
) -> None:
    """Give an open item of a leaving person to another, as part of a hand-over of everything.

    The caller has asked for permission; the receiver must hold the item's role today, or work in
    the agency when the item names none. Raises NotFound; Conflict("item_changed");
    Refusal("receiver_unfit").
    """
    row = WorkItem.objects.filter(pk=item_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    ports.lock_source(row.source_type, row.source_id)
    row.refresh_from_db()
    if row.state != WorkItem.OPEN:
        raise _lost(item_id, code="item_changed")
    if receiver_id not in {person.id for person in receivers(row, now=now)}:
        raise Refusal(
            "receiver_unfit",
            f"Người được chọn hôm nay không giữ vai trò của việc “{row.title}”. Hãy chọn người "
            "khác, hoặc bổ nhiệm trước.",
            field="receiver",
        )
    _hand(row, receiver_id, clean(reason)[:500], actor, now)


def item_assign(
    *, actor: Actor, now: datetime, item_id: int, receiver_id: int, reason: str, fit: set[int]
) -> None:
    """Give one of many items to a person, who is told of all of them at once by the caller.

    `fit` are those who may hold the item's role today. Within the caller's transaction. Raises
    as `item_hand_over`.
    """
    row = _locked(actor, item_id)
    decision = rules.decide_hand_over(
        actor, holding_of(row), receiver_id=receiver_id, receiver_fits=receiver_id in fit,
        reason=reason,
    )  # fmt: skip
    require(decision, kind=Refusal)
    _hand(row, receiver_id, reason, actor, now, told_apart=False)


def item_give_back(
    *,
    actor: Actor,
    now: datetime,
    item_id: int,
    receiver_id: int,
    given_at: datetime,
    old_person_id: int | None,
    note: str,
    claimed_at: datetime | None,
    reason: str,
) -> bool:
    """Put an item back where it was before it was given at a moment; say whether it was still so.

    Within the caller's transaction, who has asked for the right.
    """
    row = WorkItem.objects.filter(pk=item_id, agency_id=actor.agency_id).first()
    if row is None:
        return False
    ports.lock_source(row.source_type, row.source_id)
    back = WorkItem.objects.filter(
        pk=item_id, state__lt=1, person_id=receiver_id, claimed_at=given_at
    ).update(
        person_id=old_person_id, claimed_at=claimed_at, note=note,
        version=models.F("version") + 1, stale=True,
    )  # fmt: skip
    if not back:
        return False
    journal.record(
        actor_id=actor.person_id,
        agency_id=row.agency_id,
        action="work.handed_over",
        object_type=row.source_type,
        object_id=row.source_id,
        at=now,
        old={"item_id": row.id, "person_id": receiver_id},
        new={"item_id": row.id, "person_id": old_person_id},
        reason=reason,
    )
    row.person_id = receiver_id
    tell_holder_changed(_change(row, old_person_id, actor, reason, now))
    return True


def _hand(
    row: WorkItem,
    receiver_id: int,
    words: str,
    actor: Actor,
    now: datetime,
    *,
    told_apart: bool = True,
) -> None:
    moved = WorkItem.objects.filter(pk=row.id, state__lt=1, version=row.version).update(
        person_id=receiver_id, claimed_at=now, note=words, version=row.version + 1, stale=True
    )
    if not moved:
        raise _lost(row.id, code="item_changed")
    journal.record(
        actor_id=actor.person_id,
        agency_id=row.agency_id,
        action="work.handed_over",
        object_type=row.source_type,
        object_id=row.source_id,
        at=now,
        old={"item_id": row.id, "person_id": row.person_id},
        new={"item_id": row.id, "person_id": receiver_id},
        reason=words,
    )
    tell_holder_changed(_change(row, receiver_id, actor, words, now))
    if not told_apart:
        return
    outbox.publish(
        ItemHandedOver(
            item_id=row.id,
            agency_id=row.agency_id,
            title=row.title,
            source_code=row.source_code,
            link=row.link,
            old_person_id=row.person_id,
            new_person_id=receiver_id,
            by_id=actor.person_id,
            reason=words,
            told=round(now.timestamp() * 1000),
        ),
        agency_id=row.agency_id,
        at=now,
    )


def receivers(row: WorkItem, *, now: datetime) -> tuple[PersonRow, ...]:
    """Return who may hold the item today: the holders of its role in its unit."""
    return able_to_hold(agency_id=row.agency_id, unit_id=row.unit_id, role=row.role, now=now)


def holding_of(row: WorkItem) -> rules.Holding:
    """Return what the rules need to know of a row."""
    return rules.Holding(
        row.agency_id, row.person_id, row.unit_id, row.role, row.state == WorkItem.OPEN
    )


def _locked(actor: Actor, item_id: int) -> WorkItem:
    """Return the item as it stands once its source is locked."""
    row = _row(actor, item_id)
    ports.lock_source(row.source_type, row.source_id)
    return _row(actor, item_id)


def _lost(item_id: int, *, code: str = "item_taken") -> Conflict:
    """Return the refusal of who came second, naming who was first."""
    row = WorkItem.objects.get(pk=item_id)
    is_open = row.state == WorkItem.OPEN
    person_id = row.person_id if is_open else row.closed_by_id
    name = organization.person_names([person_id]).get(person_id or 0, "")
    if not is_open:
        by = f"{name} vừa làm xong việc này." if name else "Việc này đã xong."
        code = "item_closed" if code == "item_taken" else code
    elif name:
        by = f"{name} đang giữ việc này."
    else:
        by = "Việc này vừa đổi người giữ."
    return Conflict(code, f"{by} Hãy mở lại danh sách.")


def _row(actor: Actor, item_id: int) -> WorkItem:
    row = WorkItem.objects.filter(pk=item_id, agency_id=actor.agency_id).first()
    if row is None or not rules.may_see_item(actor, holding_of(row)):
        raise NotFound()
    return row


def _change(
    row: WorkItem, receiver_id: int | None, actor: Actor, reason: str, now: datetime
) -> HolderChange:
    return HolderChange(
        item_id=row.id,
        source_type=row.source_type,
        source_id=row.source_id,
        agency_id=row.agency_id,
        old_person_id=row.person_id,
        new_person_id=receiver_id,
        by_id=actor.person_id,
        reason=reason,
        at=now,
    )
