"""What one ISO secretary gives the next."""

from nep.apps.organization.rules import Actor, may
from nep.kernel.decisions import ALLOWED, Decision, Refused

SOURCE = "TCVN ISO 9001:2015, điều 5.3, 7.1.6"
# the short tour: what a new secretary opens first, in this order
TOUR: tuple[tuple[str, str, str], ...] = (
    ("Năm ISO", "/nam-iso/", "Việc tiếp theo, vì sao, một nút. Mở trang này trước mọi trang khác."),
    ("Việc của tôi", "/viec/", "Việc đã giao cho bạn, xếp theo độ gấp; nhắc gộp mỗi ngày một lần."),
    ("Tài liệu", "/tai-lieu/", "Bản đang hiệu lực; bản cũ tự hết hiệu lực khi ban hành bản mới."),
    ("Văn bản mới", "/van-ban/ra-soat/", "Ba tháng từ ngày có hiệu lực phải sửa xong tài liệu."),
    ("Sự không phù hợp", "/khong-phu-hop/", "Phiếu nào chờ ai, hạn nào; người khác kiểm tra."),
    ("Công bố", "/cong-bo/", "Còn thiếu điều kiện nào; phạm vi đổi thì công bố lại."),
)  # fmt: skip


def decide_handover(
    actor: Actor, *, giver_id: int, receiver_id: int, receiver_roles: frozenset[str]
) -> Decision:
    """Decide whether the work of an ISO secretary may be handed to somebody: who wears the role."""
    allowed = may(actor, "year.manage")
    if not allowed:
        return allowed
    if giver_id == receiver_id:
        return Refused("same_person", "Người giao và người nhận là một.", field="receiver")
    if "iso_secretary" not in receiver_roles:
        return Refused(
            "not_secretary",
            "Người nhận chưa được phân công thư ký ISO. Hãy bổ nhiệm ở trang nhân sự trước.",
            SOURCE, field="receiver",
        )  # fmt: skip
    return ALLOWED


def decide_receive(actor: Actor, *, receiver_id: int, received: bool) -> Decision:
    """Decide whether the actor may say that the work was received."""
    if received:
        return Refused("received_already", "Đã xác nhận nhận bàn giao.")
    if actor.person_id != receiver_id:
        return Refused("not_receiver", "Chỉ người nhận mới xác nhận được.")
    return ALLOWED
