"""The life of a risk or an opportunity.

Source: TCVN ISO 9001:2015 điều 6.1 (hành động giải quyết rủi ro và cơ hội); TCVN ISO 9001:2008 điều
8.5.3 (hành động phòng ngừa). That somebody else than its owner and rater verifies and accepts is the
product's own safeguard.
"""

from dataclasses import dataclass
from datetime import date, datetime

from nep.apps.organization.rules import Actor, may
from nep.apps.planning.rules.scales import HIGH, LEVEL_NAMES, OPPORTUNITY, RISK
from nep.kernel.days import decide_day
from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.text import clean

CLAUSE = "TCVN ISO 9001:2015, điều 6.1"
HAPPENED_BACK = 5  # years
KIND_NAMES: dict[str, str] = {RISK: "Rủi ro", OPPORTUNITY: "Cơ hội"}
DRAFT, RATED, TREATING = "draft", "rated", "treating"
VERIFIED, ACCEPTED, CLOSED = "verified", "accepted", "closed"
STATE_NAMES: dict[str, dict[str, str]] = {
    RISK: {
        DRAFT: "Chờ đánh giá mức",
        RATED: "Đã đánh giá, chờ cách ứng phó",
        TREATING: "Đang ứng phó",
        VERIFIED: "Đã kiểm tra ứng phó",
        ACCEPTED: "Chấp nhận, có lý do",
        CLOSED: "Không còn theo dõi",
    },
    OPPORTUNITY: {
        DRAFT: "Chờ đánh giá mức",
        RATED: "Đã đánh giá, chờ quyết định",
        TREATING: "Đang thực hiện",
        VERIFIED: "Đã kiểm tra kết quả",
        ACCEPTED: "Không theo đuổi, có lý do",
        CLOSED: "Không còn theo dõi",
    },
}
STATES = tuple(STATE_NAMES[RISK])
OPEN_STATES = tuple(state for state in STATES if state != CLOSED)
CHANGE, ASSIGN, RATE, ACT = "change", "assign", "rate", "act"
ACCEPT, VERIFY, RETURN, HAPPEN, CLOSE = "accept", "verify", "return", "happen", "close"
MOVE_NAMES: dict[str, str] = {
    "open": "Nhận diện",
    CHANGE: "Sửa nội dung",
    ASSIGN: "Giao người phụ trách",
    RATE: "Đánh giá mức",
    ACT: "Thêm hành động",
    ACCEPT: "Chấp nhận",
    VERIFY: "Kiểm tra, đánh giá mức còn lại",
    RETURN: "Kiểm tra, yêu cầu làm tiếp",
    HAPPEN: "Đã xảy ra",
    CLOSE: "Thôi theo dõi",
}
MOVES = tuple(move for move in MOVE_NAMES if move != "open")
LIFE: dict[tuple[str, str], str] = {
    **{(state, CHANGE): state for state in (DRAFT, RATED)},
    **{(state, ASSIGN): state for state in (DRAFT, RATED, TREATING)},
    **{(state, RATE): RATED for state in (DRAFT, RATED, VERIFIED, ACCEPTED)},
    (RATED, ACT): TREATING,
    (TREATING, ACT): TREATING,
    (RATED, ACCEPT): ACCEPTED,
    (TREATING, VERIFY): VERIFIED,
    (TREATING, RETURN): TREATING,
    **{(state, HAPPEN): state for state in (RATED, TREATING, VERIFIED, ACCEPTED)},
    **{(state, CLOSE): CLOSED for state in (DRAFT, RATED, VERIFIED, ACCEPTED)},
}
ROUND_ENDED = frozenset({VERIFIED, ACCEPTED})
LEAST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Facts:
    """A risk as far as rules need it. `doers` own or rated it."""

    kind: str
    state: str
    level: str
    owner_id: int | None
    doers: frozenset[int]


@dataclass(frozen=True, slots=True)
class Done:
    """The actions of the present round: how many run, how many were checked by somebody else."""

    running: int = 0
    checked: int = 0
    last_done_at: datetime | None = None


def state_name(kind: str, state: str) -> str:
    """Return a state in the words of its register."""
    return STATE_NAMES.get(kind, STATE_NAMES[RISK]).get(state, state)


def next_state(state: str, move: str, kind: str = RISK) -> str | Refused:
    """Return the state after a move, or why the move is not possible now."""
    found = LIFE.get((state, move))
    if found is not None and not (move == HAPPEN and kind == OPPORTUNITY):
        return found
    return Refused(
        "risk_state",
        f"{KIND_NAMES.get(kind, 'Mục')} này ở trạng thái “{state_name(kind, state)}” nên chưa "
        f"“{MOVE_NAMES.get(move, move)}” được. Hãy tải lại trang.",
        CLAUSE,
    )


def decide_open(*, kind: str, title: str) -> Decision:
    """Decide whether a risk or an opportunity may be written down as told."""
    if kind not in KIND_NAMES:
        return Refused("kind_unknown", "Hãy chọn rủi ro hoặc cơ hội.", field="kind")
    if len(clean(title)) < LEAST_WORDS:
        return Refused("title_missing", "Hãy mô tả bằng một câu.", field="title")
    return ALLOWED


def works_on(actor: Actor, facts: Facts) -> Decision:
    """Decide whether the actor may write into it: its owner, or who manages."""
    if facts.owner_id == actor.person_id or may(actor, "risk.manage"):
        return ALLOWED
    return Refused(
        "not_the_owner",
        "Chỉ người phụ trách, thư ký ISO, trưởng đơn vị hoặc lãnh đạo mới ghi được.",
    )


