"""Ends of a case besides its last step: refused, withdrawn, stopped; the result given out."""

from datetime import datetime
from typing import Any

from django.db import transaction

from nep.apps.cases.events import CaseFinished
from nep.apps.cases.models import Case, CasePause, StepRun
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.rules import acting, statuses
from nep.apps.cases.rules.timing import on_time_word, working_minutes
from nep.apps.cases.services._beyond import beyond_end, messages_leave_into
from nep.apps.cases.services._facts import fact_into
from nep.apps.cases.services._finding import changed, own_case_of, require_hand, unit_of
from nep.apps.cases.services._giving import ending_give
from nep.apps.cases.services._opening import CASE_TABLE, RUN_TABLE, log
from nep.apps.cases.services._pausing import PAUSE_TABLE
from nep.apps.organization.rules import Actor, may
from nep.apps.work import services as work
from nep.apps.workcal import queries as workcal
from nep.foundation.db import Batch
from nep.foundation.journal import services as journal
from nep.foundation.outbox import services as outbox
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.text import clean_lines


@transaction.atomic
def case_refuse(
    *,
    actor: Actor,
    now: datetime,
    case_id: int,
    reason: str,
    late_reason: str = "",
    expected_version: int | None = None,
) -> str:
    """End a case with a written refusal; return whether it kept its time (truoc, dung, tre).

    The holder of its open step may do so, while it only waits who leads its unit. A refusal is to be written within the limit: after it,
    `late_reason` must say why it comes so late, and the case counts as late.
    Raises NotFound; Forbidden; Conflict; Refusal("reason_missing", "refusal_late",
    "case_finished", "case_paused").
    Source: Nghị định 118/2025/NĐ-CP Điều 19 khoản 3.
    """
    case = own_case_of(actor, case_id, expected_version)
    require(acting.decide_moving(case.status), kind=Refusal)
    signed = require_hand(actor, case)
    require(acting.decide_reason(reason), kind=Refusal)
    word = on_time_word(finished_at=now, due_at=case.result_due_at)
    require(acting.decide_refusal(is_late=word == "tre", why=late_reason), kind=Refusal)
    columns = {"status": statuses.DONE, "outcome": "refused", "on_time": word}
    if word == "tre":
        signed = {**signed, "late_reason": clean_lines(late_reason)}
    end_case(case, actor.person_id, now, "refused", reason, columns, signed)
    return word


@transaction.atomic
def case_withdraw(
    *,
    actor: Actor,
    now: datetime,
    case_id: int,
    reason: str,
    expected_version: int | None = None,
) -> None:
    """End a case because the applicant takes it back. Recorded at reception.

    Raises NotFound; Forbidden; Conflict; Refusal("reason_missing", "case_finished").
    Source: Nghị định 118/2025/NĐ-CP Điều 21.
    """
    case = own_case_of(actor, case_id, expected_version)
    require(may(actor, "case.accept"))
    if case.status in statuses.FINISHED:
        require(acting.decide_moving(case.status), kind=Refusal)
    require(acting.decide_reason(reason), kind=Refusal)
    columns = {"status": statuses.WITHDRAWN, "outcome": "withdrawn", "on_time": ""}
    end_case(case, actor.person_id, now, "withdrawn", reason, columns)


@transaction.atomic
def case_stop(
    *,
    actor: Actor,
    now: datetime,
    case_id: int,
    reason: str,
    expected_version: int | None = None,
) -> None:
    """Stop dealing with a case, for a reason the law names; who leads its unit may.

    Raises NotFound; Forbidden; Conflict; Refusal("reason_missing", "case_finished").
    Source: Nghị định 118/2025/NĐ-CP Điều 21.
    """
    case = own_case_of(actor, case_id, expected_version)
    require(acting.may_manage_case(actor, unit_id=unit_of(case)))
    if case.status in statuses.FINISHED:
        require(acting.decide_moving(case.status), kind=Refusal)
    require(acting.decide_reason(reason), kind=Refusal)
    end_case(case, actor.person_id, now, "stopped", reason, STOPPED)


STOPPED = {"status": statuses.STOPPED, "outcome": "stopped", "on_time": ""}


