"""The life of a need, of the year's plan and of a session. Pure: no Django, no clock, no I/O.

Source: TCVN ISO 9001:2015 điều 7.2 a–d (xác định năng lực, đào tạo, đánh giá hiệu lực, lưu bằng
chứng), điều 7.3; Thông tư 26/2014/TT-BKHCN Điều 7 khoản 2 (đào tạo khi xây dựng, áp dụng hệ thống).
That who took part does not judge the effect is the product's own safeguard.
"""

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta

from nep.apps.organization.rules import Actor, may
from nep.kernel.days import decide_day
from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.text import clean

CLAUSE = "TCVN ISO 9001:2015, điều 7.2"
NEED_OPEN, NEED_PLANNED, NEED_MET, NEED_DROPPED = "open", "planned", "met", "dropped"
NEED_NAMES: dict[str, str] = {
    NEED_OPEN: "Chưa đưa vào kế hoạch",
    NEED_PLANNED: "Đã có buổi đào tạo",
    NEED_MET: "Đã đáp ứng",
    NEED_DROPPED: "Không cần",
}
ORIGIN_NAMES: dict[str, str] = {
    "position": "Yêu cầu của vị trí",
    "procedure": "Quy trình mới, sửa đổi",
    "reading": "Bài kiểm tra sau khi đọc",
    "session": "Buổi đào tạo chưa hiệu quả",
    "hand": "Đề xuất trực tiếp",
}
PLAN_DRAFT, PLAN_SENT, PLAN_APPROVED = "draft", "sent", "approved"
PLAN_NAMES: dict[str, str] = {
    PLAN_DRAFT: "Đang lập",
    PLAN_SENT: "Chờ phê duyệt",
    PLAN_APPROVED: "Đã phê duyệt",
}
DRAFT, PLANNED, HELD, EFFECTIVE, INEFFECTIVE, CANCELLED = (
    "draft", "planned", "held", "effective", "failed", "cancelled",
)  # fmt: skip
STATE_NAMES: dict[str, str] = {
    DRAFT: "Dự kiến, chưa duyệt",
    PLANNED: "Sắp mở",
    HELD: "Đã mở, chờ xét hiệu quả",
    EFFECTIVE: "Hiệu quả",
    INEFFECTIVE: "Chưa hiệu quả",
    CANCELLED: "Đã hủy",
}
APPROVE, CHANGE, HOLD, WORKED, FAILED, CANCEL = (
    "approve", "change", "hold", "worked", "failed", "cancel",
)  # fmt: skip
MOVE_NAMES: dict[str, str] = {
    "open": "Lập buổi đào tạo",
    APPROVE: "Phê duyệt",
    CHANGE: "Sửa",
    HOLD: "Đã mở lớp",
    WORKED: "Kết luận có hiệu quả",
    FAILED: "Kết luận chưa hiệu quả",
    CANCEL: "Hủy",
}
MOVES = tuple(move for move in MOVE_NAMES if move != "open")
LIFE: dict[tuple[str, str], str] = {
    (DRAFT, CHANGE): DRAFT,
    (DRAFT, APPROVE): PLANNED,
    (DRAFT, CANCEL): CANCELLED,
    (PLANNED, CHANGE): PLANNED,
    (PLANNED, HOLD): HELD,
    (PLANNED, CANCEL): CANCELLED,
    (HELD, WORKED): EFFECTIVE,
    (HELD, FAILED): INEFFECTIVE,
}
ENDED = frozenset({EFFECTIVE, INEFFECTIVE, CANCELLED})
TAUGHT = frozenset({HELD, EFFECTIVE, INEFFECTIVE})
FORM_NAMES: dict[str, str] = {
    "inside": "Tập huấn tại cơ quan",
    "outside": "Cử đi học",
    "online": "Học trực tuyến",
    "guided": "Kèm cặp tại chỗ",
}
INVITED, PRESENT, ABSENT = "invited", "present", "absent"
ATTENDANCE_NAMES: dict[str, str] = {
    INVITED: "Được mời", PRESENT: "Có mặt", ABSENT: "Vắng",
}  # fmt: skip
HOW_NAMES: dict[str, str] = {"list": "người tổ chức ghi", "self": "tự điểm danh", "": ""}
LEAST_WORDS = 5
EFFECT_DAYS = 60
WRONG_ANSWERS = 2


