"""Finding a case to act on; another agency's case does not exist."""

from datetime import datetime
from typing import Any, Protocol

from nep.apps.cases.models import Case, StepRun
from nep.apps.cases.queries._case_rows import case_row
from nep.apps.cases.queries._log import last_event
from nep.apps.cases.rules import acting
from nep.apps.cases.rules.plan import Plan
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, NotFound, Refusal
from nep.kernel.vietnamese import datetime_text

_KINDS = {
    "step_completed": "chuyển bước", "returned": "trả lại bước trước", "paused": "tạm dừng",
    "resumed": "cho chạy lại", "handed_over": "bàn giao", "refused": "từ chối giải quyết",
    "withdrawn": "ghi nhận rút hồ sơ", "result_returned": "trả kết quả", "fed_corrected": "sửa khớp bước",
    "recalled": "thu hồi một bước", "extended": "hẹn lại ngày trả kết quả",
    "stopped": "dừng giải quyết", "urgent": "đổi dấu khẩn", "joint_opened": "giao cơ quan khác",
    "joint_answered": "nhận trả lời của cơ quan khác", "reprojected": "tính lại hạn",
    "timer_fired": "đi tiếp vì đến giờ", "message_arrived": "nhận một thông điệp",
    "wait_ended": "thôi chờ", "opinion_withdrawn": "thôi hỏi một nơi",
    "call_opened": "mở thủ tục con", "call_returned": "nhận kết quả thủ tục con",
    "call_failed": "dừng thủ tục con", "applicant_put_right": "sửa thông tin người nộp",
}  # fmt: skip


def case_of(actor: Actor, case_id: int, expected_version: int | None = None) -> Case:
    """Return a case of the actor's agency. Raises NotFound; Conflict("case_changed")."""
    case = case_row(case_id)
    if case is None or not acting.may_see_case(actor, agency_id=case.agency_id):
        raise NotFound("not_found", "Không tìm thấy hồ sơ này trong cơ quan của bạn.")
    if expected_version is not None and expected_version != case.version:
        raise changed(case)
    return case


def own_case_of(actor: Actor, case_id: int, expected_version: int | None = None) -> Case:
    """Return a case of the actor's agency that is dealt with here.

    Raises as `case_of`; Refusal("fed_case") for one that another system deals with and tells of.
    """
    case = case_of(actor, case_id, expected_version)
    if case.origin != "run":
        raise fed_case()
    return case


def fed_case() -> Refusal:
    """Return why nothing is done here on a case that another system deals with."""
    return Refusal(
        "fed_case",
        "Hồ sơ này do hệ thống một cửa của tỉnh giải quyết. Hãy ghi việc này ở hệ thống ấy.",
    )


def changed(case: Case) -> Conflict:
    """Return the refusal of an action on a case that has just changed, naming who and what."""
    event = last_event(case.pk)
    if event is None:
        return Conflict("case_changed", "Hồ sơ vừa có thay đổi khác. Hãy tải lại trang.")
    name = organization.person_names([event.actor_id]).get(event.actor_id or 0, "Hệ thống")
    what = _KINDS.get(event.kind, "thay đổi hồ sơ")
    return Conflict(
        "case_changed",
        f"{name} vừa {what} lúc {datetime_text(event.at)}. Hãy tải lại trang rồi làm tiếp.",
    )


class Held(Protocol):
    """An open step as far as it says who may do it."""

    @property
    def person_id(self) -> int | None: ...
    @property
    def unit_id(self) -> int | None: ...
    @property
    def role(self) -> str: ...


def require_doer(actor: Actor, step: Held) -> dict[str, Any]:
    """Let only who may do an open step pass; return by which lent hat, as its event keeps it.

    Raises Forbidden, naming who holds the step.
    """
    place: dict[str, Any] = {
        "person_id": step.person_id, "unit_id": step.unit_id, "role": step.role
    }  # fmt: skip
    decision = acting.may_do_step(actor, **place)
    if not decision and step.person_id is not None:
        holder = organization.person_names([step.person_id]).get(step.person_id, "")
        decision = acting.may_do_step(actor, **place, holder=holder)
    require(decision)
    return acting.signs_as(acting.step_hat(actor, **place))


def unit_of(case: Case) -> int | None:
    """Return the unit that holds a case, or while nobody does the one that did its last step."""
    if case.holder_unit_id is not None:
        return case.holder_unit_id
    last = StepRun.objects.filter(case=case).exclude(unit_id=None).order_by("-id").first()
    return last.unit_id if last is not None else None


def require_hand(actor: Actor, case: Case) -> dict[str, Any]:
    """Let who may do an open step of the case pass, as `require_doer`; while the case only waits,
    who leads its unit. Raises Forbidden."""
    run = StepRun.objects.filter(case_id=case.pk, closed_at=None).order_by("id").first()
    if run is not None:
        return require_doer(actor, run)
    require(acting.may_manage_case(actor, unit_id=unit_of(case)))
    return {}


def handed_over(case_id: int, plan: Plan) -> datetime | None:
    """Return when somebody finished the step that hands the result over, or None."""
    nodes = [step.node for step in plan.order if step.is_return]
    runs = StepRun.objects.filter(case_id=case_id, node__in=nodes, outcome="done")
    return runs.order_by("-closed_at").values_list("closed_at", flat=True).first()


def open_run_of(case: Case) -> StepRun:
    """Return the first open step of a case. Raises Refusal("no_open_step")."""
    run = StepRun.objects.filter(case_id=case.pk, closed_at=None).order_by("id").first()
    if run is None:
        raise Refusal("no_open_step", "Hồ sơ không còn bước nào đang mở.")
    return run
