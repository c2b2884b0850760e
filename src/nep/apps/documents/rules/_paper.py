"""Numbered paper copies: given, recalled, destroyed or lost.

Source: ISO 9001:2015 điều 7.5.3.2 (phân phối, kiểm soát thay đổi, hủy bỏ).
"""

from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.text import clean

COPY_RECALLED, COPY_DESTROYED, COPY_LOST = "recalled", "destroyed", "lost"
COPY_END_NAMES: dict[str, str] = {
    COPY_RECALLED: "Đã thu hồi",
    COPY_DESTROYED: "Đã hủy",
    COPY_LOST: "Thất lạc",
}
RECALL_DAYS = 5


def decide_copy_give(*, is_in_force: bool, holder: str) -> Decision:
    """Decide whether a paper copy may be given: only of the revision in force, to somebody."""
    if not is_in_force:
        return Refused(
            "copy_of_old", "Chỉ phát bản giấy của bản đang hiệu lực. Hãy mở lại tài liệu."
        )
    if not clean(holder):
        return Refused("holder_missing", "Hãy chọn đơn vị hoặc người giữ bản giấy.", field="holder")
    return ALLOWED


def decide_copy_end(*, is_out: bool, kind: str, note: str) -> Decision:
    """Decide whether a paper copy may be written off so; a lost one says how it came about."""
    if not is_out:
        return Refused("copy_ended", "Bản giấy này đã được ghi thu hồi, hủy hoặc thất lạc.")
    if kind not in COPY_END_NAMES:
        return Refused("end_unknown", "Hãy chọn thu hồi, hủy hoặc thất lạc.", field="kind")
    if kind == COPY_LOST and len(clean(note)) < 10:
        return Refused(
            "note_missing", "Bản thất lạc cần ghi rõ hoàn cảnh, ít nhất một câu.", field="note"
        )
    return ALLOWED
