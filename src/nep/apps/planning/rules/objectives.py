"""The life of a quality objective and of the year's list. Pure: no Django, no clock, no I/O.

Source: TCVN ISO 9001:2015 điều 6.2.1 (thiết lập, theo dõi, cập nhật mục tiêu), điều 6.2.2 (ai chịu
trách nhiệm, khi nào, đánh giá kết quả thế nào), điều 9.1.3; that the head approves what others put
together is the product's own safeguard.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from nep.apps.organization.rules import Actor, may
from nep.apps.planning.rules.measuring import (
    BETTER_NAMES,
    FREQUENCY_NAMES,
    JUDGED_FROM_MONTH,
    WHOLE_NAMES,
)
from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.text import clean

CLAUSE = "TCVN ISO 9001:2015, điều 6.2"
PROPOSED, CONSOLIDATED, APPROVED = "proposed", "gathered", "approved"
JUDGED, DROPPED = "judged", "dropped"
NOT_YET = frozenset({PROPOSED, CONSOLIDATED})
STATE_NAMES: dict[str, str] = {
    PROPOSED: "Đề xuất",
    CONSOLIDATED: "Đã tổng hợp, chờ duyệt",
    APPROVED: "Đang thực hiện",
    JUDGED: "Đã đánh giá",
    DROPPED: "Không đưa vào",
}
GATHER, APPROVE, RETURN, JUDGE = "gather", "approve", "return", "judge"
CHANGE, CONFIRM, DROP, RECORD, EXPLAIN = "change", "confirm", "drop", "record", "explain"
MOVE_NAMES: dict[str, str] = {
    "open": "Đề xuất",
    "copy": "Chép từ năm trước",
    CHANGE: "Sửa",
    CONFIRM: "Xác nhận giữ nguyên",
    GATHER: "Tổng hợp",
    APPROVE: "Phê duyệt",
    RETURN: "Trả lại",
    RECORD: "Ghi kết quả",
    EXPLAIN: "Ghi nguyên nhân, biện pháp",
    JUDGE: "Đánh giá",
    DROP: "Không đưa vào",
    "hand": "Bàn giao",
}
MOVES = tuple(move for move in MOVE_NAMES if move not in {"open", "copy", "hand"})
LIFE: dict[tuple[str, str], str] = {
    (PROPOSED, CHANGE): PROPOSED,
    (PROPOSED, CONFIRM): PROPOSED,
    (PROPOSED, GATHER): CONSOLIDATED,
    (PROPOSED, DROP): DROPPED,
    (CONSOLIDATED, RETURN): PROPOSED,
    (CONSOLIDATED, APPROVE): APPROVED,
    (APPROVED, RECORD): APPROVED,
    (APPROVED, EXPLAIN): APPROVED,
    (APPROVED, JUDGE): JUDGED,
    (APPROVED, DROP): DROPPED,
}
ENDED = frozenset({JUDGED, DROPPED})
IN_FORCE = frozenset({APPROVED, JUDGED})
SET_DRAFT, SET_SENT, SET_APPROVED = "draft", "sent", "approved"
LEAST_WORDS = 5
MOST_PERCENT = 200  # a plan may be outdone
FIRST_YEAR, LAST_YEAR = 2015, 2100


@dataclass(frozen=True, slots=True)
class Facts:
    """An objective as far as rules need it."""

    state: str
    year: int
    owner_id: int
    unit_id: int | None
    proposed_by_id: int
    is_automatic: bool
    to_confirm: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of one period that has begun: its value met the target, is explained."""

    name: str
    has_ended: bool
    is_measured: bool
    is_met: bool | None
    is_explained: bool


def next_state(state: str, move: str) -> str | Refused:
    """Return the state after a move, or why the move is not possible now."""
    found = LIFE.get((state, move))
    if found is not None:
        return found
    return Refused(
        "objective_state",
        f"Mục tiêu này ở trạng thái “{STATE_NAMES.get(state, state)}” nên không "
        f"“{MOVE_NAMES.get(move, move).lower()}” được. Hãy tải lại trang.",
        CLAUSE,
    )