@dataclass(frozen=True, slots=True)
class Facts:
    """A session as far as rules need it."""

    state: str
    on: date
    organiser_id: int
    trainer_id: int | None
    effect_on: date | None
    present_ids: frozenset[int]


def next_state(state: str, move: str) -> str | Refused:
    """Return the state of a session after a move, or why the move is not possible now."""
    found = LIFE.get((state, move))
    if found is not None:
        return found
    return Refused(
        "session_state",
        f"Buổi đào tạo này ở trạng thái “{STATE_NAMES.get(state, state)}” nên không "
        f"“{MOVE_NAMES.get(move, move).lower()}” được. Hãy tải lại trang.",
        CLAUSE,
    )


def decide_need(*, title: str, person_ids: Collection[int]) -> Decision:
    """Decide whether a need is told well enough."""
    if len(clean(title)) < LEAST_WORDS:
        return Refused("title_missing", "Hãy ghi cần đào tạo điều gì.", field="title")
    if not person_ids:
        return Refused("people_missing", "Hãy chọn ít nhất một người cần đào tạo.", field="people")
    return ALLOWED


def decide_drop_need(actor: Actor, *, state: str, reason: str) -> Decision:
    """Decide whether the actor may say that a need is none."""
    allowed = may(actor, "competence.manage")
    if not allowed:
        return allowed
    if state != NEED_OPEN:
        return Refused("need_state", f"Nhu cầu này: {NEED_NAMES[state].lower()}.")
    if len(clean(reason)) < LEAST_WORDS:
        return Refused("reason_missing", "Hãy ghi lý do bằng một câu.", field="reason")
    return ALLOWED


def decide_session(
    *,
    title: str,
    form: str,
    hours: float | None,
    person_ids: Collection[int],
    on: date,
    today: date,
) -> Decision:
    """Decide whether a session is told well enough."""
    if len(clean(title)) < LEAST_WORDS:
        return Refused("title_missing", "Hãy ghi nội dung đào tạo.", field="title")
    if form not in FORM_NAMES:
        return Refused("form_unknown", "Hãy chọn hình thức.", field="form")
    if hours is None or not 0 < hours <= 400:
        return Refused("hours_wrong", "Thời lượng phải từ trên 0 đến 400 giờ.", field="hours")
    if not person_ids:
        return Refused("people_missing", "Hãy chọn ít nhất một người dự.", field="people")
    return decide_day(on, today=today, field="on", ahead=2, back=2)


def decide_send(actor: Actor, *, state: str, sessions: int) -> Decision:
    """Decide whether the actor may send the year's plan to the head."""
    allowed = may(actor, "competence.manage")
    if not allowed:
        return allowed
    if state == PLAN_SENT:
        return Refused("plan_sent", "Kế hoạch đang chờ lãnh đạo duyệt.")
    if not sessions:
        return Refused("plan_empty", "Kế hoạch chưa có buổi đào tạo nào chưa duyệt để trình.")
    return ALLOWED


def decide_touch(*, plan_state: str, move: str) -> Decision:
    """Decide whether a plan's sessions may become other ones: not while the head reads it, who
    approves exactly what was sent."""
    if plan_state != PLAN_SENT:
        return ALLOWED
    told = {CHANGE: "sửa", CANCEL: "hủy"}.get(move, "thêm")
    return Refused("plan_sent", f"Kế hoạch đang chờ lãnh đạo duyệt; đợi kết quả rồi {told}.")


def decide_approve(actor: Actor, *, state: str, sent_by_id: int | None, may_be_same: bool) -> Decision:  # fmt: skip
    """Decide whether the actor may approve or return the plan; never who sent it, except where the
    agency has granted the exception for author and approver."""
    allowed = may(actor, "competence.approve")
    if not allowed:
        return allowed
    if state != PLAN_SENT:
        return Refused("plan_state", "Kế hoạch này không còn chờ duyệt. Hãy tải lại trang.")
    if sent_by_id == actor.person_id and not may_be_same:
        return Refused(
            "author_is_approver",
            "Người lập kế hoạch không tự phê duyệt. Cần lãnh đạo khác, hoặc ngoại lệ đã ghi ở "
            "phân vai.",
        )
    return ALLOWED


def may_organise(actor: Actor, facts: Facts) -> Decision:
    """Decide whether the actor runs a session: its organiser, or who keeps competence."""
    if facts.organiser_id == actor.person_id:
        return ALLOWED
    return may(actor, "competence.manage")


