"""The clock of what cases wait for: due timers are fired, a person may end a wait by hand."""

import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import F

from nep.apps.cases.events import MessagesWanted, ReturnsWanted
from nep.apps.cases.models import Case, CaseCall, CasePause, CaseWait
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.rules import acting
from nep.apps.cases.rules.plan import Plan
from nep.apps.cases.rules.waiting import (
    MESSAGE,
    TIMER,
    WORKING,
    Moment,
    TimerUnreadable,
    moment_anew,
    next_moment,
    shifted,
)
from nep.apps.cases.services._beyond import WAIT_TABLE
from nep.apps.cases.services._finding import case_of, unit_of
from nep.apps.cases.services._waking import WAKING, case_wake
from nep.apps.organization.rules import Actor
from nep.apps.workcal import queries as workcal
from nep.bpmn import MessageArrived, TimerFired
from nep.foundation.db import Batch
from nep.foundation.outbox import services as outbox
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, NotFound, Refusal
from nep.kernel.text import clean_lines, shorten
from nep.worktime import Calendar, OutsideCalendar

MOST_AT_ONCE = 200
BROKEN = "Lỗi khi đến giờ; hãy báo quản trị."
log = logging.getLogger(__name__)


def timers_fire(*, now: datetime) -> int:
    """Fire the timers that are due, each exactly once; return how many were.

    Each is a transaction of its own that locks the case, reads anew and writes. A case that is
    paused or over is left alone. One that cannot move is marked with why and waits for a person.
    """
    due = CaseWait.objects.filter(
        closed_at=None, kind=TIMER, trouble="", due_at__lte=now, case__status__in=WAKING
    )
    found = list(due.order_by("due_at", "id").values_list("pk", "case_id")[:MOST_AT_ONCE])
    return sum(_fired(wait_id, case_id, now) for wait_id, case_id in found)


def _fired(wait_id: int, case_id: int, now: datetime) -> bool:
    """Fire one timer; one that breaks is marked and logged, so that the others still fire."""
    try:
        return _fire(wait_id, case_id, now)
    except OperationalError:  # the database is busy or away: the next round looks again
        log.warning("timer %d of case %d put off", wait_id, case_id)
        return False
    except Exception:
        log.exception("timer %d of case %d broke", wait_id, case_id)
        CaseWait.objects.filter(pk=wait_id, closed_at=None).update(trouble=BROKEN)
        return False


@transaction.atomic
def _fire(wait_id: int, case_id: int, now: datetime) -> bool:
    case = Case.objects.select_for_update().get(pk=case_id)
    wait = CaseWait.objects.filter(pk=wait_id, closed_at=None, trouble="").first()
    if wait is None or wait.due_at is None or wait.due_at > now or case.status not in WAKING:
        return False
    try:
        with transaction.atomic():
            _woken(case, wait, now=now, by_id=None, outcome="fired", reason="")
    except Conflict:
        return False  # somebody acts on the case at this moment; the next round looks again
    except (Refusal, OutsideCalendar) as trouble:
        words = getattr(trouble, "message", str(trouble))
        CaseWait.objects.filter(pk=wait.pk).update(trouble=shorten(words, 400))
        return False
    return True


def _woken(
    case: Case,
    wait: CaseWait,
    *,
    now: datetime,
    by_id: int | None,
    outcome: str,
    reason: str,
    signed: Mapping[str, Any] | None = None,
) -> None:
    """Let a wait end or, of a cycle that goes on, come once more."""
    plan, data = plan_for(case.content_hash), json.loads(case.data)
    calendar = workcal.calendar_for(case.agency_id)
    again = None
    if wait.kind == TIMER:
        if outcome == "fired":
            again = _again(plan, wait, now=now, calendar=calendar, data=data)
        event: Any = TimerFired(wait.token, wait.node, data, last=again is None)
    else:
        event = MessageArrived(wait.token, wait.node, data)
    told = {"wait": {"id": wait.pk, "token": wait.token, "how": outcome, "last": again is None}}
    case_wake(
        case=case, event=event, now=now, by_id=by_id, reason=reason, signed=signed,
        kind="timer_fired" if outcome == "fired" else "wait_ended", told=told,
        ends={(wait.token, wait.node): outcome},
    )  # fmt: skip
    if again is not None:
        CaseWait.objects.filter(pk=wait.pk, closed_at=None).update(
            due_at=again.due_at, left=again.left, fired=F("fired") + 1
        )
    elif outcome == "fired":
        CaseWait.objects.filter(pk=wait.pk).update(fired=F("fired") + 1)