def decide_values(
    *, title: str, year: int, target: Decimal | None, better: str, frequency: str, way: str,
    method: str, unit_word: str = "",
) -> Decision:  # fmt: skip
    """Decide whether an objective is told well enough: measurable, with its method."""
    if len(clean(title)) < LEAST_WORDS:
        return Refused(
            "title_missing", f"Hãy ghi mục tiêu bằng một câu, ít nhất {LEAST_WORDS} chữ cái.",
            field="title",
        )  # fmt: skip
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Refused("year_unknown", "Hãy ghi năm của mục tiêu, ví dụ 2027.", field="year")
    if target is None or not target.is_finite():
        return Refused(
            "target_missing", "Mục tiêu phải đo được: hãy ghi chỉ tiêu bằng số.", CLAUSE,
            field="target",
        )  # fmt: skip
    if abs(target) >= 10_000_000:
        return Refused("target_large", "Chỉ tiêu lớn quá, hãy đổi đơn vị tính.", field="target")
    if better not in BETTER_NAMES or frequency not in FREQUENCY_NAMES or way not in WHOLE_NAMES:
        return Refused("choice_unknown", "Hãy chọn cách so sánh và tần suất đo.", field="frequency")
    if len(clean(method)) < LEAST_WORDS:
        return Refused(
            "method_missing", f"Hãy ghi cách đo bằng một câu, ít nhất {LEAST_WORDS} chữ cái.", CLAUSE,
            field="method",
        )  # fmt: skip
    return decide_number(target, unit_word=unit_word, field="target")


def decide_number(number: Decimal, *, unit_word: str, field: str) -> Decision:
    """Decide whether a number may stand for this unit: a share is from 0 to some times the whole."""
    if unit_word.strip() == "%" and not 0 <= number <= MOST_PERCENT:
        return Refused(
            "percent_wrong",
            f"Tỷ lệ phải từ 0 đến {MOST_PERCENT}%. Dấu phẩy ngăn phần thập phân, ví dụ 98,5.",
            field=field,
        )
    return ALLOWED


def decide_propose(actor: Actor, *, unit_id: int | None) -> Decision:
    """Decide whether the actor may propose for a unit: heads for their own, who keeps the system
    for any."""
    allowed = may(actor, "objective.propose")
    if not allowed:
        return allowed
    if may(actor, "objective.manage") or "leader" in actor.roles:
        return ALLOWED
    if unit_id is None or unit_id not in actor.unit_ids:
        return Refused(
            "unit_other", "Trưởng đơn vị đề xuất mục tiêu của đơn vị mình. Hãy chọn đơn vị của bạn.",
            field="unit",
        )  # fmt: skip
    return ALLOWED


def decide_change(actor: Actor, facts: Facts, move: str = CHANGE) -> Decision:
    """Decide whether the actor may change, confirm or drop a proposal: who made it or answers for
    it, or who keeps the system; an approved one is dropped by the head alone."""
    moved = next_state(facts.state, move)
    if isinstance(moved, Refused):
        return moved
    if move == DROP and facts.state == APPROVED:
        return may(actor, "objective.approve")
    if actor.person_id in {facts.proposed_by_id, facts.owner_id}:
        return ALLOWED
    return may(actor, "objective.manage")


def decide_gather(actor: Actor, proposals: Sequence[Facts]) -> Decision:
    """Decide whether the actor may put these proposals together and send them to the head."""
    allowed = may(actor, "objective.manage")
    if not allowed:
        return allowed
    if not proposals:
        return Refused("nothing_chosen", "Hãy chọn ít nhất một mục tiêu để trình.", field="chosen")
    for one in proposals:
        moved = next_state(one.state, GATHER)
        if isinstance(moved, Refused):
            return moved
    if any(one.to_confirm for one in proposals):
        return Refused(
            "copy_unconfirmed",
            "Còn mục tiêu chép từ năm trước chưa xác nhận. Hãy sửa chỉ tiêu, hoặc xác nhận giữ "
            "nguyên, rồi trình.",
            field="chosen",
        )
    return ALLOWED


def decide_approve(
    actor: Actor, *, state: str, gathered_by_id: int | None, may_be_same: bool
) -> Decision:
    """Decide whether the actor may approve or return the year's list; never who put it together,
    except where the agency has granted the exception for author and approver."""
    allowed = may(actor, "objective.approve")
    if not allowed:
        return allowed
    if state != SET_SENT:
        return Refused("list_state", "Danh sách này không còn chờ duyệt. Hãy tải lại trang.")
    if gathered_by_id == actor.person_id and not may_be_same:
        return Refused(
            "author_is_approver",
            "Người tổng hợp không tự phê duyệt. Cần lãnh đạo khác, hoặc ngoại lệ đã ghi ở phân vai.",
            CLAUSE,
        )
    return ALLOWED


