"""Who may see the applicant's data in full, and for what reason. Pure.

Source: Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15 (chỉ xử lý đúng mục đích, phạm vi cần thiết).
"""

from datetime import timedelta

from nep.apps.organization.rules import Actor, may
from nep.kernel.decisions import ALLOWED, Decision, Refused

SEE = "case.applicant"
LOOKS = "case.privacy"
SEEN = "case.applicant_seen"  # the journal's word for a look
MINIMUM_REASON = 5
SAME_LOOK = timedelta(minutes=15)
HOLDER_REASON = "Đang giải quyết hồ sơ"
WAY_NAMES: dict[str, str] = {
    "page": "xem thông tin người nộp",
    "receipt": "mở giấy in cho người nộp",
    "paper": "mở giấy tờ của hồ sơ",
    "export": "xuất dữ liệu của người nộp",
    "joint": "mở giấy tờ theo việc liên thông",
}
WAY_REASONS: dict[str, str] = {
    "receipt": "In giấy cho người nộp",
    "paper": "Xem giấy tờ của hồ sơ",
}
FIELD_NAMES: dict[str, str] = {
    "name": "họ và tên",
    "identity": "số định danh",
    "phone": "điện thoại",
    "email": "thư điện tử",
    "address": "địa chỉ",
}


def decide_look_reason(reason: str) -> Decision:
    """Decide whether a reason for seeing the applicant's data in full says anything; it is kept."""
    if len(reason.strip()) >= MINIMUM_REASON:
        return ALLOWED
    return Refused(
        "reason_missing",
        "Hãy ghi lý do cần xem. Lý do được lưu cùng tên bạn và giờ xem.",
        "Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15",
        field="reason",
    )


def decide_hold_reason(reason: str) -> Decision:
    """Decide whether the reason of holding a case back, or of letting it go, says anything."""
    if len(reason.strip()) >= MINIMUM_REASON:
        return ALLOWED
    return Refused("reason_missing", "Hãy ghi lý do và văn bản làm căn cứ, nếu có.", field="reason")


def decide_applicant_change(actor: Actor, *, is_erased: bool, name: str, reason: str) -> Decision:
    """Decide whether the applicant's data may be put right, as the applicant asks.

    Source: Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15 (quyền chỉnh sửa của chủ thể dữ liệu).
    """
    allowed = may(actor, "case.accept")
    if not allowed:
        return allowed
    if is_erased:
        return Refused("applicant_erased", "Thông tin người nộp của hồ sơ này đã xóa theo quy tắc.")
    if not name.strip():
        return Refused("applicant_missing", "Hãy ghi tên người nộp hồ sơ.", field="name")
    if len(reason.strip()) < MINIMUM_REASON:
        return Refused(
            "reason_missing", "Hãy ghi ai đề nghị sửa và theo giấy tờ nào.", field="reason"
        )
    return ALLOWED
