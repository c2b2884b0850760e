"""Sub-procedures of a case, each run as a case of its own that returns what it found."""

import json
from datetime import datetime
from typing import Any

from django.db import transaction

from nep.apps.cases.models import Case, CaseCall, CaseEvent, CaseLink
from nep.apps.cases.queries._log import logged_events
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.rules import acting, statuses
from nep.apps.cases.rules.waiting import joining
from nep.apps.cases.services._endings import STOPPED, end_case
from nep.apps.cases.services._finding import case_of, unit_of
from nep.apps.cases.services._started import applicants_open, internal_open
from nep.apps.cases.services._waking import WAKING, case_wake
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.procedures import queries as procedures
from nep.bpmn import CallFailed, CallReturned
from nep.foundation.db import new_id
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, NotFound, Refusal
from nep.kernel.text import clean_lines, shorten

PART = "part"
UNFINISHED = "chua_xong"


def calls_open(*, case_id: int, now: datetime) -> int:
    """Open the cases of the sub-procedures that a case has come to; return how many.

    Each is opened once, whoever repeats it; a call that cannot be opened says why on the case's
    page and waits for a person.
    """
    waiting = CaseCall.objects.filter(case_id=case_id, child=None, closed_at=None)
    found = list(waiting.order_by("id").values_list("pk", flat=True))
    return sum(_open(call_id, case_id, now) for call_id in found)


@transaction.atomic
def _open(call_id: int, case_id: int, now: datetime) -> bool:
    parent = Case.objects.select_for_update().get(pk=case_id)
    call = CaseCall.objects.filter(pk=call_id, child=None, closed_at=None).first()
    if call is None:
        return False
    try:
        with transaction.atomic():
            child = _child(parent, call, now)
    except Refusal as trouble:
        CaseCall.objects.filter(pk=call.pk).update(trouble=shorten(trouble.message, 400))
        return False
    call.child, call.trouble = child, ""
    call.save(update_fields=["child", "trouble"])
    CaseLink.objects.get_or_create(
        case=child, other=parent, kind=PART, defaults={"at": now, "by_id": None}
    )
    facts = {"call": call.pk, "child": child.pk, "code": child.code}
    CaseEvent.objects.create(
        id=new_id(), case=parent, kind="call_opened", at=now, actor_id=None, node=call.node,
        data=json.dumps(facts, ensure_ascii=False),
    )  # fmt: skip
    for one, other in ((parent, child), (child, parent)):
        journal.record(
            actor_id=None, agency_id=one.agency_id, action="case.call_opened", object_type="case",
            object_id=one.pk, at=now, new={**facts, "other": other.code},
        )  # fmt: skip
    return True


def _child(parent: Case, call: CaseCall, now: datetime) -> Case:
    version = procedures.version_called(agency_id=parent.agency_id, content_hash=call.content_hash)
    if version is None:
        raise Refusal(
            "call_unknown",
            "Cơ quan không có lần ban hành mà bước này gọi tới. Hãy báo thư ký ISO xem quy trình.",
        )
    data = joining(json.loads(parent.data), plan_for(version.content_hash).beyond.reads)
    if not version.is_internal:
        if parent.internal:
            raise Refusal(
                "call_applicant",
                "Thủ tục con cần có người nộp, mà hồ sơ này là việc nội bộ. Hãy báo thư ký ISO.",
            )
        return applicants_open(version=version, now=now, data=data, parent=parent)
    unit_id = unit_of(parent)
    units = {unit.id: unit.name for unit in organization.units_of(parent.agency_id)}
    name = units.get(unit_id or 0, organization.agency(parent.agency_id).short_name)
    return internal_open(
        agency_id=parent.agency_id, version=version, now=now, data=data, unit=(unit_id, name),
        note=f"Thủ tục con của hồ sơ {parent.code}",
    )  # fmt: skip


def call_return(*, child_id: int, now: datetime) -> bool:
    """Let the case that called a finished one go on with what it found; return whether it did.

    Data come back by the names the caller's process reads. A case that was refused, withdrawn or
    stopped is an error: caught where the procedure draws it, else a person of the caller decides.
    """
    call = CaseCall.objects.filter(child_id=child_id, closed_at=None).first()
    return call is not None and _return(call.pk, call.case_id, now)


def calls_return(*, case_id: int, now: datetime) -> int:
    """Return to a case from every sub-procedure that finished while it was paused; say how many."""
    finished = CaseCall.objects.filter(
        case_id=case_id, closed_at=None, child__finished_at__isnull=False
    )
    found = list(finished.order_by("id").values_list("child_id", flat=True))
    return sum(call_return(child_id=child_id, now=now) for child_id in found if child_id)


