"""When personal data of an ended case goes, and what goes. Pure.

Source: Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15; the rules stand in
reference/erasure_rules.toml, each with its source and mark.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from nep.apps.cases.rules.statuses import DONE, FINISHED, RETURNED, STOPPED, WITHDRAWN
from nep.apps.organization.rules import Actor, may
from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.vietnamese import local

ASK, APPROVE = "case.privacy", "case.erase"
PART_NAMES: dict[str, str] = {
    "contact": "số định danh, điện thoại, thư điện tử, địa chỉ",
    "applicant": "tên người nộp",
    "papers": "tệp giấy tờ",
    "data": "câu trả lời đã khai",
    "voice": "lời góp ý, lời báo sai lệch",
    "fed": "dòng gốc của hệ thống khác",
}
KINDS: dict[str, frozenset[int]] = {
    "ended": frozenset(FINISHED),
    "result": frozenset({DONE, RETURNED}),
    "stopped": frozenset({WITHDRAWN, STOPPED}),
}
STATE_NAMES: dict[str, str] = {
    "asked": "Chờ duyệt",
    "refused": "Không duyệt",
    "running": "Đang xóa",
    "done": "Đã xóa xong",
}
HELD, REPORTED, CORRECTED, TIED = "held", "reported", "corrected", "tied"
UNRETURNED, KEPT = "unreturned", "kept"
SPARED_NAMES: dict[str, str] = {
    HELD: "đang được giữ lại theo yêu cầu",
    REPORTED: "có lời báo sai lệch chưa giải quyết xong",
    CORRECTED: "kết quả đang được đính chính",
    TIED: "nối với hồ sơ đang giải quyết",
    UNRETURNED: "có kết quả mà chưa trả cho người nộp",
    KEPT: "nằm trong hồ sơ lưu còn thời hạn bảo quản",
}
MINIMUM_REASON = 5


@dataclass(frozen=True, slots=True)
class ErasureRule:
    """One rule: which cases, how many months after their end, which parts of them go."""

    key: str
    label: str
    kind: str
    months: int
    least: int
    most: int
    parts: tuple[str, ...]
    waits_for_record: bool
    since: date
    source: str
    mark: str

    @property
    def statuses(self) -> frozenset[int]:
        """Return the statuses of the cases it takes."""
        return KINDS[self.kind]

    @property
    def part_words(self) -> str:
        """Return what goes in words."""
        return "; ".join(PART_NAMES[part] for part in self.parts)


def read_erasure_rules(content: Mapping[str, Mapping[str, Any]]) -> dict[str, ErasureRule]:
    """Return the rules of the shipped file by their keys. Raises ValueError for an unknown part."""
    found = {
        key: ErasureRule(
            key, one["label"], one["kind"], one["months"], one["min"], one["max"],
            tuple(one["parts"]), one["waits_for_record"], one["since"], one["source"],
            one["verified"],
        )
        for key, one in content.items()
    }  # fmt: skip
    for rule in found.values():
        if set(rule.parts) - set(PART_NAMES) or rule.kind not in KINDS:
            raise ValueError(f"erasure rule {rule.key}: unknown part or kind")
    return found


def ended_before(now: datetime, *, months: int) -> datetime:
    """Return before which moment a case must have ended: the day so many months ago begins.

    On the last days of a month the 28th is taken: nothing goes too early.
    """
    here = local(now)
    whole = here.year * 12 + here.month - 1 - months
    year, month = divmod(whole, 12)
    day = min(here.day, 28)
    return here.replace(
        year=year, month=month + 1, day=day, hour=0, minute=0, second=0, microsecond=0
    )


def decide_erasure_asking(
    actor: Actor, *, rule: ErasureRule, months: int, count: int, approver_id: int, reason: str
) -> Decision:
    """Decide whether an erasure may be proposed: bounds, another person to approve, a reason."""
    allowed = may(actor, ASK)
    if not allowed:
        return allowed
    if not rule.least <= months <= rule.most:
        return Refused(
            "months_out_of_bounds",
            f"“{rule.label}” chỉ được chọn từ {rule.least} đến {rule.most} tháng.",
            rule.source,
            field="months",
        )
    if approver_id == actor.person_id:
        return Refused(
            "two_people", "Người đề nghị và người duyệt phải là hai người.", field="approver"
        )
    if not count:
        return Refused("nothing_to_erase", "Không hồ sơ nào đến hạn xóa theo quy tắc này.")
    if len(reason.strip()) < MINIMUM_REASON:
        return Refused("reason_missing", "Hãy ghi căn cứ, lý do xóa.", field="reason")
    return ALLOWED


def decide_erasure_deciding(
    actor: Actor, *, state: str, approver_id: int, asked_by_id: int, refuses: bool, reason: str
) -> Decision:
    """Decide whether the actor may approve or refuse a proposed erasure."""
    allowed = may(actor, APPROVE)
    if not allowed:
        return allowed
    if actor.person_id == asked_by_id:
        return Refused("two_people", "Người đề nghị không được tự duyệt.")
    if actor.person_id != approver_id:
        return Refused("not_the_approver", "Đề nghị này đã gửi cho người khác duyệt.")
    if state != "asked":
        return Refused("erasure_decided", "Đề nghị này đã được quyết định rồi.")
    if refuses and len(reason.strip()) < MINIMUM_REASON:
        return Refused("reason_missing", "Hãy ghi vì sao không duyệt.", field="words")
    return ALLOWED
