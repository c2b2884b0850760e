"""What every service of training needs: the row, its step, its work item."""

from datetime import date, datetime
from typing import Any

from nep.apps.competence.models import Attendance, Session, SessionMove, TrainingPlan
from nep.apps.competence.rules import training as rules
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.work import services as work
from nep.apps.workcal import queries as workcal
from nep.foundation.journal import services as journal
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import shorten
from nep.kernel.vietnamese import local

SOURCE, PLAN_SOURCE = "training", "training_plan"
HEAD, JUDGES = "unit_head", ("qmr", "iso_secretary", "leader")


def locked(actor: Actor, session_id: int) -> Session:
    """Return a session of the actor's agency, locked until the end. Raises NotFound."""
    row = (
        Session.objects.select_for_update(of=("self",))
        .filter(pk=session_id, agency_id=actor.agency_id)
        .first()
    )
    if row is None:
        raise NotFound()
    return row


def locked_plan(actor: Actor, plan_id: int) -> TrainingPlan:
    """Return a year's plan of the actor's agency, locked until the end. Raises NotFound."""
    row = (
        TrainingPlan.objects.select_for_update(of=("self",))
        .filter(pk=plan_id, agency_id=actor.agency_id)
        .first()
    )
    if row is None:
        raise NotFound()
    return row


def locked_with_plan(actor: Actor, session_id: int) -> tuple[Session, TrainingPlan]:
    """Return a session with its plan, the plan locked first as where it is sent. Raises NotFound."""
    own = Session.objects.filter(pk=session_id, agency_id=actor.agency_id)
    plan_id = own.values_list("plan_id", flat=True).first()
    if plan_id is None:
        raise NotFound()
    plan = locked_plan(actor, plan_id)
    return locked(actor, session_id), plan


def member_ids(actor: Actor, now: datetime) -> frozenset[int]:
    """Return everybody who holds an appointment in the actor's agency today."""
    found = organization.members(agency_id=actor.agency_id, today=local(now).date())
    return frozenset(one.id for one in found)


def known_people(actor: Actor, wanted: Any, now: datetime, *, field: str = "people") -> list[int]:
    """Return the ids that are asked for, in order. Raises Refusal for one of nobody here."""
    chosen = list(dict.fromkeys(wanted))
    if not set(chosen) <= member_ids(actor, now):
        raise Refusal("person_unknown", "Hãy chọn người trong danh sách.", field=field)
    return chosen


def stepped(
    actor: Actor, row: Session, move: str, text: str, now: datetime, old: Any = None, **more: Any
) -> None:
    """Write a changed session with its step and its journal entry; `more` is journaled beside."""
    row.changed_at, row.version = now, row.version + 1
    row.save()
    SessionMove.objects.create(
        session=row, move=move, state=row.state, text=text[:1000], by_id=actor.person_id, at=now
    )
    journal.record(
        actor_id=actor.person_id, agency_id=row.agency_id, action=f"training.{move}",
        object_type="training", object_id=row.id, at=now, old=old,
        new={"state": row.state, **more}, reason=shorten(text, 1000),
    )  # fmt: skip


def told(actor: Actor | None, agency_id: int, kind: str, object_id: int, action: str, now: datetime,
         *, reason: str = "", **new: Any) -> None:  # fmt: skip
    """Write the journal entry of a need, a requirement or a plan."""
    journal.record(
        actor_id=actor.person_id if actor else None, agency_id=agency_id,
        action=f"{kind}.{action}", object_type=kind, object_id=object_id, at=now, old=None, new=new,
        reason=reason,
    )  # fmt: skip


def item_close(row: Session | TrainingPlan, actor: Actor, now: datetime) -> None:
    """Close the open work item of a session or a plan."""
    if row.item_id is not None:
        work.item_close(batch=None, item_id=row.item_id, at=now, by_id=actor.person_id)
    row.item_id = None


def item_for_organiser(row: Session) -> None:
    """Ask the organiser to hold a session on its day and write who was there."""
    day = local(row.starts_at).date()
    row.item_id = _item(row, row.changed_at, "Mở lớp, điểm danh", day, person_id=row.organiser_id)


def item_for_judge(row: Session, now: datetime) -> None:
    """Ask somebody who neither taught nor took part to judge the effect on its day."""
    role, unit_id = _judge_role(row, now)
    due_on = row.effect_on or local(now).date()
    row.item_id = _item(row, now, "Xét hiệu quả đào tạo", due_on, role=role, unit_id=unit_id)


def _item(row: Session, now: datetime, step: str, due_on: date, **holder: Any) -> int:
    return work.item_open(
        batch=None, agency_id=row.agency_id, kind="action", title=shorten(row.title, 300),
        detail=step, link=f"/nang-luc/buoi/{row.id}/", source_type=SOURCE, source_id=row.id,
        source_code=f"ĐT {row.number:02d}/{local(row.starts_at).year}", opened_at=now,
        due_at=end_of(row.agency_id, due_on), step_label=step, **holder,
    )  # fmt: skip


def _judge_role(row: Session, now: datetime) -> tuple[str, int | None]:
    """Return who judges the effect: the head of the unit that most people came from, where that is
    somebody who neither taught nor took part; else who keeps or leads the system."""
    present = set(
        Attendance.objects.filter(session=row, state=rules.PRESENT).values_list(
            "person_id", flat=True
        )
    )
    barred = present | {row.trainer_person_id}
    directory = organization.directory(agency_id=row.agency_id, today=local(now).date())
    holders = {place: {one.id for one in people} for place, people in directory.holders.items()}
    for code in rules.units_by_presence(holders, present):
        if holders.get((code, HEAD), set()) - barred:
            unit = directory.unit(code)
            return HEAD, unit.id if unit else None
    for role in JUDGES:
        for (code, held), people in sorted(holders.items()):
            if held == role and people - barred:
                unit = directory.unit(code)
                return role, unit.id if unit else None
    return JUDGES[-1], None


def unit_of_role(agency_id: int, role: str, today: date) -> int | None:
    """Return the unit whose people hold a role today, the first by code; None for none."""
    directory = organization.directory(agency_id=agency_id, today=today)
    codes = sorted(code for code, held in directory.holders if held == role)
    unit = directory.unit(codes[0]) if codes else None
    return unit.id if unit else None


def end_of(agency_id: int, day: date) -> datetime:
    """Return the moment at which a day's work is due."""
    return workcal.day_end(agency_id=agency_id, day=day)
