"""The life of an action; pure: no Django, no clock, no I/O.

Source: TCVN ISO 9001:2015 điều 10.2.1 c, d (thực hiện hành động, xem xét hiệu lực của hành động) and
9.3.3 (quyết định và hành động của xem xét của lãnh đạo). That who did it does not check it is the
product's own safeguard.
"""

from dataclasses import dataclass
from datetime import date

from nep.apps.organization.rules import Actor, may
from nep.kernel.days import decide_day
from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.text import clean
from nep.kernel.vietnamese import date_text

CLAUSE = "TCVN ISO 9001:2015, điều 10.2"
OPEN, RETURNED, DONE, CHECKED, CANCELLED = "open", "returned", "done", "checked", "cancelled"
STATE_NAMES: dict[str, str] = {
    OPEN: "Đang làm",
    RETURNED: "Trả lại, làm tiếp",
    DONE: "Chờ kiểm tra",
    CHECKED: "Đã kiểm tra",
    CANCELLED: "Đã thôi",
}
RUNNING = frozenset({OPEN, RETURNED})
ENDED = frozenset({CHECKED, CANCELLED})
ORIGIN_NAMES: dict[str, str] = {
    "nonconformity": "Sự không phù hợp",
    "audit": "Đánh giá nội bộ",
    "review": "Xem xét của lãnh đạo",
    "risk": "Rủi ro",
    "opportunity": "Cơ hội",
    "objective": "Mục tiêu chất lượng",
    "feedback": "Phản ánh, kiến nghị, khiếu nại",
    "inspection": "Kiểm tra của cấp trên",
    "competence": "Đào tạo, năng lực",
    "conformity": "Xây dựng, duy trì hệ thống",
    "case": "Hồ sơ thủ tục",
    "hand": "Lập trực tiếp",
}
FINISH, ACCEPT, RETURN, CANCEL, MOVE = "done", "accept", "return", "cancel", "move"
MOVE_NAMES: dict[str, str] = {
    "open": "Giao việc",
    FINISH: "Báo đã làm xong",
    ACCEPT: "Kiểm tra, đạt",
    RETURN: "Kiểm tra, trả lại",
    CANCEL: "Thôi không làm",
    MOVE: "Dời hạn",
    "hand": "Bàn giao",
}
LIFE: dict[tuple[str, str], str] = {
    (OPEN, FINISH): DONE,
    (RETURNED, FINISH): DONE,
    (DONE, ACCEPT): CHECKED,
    (DONE, RETURN): RETURNED,
    (OPEN, CANCEL): CANCELLED,
    (RETURNED, CANCEL): CANCELLED,
    (OPEN, MOVE): OPEN,
    (RETURNED, MOVE): RETURNED,
}
LEAST_WORDS = 5
CHECK_DAYS = 5


@dataclass(frozen=True, slots=True)
class Facts:
    """An action as far as rules need it."""

    state: str
    owner_id: int
    checker_id: int | None
    opened_by_id: int
    due_on: date


def next_state(state: str, move: str) -> str | Refused:
    """Return the state after a move, or why the move is not possible now."""
    found = LIFE.get((state, move))
    if found is not None:
        return found
    name, doing = STATE_NAMES.get(state, state).lower(), MOVE_NAMES.get(move, move).lower()
    return Refused(
        "action_state", f"Hành động này {name} nên không {doing} được. Hãy tải lại trang.", CLAUSE
    )


def name_of_origin(kind: str) -> str:
    """Return the words for where an action comes from."""
    return ORIGIN_NAMES.get(kind, "Nguồn khác")


def is_late(state: str, *, due_on: date, today: date) -> bool:
    """Say whether an action that somebody still has to do is past its day."""
    return state in RUNNING and due_on < today


def decide_open(
    actor: Actor, *, title: str, owner_id: int, owner_units: frozenset[int], due_on: date,
    checker_id: int | None, today: date, decided_on: date | None = None,
) -> Decision:  # fmt: skip
    """Decide whether the actor may give this action to this person.

    What was decided on an earlier day keeps the day set then, though it has passed since.

    Who manages actions gives them to anybody; others to themselves and people of their own units.
    """
    if len(clean(title)) < LEAST_WORDS:
        return Refused("title_missing", "Hãy ghi rõ việc phải làm.", field="title")
    if due_on < (decided_on or today):
        since = "ngày quyết định" if decided_on else "hôm nay"
        return Refused("due_past", f"Hạn hoàn thành phải từ {since} trở đi.", field="due_on")
    near = decide_day(due_on, today=today, field="due_on")
    if not near:
        return near
    if checker_id == owner_id:
        return Refused(
            "owner_is_checker", "Người làm không tự kiểm tra việc của mình. Hãy chọn người khác.",
            CLAUSE, field="checker",
        )  # fmt: skip
    is_near = owner_id == actor.person_id or bool(owner_units & actor.unit_ids)
    if not is_near and not may(actor, "action.manage"):
        return Refused(
            "owner_elsewhere",
            "Bạn giao việc được cho mình và người trong đơn vị. Việc của đơn vị khác do thư ký ISO, "
            "trưởng đơn vị hoặc lãnh đạo giao.",
            field="owner",
        )
    return ALLOWED


