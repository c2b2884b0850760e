"""Disposal: what is due, who decides, who carries it out.

Source: Luật Lưu trữ 33/2024/QH15 (hủy tài liệu hết giá trị theo quyết định); three people is the
product's own safeguard.
"""

from datetime import date

from nep.apps.records.rules._files import CLOSED
from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.text import clean
from nep.kernel.vietnamese import date_text

DISPOSAL_STATES: dict[str, str] = {
    "proposed": "Chờ quyết định",
    "approved": "Đã quyết định, chờ thực hiện",
    "executed": "Đã tiêu hủy",
    "rejected": "Không tiêu hủy",
}


def decide_proposal(
    *,
    name: str,
    state: str,
    until: date | None,
    is_permanent: bool,
    is_held: bool,
    is_in_disposal: bool,
    today: date,
) -> Decision:
    """Decide whether a file may be proposed for disposal, or disposed of, today."""
    if state != CLOSED:
        return Refused("file_state", f"Hồ sơ {name} không ở trạng thái đã kết thúc.")
    if is_held:
        return Refused("file_held", f"Hồ sơ {name} đang được giữ lại nên không tiêu hủy được.")
    if is_in_disposal:
        return Refused("file_in_disposal", f"Hồ sơ {name} đã nằm trong một danh mục tiêu hủy.")
    if is_permanent:
        return Refused("file_permanent", f"Hồ sơ {name} lưu vĩnh viễn.")
    if until is None:
        return Refused("retention_missing", f"Hồ sơ {name} chưa xác định thời hạn lưu.")
    if until >= today:
        return Refused("retention_runs", f"Hồ sơ {name} còn phải lưu đến hết {date_text(until)}.")
    return ALLOWED


def decide_approval(
    *,
    state: str,
    proposer_id: int,
    actor_id: int,
    council: str,
    decision_number: str,
    decision_on: date | None,
    today: date,
) -> Decision:
    """Decide whether a disposal may be approved by the actor under this decision."""
    if state != "proposed":
        return Refused("disposal_state", "Danh mục này không còn chờ quyết định.")
    if proposer_id == actor_id:
        return Refused(
            "proposer_is_approver", "Người đề nghị không tự quyết định tiêu hủy. Cần người khác."
        )
    if not any(char.isdigit() for char in decision_number):
        return Refused(
            "decision_missing", "Hãy ghi số quyết định tiêu hủy, ví dụ 45/QĐ-STP.",
            field="decision_number",
        )  # fmt: skip
    if decision_on is None or decision_on > today:
        return Refused(
            "decision_day", "Ngày quyết định phải là hôm nay hoặc trước đó.", field="decision_on"
        )
    if len(clean(council)) < 5:
        return Refused(
            "council_missing", "Hãy ghi hội đồng xác định giá trị tài liệu.", field="council"
        )
    return ALLOWED


def decide_execution(*, state: str, approver_id: int | None, actor_id: int) -> Decision:
    """Decide whether the actor may carry a disposal out; who approved it may not."""
    if state != "approved":
        return Refused("disposal_state", "Chỉ thực hiện được danh mục đã có quyết định.")
    if approver_id == actor_id:
        return Refused(
            "approver_is_executor", "Người quyết định không tự thực hiện tiêu hủy. Cần người khác."
        )
    return ALLOWED
