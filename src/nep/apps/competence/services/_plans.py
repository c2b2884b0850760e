"""The year's plan: sessions are put in, sent to the head, approved or returned."""

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from nep.apps.competence.models import Attendance, Need, Requirement, Session, TrainingPlan
from nep.apps.competence.queries import facts_of, session_lines
from nep.apps.competence.rules import training as rules
from nep.apps.competence.services._ground import (
    PLAN_SOURCE,
    end_of,
    item_close,
    item_for_organiser,
    known_people,
    locked_plan,
    locked_with_plan,
    stepped,
    told,
    unit_of_role,
)
from nep.apps.documents.queries import exceptions_of
from nep.apps.documents.rules import AUTHOR_APPROVER
from nep.apps.organization.rules import Actor, may
from nep.apps.work import services as work
from nep.apps.workcal import queries as workcal
from nep.kernel.decisions import Decision, require
from nep.kernel.errors import Conflict, NotFound, Refusal
from nep.kernel.text import clean
from nep.kernel.vietnamese import datetime_text, local, number_text

LEADER = "leader"
APPROVE_DAYS = 5


@dataclass(frozen=True, slots=True)
class SessionValues:
    """A session as it is told; `trainer` in words, or a person of the agency."""

    title: str
    starts_at: datetime
    hours: Decimal
    organiser_id: int
    person_ids: tuple[int, ...]
    form: str = "inside"
    trainer: str = ""
    trainer_person_id: int | None = None
    place: str = ""
    requirement_id: int | None = None


@transaction.atomic
def session_add(
    *, actor: Actor, values: SessionValues, now: datetime, need_ids: Iterable[int] = ()
) -> int:
    """Put a session into the plan of its year, for the needs it meets; return its id.

    It waits for the approval of the plan. Raises Forbidden; Refusal(see `decide_session`,
    "person_unknown", "needs_gone", "requirement_unknown", "session_past").
    Source: TCVN ISO 9001:2015 điều 7.2 c.
    """
    require(may(actor, "competence.manage"))
    kept = _checked(actor, values, now)
    year = local(values.starts_at).year
    plan, _ = TrainingPlan.objects.select_for_update(of=("self",)).get_or_create(
        agency_id=actor.agency_id, year=year
    )
    require(rules.decide_touch(plan_state=plan.state, move="open"), kind=Refusal)
    wanted = list(need_ids)
    needs = list(
        Need.objects.select_for_update(of=("self",)).filter(
            agency_id=actor.agency_id, pk__in=wanted, state=rules.NEED_OPEN
        )
    )
    if len(needs) != len(set(wanted)):
        raise Refusal("needs_gone", "Có nhu cầu đã có lớp hoặc đã bỏ. Hãy tải lại trang.")
    last = Session.objects.filter(plan=plan).aggregate(most=Max("number"))["most"] or 0
    if kept["requirement_id"] is None:
        kept["requirement_id"] = next((n.requirement_id for n in needs if n.requirement_id), None)
    row = Session.objects.create(
        agency_id=actor.agency_id, plan=plan, number=last + 1, key=secrets.token_urlsafe(18),
        changed_at=now, version=0, **kept,
    )  # fmt: skip
    _invite(row, values.person_ids, now)
    for need in needs:
        need.state, need.session, need.changed_at = rules.NEED_PLANNED, row, now
        need.save()
    stepped(actor, row, "open", row.title, now, people=list(values.person_ids))
    return row.id


def _checked(actor: Actor, values: SessionValues, now: datetime) -> dict[str, Any]:
    """Return the columns of told values. Raises Refusal."""
    require(
        rules.decide_session(
            title=values.title, form=values.form, hours=float(values.hours),
            person_ids=values.person_ids, on=local(values.starts_at).date(),
            today=local(now).date(),
        ),
        kind=Refusal,
    )  # fmt: skip
    known_people(actor, values.person_ids, now)
    known_people(actor, [values.organiser_id], now, field="organiser")
    if values.trainer_person_id is not None:
        known_people(actor, [values.trainer_person_id], now, field="trainer_person")
    wanted = values.requirement_id
    own = Requirement.objects.filter(agency_id=actor.agency_id, ended_at=None)
    if wanted is not None and not own.filter(pk=wanted).exists():
        raise Refusal("requirement_unknown", "Hãy chọn năng lực trong danh sách.")
    return {
        "title": clean(values.title)[:400], "form": values.form, "starts_at": values.starts_at,
        "hours": values.hours, "organiser_id": values.organiser_id,
        "trainer": clean(values.trainer)[:200], "trainer_person_id": values.trainer_person_id,
        "place": clean(values.place)[:200], "requirement_id": wanted,
    }  # fmt: skip


def _invite(row: Session, person_ids: Iterable[int], now: datetime) -> None:
    """Have exactly these people asked; what is written of who stays is kept."""
    wanted = set(person_ids)
    Attendance.objects.filter(session=row).exclude(person_id__in=wanted).delete()
    known = set(Attendance.objects.filter(session=row).values_list("person_id", flat=True))
    Attendance.objects.bulk_create(
        [Attendance(session=row, person_id=one, at=now) for one in sorted(wanted - known)]
    )


