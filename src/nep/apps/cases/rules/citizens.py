"""What the holder of a receipt may say of a case, and how the agency answers. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from nep.apps.cases.rules.statuses import DONE, RETURNED
from nep.apps.organization.rules import Actor, may
from nep.kernel.decisions import ALLOWED, Decision, Refused

DEGREES: dict[int, str] = {
    5: "Rất hài lòng",
    4: "Hài lòng",
    3: "Bình thường",
    2: "Không hài lòng",
    1: "Rất không hài lòng",
}
SATISFIED = 4  # this degree and above counts as satisfied
DISPLEASED = 2  # this degree and below counts as displeased
MOST_WORDS = 1000
CHANGE_DAYS = 30
MOST_REPORTS = 10
MINIMUM_WORDS = 10
REPORT_NAMES: dict[str, str] = {
    "result": "Kết quả không đúng với điều đã hẹn",
    "late": "Trả muộn hơn ngày hẹn",
    "fee": "Thu phí, lệ phí khác với quy định",
    "papers": "Đòi giấy tờ ngoài danh mục",
    "manner": "Thái độ, cách làm việc",
    "other": "Việc khác",
}
ANSWER_ITEM, WATCH_ITEM = "case_report", "case_report_watch"
ANSWER_DAYS = 15
ANSWER_SOURCE = (
    "Quyết định 766/QĐ-TTg ngày 23/6/2022: phản ánh, kiến nghị trả lời trong 15 ngày làm việc"
)


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """How many gave each degree, from 1 to 5."""

    counts: tuple[int, int, int, int, int]

    @property
    def total(self) -> int:
        """Return how many rated."""
        return sum(self.counts)

    @property
    def satisfied(self) -> int:
        """Return how many are satisfied or very satisfied."""
        return sum(self.counts[SATISFIED - 1 :])

    @property
    def displeased(self) -> int:
        """Return how many are not satisfied or not satisfied at all; the middle degree is neither."""
        return sum(self.counts[:DISPLEASED])

    @property
    def percent(self) -> float | None:
        """Return the share of the satisfied in percent, None while nobody has rated."""
        return 100 * self.satisfied / self.total if self.total else None

    @property
    def bars(self) -> tuple[tuple[int, str, int, float], ...]:
        """Return (degree, name, count, percent) from the best degree to the worst."""
        return tuple(
            (degree, name, self.counts[degree - 1],
             100 * self.counts[degree - 1] / self.total if self.total else 0.0)
            for degree, name in DEGREES.items()
        )  # fmt: skip


def satisfaction(counts: Mapping[int, int]) -> Satisfaction:
    """Return the figures of {degree: count}."""
    first, second, third, fourth, fifth = (counts.get(degree, 0) for degree in range(1, 6))
    return Satisfaction((first, second, third, fourth, fifth))


def decide_rating(
    *, status: int, degree: int, remark: str, rated_at: datetime | None, now: datetime
) -> Decision:
    """Decide whether the holder of a receipt may rate now: after the result, changed for some days."""
    if status not in {DONE, RETURNED}:
        return Refused(
            "not_done_yet", "Hồ sơ chưa có kết quả. Có kết quả rồi, Ông/Bà đánh giá ở trang này."
        )
    if degree not in DEGREES:
        return Refused("degree_missing", "Hãy chọn một mức hài lòng.", field="degree")
    if len(remark) > MOST_WORDS:
        return Refused("too_long", "Lời góp ý dài quá 1.000 chữ cái. Hãy viết gọn.", field="remark")
    if not is_changeable(rated_at, now=now):
        return Refused(
            "rating_fixed", "Đã quá 30 ngày từ lần đánh giá đầu nên không sửa được đánh giá nữa."
        )
    return ALLOWED


def is_changeable(rated_at: datetime | None, *, now: datetime) -> bool:
    """Say whether a rating given at a moment may still be changed."""
    return rated_at is None or now <= rated_at + timedelta(days=CHANGE_DAYS)


def decide_report(*, kind: str, text: str, open_kinds: Sequence[str], count: int) -> Decision:
    """Decide whether a deviation may be reported: one open of a kind, not without end."""
    if kind not in REPORT_NAMES:
        return Refused("kind_missing", "Hãy chọn điều sai lệch.", field="kind")
    if len(text.strip()) < MINIMUM_WORDS:
        return Refused(
            "text_missing", "Hãy kể ngắn gọn việc đã xảy ra, ít nhất một câu.", field="text"
        )
    if len(text) > 2 * MOST_WORDS:
        return Refused("too_long", "Nội dung dài quá 2.000 chữ cái. Hãy viết gọn.", field="text")
    if kind in open_kinds:
        return Refused(
            "report_open",
            "Ông/Bà đã báo điều này và cơ quan đang xem. Câu trả lời hiện ở trang hồ sơ.",
        )
    if count >= MOST_REPORTS:
        return Refused(
            "too_many_reports",
            "Hồ sơ này đã có nhiều lần báo sai lệch. Xin gọi hoặc gửi đơn đến nơi tiếp nhận.",
        )
    return ALLOWED


def report_state(*, answered: bool, closed: bool) -> str:
    """Return the state of a report in words for the page of its citizen and its agency."""
    if closed:
        return "Đã giải quyết xong"
    return "Đã trả lời" if answered else "Đang xem xét"


def may_answer_report(
    actor: Actor, *, unit_id: int | None, holders: Sequence[int | None]
) -> Decision:
    """Decide whether the actor answers a report: the unit's head, ISO, a leader, who was given it."""
    answers = (
        bool({"iso_secretary", "leader"} & actor.roles)
        or any(hat.role == "unit_head" and hat.unit_id == unit_id for hat in actor.hats)
        or actor.person_id in holders
    )
    if answers and may(actor, "case.step"):
        return ALLOWED
    return Refused(
        "not_your_report",
        "Trưởng đơn vị được báo, thư ký ISO hoặc người được giao mới trả lời lời báo này.",
    )


def may_close_report(actor: Actor) -> Decision:
    """Decide whether the actor closes reports: the ISO secretary or a leader."""
    if {"iso_secretary", "leader"} & actor.roles:
        return ALLOWED
    return Refused("not_your_report", "Thư ký ISO hoặc lãnh đạo cơ quan mới khép lời báo này.")
