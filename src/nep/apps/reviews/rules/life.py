"""The life of a management review.

Source: TCVN ISO 9001:2015 điều 9.3; Quyết định 19/2014/QĐ-TTg Điều 4 khoản 4 điểm b (xem xét của lãnh
đạo ít nhất mỗi năm một lần). That who writes the minutes does not approve them is the product's own
safeguard, and so is that figures are frozen before the meeting.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from nep.apps.organization.rules import Actor, may
from nep.kernel import days
from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.text import clean
from nep.kernel.vietnamese import date_text

CLAUSE = "TCVN ISO 9001:2015, điều 9.3"
PREPARED, HELD, RETURNED = "prepared", "held", "returned"
APPROVED, CLOSED, DROPPED = "approved", "closed", "dropped"
STATE_NAMES: dict[str, str] = {
    PREPARED: "Đã chốt đầu vào, chờ họp",
    HELD: "Đã họp, chờ phê duyệt biên bản",
    RETURNED: "Biên bản bị trả lại",
    APPROVED: "Đã phê duyệt, đang theo dõi quyết định",
    CLOSED: "Đã đóng ở lần xem xét sau",
    DROPPED: "Đã hủy",
}
RUNNING = (PREPARED, HELD, RETURNED)
DONE = (APPROVED, CLOSED)
ENDED = frozenset({CLOSED, DROPPED})
FREEZE, REMARK, OPINE, PLAN, WRITE = "freeze", "remark", "opine", "plan", "write"
RETURN, APPROVE, DROP, CLOSE = "return", "approve", "drop", "close"
MOVE_NAMES: dict[str, str] = {
    "open": "Chốt đầu vào, mời họp",
    FREEZE: "Chốt lại số liệu",
    REMARK: "Ghi nhận xét về đầu vào",
    OPINE: "Ghi ý kiến của đơn vị",
    PLAN: "Đổi lịch họp, thành phần",
    WRITE: "Ghi biên bản",
    RETURN: "Trả lại biên bản",
    APPROVE: "Phê duyệt biên bản",
    DROP: "Hủy lần xem xét",
    CLOSE: "Đóng: mọi quyết định đã được lần sau xem lại",
}
MOVES = tuple(move for move in MOVE_NAMES if move != "open")
LIFE: dict[tuple[str, str], str] = {
    (PREPARED, FREEZE): PREPARED,
    (PREPARED, REMARK): PREPARED,
    (PREPARED, OPINE): PREPARED,
    (PREPARED, PLAN): PREPARED,
    (PREPARED, DROP): DROPPED,
    **{(state, WRITE): HELD for state in RUNNING},
    (HELD, RETURN): RETURNED,
    (HELD, APPROVE): APPROVED,
    (APPROVED, CLOSE): CLOSED,
}
VERDICT_NAMES: dict[str, str] = {
    "effective": "Hệ thống phù hợp, đầy đủ và có hiệu lực",
    "partly": "Hệ thống cơ bản có hiệu lực, còn điểm phải sửa",
    "not": "Hệ thống chưa có hiệu lực",
}
LEAST_WORDS = 5
FEWEST = 2
MOST_DECISIONS = 30


@dataclass(frozen=True, slots=True)
class Facts:
    """A review as far as rules need it; `frozen_on` is the day its inputs were last frozen."""

    state: str
    chair_id: int
    written_by_id: int | None
    frozen_on: date
    open_before: int
    minutes_hash: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision of the meeting: what, for which output, who, until when."""

    title: str
    owner_id: int
    due_on: date
    output: str = ""


@dataclass(frozen=True, slots=True)
class Minutes:
    """What the meeting said. `outputs` are words by output key; `nothing_else` says so of the empty
    ones; `follow` that what is left of the last review stays followed."""

    held_on: date
    present: frozenset[int]
    verdict: str
    conclusion: str = ""
    outputs: Mapping[str, str] | None = None
    nothing_else: bool = False
    follow: bool = False
    decisions: tuple[Decided, ...] = ()


def next_state(state: str, move: str) -> str | Refused:
    """Return the state after a move, or why the move is not possible now."""
    found = LIFE.get((state, move))
    if found is not None:
        return found
    return Refused(
        "review_state",
        f"Lần xem xét này ở trạng thái “{STATE_NAMES.get(state, state)}” nên không thể "
        f"“{MOVE_NAMES.get(move, move)}”. Hãy tải lại trang.",
        CLAUSE,
    )


def possible(facts: Facts, move: str) -> Decision:
    """Decide whether a move is in the table of the life."""
    moved = next_state(facts.state, move)
    return moved if isinstance(moved, Refused) else ALLOWED


