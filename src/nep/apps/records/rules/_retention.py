"""How long records are kept and who says so.

Source: Nghị định 30/2020/NĐ-CP Điều 28, 29, Phụ lục V (danh mục hồ sơ). The product ships no years of
its own: the row for ISO files of Thông tư 10/2022/TT-BNV has not been read, so every value carries
its source and a mark.
"""

from datetime import date

from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.text import clean

MARK_NAMES: dict[str, str] = {
    "S": "đã đọc trong văn bản",
    "K": "theo hiểu biết, cần đối chiếu",
    "?": "chưa xác minh",
}
_PLAN = "Nghị định 30/2020/NĐ-CP, Điều 28"


def retention_text(*, years: int | None, is_permanent: bool) -> str:
    """Return the retention in words."""
    if is_permanent:
        return "Vĩnh viễn"
    return f"{years} năm" if years else "Chưa xác định"


def retain_until(*, closed_on: date, years: int | None, is_permanent: bool) -> date | None:
    """Return the last day a file must be kept: full years from the end of the year it was closed.

    None when it is permanent or its years are not decided.
    """
    if is_permanent or not years:
        return None
    return date(closed_on.year + years, 12, 31)


def series_key(code: str) -> str:
    """Return a series' code as it is compared: capitals, no blanks."""
    return "".join(clean(code).upper().split())


def decide_reason(reason: str) -> Decision:
    """Decide whether a reason says enough."""
    if len(clean(reason)) < 5:
        return Refused("reason_missing", "Hãy ghi lý do bằng một câu.", field="reason")
    return ALLOWED


def decide_plan_change(state: str) -> Decision:
    """Decide whether lines of a plan may change: what a decision issued stands as it was issued."""
    if state == "draft":
        return ALLOWED
    return Refused(
        "plan_issued",
        "Danh mục đã ban hành. Hãy mở lại danh mục kèm lý do, sửa rồi trình ban hành lại.",
        _PLAN,
    )


def decide_plan_reopening(*, state: str, reason: str) -> Decision:
    """Decide whether an issued plan may be opened for another edition."""
    if state != "approved":
        return Refused("plan_draft", "Danh mục này đang được sửa.")
    return decide_reason(reason)


def decide_plan_approval(*, state: str, series: int, maker_id: int, actor_id: int) -> Decision:
    """Decide whether a plan may be approved by the actor."""
    if state != "draft":
        return Refused("plan_approved", "Danh mục này đã được ban hành.")
    if not series:
        return Refused("plan_empty", "Danh mục chưa có dòng nào để ban hành.", _PLAN)
    if maker_id == actor_id:
        return Refused(
            "maker_is_approver", "Người lập danh mục không tự ban hành danh mục của mình.", _PLAN
        )
    return ALLOWED


def decide_series(
    *, code: str, title: str, years: int | None, is_permanent: bool, basis: str, mark: str
) -> Decision:
    """Decide whether a line of the plan may be written as given."""
    if not clean(code):
        return Refused("code_missing", "Hãy ghi số, ký hiệu hồ sơ.", field="code")
    if not clean(title):
        return Refused("title_missing", "Hãy ghi tiêu đề hồ sơ.", field="title")
    if is_permanent and years:
        return Refused(
            "retention_twice", "Chọn số năm hoặc vĩnh viễn, không chọn cả hai.", field="years"
        )
    if years is not None and not 1 <= years <= 100:
        return Refused("retention_years", "Số năm lưu phải từ 1 đến 100.", field="years")
    if mark not in MARK_NAMES:
        return Refused("mark_unknown", "Hãy chọn mức xác minh của thời hạn.", field="mark")
    if mark == "S" and not clean(basis):
        return Refused(
            "basis_missing",
            "Đã đọc trong văn bản thì phải ghi văn bản nào, ví dụ Thông tư 10/2022/TT-BNV.",
            field="basis",
        )
    return ALLOWED