def _again(
    plan: Plan, wait: CaseWait, *, now: datetime, calendar: Calendar, data: Mapping[str, Any]
) -> Moment | None:
    """Return the next moment of a cycle beside a step that goes on."""
    node = plan.beyond.waits[wait.node]
    trigger = node.trigger
    repeats = node.kind == "boundary" and not node.cancels
    if trigger is None or trigger.form != "cycle" or not repeats or wait.due_at is None:
        return None
    try:
        return next_moment(
            trigger, last=wait.due_at, left=wait.left, now=now, calendar=calendar, data=data
        )
    except TimerUnreadable:
        return None


@transaction.atomic
def wait_end(
    *,
    actor: Actor,
    now: datetime,
    case_id: int,
    wait_id: int,
    reason: str,
    expected_version: int | None = None,
) -> None:
    """Let the case go on as if what it waits for had come, for a reason that is journaled.

    Who leads the unit that holds the case may, or the agency's leader.
    Raises NotFound; Forbidden; Conflict; Refusal("reason_missing", "case_paused", "case_finished",
    "wait_over").
    """
    case_of(actor, case_id, expected_version)
    case = Case.objects.select_for_update().get(pk=case_id)
    require(acting.may_manage_case(actor, unit_id=unit_of(case)))
    if case.status not in WAKING:
        require(acting.decide_moving(case.status), kind=Refusal)
    require(acting.decide_reason(reason), kind=Refusal)
    wait = CaseWait.objects.filter(pk=wait_id, case=case).first()
    if wait is None:
        raise NotFound("not_found", "Không tìm thấy chỗ chờ này ở hồ sơ.")
    if wait.closed_at is not None:
        raise Conflict("wait_over", "Chỗ chờ này đã kết thúc. Hãy tải lại trang.")
    _woken(
        case, wait, now=now, by_id=actor.person_id, outcome="by_hand", reason=clean_lines(reason)
    )


def waits_resume(batch: Batch, *, case: Case, pause: CasePause, now: datetime) -> None:
    """Let what a case waits for go on after a pause; what came meanwhile is given now.

    Timers that count working time stood still with the case's clocks; those of the clock did not.
    """
    plan = plan_for(case.content_hash)
    if plan.beyond.calls and _has_calls(case):
        outbox.publish(
            ReturnsWanted(case.pk, case.agency_id), agency_id=case.agency_id, at=now, batch=batch
        )
    if not plan.beyond.waits:
        return
    rows = list(CaseWait.objects.filter(case=case, closed_at=None))
    if any(row.kind == MESSAGE for row in rows):
        outbox.publish(
            MessagesWanted(case.pk, case.agency_id), agency_id=case.agency_id, at=now, batch=batch
        )
    if pause.policy == "none":
        return
    calendar, data = workcal.calendar_for(case.agency_id), json.loads(case.data)
    earlier = CasePause.objects.filter(case=case, ended_at__isnull=False).exclude(policy="none")
    stops = [(one.started_at, one.ended_at or now) for one in earlier.order_by("started_at")]
    stops.append((pause.started_at, now))
    for row in rows:
        trigger = plan.beyond.waits[row.node].trigger
        if trigger is None or trigger.unit not in WORKING or row.due_at is None:
            continue
        since = max(pause.started_at, row.opened_at)
        due_at = shifted(row.due_at, paused_at=since, resumed_at=now, calendar=calendar)
        if trigger.form != "cycle":  # counted anew: the calendar may have changed meanwhile
            with suppress(TimerUnreadable):
                due_at = moment_anew(
                    trigger, since=row.opened_at, calendar=calendar, data=data, stops=stops
                ).due_at
        if due_at != row.due_at:
            batch.update(WAIT_TABLE, where={"id": row.pk}, set={"due_at": due_at})


def _has_calls(case: Case) -> bool:
    """Say whether a case still waits for a sub-procedure that was opened."""
    return CaseCall.objects.filter(case=case, closed_at=None).exclude(child=None).exists()
