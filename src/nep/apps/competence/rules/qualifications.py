"""What a person is qualified for, by which certificate, from when until when. Pure.

Source: TCVN ISO 9001:2015 điều 7.2 (năng lực, thông tin dạng văn bản làm bằng chứng), điều 9.2.2 c
(lựa chọn chuyên gia đánh giá); Thông tư 26/2014/TT-BKHCN Điều 7 khoản 2 (đào tạo đánh giá nội bộ).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from nep.apps.organization.rules import Actor, may
from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.text import clean

CLAUSE = "TCVN ISO 9001:2015, điều 7.2"
LEAD, AUDITOR, OTHER = "lead", "auditor", "other"
KIND_NAMES: dict[str, str] = {
    AUDITOR: "Đánh giá viên nội bộ",
    LEAD: "Trưởng đoàn đánh giá",
    OTHER: "Chứng chỉ khác",
}
AUDITING = (LEAD, AUDITOR)
LEAST_WORDS = 5
SOON_DAYS = 60


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when a qualification holds; no last day holds on; `ended_on` was taken back."""

    kind: str
    given_on: date
    valid_until: date | None
    ended_on: date | None = None


def holds(span: Span, *, on: date) -> bool:
    """Say whether a qualification holds on a day."""
    if on < span.given_on or (span.valid_until is not None and span.valid_until < on):
        return False
    return span.ended_on is None or on < span.ended_on


def state_of(span: Span, *, today: date) -> tuple[str, str]:
    """Return (words, chip) of how a qualification stands today."""
    if span.ended_on is not None and span.ended_on <= today:
        return "Đã thôi dùng", "tam"
    if span.valid_until is not None and span.valid_until < today:
        return "Đã hết hạn", "qua"
    if span.given_on > today:
        return "Chưa có hiệu lực", "tam"
    if span.valid_until is not None and (span.valid_until - today).days <= SOON_DAYS:
        return "Sắp hết hạn", "sap"
    return "Còn hiệu lực", "ok"


def best(spans: Iterable[Span]) -> Span | None:
    """Return the strongest of some qualifications: a lead's first, then the one that holds longest."""
    return max(
        spans,
        key=lambda one: (one.kind == LEAD, one.valid_until or date.max, one.given_on),
        default=None,
    )


def decide_add(
    actor: Actor, *, kind: str, course: str, given_by: str, given_on: date,
    valid_until: date | None, today: date,
) -> Decision:  # fmt: skip
    """Decide whether the actor may enter a qualification as told."""
    allowed = may(actor, "competence.manage")
    if not allowed:
        return allowed
    if kind not in KIND_NAMES:
        return Refused("kind_unknown", "Hãy chọn loại chứng chỉ.", field="kind")
    if len(clean(course)) < LEAST_WORDS:
        return Refused("course_missing", "Hãy ghi tên khóa học hoặc chứng chỉ.", field="course")
    if len(clean(given_by)) < 2:
        return Refused("giver_missing", "Hãy ghi nơi cấp.", CLAUSE, field="given_by")
    if given_on > today:
        return Refused("given_later", "Ngày cấp không thể sau hôm nay.", field="given_on")
    if valid_until is not None and valid_until < given_on:
        return Refused(
            "period_reversed", "Ngày hết hạn phải từ ngày cấp trở đi.", field="valid_until"
        )
    return ALLOWED


def decide_end(actor: Actor, *, is_ended: bool, reason: str) -> Decision:
    """Decide whether the actor may take a qualification out of use."""
    allowed = may(actor, "competence.manage")
    if not allowed:
        return allowed
    if is_ended:
        return Refused("ended_before", "Chứng chỉ này đã thôi dùng. Hãy tải lại trang.")
    if len(clean(reason)) < LEAST_WORDS:
        return Refused("reason_missing", "Hãy ghi lý do bằng một câu.", field="reason")
    return ALLOWED
