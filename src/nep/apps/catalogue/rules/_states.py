"""Which state an entry is in on a day, and what may be done with it.

Source: Nghị định 63/2010/NĐ-CP (quyết định công bố: mới ban hành, sửa đổi, thay thế, bãi bỏ); ISO
9001:2015 điều 7.5.3.2 (thông tin dạng văn bản có nguồn gốc bên ngoài).
"""

from dataclasses import dataclass
from datetime import date

from nep.apps.catalogue.rules._values import Published
from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.text import clean, likeness, words

CURRENT, ABOLISHED, COMING = "current", "abolished", "coming"
STATE_NAMES: dict[str, str] = {
    CURRENT: "Đang áp dụng",
    COMING: "Chưa có hiệu lực",
    ABOLISHED: "Đã bãi bỏ",
}
CHIPS: dict[str, str] = {CURRENT: "ok", COMING: "cho", ABOLISHED: "qua"}
LEAST_LIKENESS = 0.2


@dataclass(frozen=True, slots=True)
class Span:
    """The days of an entry: first day in force (None: always was), day abolished from."""

    effective_from: date | None = None
    abolished_from: date | None = None


def state_of(span: Span, *, today: date) -> str:
    """Return the state on a day; the day of abolition no longer belongs to the entry."""
    if span.abolished_from is not None and span.abolished_from <= today:
        return ABOLISHED
    if span.effective_from is not None and span.effective_from > today:
        return COMING
    return CURRENT


def is_other_procedure(known: Published, told: Published) -> bool:
    """Say whether a row under a known code speaks of another procedure: name and field unlike."""
    if not known.name or not told.name or words(known.name) == words(told.name):
        return False
    if likeness(known.name, told.name) >= LEAST_LIKENESS:
        return False
    return not known.field or not told.field or words(known.field) != words(told.field)


def decide_abolition(*, decision: str, effective_from: date | None, on: date | None) -> Decision:
    """Decide whether an entry may be abolished by this decision from this day on."""
    if len(clean(decision)) < 4:
        return Refused(
            "decision_missing",
            "Hãy ghi số quyết định bãi bỏ, ví dụ 1234/QĐ-BTP.",
            "Nghị định 63/2010/NĐ-CP",
            field="decision",
        )
    if on is None:
        return Refused("day_missing", "Hãy ghi ngày bãi bỏ có hiệu lực.", field="on")
    if effective_from is not None and on < effective_from:
        return Refused(
            "abolished_before_force",
            "Ngày bãi bỏ phải từ ngày thủ tục có hiệu lực trở đi.",
            field="on",
        )
    return ALLOWED
