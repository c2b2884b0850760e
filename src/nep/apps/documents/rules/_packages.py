"""A document and its forms that move together, and the withdrawal of what is in force."""

from nep.apps.documents.rules._life import DRAFT, IN_FORCE, STATE_NAMES
from nep.kernel.decisions import ALLOWED, Decision, Refused


def decide_member(
    *, code: str, state: str, is_child: bool, has_file: bool, has_leader: bool
) -> Decision:
    """Decide whether a draft may go along with the document it belongs to."""
    if not is_child:
        return Refused(
            "not_a_child", f"{code} không phải biểu mẫu của tài liệu này nên không đi cùng được."
        )
    if state != DRAFT or has_leader:
        return Refused(
            "member_not_draft",
            f"{code} đang ở trạng thái “{STATE_NAMES.get(state, state)}” nên không trình cùng "
            "được. Hãy bỏ chọn, hoặc rút bản đó lại.",
        )
    if not has_file:
        return Refused("content_missing", f"Bản thảo {code} chưa có tệp. Hãy tải tệp lên trước.")
    return ALLOWED


def decide_withdraw(
    *, status: str, open_number: str, reason: str, decision_number: str
) -> Decision:
    """Decide whether a document may be withdrawn as a whole.

    Source: ISO 9001:2015 điều 7.5.3.2 c), d) (kiểm soát thay đổi, ngăn dùng nhầm bản lỗi thời).
    """
    if status != IN_FORCE:
        return Refused("not_in_force", "Chỉ thu hồi được tài liệu đang có hiệu lực.")
    if open_number:
        return Refused(
            "revision_open",
            f"Tài liệu còn bản {open_number} đang làm dở. Hãy bỏ hoặc hoàn tất bản đó trước.",
        )
    if len(reason) < 5:
        return Refused("reason_missing", "Hãy ghi lý do thu hồi.", field="reason")
    if not decision_number:
        return Refused(
            "decision_missing",
            "Hãy ghi số quyết định hoặc văn bản cho phép thu hồi.",
            field="decision_number",
        )
    return ALLOWED