@transaction.atomic
def session_change(*, actor: Actor, session_id: int, values: SessionValues, now: datetime) -> None:
    """Change a session that has not been held: its day, place, people.

    Raises Forbidden; NotFound; Refusal(see `session_add`, "other_year").
    """
    require(may(actor, "competence.own"))
    row, plan = locked_with_plan(actor, session_id)
    require(rules.may_organise(actor, facts_of(row)))
    moved = rules.next_state(row.state, rules.CHANGE)
    require(moved if isinstance(moved, rules.Refused) else rules.ALLOWED, kind=Refusal)
    require(rules.decide_touch(plan_state=plan.state, move=rules.CHANGE), kind=Refusal)
    kept = _checked(actor, values, now)
    if local(values.starts_at).year != plan.year:
        raise Refusal("other_year", f"Buổi này thuộc kế hoạch năm {plan.year}.", field="day")
    old = {name: getattr(row, name) for name, value in kept.items() if getattr(row, name) != value}
    for name, value in kept.items():
        setattr(row, name, value)
    _invite(row, values.person_ids, now)
    if row.state == rules.PLANNED:
        item_close(row, actor, now)
        item_for_organiser(row)
    stepped(actor, row, rules.CHANGE, row.title, now, old=old, people=list(values.person_ids))


@transaction.atomic
def plan_send(*, actor: Actor, year: int, now: datetime) -> int:
    """Send the sessions of a year that are not approved to the head; return the plan's id.

    Raises Forbidden; NotFound; Refusal(see `decide_send`).
    """
    require(may(actor, "competence.manage"))
    plan = (
        TrainingPlan.objects.select_for_update(of=("self",))
        .filter(agency_id=actor.agency_id, year=year)
        .first()
    )
    if plan is None:
        raise NotFound()
    drafts = Session.objects.filter(plan=plan, state=rules.DRAFT).count()
    require(rules.decide_send(actor, state=plan.state, sessions=drafts), kind=Refusal)
    plan.state, plan.sent_by_id, plan.sent_at = rules.PLAN_SENT, actor.person_id, now
    plan.return_note = ""
    plan.frozen = _frozen(plan, now)
    plan.sha256 = digest_of(plan.frozen)
    today = local(now).date()
    plan.item_id = work.item_open(
        batch=None, agency_id=plan.agency_id, kind="action", step_label="Phê duyệt kế hoạch",
        title=f"Kế hoạch đào tạo năm {year}", detail="Phê duyệt kế hoạch",
        link=f"/nang-luc/ke-hoach/{plan.id}/", source_type=PLAN_SOURCE, source_id=plan.id,
        source_code=f"KHĐT {year}", opened_at=now, role=LEADER,
        due_at=end_of(plan.agency_id, workcal.working_day_after(
            agency_id=plan.agency_id, day=today, count=APPROVE_DAYS)),
        unit_id=unit_of_role(plan.agency_id, LEADER, today),
    )  # fmt: skip
    _plan_told(actor, plan, "send", now)
    return plan.id


def _frozen(plan: TrainingPlan, now: datetime) -> list[dict[str, Any]]:
    rows = Session.objects.filter(plan=plan).exclude(state=rules.CANCELLED)
    lines = session_lines(rows.order_by("starts_at", "id"), local(now).date())
    return [
        {"id": one.id, "number": place, "title": one.title, "form": one.form_name,
         "trainer": one.trainer, "at": datetime_text(one.starts_at), "place": one.place,
         "hours": number_text(one.hours), "people": one.invited, "organiser": one.organiser,
         "is_new": one.state == rules.DRAFT}
        for place, one in enumerate(lines, start=1)
    ]  # fmt: skip


def digest_of(rows: Iterable[Any]) -> str:
    """Return the SHA-256 of frozen rows."""
    text = json.dumps(list(rows), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def plan_approve(*, actor: Actor, plan_id: int, sha256: str, now: datetime) -> None:
    """Approve the plan as it was shown: `sha256` is that of the rows on the page.

    Raises Forbidden; NotFound; Refusal(see `decide_approve`); Conflict("plan_changed").
    """
    require(may(actor, "competence.approve"))
    plan = locked_plan(actor, plan_id)
    require(_may_approve(actor, plan), kind=Refusal)
    if sha256 != plan.sha256:
        raise Conflict("plan_changed", "Kế hoạch đã khác bản bạn xem. Hãy xem lại rồi phê duyệt.")
    plan.state, plan.approved_by_id, plan.approved_at = rules.PLAN_APPROVED, actor.person_id, now
    plan.edition += 1
    item_close(plan, actor, now)
    _plan_told(actor, plan, "approve", now)
    for row in Session.objects.select_for_update(of=("self",)).filter(plan=plan, state=rules.DRAFT):
        row.state, row.changed_at = rules.PLANNED, now
        item_for_organiser(row)
        stepped(actor, row, rules.APPROVE, "", now, old={"state": rules.DRAFT})


@transaction.atomic
def plan_return(*, actor: Actor, plan_id: int, reason: str, now: datetime) -> None:
    """Return the plan with a reason. Raises Forbidden; NotFound; Refusal("reason_missing")."""
    require(may(actor, "competence.approve"))
    plan = locked_plan(actor, plan_id)
    require(_may_approve(actor, plan), kind=Refusal)
    if len(clean(reason)) < rules.LEAST_WORDS:
        raise Refusal("reason_missing", "Hãy ghi phải sửa gì.", field="reason")
    plan.state, plan.return_note = rules.PLAN_DRAFT, clean(reason)[:600]
    item_close(plan, actor, now)
    _plan_told(actor, plan, "return", now, reason=plan.return_note)


def _may_approve(actor: Actor, plan: TrainingPlan) -> Decision:
    return rules.decide_approve(
        actor, state=plan.state, sent_by_id=plan.sent_by_id,
        may_be_same=AUTHOR_APPROVER in exceptions_of(actor.agency_id),
    )  # fmt: skip


def _plan_told(
    actor: Actor, plan: TrainingPlan, action: str, now: datetime, reason: str = ""
) -> None:
    plan.version += 1
    plan.save()
    told(actor, plan.agency_id, "training_plan", plan.id, action, now, reason=reason,
         year=plan.year, state=plan.state, sha256=plan.sha256)  # fmt: skip
