"""Whether an external document holds today, and when what it changed must be applied.

Source: Quyết định 19/2014/QĐ-TTg Điều 4 khoản 4 điểm a: cập nhật thay đổi của văn bản quy phạm pháp
luật chậm nhất 3 tháng kể từ ngày văn bản có hiệu lực; ISO 9001:2015 điều 7.5.3.2 (thông tin dạng văn
bản có nguồn gốc bên ngoài).
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.text import clean

KIND_NAMES: dict[str, str] = {
    "law": "Luật",
    "ordinance": "Pháp lệnh",
    "resolution": "Nghị quyết",
    "decree": "Nghị định",
    "circular": "Thông tư",
    "decision": "Quyết định",
    "directive": "Chỉ thị",
    "letter": "Công văn",
    "plan": "Kế hoạch",
    "standard": "Tiêu chuẩn, quy chuẩn",
    "guide": "Hướng dẫn",
    "other": "Văn bản khác",
}
LEVEL_NAMES: dict[str, str] = {
    "public": "Công khai",
    "internal": "Nội bộ cơ quan",
    "restricted": "Hạn chế",
}
IN_FORCE, ENDING, EXPIRED, COMING, WITHDRAWN = (
    "in_force",
    "ending",
    "expired",
    "coming",
    "withdrawn",
)
STATE_NAMES: dict[str, str] = {
    IN_FORCE: "Còn hiệu lực",
    ENDING: "Sắp hết hiệu lực",
    EXPIRED: "Hết hiệu lực",
    COMING: "Chưa có hiệu lực",
    WITHDRAWN: "Đã bỏ khỏi danh mục",
}
CHIPS: dict[str, str] = {
    IN_FORCE: "ok", ENDING: "sap", EXPIRED: "qua", COMING: "cho", WITHDRAWN: "tam",
}  # fmt: skip
ENDING_DAYS = 60
UPDATE_MONTHS = 3
PERIODIC, CHANGE, EXPIRY = "periodic", "change", "expiry"
RESULT_NAMES: dict[str, str] = {
    "unchanged": "Không phải sửa tài liệu nào",
    "updated": "Đã cập nhật tài liệu",
    "planned": "Đã lập kế hoạch sửa đổi",
}
NEEDS_NOTE = frozenset({"updated", "planned"})
_JOINED = re.compile(r"\s*([/-])\s*")
CITERS = ("legal.manage", "document.draft", "procedure.draft")


@dataclass(frozen=True, slots=True)
class Validity:
    """The days of a text, as the register knows them."""

    effective_from: date | None
    expires_on: date | None
    withdrawn_on: date | None = None


def number_text(number: str) -> str:
    """Return a symbol as it is printed: no blanks around "/" and "-"."""
    return _JOINED.sub(r"\1", clean(number))


def number_key(number: str) -> str:
    """Return a symbol as it is compared: capitals, no blanks ("12 /qđ-ubnd" is "12/QĐ-UBND")."""
    return "".join(clean(number).upper().split())


def state_of(validity: Validity, *, today: date) -> str:
    """Return whether a text holds today; a day named as its last still belongs to it."""
    if validity.withdrawn_on is not None and validity.withdrawn_on <= today:
        return WITHDRAWN
    if validity.expires_on is not None and validity.expires_on < today:
        return EXPIRED
    if validity.effective_from is not None and validity.effective_from > today:
        return COMING
    if validity.expires_on is not None and validity.expires_on <= ending_by(today):
        return ENDING
    return IN_FORCE


def ending_by(today: date) -> date:
    """Return the last day of the span in which a text is about to end."""
    return today + timedelta(days=ENDING_DAYS)


def months_later(day: date, months: int) -> date:
    """Return the same day some months later, or that month's last day."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, min(day.day, last))
        except ValueError:
            continue
    raise ValueError("no such month")