@transaction.atomic
def _return(call_id: int, case_id: int, now: datetime) -> bool:
    parent = Case.objects.select_for_update().get(pk=case_id)
    call = CaseCall.objects.filter(pk=call_id, closed_at=None).select_related("child").first()
    child = call.child if call is not None else None
    if call is None or child is None or parent.status not in WAKING:
        return False
    if child.finished_at is None:
        return False
    plan = plan_for(parent.content_hash)
    if child.outcome == "granted":
        return _woken(parent, call, "returned", now, error="")
    codes = {code for _node, code, _name in plan.beyond.errors.get(call.node, ())}
    named = (_stopped_by(child), child.outcome, UNFINISHED)
    code = next((one for one in (*named, "") if one in codes), None)
    if code is None:
        words = f"Hồ sơ con {child.code} kết thúc mà không có kết quả; hãy chọn cách đi tiếp."
        CaseCall.objects.filter(pk=call.pk).update(trouble=words)
        return False
    return _woken(parent, call, "failed", now, error=code)


def _woken(parent: Case, call: CaseCall, outcome: str, now: datetime, *, error: str) -> bool:
    """Let the caller go on; where it cannot, say why on its page and wait for a person.

    Raises Conflict where somebody acts on the caller at this moment.
    """
    try:
        with transaction.atomic():
            _wake(parent, call, outcome, now, by_id=None, error=error)
    except Conflict:
        raise
    except Refusal as trouble:
        CaseCall.objects.filter(pk=call.pk).update(trouble=shorten(trouble.message, 400))
        return False
    return True


def _stopped_by(child: Case) -> str:
    """Return the error of its own procedure that stopped a case, or nothing."""
    if child.finished_at is None:
        return ""
    ends = [event for event in logged_events(child.pk) if event.at == child.finished_at]
    return ends[-1].data.get("stopped", "") if ends else ""


def _wake(
    parent: Case,
    call: CaseCall,
    outcome: str,
    now: datetime,
    *,
    by_id: int | None,
    error: str,
    reason: str = "",
) -> None:
    child = call.child
    joins: dict[str, Any] = {}
    if child is not None and outcome == "returned":
        joins = joining(_answer(child), plan_for(parent.content_hash).beyond.reads)
    data = {**json.loads(parent.data), **joins}
    event: Any = (
        CallFailed(call.token, error, data)
        if outcome == "failed"
        else CallReturned(call.token, data)
    )
    told = {
        "call": call.pk, "token": call.token, "code": child.code if child else "",
        "error": error, "how": outcome, "at": call.node,
    }  # fmt: skip
    case_wake(
        case=parent, event=event, now=now, by_id=by_id, joins=joins, reason=reason, told=told,
        kind="call_failed" if outcome == "failed" else "call_returned",
    )  # fmt: skip
    CaseCall.objects.filter(pk=call.pk).update(
        closed_at=now, outcome=outcome, reason=reason, trouble=""
    )


def _answer(child: Case) -> dict[str, Any]:
    return {**json.loads(child.data), "ket_qua_con": child.outcome, "ma_ho_so_con": child.code}


@transaction.atomic
def call_end(
    *,
    actor: Actor,
    now: datetime,
    case_id: int,
    call_id: int,
    reason: str,
    error: str | None = None,
    expected_version: int | None = None,
) -> None:
    """Stop waiting for a sub-procedure: go on as if it had returned, or report an `error` caught.

    Its case, where it still runs, is stopped. Who leads the unit that holds the case may.
    Raises NotFound; Forbidden; Conflict("call_over", "case_changed"); Refusal("reason_missing",
    "case_paused", "case_finished", "error_unknown").
    """
    case_of(actor, case_id, expected_version)
    case = Case.objects.select_for_update().get(pk=case_id)
    require(acting.may_manage_case(actor, unit_id=unit_of(case)))
    if case.status not in WAKING:
        require(acting.decide_moving(case.status), kind=Refusal)
    require(acting.decide_reason(reason), kind=Refusal)
    call = CaseCall.objects.filter(pk=call_id, case=case).select_related("child").first()
    if call is None:
        raise NotFound("not_found", "Không tìm thấy thủ tục con này ở hồ sơ.")
    if call.closed_at is not None:
        raise Conflict("call_over", "Thủ tục con này đã kết thúc. Hãy tải lại trang.")
    text, outcome = clean_lines(reason), "by_hand"
    if error is not None:
        known = plan_for(case.content_hash).beyond.errors.get(call.node, ())
        if error not in {code for _node, code, _name in known}:
            raise Refusal("error_unknown", "Quy trình không vẽ lỗi này.", field="error")
        outcome = "failed"
    by = actor.person_id
    _wake(case, call, outcome, now, by_id=by, error=error or "", reason=text)
    if call.child is not None:
        _stop(call.child.pk, case.code, now, why=text)


def call_child_stop(*, call_id: int, now: datetime) -> bool:
    """Stop the case of a sub-procedure that its caller no longer wants; repeating is harmless."""
    call = CaseCall.objects.filter(pk=call_id, outcome="dropped").select_related("case").first()
    if call is None or call.child_id is None:
        return False
    with transaction.atomic():
        return _stop(call.child_id, call.case.code, now)


def _stop(child_id: int, code: str, now: datetime, why: str = "") -> bool:
    child = Case.objects.select_for_update().get(pk=child_id)
    if child.status in statuses.FINISHED:
        return False
    reason = f"Hồ sơ {code} không còn cần thủ tục con này." + (f" {why}" if why else "")
    end_case(child, None, now, "stopped", reason, STOPPED, {"caller": code})
    return True
