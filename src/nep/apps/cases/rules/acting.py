"""Who may act on a case, and what may be done to it as it stands."""

from typing import Any

from nep.apps.cases.rules.statuses import FINISHED, MOVING, ON_PAUSE, STATUS_NAMES, WAITING_FIRST
from nep.apps.organization.rules import Actor, Hat, acts_for, leads_unit, may, wears
from nep.kernel.decisions import ALLOWED, Decision, Refused

MINIMUM_REASON = 5


def may_see_case(actor: Actor, *, agency_id: int) -> Decision:
    """Decide whether a case is visible; callers answer a refusal with 404."""
    if agency_id == actor.agency_id and "case.see" in actor.permissions:
        return ALLOWED
    return Refused("not_found", "Không tìm thấy hồ sơ này trong cơ quan của bạn.")


def may_do_step(
    actor: Actor, *, person_id: int | None, unit_id: int | None, role: str, holder: str = ""
) -> Decision:
    """Decide whether the actor may finish a step: its holder, who stands in for the holder by
    delegation, or anyone of its role while nobody has taken it. `holder` is named in a refusal."""
    if person_id == actor.person_id:
        return ALLOWED if "case.step" in actor.permissions else may(actor, "case.step")
    if step_hat(actor, person_id=person_id, unit_id=unit_id, role=role) is not None:
        return may(actor, "case.step")
    if person_id is None:
        return Refused("not_your_role", "Bước này chờ người giữ vai trò khác với vai trò của bạn.")
    return Refused(
        "not_your_step",
        f"Bước này đang do {holder or 'người khác'} giữ. Muốn làm thay, hãy đề nghị bàn giao hoặc "
        "ủy quyền.",
    )


def step_hat(actor: Actor, *, person_id: int | None, unit_id: int | None, role: str) -> Hat | None:
    """Return the hat by which the actor does a step, or None.

    For somebody else's step it is the one lent by that person, even where the actor has an own hat
    of the same role in the same unit: a colleague's signature is not the holder's. For a step of
    one's own, or of nobody yet, an own hat comes before a lent one.
    """
    if person_id is None or person_id == actor.person_id:
        return wears(actor, unit_id=unit_id, role=role)
    return acts_for(actor, person_id=person_id, unit_id=unit_id, role=role)


def signs_as(hat: Hat | None) -> dict[str, Any]:
    """Return what an event keeps of a lent hat: for whom, and the prefix of the signature.

    Source: Nghị định 30/2020/NĐ-CP Điều 13: ký thay (KT.), thừa lệnh (TL.), thừa ủy quyền (TUQ.).
    """
    if hat is None or hat.acting_for is None:
        return {}
    return {"as": {"person": hat.acting_for, "prefix": hat.prefix}}


def may_manage_case(actor: Actor, *, unit_id: int | None) -> Decision:
    """Decide whether the actor directs the case: who leads the unit that holds it."""
    if not leads_unit(actor, unit_id=unit_id):
        return Refused(
            "not_your_unit",
            "Chỉ trưởng đơn vị đang giữ hồ sơ hoặc lãnh đạo cơ quan được làm việc này.",
        )
    return may(actor, "case.manage")


def decide_moving(status: int) -> Decision:
    """Decide whether a step may be finished now. Being late never forbids it.

    Source: Nghị định 118/2025/NĐ-CP Điều 19: trễ hạn phải xin lỗi, không chặn việc trả kết quả.
    """
    if status in MOVING:
        return ALLOWED
    if status in FINISHED:
        return Refused("case_finished", f"Hồ sơ đã kết thúc: {STATUS_NAMES[status].lower()}.")
    if status == WAITING_FIRST:
        return Refused("case_not_accepted", "Hồ sơ còn thiếu giấy tờ nên chưa được tiếp nhận.")
    return Refused(
        "case_paused", "Hồ sơ đang tạm dừng. Hãy cho hồ sơ chạy lại trước khi chuyển bước."
    )


def decide_pause(status: int) -> Decision:
    """Decide whether the case may be paused."""
    if status in ON_PAUSE:
        return Refused("case_paused", "Hồ sơ đang tạm dừng rồi.")
    return decide_moving(status)


def decide_resume(status: int) -> Decision:
    """Decide whether the case may go on."""
    if status in ON_PAUSE:
        return ALLOWED
    return Refused("case_not_paused", "Hồ sơ không ở trạng thái tạm dừng.")


def decide_reason(reason: str, *, field: str = "reason") -> Decision:
    """Decide whether a reason says anything; it is shown to whoever receives the case."""
    if len(reason.strip()) >= MINIMUM_REASON:
        return ALLOWED
    return Refused(
        "reason_missing", "Chưa có lý do. Ghi một câu để người nhận hiểu việc.", field=field
    )


def decide_slip(content: str) -> Decision:
    """Decide whether a slip asking for papers says what is to be brought."""
    if len(content.strip()) >= MINIMUM_REASON:
        return ALLOWED
    return Refused(
        "reason_missing",
        "Có giấy còn thiếu. Hãy ghi nội dung cần bổ sung, in trên phiếu gửi người nộp.",
        field="reason",
    )


def decide_refusal(*, is_late: bool, why: str) -> Decision:
    """Decide whether a refusal may be written now: within the limit, or with its explanation.

    Source: Nghị định 118/2025/NĐ-CP Điều 19 khoản 3.
    """
    if not is_late or len(why.strip()) >= MINIMUM_REASON:
        return ALLOWED
    return Refused(
        "refusal_late",
        "Văn bản từ chối phải ban hành trong thời hạn, mà hồ sơ đã quá hạn. Hãy giải trình vì sao "
        "từ chối muộn; hồ sơ được tính là quá hạn.",
        "Nghị định 118/2025/NĐ-CP, Điều 19 khoản 3",
        field="late_reason",
    )


def decide_supplement_again(*, asked: int, most: int) -> Decision:
    """Decide whether the applicant may be asked once more while the case is dealt with.

    Source: Nghị định 118/2025/NĐ-CP Điều 11 khoản 2 điểm c.
    """
    if asked < most:
        return ALLOWED
    times = "một lần" if most == 1 else f"{most} lần"
    return Refused(
        "supplement_again",
        f"Chỉ được yêu cầu bổ sung {times} khi giải quyết, và hồ sơ này đã được yêu cầu rồi. Hãy "
        "giải quyết với giấy tờ đang có, gia hạn hoặc từ chối.",
        "Nghị định 118/2025/NĐ-CP, Điều 11 khoản 2 điểm c",
    )


def decide_first_supplement(*, asked_at_reception: bool) -> Decision:
    """Decide whether a supplement may be asked for at reception: once only, complete and clear.

    Source: Nghị định 118/2025/NĐ-CP Điều 11 khoản 2 điểm c, Điều 16 khoản 3.
    """
    if not asked_at_reception:
        return ALLOWED
    return Refused(
        "supplement_twice",
        "Khi tiếp nhận chỉ được yêu cầu bổ sung một lần. Hồ sơ này đã yêu cầu rồi.",
        "Nghị định 118/2025/NĐ-CP, Điều 11 khoản 2 điểm c",
    )