def decide_hold(actor: Actor, facts: Facts, *, today: date) -> Decision:
    """Decide whether the actor may close the attendance: the session took place with somebody."""
    moved = next_state(facts.state, HOLD)
    if isinstance(moved, Refused):
        return moved
    allowed = may_organise(actor, facts)
    if not allowed:
        return allowed
    if facts.on > today:
        return Refused("session_later", "Buổi đào tạo chưa đến ngày. Đổi ngày nếu đã mở sớm hơn.")
    if not facts.present_ids:
        return Refused(
            "nobody_present", "Chưa ghi ai có mặt. Không có người dự thì hủy buổi này.", CLAUSE
        )
    return ALLOWED


def decide_attend(*, state: str, on: date, today: date, is_invited: bool) -> Decision:
    """Decide whether a person may say "I am here": invited, on the day, while the session is open."""
    if not is_invited:
        return Refused("not_invited", "Bạn không có trong danh sách dự. Hãy báo người tổ chức.")
    if state != PLANNED:
        return Refused("attendance_closed", "Buổi đào tạo này không nhận điểm danh lúc này.")
    if on != today:
        return Refused("other_day", "Chỉ tự điểm danh được trong ngày đào tạo.")
    return ALLOWED


def may_judge(actor: Actor, facts: Facts) -> Decision:
    """Decide whether the actor may judge the effect: leads or keeps the system, and neither taught
    nor took part."""
    if actor.person_id in facts.present_ids or actor.person_id == facts.trainer_id:
        return Refused(
            "attended", "Người dự hoặc người giảng không tự xét hiệu quả. Cần người khác.", CLAUSE
        )
    if may(actor, "competence.manage"):
        return ALLOWED
    return may(actor, "competence.approve")


def decide_judge(actor: Actor, facts: Facts, *, worked: bool, note: str, today: date) -> Decision:
    """Decide whether the actor may conclude on the effect, from its day on, with what shows it."""
    moved = next_state(facts.state, WORKED if worked else FAILED)
    if isinstance(moved, Refused):
        return moved
    allowed = may_judge(actor, facts)
    if not allowed:
        return allowed
    if facts.effect_on is not None and today < facts.effect_on:
        return Refused(
            "effect_early", "Chưa đến ngày xét hiệu quả: cần thời gian để thấy kết quả công việc.",
            CLAUSE,
        )  # fmt: skip
    if len(clean(note)) < LEAST_WORDS:
        return Refused(
            "note_missing", "Hãy ghi dựa vào đâu: bài kiểm tra, hồ sơ, số liệu của công việc.",
            field="note",
        )  # fmt: skip
    return ALLOWED


def units_by_presence(
    holders: Mapping[tuple[str, str], AbstractSet[int]], present: AbstractSet[int]
) -> tuple[str, ...]:
    """Return the codes of the units that people present work in, the one of most of them first.

    `holders` are the people by unit and role.
    """
    there: dict[str, set[int]] = {}
    for (code, _role), people in holders.items():
        there.setdefault(code, set()).update(people & present)
    return tuple(sorted((code for code in there if there[code]),
                        key=lambda code: (-len(there[code]), code)))  # fmt: skip


def effect_day(held_on: date) -> date:
    """Return from when the effect of a session is judged, unless told otherwise."""
    return held_on + timedelta(days=EFFECT_DAYS)


def lacks(*, met_on: date | None, months: int | None, today: date) -> bool:
    """Say whether a person lacks a required competence: never met, or too long ago."""
    if met_on is None:
        return True
    if not months:
        return False
    total = met_on.year * 12 + met_on.month - 1 + months
    return (today.year * 12 + today.month - 1, today.day) > (total, met_on.day)


def headline(*, year: int, needs: int, sessions: int, held: int, to_judge: int) -> str:
    """Return the answer of the year in words."""
    parts = [
        f"{needs} nhu cầu chưa có lớp" if needs else "",
        f"{held}/{sessions} buổi đã mở" if sessions else "",
        f"{to_judge} chờ xét hiệu quả" if to_judge else "",
    ]
    said = ", ".join(part for part in parts if part)
    return (
        f"Đào tạo năm {year}: {said}" if said else f"Năm {year} chưa có nhu cầu, kế hoạch đào tạo"
    )