def judges(actor: Actor, facts: Facts) -> Decision:
    """Decide whether the actor may verify: who manages, and neither owns nor rated it."""
    allowed = may(actor, "risk.manage")
    if not allowed:
        return allowed
    return _another(actor, facts, "kiểm tra")


def decide_change(actor: Actor, facts: Facts, *, title: str) -> Decision:
    """Decide whether its text may be changed."""
    return works_on(actor, facts) and possible(facts, CHANGE) and decide_open(
        kind=facts.kind, title=title
    )  # fmt: skip


def decide_rate(actor: Actor, facts: Facts) -> Decision:
    """Decide whether the actor may rate it, again when it was verified or accepted."""
    return works_on(actor, facts) and possible(facts, RATE)


def decide_assign(actor: Actor, facts: Facts) -> Decision:
    """Decide whether the actor may say who answers for it."""
    return may(actor, "risk.manage") and possible(facts, ASSIGN)


def decide_act(actor: Actor, facts: Facts) -> Decision:
    """Decide whether the actor may add an action: its level is known."""
    return works_on(actor, facts) and possible(facts, ACT)


def may_accept(actor: Actor, facts: Facts) -> Decision:
    """Decide whether the actor may accept it: another than its owner and rater, a high risk only
    the head."""
    allowed = may(actor, "risk.accept") and _another(actor, facts, "chấp nhận")
    if not allowed:
        return allowed
    if facts.kind == RISK and facts.level == HIGH and "leader" not in actor.roles:
        return Refused(
            "level_high",
            f"Rủi ro mức {LEVEL_NAMES[HIGH].lower()} chỉ lãnh đạo cơ quan mới chấp nhận được; người "
            "khác hãy lập hành động ứng phó.",
            CLAUSE,
        )
    return ALLOWED


def decide_accept(
    actor: Actor, facts: Facts, *, reason: str, review_on: date, today: date
) -> Decision:
    """Decide whether it may be left as it is, with a reason and a day to look again."""
    return (
        may_accept(actor, facts)
        and possible(facts, ACCEPT)
        and _sentence(reason, "reason")
        and _day(review_on, today)
    )


def decide_verify(
    actor: Actor, facts: Facts, done: Done, *, note: str, review_on: date, today: date
) -> Decision:
    """Decide whether the treatment may be found effective, with a residual level."""
    allowed = judges(actor, facts) and possible(facts, VERIFY)
    if not allowed:
        return allowed
    if done.running:
        return Refused(
            "actions_running",
            f"Còn {done.running} hành động chưa xong hoặc chưa được kiểm tra. Hãy kết thúc chúng trước.",
            CLAUSE,
        )
    if not done.checked:
        return Refused("actions_none", "Chưa có hành động nào được làm và kiểm tra.", CLAUSE)
    return _sentence(note, "note") and _day(review_on, today)


def decide_return(actor: Actor, facts: Facts, *, reason: str) -> Decision:
    """Decide whether more may be asked for."""
    return judges(actor, facts) and possible(facts, RETURN) and _sentence(reason, "reason")


def decide_happen(actor: Actor, facts: Facts, *, text: str, on: date, today: date) -> Decision:
    """Decide whether it may be written down that the risk came true."""
    allowed = possible(facts, HAPPEN) and _sentence(text, "text")
    if not allowed:
        return allowed
    if on > today:
        return Refused("happened_later", "Ngày xảy ra không thể sau hôm nay.", field="on")
    likely = decide_day(on, today=today, field="on", back=HAPPENED_BACK)
    if not likely:
        return likely
    return may(actor, "risk.work")


def decide_close(actor: Actor, facts: Facts, *, reason: str) -> Decision:
    """Decide whether it is watched no more."""
    return may(actor, "risk.manage") and possible(facts, CLOSE) and _sentence(reason, "reason")


def possible(facts: Facts, move: str) -> Decision:
    """Decide whether the life allows a move now."""
    moved = next_state(facts.state, move, facts.kind)
    return moved if isinstance(moved, Refused) else ALLOWED


def headline(*, kind: str, open_count: int, high: int, unrated: int) -> str:
    """Return the register's answer in words."""
    name = KIND_NAMES[kind].lower()
    if not open_count:
        return f"Chưa có {name} nào trong sổ"
    parts = [f"{open_count} {name} đang theo dõi"]
    if high:
        parts.append(f"{high} ở mức cao" if kind == RISK else f"{high} có giá trị cao")
    if unrated:
        parts.append(f"{unrated} chưa đánh giá")
    return ", ".join(parts)


def _another(actor: Actor, facts: Facts, doing: str) -> Decision:
    if actor.person_id in facts.doers:
        return Refused(
            "doer_is_judge",
            f"Người phụ trách hoặc người đã đánh giá mức không tự {doing}. Cần người khác.",
            CLAUSE,
        )
    return ALLOWED


def _sentence(text: str, field: str) -> Decision:
    if len(clean(text)) < LEAST_WORDS:
        return Refused("words_missing", "Hãy ghi bằng một câu.", field=field)
    return ALLOWED


def _day(review_on: date, today: date) -> Decision:
    if review_on <= today:
        return Refused("review_past", "Ngày xem lại phải sau hôm nay.", field="review_on")
    return ALLOWED
