"""The history of a revision in words, and under which hat somebody decides.

Source: Nghị định 30/2020/NĐ-CP Điều 13 (ký thay, ký thừa lệnh, ký thừa ủy quyền).
"""

from collections.abc import Collection

from nep.apps.documents.rules._access import acts_as
from nep.apps.organization.rules import PERMISSIONS, Actor, Hat

DRAFTED, SUBMITTED_ACT, RECALLED_ACT = "drafted", "submitted", "recalled"
CONSULTED, CHECKED_ACT, APPROVED_ACT, RETURNED = "consulted", "checked", "approved", "returned"
DROPPED_ACT, ISSUED, IN_FORCE_ACT, RETIRED_ACT = "dropped", "issued", "in_force", "retired"
WITHDRAWN_ACT, REASSIGNED, SIGNED = "withdrawn", "reassigned", "signed"
ACT_NAMES: dict[str, str] = {
    DRAFTED: "Mở bản thảo",
    SUBMITTED_ACT: "Trình kiểm tra",
    RECALLED_ACT: "Rút lại để sửa",
    CONSULTED: "Góp ý kiến",
    CHECKED_ACT: "Kiểm tra",
    APPROVED_ACT: "Phê duyệt",
    RETURNED: "Trả lại",
    DROPPED_ACT: "Bỏ bản thảo",
    ISSUED: "Ban hành",
    IN_FORCE_ACT: "Có hiệu lực",
    RETIRED_ACT: "Hết hiệu lực",
    WITHDRAWN_ACT: "Thu hồi",
    REASSIGNED: "Đổi người được hỏi",
    SIGNED: "Ký số",
}
_CONFIRMED = frozenset({SUBMITTED_ACT, CONSULTED, CHECKED_ACT, APPROVED_ACT, RETURNED})
NEW_ROUND = frozenset({RETURNED, RECALLED_ACT})


def mark_of(act: str, *, is_of_person: bool) -> str:
    """Return what an act is in law: a person's answer on the system, or a digital signature.

    Source: Luật Giao dịch điện tử 20/2023/QH15 Điều 22 (xác nhận trên hệ thống chưa phải chữ ký số).
    """
    if act == SIGNED:
        return "Đã ký số"
    return "Xác nhận trên hệ thống" if is_of_person and act in _CONFIRMED else ""


def signing_hat(actor: Actor, permission: str, *, giver_id: int | None = None) -> Hat | None:
    """Return the hat under which the actor decides, an own one before a lent one.

    With `giver_id` only the hat that this person has lent to the actor, or None.
    """
    roles = PERMISSIONS.get(permission, frozenset())
    fitting = [hat for hat in actor.hats if hat.role in roles]
    if giver_id is not None and giver_id != actor.person_id:
        return next((hat for hat in fitting if hat.acting_for == giver_id), None)
    return min(fitting, key=lambda hat: hat.acting_for is not None, default=None)


def own_hat(actor: Actor) -> Hat | None:
    """Return the actor's own hat that names a post, else any own one."""
    own = [hat for hat in actor.hats if hat.acting_for is None]
    return next((hat for hat in own if hat.position), own[0] if own else None)


def answers_for(actor: Actor, permission: str, pending: Collection[int]) -> int | None:
    """Return for whom of the awaited people the actor answers, for oneself first, or None.

    Both the person and whoever has lent the actor a hat with the permission count.
    """
    mine = [actor.person_id, *sorted(acts_as(actor) - {actor.person_id})]
    fit = (id_ for id_ in mine if signing_hat(actor, permission, giver_id=id_) is not None)
    return next((id_ for id_ in fit if id_ in pending), None)