def end_case(
    case: Case,
    by_id: int | None,
    now: datetime,
    kind: str,
    reason: str,
    columns: dict[str, Any],
    signed: dict[str, Any] | None = None,
) -> None:
    """Close what is open of a case and end it; `by_id` None is the system itself.

    Raises Conflict when the case moved meanwhile.
    """
    batch = Batch()
    _close_runs(batch, case, by_id, now, columns["outcome"])
    for pause in CasePause.objects.filter(case=case, ended_at=None):
        batch.update(
            PAUSE_TABLE,
            where={"id": pause.pk},
            set={"ended_at": now, "ended_by_id": by_id},
        )
    beyond_end(batch, case=case, plan=plan_for(case.content_hash), by_id=by_id, now=now)
    text = clean_lines(reason)
    log(
        batch, case_id=case.pk, kind=kind, at=now, actor_id=by_id,
        data={"reason": text, **(signed or {})},
    )  # fmt: skip
    journal.record(
        actor_id=by_id, agency_id=case.agency_id, action=f"case.{kind}",
        object_type="case", object_id=case.pk, at=now, new=columns, reason=text, batch=batch,
    )  # fmt: skip
    fact_into(
        batch, case_id=case.pk, finished_at=now, status=columns["status"],
        on_time=columns["on_time"], ends=columns["outcome"],
        calendar=workcal.calendar_for(case.agency_id),
    )  # fmt: skip
    outbox.publish(
        CaseFinished(case.pk, case.agency_id, case.code, columns["outcome"], columns["on_time"]),
        agency_id=case.agency_id,
        at=now,
        batch=batch,
    )
    batch.guard(
        CASE_TABLE,
        where={"id": case.pk, "version": case.version},
        set={
            **columns, "finished_at": now, "paused_since": None, "holder_person_id": None,
            "holder_unit_id": None, "step_number": None, "step_node": "", "step_due_at": None,
            "state": "", "version": case.version + 1,
        },
    )  # fmt: skip
    if not batch.flush():
        raise changed(case)
    ending_give(case=case, kind=kind, by_id=by_id, now=now)


def _close_runs(batch: Batch, case: Case, by_id: int | None, now: datetime, outcome: str) -> None:
    calendar = workcal.calendar_for(case.agency_id)
    for run in StepRun.objects.filter(case=case, closed_at=None):
        used = run.used_minutes + working_minutes(calendar, run.running_since, now)
        batch.update(
            RUN_TABLE,
            where={"id": run.pk},
            set={
                "closed_at": now, "running_since": None, "used_minutes": used,
                "late": bool(run.running_since and run.due_at and now > run.due_at),
                "outcome": outcome, "closed_by_id": by_id,
            },
        )  # fmt: skip
        if run.item_id is not None:
            work.item_withdraw(batch=batch, item_id=run.item_id, at=now, by_id=by_id)


@transaction.atomic
def result_returned(
    *,
    actor: Actor,
    now: datetime,
    case_id: int,
    note: str = "",
    expected_version: int | None = None,
) -> None:
    """Record that the applicant has the result. Being late never forbids it.

    For procedures whose last step does not do so itself. Raises NotFound; Forbidden; Conflict;
    Refusal("not_done_yet", "already_returned").
    """
    case = own_case_of(actor, case_id, expected_version)
    require(may(actor, "case.accept"))
    if case.status == statuses.RETURNED:
        raise Refusal("already_returned", "Kết quả đã được trả.")
    if case.status != statuses.DONE:
        raise Refusal("not_done_yet", "Hồ sơ chưa xử lý xong nên chưa có kết quả để trả.")
    batch = Batch()
    _close_runs(batch, case, actor.person_id, now, "done")
    by = actor.person_id
    plan = plan_for(case.content_hash)
    beyond_end(batch, case=case, plan=plan, by_id=by, now=now)
    messages_leave_into(batch, case_id=case.pk, plan=plan, status=statuses.RETURNED, now=now)
    text = clean_lines(note)
    log(
        batch, case_id=case.pk, kind="result_returned", at=now, actor_id=actor.person_id,
        data={"note": text},
    )  # fmt: skip
    journal.record(
        actor_id=actor.person_id, agency_id=case.agency_id, action="case.result_returned",
        object_type="case", object_id=case.pk, at=now, new={"returned_at": now}, reason=text,
        batch=batch,
    )  # fmt: skip
    batch.guard(
        CASE_TABLE,
        where={"id": case.pk, "version": case.version},
        set={
            "status": statuses.RETURNED, "returned_at": now, "state": "",
            "holder_person_id": None, "holder_unit_id": None, "step_number": None,
            "step_node": "", "step_due_at": None, "version": case.version + 1,
        },
    )  # fmt: skip
    if not batch.flush():
        raise changed(case)