def decide_done(actor: Actor, facts: Facts, *, evidence: str, has_proof: bool) -> Decision:
    """Decide whether the actor may report the action as done, with what it shows."""
    if facts.owner_id != actor.person_id and not may(actor, "action.manage"):
        return Refused("not_the_owner", "Chỉ người được giao mới báo xong việc này.")
    moved = next_state(facts.state, FINISH)
    if isinstance(moved, Refused):
        return moved
    if len(clean(evidence)) < LEAST_WORDS and not has_proof:
        return Refused(
            "evidence_missing",
            "Hãy ghi đã làm gì, kèm tệp hoặc liên kết làm bằng chứng. Việc chưa có bằng chứng thì chưa "
            "báo xong được.",
            CLAUSE,
            field="evidence",
        )
    return ALLOWED


def may_check(actor: Actor, facts: Facts, *, done_by_id: int | None) -> Decision:
    """Decide whether the actor may judge a done action: the checker named, or who manages actions;
    never who did it."""
    if actor.person_id in {facts.owner_id, done_by_id}:
        return Refused(
            "doer_is_checker", "Người làm không tự kiểm tra việc của mình. Cần người khác.", CLAUSE
        )
    if facts.checker_id == actor.person_id or may(actor, "action.manage"):
        return ALLOWED
    return Refused(
        "not_the_checker", "Việc này chờ người kiểm tra đã ghi, hoặc thư ký ISO, lãnh đạo."
    )


def decide_check(
    actor: Actor, facts: Facts, *, done_by_id: int | None, accepted: bool, note: str
) -> Decision:
    """Decide whether the actor may accept a done action, or return it with a reason."""
    allowed = may_check(actor, facts, done_by_id=done_by_id)
    if not allowed:
        return allowed
    moved = next_state(facts.state, ACCEPT if accepted else RETURN)
    if isinstance(moved, Refused):
        return moved
    if not accepted and len(clean(note)) < LEAST_WORDS:
        return Refused(
            "reason_missing", "Hãy ghi lý do trả lại để người làm biết phải làm gì.", field="note"
        )
    return ALLOWED


def may_steer(actor: Actor, facts: Facts) -> Decision:
    """Decide whether the actor may move or drop an action: who gave it, or who manages actions."""
    if may(actor, "action.manage") or (
        facts.opened_by_id == actor.person_id and facts.owner_id != actor.person_id
    ):
        return ALLOWED
    if facts.opened_by_id == actor.person_id:
        return Refused(
            "own_action", "Việc tự giao cho mình thì trưởng đơn vị, thư ký ISO mới dời hạn hoặc bỏ."
        )
    return Refused("not_the_giver", "Chỉ người giao việc, thư ký ISO hoặc lãnh đạo mới sửa được.")


def decide_cancel(actor: Actor, facts: Facts, *, reason: str) -> Decision:
    """Decide whether the actor may drop an action."""
    return _steered(actor, facts, CANCEL, reason)


def decide_move(actor: Actor, facts: Facts, *, due_on: date, reason: str, today: date) -> Decision:
    """Decide whether the actor may give an action another day."""
    allowed = _steered(actor, facts, MOVE, reason)
    if not allowed:
        return allowed
    if due_on < today:
        return Refused("due_past", "Hạn mới phải từ hôm nay trở đi.", field="due_on")
    if due_on == facts.due_on:
        return Refused("due_same", f"Hạn hiện nay đã là {date_text(facts.due_on)}.", field="due_on")
    return decide_day(due_on, today=today, field="due_on")


def _steered(actor: Actor, facts: Facts, move: str, reason: str) -> Decision:
    allowed = may_steer(actor, facts)
    if not allowed:
        return allowed
    moved = next_state(facts.state, move)
    if isinstance(moved, Refused):
        return moved
    if len(clean(reason)) < LEAST_WORDS:
        return Refused("reason_missing", "Hãy ghi lý do bằng một câu.", field="reason")
    return ALLOWED


def headline(*, mine: int, late: int, open_count: int) -> str:
    """Return the register's answer in words."""
    if not open_count:
        return "Không hành động nào còn phải làm"
    text = f"{open_count} hành động đang làm"
    if late:
        text = f"{text}, {late} đã quá hạn"
    return f"{text}; {mine} của bạn" if mine else text
