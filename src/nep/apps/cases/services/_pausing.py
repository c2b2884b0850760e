"""Rows of a pause, written as a part of a larger action."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from nep.apps.cases.events import CasePaused
from nep.apps.cases.models import Case, CasePause, JointStep, StepRun
from nep.apps.cases.queries._joint import joint_date
from nep.apps.cases.queries._time_rules import time_rules
from nep.apps.cases.rules import acting
from nep.apps.cases.rules.promises import closing_after
from nep.apps.cases.rules.statuses import PAUSE_STATUS
from nep.apps.cases.rules.timing import step_due, working_minutes
from nep.apps.cases.rules.waiting import shifted
from nep.apps.cases.services._opening import RUN_TABLE, Ground, log
from nep.apps.work import services as work
from nep.apps.workcal import queries as workcal
from nep.foundation.db import Batch, new_id
from nep.foundation.journal import services as journal
from nep.foundation.numbering.services import take_number
from nep.foundation.outbox import services as outbox
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import local

PAUSE_TABLE = "cases_casepause"


def supplement_number(agency_id: int, now: datetime) -> int:
    """Take the number of a supplement request (Mẫu 02) from the agency's book of the year."""
    return take_number(agency_id=agency_id, book="supplement", year=local(now).year)


def require_supplement_left(agency_id: int, case_id: int, received_at: datetime) -> None:
    """Let a supplement be asked for only as often as the agency's rules allow.

    What was asked for at reception is not counted. Raises Refusal("supplement_again").
    """
    asked = CasePause.objects.filter(case_id=case_id, kind="supplement", at_reception=False).count()
    most = time_rules(agency_id=agency_id, at=received_at).supplement_times
    require(acting.decide_supplement_again(asked=asked, most=most), kind=Refusal)


def asked_in_time(agency_id: int, case_id: int, now: datetime) -> dict[str, Any]:
    """Return until when a supplement was to be asked for, and whether it comes too late.

    Source: Nghị định 118/2025/NĐ-CP Điều 19 khoản 5.
    """
    case = Case.objects.only("received_at", "accepted_at").get(pk=case_id)
    if case.accepted_at is None:
        return {}
    days = time_rules(agency_id=agency_id, at=case.received_at).supplement_ask_days
    due = closing_after(workcal.calendar_for(agency_id), case.accepted_at, days)
    return {"ask_due": due.isoformat(), "ask_late": now > due}


def stop_clocks(batch: Batch, *, on: Ground, besides: int | None = None) -> None:
    """Stop the clock of every open step of the case; their items show no running due date, nor
    those of another agency that does one of them."""
    for run in StepRun.objects.filter(case_id=on.case_id, closed_at=None).exclude(pk=besides or 0):
        used = working_minutes(on.calendar, run.running_since, on.now)
        batch.update(
            RUN_TABLE,
            where={"id": run.pk},
            set={"used_minutes": run.used_minutes + used, "running_since": None},
        )
        if run.item_id is not None:
            work.item_pause(batch=batch, item_id=run.item_id)
        if (joint := _joint_of(run)) is not None:
            work.item_pause(batch=batch, item_id=joint.item_id)


def start_clocks(batch: Batch, *, on: Ground, restart: bool) -> datetime | None:
    """Let the clock of every open step run again, from what is left or from the beginning.

    Returns the first open step's new due date, which becomes the case's.
    """
    first: datetime | None = None
    for run in StepRun.objects.filter(case_id=on.case_id, closed_at=None, running_since=None):
        step = on.plan.steps[run.node]
        carried, used = (0, 0) if restart else (run.carried_minutes, run.used_minutes)
        gone = carried + used
        left = step.minutes - gone if gone and step.minutes is not None else None
        since = max(on.now, run.opened_at)  # a file handed over tomorrow morning begins then
        if run.node in on.plan.beyond.opinions:
            due_at = _asked_until(on, run)
        else:
            due_at = step_due(
                calendar=on.calendar, opened_at=since, amount=step.amount, unit=step.unit, left=left
            )
        batch.update(
            RUN_TABLE,
            where={"id": run.pk},
            set={
                "running_since": since, "due_at": due_at, "carried_minutes": carried,
                "used_minutes": used,
            },
        )  # fmt: skip
        if run.item_id is not None:
            work.item_resume(batch=batch, item_id=run.item_id, due_at=due_at)
        if (joint := _joint_of(run)) is not None:
            there = joint_date(joint, step.amount, step.unit, now=on.now)
            work.item_resume(batch=batch, item_id=joint.item_id, due_at=there)
        first = first or due_at
    return first


def _joint_of(run: StepRun) -> JointStep | None:
    """Return the work that another agency here does for a step now, or None."""
    return JointStep.objects.filter(run=run, state="open").first() if run.outside else None


def _asked_until(on: Ground, run: StepRun) -> datetime | None:
    """Return until when an opinion is asked after a pause: the working time left is still left."""
    if run.due_at is None:
        return None
    pause = CasePause.objects.filter(case_id=on.case_id, ended_at=None).first()
    since = max(pause.started_at if pause else on.now, run.opened_at)
    return shifted(run.due_at, paused_at=since, resumed_at=on.now, calendar=on.calendar)


def pause_into(
    batch: Batch,
    *,
    on: Ground,
    kind: str,
    policy: str,
    reason: str,
    papers: Sequence[Mapping[str, Any]] = (),
    charged: str = "",
    number: int = 0,
    at_reception: bool = False,
    signed: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Add the pause, its event, journal and announcement to the batch.

    Returns the columns of the case that change with it.
    """
    agency_id, by = on.actor.agency_id, on.actor.person_id
    asked = {}
    if kind == "supplement" and not at_reception:
        asked = asked_in_time(agency_id, on.case_id, on.now)
    batch.insert(
        PAUSE_TABLE,
        id=new_id(), case_id=on.case_id, number=number, kind=kind, policy=policy,
        charged=charged or ("applicant" if kind in {"supplement", "payment"} else "agency"),
        reason=reason, papers=list(papers), started_at=on.now, started_by_id=by, ended_at=None,
        ended_by_id=None, at_reception=at_reception,
    )  # fmt: skip
    log(
        batch, case_id=on.case_id, kind="paused", at=on.now, actor_id=by,
        data={"kind": kind, "reason": reason, "policy": policy, **asked, **(signed or {})},
    )  # fmt: skip
    journal.record(
        actor_id=by, agency_id=agency_id, action="case.paused", object_type="case",
        object_id=on.case_id, at=on.now, new={"kind": kind, "policy": policy}, reason=reason,
        batch=batch,
    )  # fmt: skip
    outbox.publish(
        CasePaused(on.case_id, agency_id, on.code, kind), agency_id=agency_id, at=on.now,
        batch=batch,
    )  # fmt: skip
    return {"status": PAUSE_STATUS[kind], "paused_since": on.now}
