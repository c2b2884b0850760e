"""When a document is reviewed, what a review may end in, and what a new year must change."""

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from nep.apps.organization.rules import Actor, may
from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.text import clean, shorten

VALID, CHANGE, WITHDRAW, OVERTAKEN = "valid", "change", "withdraw", "overtaken"
RESULT_NAMES: dict[str, str] = {
    VALID: "Vẫn phù hợp",
    CHANGE: "Cần sửa đổi",
    WITHDRAW: "Cần bãi bỏ",
    OVERTAKEN: "Không cần nữa: đã có bản mới hoặc đã bãi bỏ",
}
CHOSEN_RESULTS = (VALID, CHANGE, WITHDRAW)
LEAST_NOTE = 10
# ISO 9001:2015 names no interval; these are only proposals until the agency sets its own.
DEFAULT_MONTHS: dict[str, int] = {
    "policy": 12,
    "manual": 12,
    "system_procedure": 12,
    "procedure": 12,
    "instruction": 24,
    "form": 24,
    "plan": 12,
    "other": 24,
}
DEFAULT_MARK = "chưa xác minh"
AHEAD = timedelta(days=30)
NEAR = timedelta(days=7)
LONG_LATE = timedelta(days=30)
LISTED = timedelta(days=90)
MOST_PLACES = 60


@dataclass(frozen=True, slots=True)
class YearPlace:
    """One place of a text that names the old year, with what it would say."""

    text: str
    proposed: str


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def may_review(actor: Actor, *, owner_unit_id: int | None) -> Decision:
    """Decide whether the actor may say how a review ended: managers, the owner unit's head."""
    if may(actor, "document.manage"):
        return ALLOWED
    heads = {hat.unit_id for hat in actor.hats if hat.role == "unit_head"}
    if owner_unit_id is not None and owner_unit_id in heads:
        return ALLOWED
    return Refused(
        "review_not_yours",
        "Thư ký ISO hoặc trưởng đơn vị chủ trì ghi kết quả soát xét của tài liệu này.",
    )


def decide_review(*, result: str, note: str, is_open: bool) -> Decision:
    """Decide whether a review may end so; anything but "still valid" says why.

    Source: ISO 9001:2015 điều 7.5.2 c) (xem xét và phê duyệt về sự phù hợp và thỏa đáng).
    """
    if not is_open:
        return Refused("review_closed", "Đợt soát xét này đã có kết quả. Hãy tải lại trang.")
    if result not in CHOSEN_RESULTS:
        return Refused("result_unknown", "Hãy chọn một kết quả soát xét.", field="result")
    if result != VALID and len(clean(note)) < 10:
        return Refused(
            "note_missing", "Hãy ghi rõ cần sửa gì hoặc vì sao bãi bỏ, ít nhất một câu.",
            field="note",
        )  # fmt: skip
    return ALLOWED


def decide_interval(months: int) -> Decision:
    """Decide whether documents of a kind may be reviewed after so many months."""
    if 1 <= months <= 120:
        return ALLOWED
    return Refused("months_range", "Chu kỳ soát xét từ 1 đến 120 tháng.", field="months")


def review_reminder(*, soon: int, near: int, late: int) -> str:
    """Return the one line behind the bell about the documents to review; "" when there is none."""
    parts = [
        f"{late} tài liệu đã quá hạn soát xét" if late else "",
        f"{near} tài liệu đến hạn trong 7 ngày" if near else "",
        f"{soon} tài liệu đến hạn trong 30 ngày" if soon else "",
    ]
    text = ", ".join(one for one in parts if one)
    return text and f"Soát xét: {text}"


def in_next_year(text: str, *, year: int, to: int) -> str:
    """Return a text with the year, and the year before it in "2025-2026", moved forward."""
    shift = to - year

    def moved(found: re.Match[str]) -> str:
        number = int(found.group())
        return str(number + shift) if year - 1 <= number <= year + 1 else found.group()

    return re.sub(r"(?<!\d)(?:19|20)\d\d(?!\d)", moved, text)


def year_places(lines: Iterable[str], *, year: int, to: int) -> tuple[YearPlace, ...]:
    """Return the lines of a text that name the year of the last issue or a date in it."""
    own = re.compile(rf"(?<!\d){year}(?!\d)")
    found: dict[str, YearPlace] = {}
    for line in lines:
        said = shorten(clean(line), 300)
        if own.search(said) and said not in found:
            found[said] = YearPlace(said, in_next_year(said, year=year, to=to))
        if len(found) >= MOST_PLACES:
            break
    return tuple(found.values())


def decide_forward(*, year: int | None, to: int, is_known: bool) -> Decision:
    """Decide whether a yearly document may be carried into a year."""
    if year is None:
        return Refused("not_yearly", "Tài liệu này không theo năm nên không chuyển sang năm mới.")
    if to <= year or to > year + 2:
        return Refused("year_wrong", f"Hãy chọn năm {year + 1} hoặc {year + 2}.", field="year")
    if is_known:
        return Refused("year_known", f"Đã có tài liệu năm {to} lập từ tài liệu này.", field="year")
    return ALLOWED