def decide_record(actor: Actor, facts: Facts, *, has_begun: bool, evidence: str, has_proof: bool) -> Decision:  # fmt: skip
    """Decide whether the actor may write the value of a period by hand, with what shows it."""
    moved = next_state(facts.state, RECORD)
    if isinstance(moved, Refused):
        return moved
    if facts.is_automatic:
        return Refused("measured_itself", "Mục tiêu này tự đo từ dữ liệu, không ghi tay.")
    if facts.owner_id != actor.person_id and not may(actor, "objective.manage"):
        return Refused("not_the_owner", "Chỉ người phụ trách mục tiêu mới ghi kết quả.")
    if not has_begun:
        return Refused("period_later", "Kỳ này chưa đến.", field="value")
    if len(clean(evidence)) < LEAST_WORDS and not has_proof:
        return Refused(
            "evidence_missing",
            "Hãy ghi số liệu lấy từ đâu, hoặc kèm tệp. Kết quả không có bằng chứng thì chưa ghi được.",
            "TCVN ISO 9001:2015, điều 9.1.1", field="evidence",
        )  # fmt: skip
    return ALLOWED


def decide_explain(actor: Actor, facts: Facts, told: Told | None, *, cause: str) -> Decision:
    """Decide whether the actor may write why a period missed the target."""
    moved = next_state(facts.state, EXPLAIN)
    if isinstance(moved, Refused):
        return moved
    if facts.owner_id != actor.person_id and not may(actor, "objective.manage"):
        return Refused("not_the_owner", "Chỉ người phụ trách mục tiêu mới ghi nguyên nhân.")
    if told is None or told.is_met is not False:
        return Refused("not_missed", "Kỳ này không có kết quả dưới chỉ tiêu.")
    if len(clean(cause)) < LEAST_WORDS:
        return Refused("cause_missing", "Hãy ghi nguyên nhân bằng một câu.", field="cause")
    return ALLOWED


def judged_from(year: int) -> date:
    """Return the day from which the objectives of a year can be concluded on."""
    return date(year, JUDGED_FROM_MONTH, 1)


def missing(
    told: Sequence[Told], *, year: int, periods: int, today: date, is_automatic: bool
) -> Refused | None:
    """Return what an objective still lacks before it can be judged, None for nothing.

    Every period has its value (the last one may still run), every one that missed the target its
    cause and an action. Where the data tells nothing of a period nothing happened in it: nobody can
    write a value, so none is asked for.
    """
    if today < judged_from(year):
        return Refused("too_early", f"Đánh giá cả năm từ ngày 01/{JUDGED_FROM_MONTH}/{year}.")
    unmeasured = [one.name for one in told if not one.is_measured and not is_automatic]
    if unmeasured or len(told) < periods:
        first = unmeasured[0] if unmeasured else "kỳ cuối"
        return Refused("value_missing", f"Chưa có kết quả {first.lower()}.", CLAUSE)
    for one in told:
        if one.is_met is False and not one.is_explained:
            return Refused(
                "cause_missing",
                f"{one.name} chưa đạt chỉ tiêu: phải có nguyên nhân và biện pháp trước khi đánh giá.",
                CLAUSE,
            )
    return None


def decide_judge(actor: Actor, facts: Facts, lacking: Refused | None) -> Decision:
    """Decide whether the actor may conclude on a year: who keeps the system or leads, never who
    answers for the objective."""
    moved = next_state(facts.state, JUDGE)
    if isinstance(moved, Refused):
        return moved
    if facts.owner_id == actor.person_id:
        return Refused(
            "owner_judges",
            "Người phụ trách không tự đánh giá mục tiêu của mình; lãnh đạo đánh giá ở trang này.",
            CLAUSE,
        )
    if not may(actor, "objective.manage") and not may(actor, "objective.approve"):
        return may(actor, "objective.manage")
    return ALLOWED if lacking is None else lacking


def verdict_name(met: bool | None) -> str:
    """Return the conclusion on a year in words; None is a year of which the data tells nothing."""
    if met is None:
        return "Không phát sinh"
    return "Đạt" if met else "Không đạt"


def headline(*, year: int, count: int, met: int, missed: int, waiting: int) -> str:
    """Return the answer of the year's list in words."""
    if not count:
        return f"Năm {year} chưa có mục tiêu chất lượng"
    text = f"{count} mục tiêu năm {year}"
    parts = [f"{met} đang đạt" if met else "", f"{missed} chưa đạt" if missed else "",
             f"{waiting} chưa phê duyệt" if waiting else ""]  # fmt: skip
    said = ", ".join(part for part in parts if part)
    return f"{text}: {said}" if said else text