def update_due(effective_from: date) -> date:
    """Return by when the agency's own documents must follow a text.

    Source: Quyết định 19/2014/QĐ-TTg Điều 4 khoản 4 điểm a.
    """
    return months_later(effective_from, UPDATE_MONTHS)


def quarter_of(today: date) -> tuple[int, int, date]:
    """Return (year, quarter, its last day)."""
    quarter = (today.month - 1) // 3 + 1
    first_of_next = date(today.year + quarter // 4, quarter % 4 * 3 + 1, 1)
    return today.year, quarter, first_of_next - timedelta(days=1)


def decide_entry(
    *,
    kind: str,
    number: str,
    title: str,
    level: str,
    issued_on: date | None,
    effective_from: date | None,
    expires_on: date | None,
) -> Decision:
    """Decide whether an external document may be written down as given."""
    if kind not in KIND_NAMES:
        return Refused("kind_unknown", "Hãy chọn loại văn bản trong danh sách.", field="kind")
    if level not in LEVEL_NAMES:
        return Refused("level_unknown", "Hãy chọn mức độ trong danh sách.", field="level")
    if not clean(title):
        return Refused("title_missing", "Hãy ghi trích yếu của văn bản.", field="title")
    if kind not in {"guide", "other", "plan"} and not clean(number):
        return Refused(
            "number_missing", "Hãy ghi số, ký hiệu của văn bản, ví dụ 118/2025/NĐ-CP.",
            field="number",
        )  # fmt: skip
    if issued_on and effective_from and effective_from < issued_on:
        return Refused(
            "effective_before_issue", "Ngày có hiệu lực phải từ ngày ban hành trở đi.",
            field="effective_from",
        )  # fmt: skip
    start = effective_from or issued_on
    if expires_on and start and expires_on < start:
        return Refused(
            "period_reversed", "Ngày hết hiệu lực phải từ ngày có hiệu lực trở đi.",
            field="expires_on",
        )  # fmt: skip
    return ALLOWED


def decide_reason(reason: str) -> Decision:
    """Decide whether a reason says enough."""
    if len(clean(reason)) < 5:
        return Refused("reason_missing", "Hãy ghi lý do bằng một câu.", field="reason")
    return ALLOWED


def decide_replacement(
    *, external_id: int, new_id: int, new_state: str, successors: frozenset[int]
) -> Decision:
    """Decide whether one text may be written as replaced by another.

    `successors` are the texts that took the new one's place, one after another.
    """
    if external_id == new_id:
        return Refused("same_text", "Hãy chọn văn bản khác làm văn bản thay thế.", field="new")
    if external_id in successors:
        return Refused(
            "replaced_in_a_ring",
            "Văn bản được chọn lại đang được ghi là bị chính văn bản này thay thế.",
            field="new",
        )
    if new_state in {WITHDRAWN, EXPIRED}:
        return Refused(
            "replacement_not_valid", "Văn bản thay thế phải còn hoặc sắp có hiệu lực.", field="new"
        )
    return ALLOWED


def decide_result(*, result: str, note: str) -> Decision:
    """Decide whether a review may be closed with this result."""
    if result not in RESULT_NAMES:
        return Refused("result_missing", "Hãy chọn kết quả rà soát.", field="result")
    if result in NEEDS_NOTE and len(clean(note)) < 5:
        return Refused(
            "note_missing",
            "Hãy ghi tài liệu nào được sửa, hoặc số kế hoạch sửa đổi.",
            field="note",
        )
    return ALLOWED


def headline(*, total: int, expired_cited: int, ending: int) -> str:
    """Return the first line of the register: the answer."""
    if not total:
        return "Danh mục tài liệu bên ngoài còn trống"
    if expired_cited:
        return f"{expired_cited} văn bản đã hết hiệu lực vẫn đang được viện dẫn"
    if ending:
        return f"{ending} văn bản sắp hết hiệu lực"
    return f"{total} văn bản, không văn bản hết hiệu lực nào còn được viện dẫn"