MOST_REMARKS = 20_000
"""So many letters are kept of what is remarked on one input, opinions included."""


def decide_opinion(facts: Facts, *, is_called: bool, is_input: bool, text: str) -> Decision:
    """Decide whether somebody called to the review may tell their opinion on an input before it."""
    found = possible(facts, OPINE)
    if not found:
        return found
    if not is_called:
        return Refused("not_called", "Chỉ người được mời họp mới ghi ý kiến ở đây.", CLAUSE)
    if not is_input:
        return Refused("input_unknown", "Hãy chọn mục đầu vào trong danh sách.", field="input")
    if len(clean(text)) < LEAST_WORDS:
        return Refused("opinion_missing", "Hãy ghi ý kiến bằng một câu.", field="text")
    return ALLOWED


def decide_open(
    *, starts_on: date, ends_on: date, meets_on: date, is_running: bool, today: date
) -> Decision:
    """Decide whether a review of a period may be prepared for a day."""
    if is_running:
        return Refused(
            "review_running",
            "Đang có một lần xem xét chưa phê duyệt xong. Hãy làm xong hoặc hủy lần ấy trước.",
            CLAUSE,
        )
    if starts_on >= ends_on:
        return Refused("period", "Kỳ xem xét phải có ngày đầu trước ngày cuối.", field="starts_on")
    if ends_on > today:
        return Refused(
            "period_later",
            "Kỳ xem xét không thể sau hôm nay: số liệu của ngày chưa tới thì chưa có.",
            field="ends_on",
        )
    return decide_day(meets_on=meets_on, today=today)


def decide_day(*, meets_on: date, today: date) -> Decision:
    """Decide whether a meeting may be called for a day."""
    if meets_on < today:
        return Refused("day_past", "Ngày họp phải từ hôm nay trở đi.", field="meets_on")
    return days.decide_day(meets_on, today=today, field="meets_on", ahead=2)


def decide_people(*, chair_id: int, leaders: Collection[int], people: Collection[int]) -> Decision:
    """Decide whether these people may be called: a leader in the chair and somebody besides."""
    if chair_id not in leaders:
        return Refused(
            "chair_leader", "Người chủ trì phải là lãnh đạo cơ quan.", f"{CLAUSE}.1", field="chair"
        )
    if len(set(people) - {chair_id}) < FEWEST - 1:
        return Refused("people_few", "Hãy mời ít nhất một người ngoài người chủ trì.", field="people")  # fmt: skip
    return ALLOWED


def decide_write(
    actor: Actor, facts: Facts, minutes: Minutes, *, outputs: Mapping[str, str], today: date
) -> Decision:
    """Decide whether the minutes may be kept as written. `outputs` names every output asked for."""
    return (
        may(actor, "review.prepare")
        and possible(facts, WRITE)
        and _by_whom(actor, facts)
        and _when(facts, minutes, today)
        and _who(facts, minutes)
        and _said(facts, minutes, outputs)
        and _decisions(minutes, today)
    )


def _by_whom(actor: Actor, facts: Facts) -> Decision:
    if actor.person_id == facts.chair_id:
        return Refused(
            "chair_writes",
            "Người chủ trì phê duyệt nên không tự ghi biên bản. Hãy để thư ký ghi.",
            CLAUSE,
        )
    return ALLOWED


def _when(facts: Facts, minutes: Minutes, today: date) -> Decision:
    if minutes.held_on > today:
        return Refused("held_later", "Ngày họp không thể sau hôm nay.", field="held_on")
    if minutes.held_on < facts.frozen_on:
        return Refused(
            "held_before",
            f"Đầu vào chốt ngày {date_text(facts.frozen_on)}; cuộc họp không thể diễn ra trước ngày ấy.",
            f"{CLAUSE}.2",
            field="held_on",
        )
    return ALLOWED


def _who(facts: Facts, minutes: Minutes) -> Decision:
    if facts.chair_id not in minutes.present:
        return Refused(
            "chair_absent", "Người chủ trì phải có mặt. Vắng thì đổi lịch họp.", f"{CLAUSE}.1",
            field="present",
        )  # fmt: skip
    if len(minutes.present) < FEWEST:
        return Refused("present_few", "Cuộc họp phải có ít nhất hai người dự.", field="present")
    return ALLOWED


