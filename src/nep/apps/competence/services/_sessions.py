"""A session is attended, held, judged for its effect, cancelled."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from nep.apps.competence.models import Attendance, Session
from nep.apps.competence.queries import facts_of
from nep.apps.competence.rules import training as rules
from nep.apps.competence.services._ground import (
    item_close,
    item_for_judge,
    locked,
    locked_with_plan,
    stepped,
)
from nep.apps.competence.services._needs import need_propose, needs_conclude, needs_reopen
from nep.apps.organization.queries import person_names
from nep.apps.organization.rules import Actor, may
from nep.apps.work import services as work
from nep.apps.work.ports import HolderChange
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.references import Reference
from nep.kernel.text import clean
from nep.kernel.vietnamese import local


@transaction.atomic
def session_attend(*, actor: Actor, session_id: int, now: datetime) -> None:
    """Say "I am here"; again it changes nothing. Raises Forbidden; NotFound; Refusal.

    Source: TCVN ISO 9001:2015 điều 7.2 d.
    """
    require(may(actor, "competence.own"))
    row = locked(actor, session_id)
    mine = Attendance.objects.filter(session=row, person_id=actor.person_id).first()
    if mine is not None and mine.state == rules.PRESENT:
        return
    require(
        rules.decide_attend(
            state=row.state, on=local(row.starts_at).date(), today=local(now).date(),
            is_invited=mine is not None,
        ),
        kind=Refusal,
    )  # fmt: skip
    assert mine is not None
    mine.state, mine.how, mine.at = rules.PRESENT, "self", now
    mine.save()
    journal.record(
        actor_id=actor.person_id, agency_id=row.agency_id, action="training.attend",
        object_type="training", object_id=row.id, at=now, old=None,
        new={"person": actor.person_id},
    )  # fmt: skip


@transaction.atomic
def session_hold(
    *, actor: Actor, session_id: int, present_ids: Iterable[int], effect_on: date | None,
    now: datetime,
) -> None:  # fmt: skip
    """Write who was there and that the session took place; the others were absent.

    Its effect is judged from `effect_on` on, by default some weeks later. Raises Forbidden;
    NotFound; Refusal(see `decide_hold`, "effect_past").
    """
    require(may(actor, "competence.own"))
    row = locked(actor, session_id)
    chosen, today = set(present_ids), local(now).date()
    asked = Attendance.objects.filter(session=row)
    known = dict(asked.values_list("person_id", "state"))
    there = frozenset(chosen & set(known))
    facts = facts_of(row)
    require(
        rules.decide_hold(
            actor,
            rules.Facts(facts.state, facts.on, facts.organiser_id, facts.trainer_id, None, there),
            today=today,
        ),
        kind=Refusal,
    )
    if effect_on is not None and effect_on < today:
        raise Refusal("effect_past", "Ngày xét hiệu quả phải từ hôm nay trở đi.", field="effect_on")
    new = [person for person in there if known[person] != rules.PRESENT]
    asked.filter(person_id__in=new).update(state=rules.PRESENT, how="list", at=now)
    asked.exclude(person_id__in=there).update(state=rules.ABSENT, how="list", at=now)
    row.state, row.held_at = rules.HELD, now
    row.effect_on = effect_on or rules.effect_day(today)
    item_close(row, actor, now)
    item_for_judge(row, now)
    said = f"{len(there)}/{len(known)} người có mặt"
    stepped(actor, row, rules.HOLD, said, now, old={"state": rules.PLANNED}, present=sorted(there))


@transaction.atomic
def session_judge(*, actor: Actor, session_id: int, worked: bool, note: str, now: datetime) -> None:
    """Conclude whether a session had an effect; without one its people need it again, and who was
    absent needs it in any case.

    Raises Forbidden; NotFound; Refusal(see `decide_judge`).
    Source: TCVN ISO 9001:2015 điều 7.2 c (đánh giá hiệu lực của hành động đã thực hiện).
    """
    require(may(actor, "competence.own"))
    row = locked(actor, session_id)
    facts, today = facts_of(row), local(now).date()
    require(rules.decide_judge(actor, facts, worked=worked, note=note, today=today), kind=Refusal)
    move = rules.WORKED if worked else rules.FAILED
    row.state = rules.EFFECTIVE if worked else rules.INEFFECTIVE
    row.effect_note, row.effect_by_id, row.effect_at = clean(note)[:1000], actor.person_id, now
    item_close(row, actor, now)
    stepped(actor, row, move, row.effect_note, now, old={"state": rules.HELD})
    needs_conclude(actor, row, facts.present_ids, now)
    if not worked:
        origin = Reference("session", row.id, row.title, f"/nang-luc/buoi/{row.id}/")
        need_propose(
            agency_id=row.agency_id, origin=origin, title=row.title,
            person_ids=sorted(facts.present_ids), now=now,
        )  # fmt: skip


@transaction.atomic
def session_cancel(*, actor: Actor, session_id: int, reason: str, now: datetime) -> None:
    """Cancel a session with a reason; its needs are open again.

    Raises Forbidden; NotFound; Refusal("session_state", "plan_sent", "reason_missing").
    """
    require(may(actor, "competence.own"))
    row, plan = locked_with_plan(actor, session_id)
    require(rules.may_organise(actor, facts_of(row)))
    moved = rules.next_state(row.state, rules.CANCEL)
    require(moved if isinstance(moved, rules.Refused) else rules.ALLOWED, kind=Refusal)
    require(rules.decide_touch(plan_state=plan.state, move=rules.CANCEL), kind=Refusal)
    if len(clean(reason)) < rules.LEAST_WORDS:
        raise Refusal("reason_missing", "Hãy ghi lý do bằng một câu.", field="reason")
    old = {"state": row.state}
    row.state, row.end_note = rules.CANCELLED, clean(reason)[:600]
    if row.item_id is not None:
        work.item_withdraw(batch=None, item_id=row.item_id, at=now, by_id=actor.person_id)
    row.item_id = None
    needs_reopen(actor, row, now)
    stepped(actor, row, rules.CANCEL, row.end_note, now, old=old)


def session_follow(change: HolderChange) -> None:
    """Make who received a coming session's work its organiser; a claim without a reason changes
    nothing. Part of the hand-over, which asked for permission and journals it."""
    receiver = change.new_person_id
    if receiver is None or not change.reason:
        return
    row = (
        Session.objects.select_for_update(of=("self",))
        .filter(pk=change.source_id, agency_id=change.agency_id, item_id=change.item_id)
        .first()
    )
    if row is None or row.state != rules.PLANNED:
        return
    row.organiser_id, row.changed_at, row.version = receiver, change.at, row.version + 1
    row.save()
    journal.record(
        actor_id=change.by_id, agency_id=row.agency_id, action="training.hand",
        object_type="training", object_id=row.id, at=change.at, old=None,
        new={"organiser": receiver}, reason=f"{person_names([receiver]).get(receiver, '')}",
    )  # fmt: skip
