"""Counting open due dates anew after the calendar changed: by the worker, in parts, with a trace."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from nep.apps.cases.models import Case, JointStep, Reprojection
from nep.apps.cases.queries._joint import joint_date
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.queries._reprojection import PORTION, CaseMove, moves_of, open_cases
from nep.apps.cases.rules import acting
from nep.apps.cases.services._beyond import WAIT_TABLE
from nep.apps.cases.services._opening import CASE_TABLE, RUN_TABLE, log
from nep.apps.organization.rules import Actor, may
from nep.apps.work import services as work
from nep.apps.workcal import queries as workcal
from nep.foundation.db import Batch
from nep.foundation.journal import services as journal
from nep.foundation.outbox import services as outbox
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, Refusal
from nep.kernel.text import clean_lines

REPROJECT_JOB = "cases.reproject"
_TRIES = 5


@transaction.atomic
def reprojection_start(*, actor: Actor, now: datetime, reason: str) -> int:
    """Have the worker count the agency's open due dates anew; return the counting's id.

    Raises Forbidden; Refusal("reason_missing", "reprojection_runs").
    """
    require(may(actor, "calendar.manage"))
    require(acting.decide_reason(reason), kind=Refusal)
    total = Case.objects.filter(
        agency_id=actor.agency_id, finished_at=None, origin="run", accepted_at__isnull=False
    ).count()
    try:
        with transaction.atomic():
            row = Reprojection.objects.create(
                agency_id=actor.agency_id, edition=workcal.edition_number(), total=total,
                reason=clean_lines(reason), created_at=now, created_by_id=actor.person_id,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refusal(
            "reprojection_runs", "Đang tính lại hạn. Hãy chờ lần này xong rồi mới bắt đầu lần khác."
        ) from error
    journal.record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action="case.reprojection_started",
        object_type="reprojection", object_id=row.pk, at=now, new={"cases": total},
        reason=row.reason,
    )  # fmt: skip
    outbox.enqueue(
        REPROJECT_JOB, {"id": row.pk}, at=now, key=str(row.pk), agency_id=actor.agency_id
    )
    return row.pk


@transaction.atomic
def reprojection_run(*, reprojection_id: int, now: datetime) -> int:
    """Count the next part anew and ask for the one after; return how many cases moved in all.

    Each part is one job and one transaction, so that nobody waits for all of them and a second run
    repeats nothing. Nothing closed moves.
    """
    row = Reprojection.objects.select_for_update().get(pk=reprojection_id)
    if row.state != "done" and _portion(row, now):
        outbox.enqueue(
            REPROJECT_JOB, {"id": row.pk}, at=now, key=f"{row.pk}:{row.cursor}",
            agency_id=row.agency_id,
        )  # fmt: skip
    return row.moved


def _portion(row: Reprojection, now: datetime) -> bool:
    """Move the next cases; False once all are done."""
    cases = open_cases(row.agency_id, after=row.cursor, limit=PORTION)
    if not cases:
        _finish(row, now)
        return False
    calendar = workcal.calendar_for(row.agency_id)
    moves = moves_of(cases, calendar=calendar)
    told = {int(key): count for key, count in row.told.items()}
    for case_id, found in moves.items():
        move = _written(row, found, now)
        if move is None:
            continue
        row.moved += 1
        holder = move.case.holder_person_id
        if holder is not None:
            told[holder] = told.get(holder, 0) + 1
        row.cursor = case_id
    row.cursor, row.seen = cases[-1].pk, row.seen + len(cases)
    row.told = {str(key): count for key, count in told.items()}
    row.save(update_fields=["cursor", "seen", "moved", "told"])
    return True


def _written(row: Reprojection, move: CaseMove, now: datetime) -> CaseMove | None:
    """Write one case's new dates; counted again when somebody acted on it in between."""
    found: CaseMove | None = move
    for _ in range(_TRIES):
        if found is None:
            return None
        if _write(row, found, now):
            return found
        fresh = Case.objects.get(pk=move.case.pk)
        if fresh.finished_at is not None:
            return None
        calendar = workcal.calendar_for(row.agency_id)
        found = moves_of([fresh], calendar=calendar).get(fresh.pk)
    raise Conflict("case_changed", f"Hồ sơ {move.case.code} đang được nhiều người sửa.")


def _write(row: Reprojection, move: CaseMove, now: datetime) -> bool:
    case, new, batch = move.case, move.promise, Batch()
    columns: dict[str, Any] = {
        "result_due_at": new.due_at, "indicator_due_at": new.indicator_at,
        "is_estimated": new.is_estimated, "version": case.version + 1,
    }  # fmt: skip
    for step in move.steps:
        batch.update(RUN_TABLE, where={"id": step.run_id}, set={"due_at": step.new})
        if step.item_id is not None:
            work.item_due_change(batch=batch, item_id=step.item_id, due_at=step.new)
        if step.node == case.step_node:
            columns["step_due_at"] = step.new
    for wait in move.waits:
        batch.update(WAIT_TABLE, where={"id": wait.wait_id}, set={"due_at": wait.new})
    waits = [{"id": w.wait_id, "old": _iso(w.old), "new": _iso(w.new)} for w in move.waits]
    log(
        batch, case_id=case.pk, kind="reprojected", at=now, actor_id=row.created_by_id,
        data={
            "reprojection": row.pk, "old_due": _iso(case.result_due_at), "due": _iso(new.due_at),
            "steps": [
                {"run": one.run_id, "old": _iso(one.old), "new": _iso(one.new)}
                for one in move.steps
            ],
            **({"waits": waits} if waits else {}),
            "reason": row.reason,
        },
    )  # fmt: skip
    batch.guard(CASE_TABLE, where={"id": case.pk, "version": case.version}, set=columns)
    return batch.flush()


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _move_joint_work(agency_id: int) -> None:
    """Count anew when the work is due that the agency does for cases of others."""
    open_there = JointStep.objects.filter(agency_id=agency_id, state="open")
    for joint in open_there.select_related("case", "run"):
        step = plan_for(joint.case.content_hash).steps.get(joint.run.node)
        due_at = joint_date(joint, step.amount, step.unit) if step is not None else None
        if due_at is not None:
            work.item_due_change(batch=None, item_id=joint.item_id, due_at=due_at)


def _finish(row: Reprojection, now: datetime) -> None:
    """Close a counting: its journal entry, and one notice for each holder of moved cases."""
    _move_joint_work(row.agency_id)
    row.state, row.finished_at = "done", now
    row.save(update_fields=["state", "finished_at"])
    journal.record(
        actor_id=row.created_by_id, agency_id=row.agency_id, action="case.reprojected",
        object_type="reprojection", object_id=row.pk, at=now,
        new={"cases": row.seen, "moved": row.moved}, reason=row.reason,
    )  # fmt: skip
    for person, count in row.told.items():
        work.notice_add(
            person_id=int(person), agency_id=row.agency_id, key=f"tinh-lai:{row.pk}",
            text=f"{count} hồ sơ bạn giữ đổi hạn theo lịch làm việc mới", detail=row.reason,
            icon="calendar-days", link=f"/ho-so/?nhom=mo&nguoi={person}", at=now,
        )  # fmt: skip
