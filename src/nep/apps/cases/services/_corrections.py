"""Putting a wrong result right: a round of its own, with its own clock."""

import json
from datetime import datetime

from django.db import transaction

from nep.apps.cases.models import Case, CaseCorrection, CaseEvent, StepRun
from nep.apps.cases.queries._time_rules import time_rules
from nep.apps.cases.rules import acting, statuses
from nep.apps.cases.rules.timing import working_minutes
from nep.apps.cases.services._finding import case_of
from nep.apps.cases.services._holding import case_lock
from nep.apps.cases.services._opening import case_path
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.apps.work import queries as work_queries
from nep.apps.work import services as work
from nep.apps.workcal import queries as workcal
from nep.foundation.db import new_id
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean_lines
from nep.kernel.vietnamese import local
from nep.worktime import deadline, minutes_of

CORRECTION_SOURCE = "case_correction"


@transaction.atomic
def correction_open(*, actor: Actor, now: datetime, case_id: int, reason: str) -> datetime:
    """Begin to put a wrong result right; return until when. The case itself stays as it ended.

    Reception and who directs cases may. It goes to who did the last step before the hand-over, or
    to that step's role when this person no longer holds it.
    Raises NotFound; Forbidden; Refusal("not_done_yet", "correction_open", "reason_missing").
    Source: Nghị định 118/2025/NĐ-CP Điều 23.
    """
    case = case_of(actor, case_id)
    if not may(actor, "case.manage"):
        require(may(actor, "case.accept"))
    if case.status not in {statuses.DONE, statuses.RETURNED} or case.origin != "run":
        raise Refusal("not_done_yet", "Hồ sơ chưa có kết quả nên chưa có gì để đính chính.")
    case_lock(case.pk)  # of two who find the same fault one opens it
    if CaseCorrection.objects.filter(case=case, closed_at=None).exists():
        raise Refusal("correction_open", "Kết quả của hồ sơ này đang được đính chính.")
    require(acting.decide_reason(reason), kind=Refusal)
    days = time_rules(agency_id=case.agency_id, at=now).correction_days
    due_at = deadline(
        calendar=workcal.calendar_for(case.agency_id), received_at=now, amount=days,
        unit="working_day",
    ).due_at or now  # fmt: skip
    person_id, unit_id, role = _doer(case, now)
    pk, item_id, text = new_id(), new_id(), clean_lines(reason)
    work.item_open(
        batch=None, item_id=item_id, agency_id=case.agency_id, kind="case",
        title="Đính chính kết quả có sai sót",
        detail=f"{case.applicant_mask} · {case.tthc_name}"[:400], link=case_path(case.pk),
        source_type=CORRECTION_SOURCE, source_id=pk, source_code=case.code,
        step_label="Đính chính", person_id=person_id, unit_id=unit_id, role=role, opened_at=now,
        due_at=due_at, limit_minutes=minutes_of(days, "working_day"), note=text[:500],
    )  # fmt: skip
    CaseCorrection.objects.create(
        id=pk, case=case, reason=text, opened_at=now, opened_by_id=actor.person_id, due_at=due_at,
        item_id=item_id,
    )  # fmt: skip
    _told(case, actor, now, "correction_opened", {"due": due_at.isoformat(), "reason": text})
    return due_at


def _doer(case: Case, now: datetime) -> tuple[int | None, int | None, str]:
    """Return (person, unit, role) of who puts the result right."""
    runs = StepRun.objects.filter(case=case, outcome__in=["done", "refused"], outside=False)
    run = runs.exclude(role="reception").order_by("-closed_at", "-id").first()
    run = run or runs.order_by("-closed_at", "-id").first()
    if run is None:
        return None, None, "reception"
    codes = {unit.id: unit.code for unit in organization.units_of(case.agency_id)}
    holders = organization.people_for(
        agency_id=case.agency_id, today=local(now).date(),
        unit_code=codes.get(run.unit_id, "") if run.unit_id else "", role=run.role,
    )  # fmt: skip
    still = run.closed_by_id in {person.id for person in holders}
    return run.closed_by_id if still else None, run.unit_id, run.role


@transaction.atomic
def correction_close(*, actor: Actor, now: datetime, correction_id: int, answer: str) -> bool:
    """Record that the result is put right and given again; return whether it came too late.

    Raises NotFound; Forbidden; Refusal("correction_closed", "reason_missing").
    """
    row = (
        CaseCorrection.objects.select_for_update(of=("self",))
        .select_related("case")
        .filter(pk=correction_id)
        .first()
    )
    if row is None:
        raise NotFound("not_found", "Không tìm thấy lần đính chính này.")
    case = case_of(actor, row.case_id)
    if row.closed_at is not None:
        raise Refusal("correction_closed", "Lần đính chính này đã xong.")
    items = work_queries.open_items_of(source_type=CORRECTION_SOURCE, source_id=row.pk)
    if not items:
        require(may(actor, "case.manage"))
    for item in items:
        require(
            acting.may_do_step(
                actor, person_id=item.person_id, unit_id=item.unit_id, role=item.role
            )
        )
    require(acting.decide_reason(answer, field="answer"), kind=Refusal)
    calendar = workcal.calendar_for(case.agency_id)
    row.closed_at, row.closed_by_id, row.answer = now, actor.person_id, clean_lines(answer)
    row.used_minutes = working_minutes(calendar, row.opened_at, now)
    row.late = now > row.due_at
    row.save()
    work.item_close(batch=None, item_id=row.item_id, at=now, by_id=actor.person_id)
    _told(case, actor, now, "correction_closed", {"note": row.answer, "late": row.late})
    return row.late


def _told(case: Case, actor: Actor, now: datetime, kind: str, data: dict[str, object]) -> None:
    CaseEvent.objects.create(
        id=new_id(), case=case, kind=kind, at=now, actor_id=actor.person_id,
        data=json.dumps(data, ensure_ascii=False),
    )  # fmt: skip
    journal.record(
        actor_id=actor.person_id, agency_id=case.agency_id, action=f"case.{kind}",
        object_type="case", object_id=case.pk, at=now, new=data,
        reason=str(data.get("reason") or data.get("note") or ""),
    )  # fmt: skip
