"""A step that another agency of this installation does. Pure."""

from nep.apps.organization.rules import Actor
from nep.kernel.decisions import ALLOWED, Decision, Refused


def may_see_joint(actor: Actor, *, agency_id: int, case_agency_id: int) -> Decision:
    """Decide whether a joint step is visible: to who does it and to whose case it is.

    Callers answer a refusal with 404.
    """
    if actor.agency_id in (agency_id, case_agency_id) and "case.see" in actor.permissions:
        return ALLOWED
    return Refused("not_found", "Không tìm thấy việc liên thông này trong cơ quan của bạn.")


def decide_answer(*, state: str, run_is_open: bool) -> Decision:
    """Decide whether the other agency may still answer."""
    if state == "open" and run_is_open:
        return ALLOWED
    if state == "answered":
        return Refused("joint_answered", "Cơ quan bạn đã trả lời việc này.")
    return Refused(
        "joint_over", "Cơ quan giao việc đã đi tiếp hoặc thu hồi, không chờ trả lời nữa."
    )
