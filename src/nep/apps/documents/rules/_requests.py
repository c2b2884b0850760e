"""Requests for a new document, a change or a withdrawal.

Source: ISO 9001:2015 điều 7.5.3.2 c), 6.3 (hoạch định các thay đổi).
"""

from nep.kernel.decisions import ALLOWED, Decision, Refused

NEW_WISH, CHANGE_WISH, WITHDRAW_WISH = "new", "change", "withdraw"
WISH_NAMES: dict[str, str] = {
    CHANGE_WISH: "Sửa đổi tài liệu",
    NEW_WISH: "Soạn tài liệu mới",
    WITHDRAW_WISH: "Thu hồi tài liệu",
}
ASKED, ACCEPTED, REFUSED, DONE, TAKEN_BACK = "asked", "accepted", "refused", "done", "taken_back"
REQUEST_STATE_NAMES: dict[str, str] = {
    ASKED: "Chờ quyết định",
    ACCEPTED: "Đã chấp nhận, đang thực hiện",
    REFUSED: "Không chấp nhận",
    DONE: "Đã thực hiện",
    TAKEN_BACK: "Người đề nghị rút lại",
}
LEAST_REASON = 10


def decide_ask(
    *, wish: str, reason: str, has_document: bool, is_withdrawn: bool, title: str, kind: str
) -> Decision:
    """Decide whether a request can be written as asked."""
    if wish not in WISH_NAMES:
        return Refused("wish_unknown", "Hãy chọn điều bạn đề nghị.", field="wish")
    if len(reason) < LEAST_REASON:
        return Refused(
            "reason_missing",
            "Hãy ghi lý do, ví dụ “Thông tư … thay mẫu số 02 từ ngày 01/3”.",
            field="reason",
        )
    if wish == NEW_WISH:
        if not title:
            return Refused("title_missing", "Hãy ghi tên tài liệu cần soạn.", field="title")
        if not kind:
            return Refused("kind_missing", "Hãy chọn loại tài liệu.", field="kind")
        return ALLOWED
    if not has_document:
        return Refused("document_missing", "Hãy chọn tài liệu.", field="document")
    if is_withdrawn:
        return Refused("document_withdrawn", "Tài liệu này đã thu hồi.", field="document")
    return ALLOWED


def decide_request_answer(state: str) -> Decision:
    """Decide whether a request may still be accepted, refused or taken back."""
    if state == ASKED:
        return ALLOWED
    return Refused(
        "request_state",
        f"Đề nghị này đang ở trạng thái “{REQUEST_STATE_NAMES.get(state, state)}” nên không đổi "
        "được nữa. Hãy tải lại trang.",
    )


def decide_take_back(*, state: str, is_own: bool) -> Decision:
    """Decide whether a request may be taken back by the one who made it."""
    if not is_own:
        return Refused("not_own_request", "Chỉ người đề nghị mới rút lại được đề nghị này.")
    return decide_request_answer(state)
