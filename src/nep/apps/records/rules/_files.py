"""The life of a file: open, closed, handed over, destroyed.

Source: Nghị định 30/2020/NĐ-CP Điều 29, 30 (lập hồ sơ, kết thúc hồ sơ, nộp lưu).
"""

from nep.apps.organization.rules import Actor, leads_unit, may
from nep.kernel.decisions import ALLOWED, Decision, Refused

OPEN, CLOSED, TRANSFERRED, DESTROYED = "open", "closed", "transferred", "destroyed"
FILE_STATES: dict[str, str] = {
    OPEN: "Đang lập",
    CLOSED: "Đã kết thúc",
    TRANSFERRED: "Đã nộp lưu trữ",
    DESTROYED: "Đã tiêu hủy",
}
MEDIUM_NAMES: dict[str, str] = {
    "digital": "Điện tử",
    "paper": "Giấy",
    "both": "Giấy và điện tử",
}
STEP = "step"
SOURCE_NAMES: dict[str, str] = {
    "case": "Hồ sơ thủ tục đã xong",
    STEP: "Hồ sơ một bước để lại",
    "revision": "Lần ban hành tài liệu",
    "form": "Biểu mẫu đã điền",
    "upload": "Tải lên",
}
LEAST_YEARS_TO_TRANSFER = 5


def keeps_file(actor: Actor, *, keeper_id: int, unit_id: int | None) -> Decision:
    """Decide whether the actor may work on a file: its keeper, its unit's head, who manages."""
    if keeper_id == actor.person_id and may(actor, "record.keep"):
        return ALLOWED
    if may(actor, "record.manage"):
        return ALLOWED
    if may(actor, "record.keep") and unit_id is not None and leads_unit(actor, unit_id=unit_id):
        return ALLOWED
    return Refused(
        "not_the_keeper",
        "Chỉ người lập hồ sơ, trưởng đơn vị hoặc người quản lý hồ sơ lưu mới sửa được hồ sơ này.",
    )


def decide_deposit(state: str, *, name: str) -> Decision:
    """Decide whether a record may be put into a file."""
    if state == OPEN:
        return ALLOWED
    return Refused(
        "file_closed",
        f"Hồ sơ {name} {FILE_STATES.get(state, state).lower()} nên không nhận thêm. "
        "Hãy mở lại kèm lý do, hoặc chọn hồ sơ khác.",
        field="file",
    )


def decide_close(state: str, *, records: int, sheets: int | None, medium: str) -> Decision:
    """Decide whether a file may be closed: it holds something, and paper is counted."""
    if state != OPEN:
        return Refused("file_closed", "Hồ sơ này đã kết thúc.")
    if not records and medium == "digital":
        return Refused("file_empty", "Hồ sơ chưa có văn bản nào nên chưa kết thúc được.")
    if medium != "digital" and not sheets:
        return Refused("sheets_missing", "Hãy ghi số tờ của phần giấy.", field="sheets")
    return ALLOWED


def decide_reopen(state: str, *, is_in_disposal: bool) -> Decision:
    """Decide whether a closed file may be opened again."""
    if state != CLOSED:
        return Refused("file_state", "Chỉ mở lại được hồ sơ đã kết thúc và chưa nộp lưu.")
    if is_in_disposal:
        return Refused("file_in_disposal", "Hồ sơ đang nằm trong danh mục đề nghị tiêu hủy.")
    return ALLOWED


def decide_transfer(
    state: str, *, name: str, years: int | None, is_permanent: bool, is_in_disposal: bool
) -> Decision:
    """Decide whether a file goes to the archive.

    Source: Nghị định 30/2020/NĐ-CP Điều 30: nộp hồ sơ có thời hạn bảo quản từ 05 năm trở lên.
    """
    clause = "Nghị định 30/2020/NĐ-CP, Điều 30"
    if state != CLOSED:
        return Refused("file_state", f"Hồ sơ {name} chưa kết thúc nên chưa nộp lưu được.")
    if is_in_disposal:
        return Refused(
            "file_in_disposal", f"Hồ sơ {name} đang nằm trong danh mục đề nghị tiêu hủy."
        )
    if not is_permanent and not years:
        return Refused("retention_missing", f"Hồ sơ {name} chưa xác định thời hạn lưu.", clause)
    if not is_permanent and (years or 0) < LEAST_YEARS_TO_TRANSFER:
        return Refused(
            "retention_short",
            f"Hồ sơ {name} có thời hạn lưu {years} năm; chỉ nộp hồ sơ từ 5 năm trở lên.",
            clause,
        )
    return ALLOWED