def _said(facts: Facts, minutes: Minutes, outputs: Mapping[str, str]) -> Decision:
    if minutes.verdict not in VERDICT_NAMES:
        return Refused(
            "verdict_missing", "Hãy ghi kết luận chung về hệ thống.", f"{CLAUSE}.1", field="verdict"
        )
    if minutes.verdict != "effective" and len(clean(minutes.conclusion)) < LEAST_WORDS:
        return Refused(
            "conclusion_missing", "Hãy ghi điểm nào phải sửa.", f"{CLAUSE}.1", field="conclusion"
        )
    said = minutes.outputs or {}
    silent = [key for key in outputs if not clean(said.get(key, ""))]
    if silent and not minutes.nothing_else:
        names = "; ".join(outputs[key][0].lower() + outputs[key][1:] for key in silent)
        return Refused(
            "output_missing",
            f"Còn để trống: {names}. Ghi kết luận, hoặc đánh dấu “không có ý kiến khác”.",
            f"{CLAUSE}.3",
            field="nothing_else",
        )
    if facts.open_before and not minutes.follow:
        return Refused(
            "follow_missing",
            f"Lần trước còn {facts.open_before} việc chưa xong. Cuộc họp phải xem lại và kết luận "
            "theo dõi tiếp.",
            f"{CLAUSE}.2 a",
            field="follow",
        )
    return ALLOWED


def _decisions(minutes: Minutes, today: date) -> Decision:
    if len(minutes.decisions) > MOST_DECISIONS:
        return Refused("decisions_many", f"Tối đa {MOST_DECISIONS} quyết định một lần.")
    for place, one in enumerate(minutes.decisions, start=1):
        if len(clean(one.title)) < LEAST_WORDS:
            return Refused("decision_words", f"Quyết định {place}: hãy ghi rõ việc phải làm.")
        if one.due_on < minutes.held_on:
            return Refused(
                "decision_due", f"Quyết định {place}: hạn phải từ ngày họp trở đi.", f"{CLAUSE}.3"
            )
        near = days.decide_day(one.due_on, today=today, field="")
        if isinstance(near, Refused):
            return Refused(near.code, f"Quyết định {place}: {near.message}")
    return ALLOWED


def decide_approve(actor: Actor, facts: Facts, *, read_hash: str) -> Decision:
    """Decide whether the actor may approve the minutes as read: a leader who did not write them."""
    allowed = judges(actor, facts) and possible(facts, APPROVE)
    if not allowed:
        return allowed
    if read_hash != facts.minutes_hash:
        return Refused(
            "minutes_changed",
            "Biên bản đã được sửa sau khi bạn mở trang. Hãy đọc lại rồi phê duyệt.",
            CLAUSE,
        )
    return ALLOWED


def judges(actor: Actor, facts: Facts) -> Decision:
    """Decide whether the actor may judge the minutes at all."""
    allowed = may(actor, "review.approve")
    if not allowed:
        return allowed
    if actor.person_id == facts.written_by_id:
        return Refused(
            "writer_approves",
            "Người ghi biên bản không tự phê duyệt. Cần lãnh đạo khác.",
            CLAUSE,
        )
    return ALLOWED


def decide_return(actor: Actor, facts: Facts, *, reason: str) -> Decision:
    """Decide whether the minutes may be returned to who wrote them."""
    return judges(actor, facts) and possible(facts, RETURN) and _reason(reason)


def decide_drop(actor: Actor, facts: Facts, *, reason: str) -> Decision:
    """Decide whether a review that was only prepared may be dropped."""
    return may(actor, "review.prepare") and possible(facts, DROP) and _reason(reason)


def decide_close(facts: Facts, *, left: int, followed: bool) -> Decision:
    """Decide whether a review may be closed by the next: its decisions have ended or are followed."""
    moved = possible(facts, CLOSE)
    if moved and left and not followed:
        return Refused("decisions_left", f"Còn {left} quyết định chưa được xem lại.", f"{CLAUSE}.2 a")  # fmt: skip
    return moved


def _reason(text: str) -> Decision:
    if len(clean(text)) < LEAST_WORDS:
        return Refused("reason_missing", "Hãy ghi lý do bằng một câu.", field="reason")
    return ALLOWED


def headline(*, state: str, days: int | None, left: int) -> str:
    """Return the answer of the list in words; `days` since the last approved review."""
    if state == PREPARED:
        return "Một lần xem xét đã chốt đầu vào, chờ họp"
    if state == HELD:
        return "Biên bản xem xét của lãnh đạo chờ phê duyệt"
    if state == RETURNED:
        return "Biên bản xem xét của lãnh đạo bị trả lại để sửa"
    if days is None:
        return "Chưa có lần xem xét nào của lãnh đạo"
    if days > YEAR_DAYS:
        return f"Đã {days} ngày chưa xem xét lại, quá một năm"
    said = f"{left} quyết định đang làm" if left else "không còn quyết định nào phải làm"
    return f"Lần xem xét gần nhất cách đây {days} ngày, {said}"


YEAR_DAYS = 365
