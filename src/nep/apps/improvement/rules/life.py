"""The life of a nonconformity.

Source: TCVN ISO 9001:2015 điều 10.2 (sự không phù hợp và hành động khắc phục); TCVN ISO 9001:2008
điều 8.5.2, 8.5.3 (hành động khắc phục, hành động phòng ngừa). That somebody else than who answers
for it checks it and judges its effect is the product's own safeguard.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from nep.apps.organization.rules import Actor, may
from nep.kernel.days import decide_day
from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.text import clean
from nep.kernel.vietnamese import date_text

CLAUSE = "TCVN ISO 9001:2015, điều 10.2"
REPORTED, ANALYSED, ACTING, CHECKED = "reported", "analysed", "acting", "checked"
EFFECTIVE, CLOSED, AGAIN, REJECTED = "effective", "closed", "again", "rejected"
STATE_NAMES: dict[str, str] = {
    REPORTED: "Chờ phân tích",
    ANALYSED: "Đã có nguyên nhân, chờ hành động",
    ACTING: "Đang khắc phục",
    CHECKED: "Chờ xét hiệu lực",
    EFFECTIVE: "Có hiệu lực, chờ đóng",
    AGAIN: "Chưa hiệu lực, phân tích lại",
    CLOSED: "Đã đóng",
    REJECTED: "Không phải sự không phù hợp",
}
ENDED = frozenset({CLOSED, REJECTED})
OPEN_STATES = tuple(state for state in STATE_NAMES if state not in ENDED)
ASSIGN, CORRECT, ANALYSE, ACT = "assign", "correct", "analyse", "act"
CHECK, RETURN, WORKED, FAILED = "check", "return", "worked", "failed"
CLOSE, REJECT, DOCUMENT = "close", "reject", "document"
MOVE_NAMES: dict[str, str] = {
    "open": "Ghi nhận",
    ASSIGN: "Giao người phụ trách",
    CORRECT: "Ghi sự khắc phục",
    ANALYSE: "Phân tích nguyên nhân",
    ACT: "Thêm hành động khắc phục",
    DOCUMENT: "Ghi tài liệu cần sửa",
    CHECK: "Kiểm tra kết quả, đạt",
    RETURN: "Kiểm tra kết quả, trả lại",
    WORKED: "Xét hiệu lực: có hiệu lực",
    FAILED: "Xét hiệu lực: chưa hiệu lực",
    CLOSE: "Đóng phiếu",
    REJECT: "Kết luận không phải sự không phù hợp",
}
MOVES = tuple(move for move in MOVE_NAMES if move != "open")
_BEGINNING = (REPORTED, AGAIN)
LIFE: dict[tuple[str, str], str] = {
    **{(state, ASSIGN): state for state in (REPORTED, AGAIN, ANALYSED, ACTING)},
    **{(state, CORRECT): state for state in (REPORTED, AGAIN, ANALYSED, ACTING)},
    **{(state, DOCUMENT): state for state in (ANALYSED, ACTING, CHECKED, EFFECTIVE)},
    **{(state, ANALYSE): ANALYSED for state in (REPORTED, AGAIN, ANALYSED)},
    (ANALYSED, ACT): ACTING,
    (ACTING, ACT): ACTING,
    (ACTING, CHECK): CHECKED,
    (ACTING, RETURN): ACTING,
    (CHECKED, WORKED): EFFECTIVE,
    (CHECKED, FAILED): AGAIN,
    (EFFECTIVE, CLOSE): CLOSED,
    (REPORTED, REJECT): REJECTED,
}
LEVEL_NAMES: dict[str, str] = {
    "": "chưa phân loại",
    "major": "Nặng",
    "minor": "Nhẹ",
}
LEAST_WORDS = 5
FOUND_BACK = 5  # years
MOST_WHYS = 5


@dataclass(frozen=True, slots=True)
class Sheet:
    """A nonconformity as far as rules need it. `doers` own it or analysed its cause."""

    state: str
    potential: bool
    owner_id: int | None
    doers: frozenset[int]
    correction: str
    cause: str
    effect_on: date | None
    no_update_reason: str


@dataclass(frozen=True, slots=True)
class Done:
    """What stands behind a nonconformity: its actions of this round, its changes of documents."""

    running: int = 0
    checked: int = 0
    last_done_at: datetime | None = None
    changes_open: int = 0
    changes_done: int = 0


def next_state(state: str, move: str) -> str | Refused:
    """Return the state after a move, or why the move is not possible now."""
    found = LIFE.get((state, move))
    if found is not None:
        return found
    return Refused(
        "nonconformity_state",
        f"Phiếu này ở trạng thái “{STATE_NAMES.get(state, state)}” nên chưa “{MOVE_NAMES.get(move, move)}” "
        "được. Hãy tải lại trang.",
        CLAUSE,
    )


def decide_open(*, title: str, found_on: date, due_on: date, today: date) -> Decision:
    """Decide whether a nonconformity may be written down as told."""
    if len(clean(title)) < LEAST_WORDS:
        return Refused("title_missing", "Hãy mô tả điều không phù hợp bằng một câu.", field="title")
    if found_on > today:
        return Refused("found_later", "Ngày phát hiện không thể sau hôm nay.", field="found_on")
    return decide_day(found_on, today=today, field="found_on", back=FOUND_BACK) and decide_due(
        due_on, today=today
    )


def decide_due(due_on: date, *, today: date) -> Decision:
    """Decide whether the cause may be sought until a day."""
    if due_on < today:
        return Refused("due_past", "Hạn phân tích phải từ hôm nay trở đi.", field="due_on")
    return decide_day(due_on, today=today, field="due_on")


def works_on(actor: Actor, sheet: Sheet) -> Decision:
    """Decide whether the actor may write into the sheet: its owner, or who manages."""
    if sheet.owner_id == actor.person_id or may(actor, "improvement.manage"):
        return ALLOWED
    return Refused(
        "not_the_owner", "Chỉ người phụ trách phiếu, thư ký ISO hoặc lãnh đạo mới ghi được."
    )


def judges(actor: Actor, sheet: Sheet) -> Decision:
    """Decide whether the actor may check and judge: who manages and has not done the work."""
    allowed = may(actor, "improvement.manage")
    if not allowed:
        return allowed
    if actor.person_id in sheet.doers:
        return Refused(
            "doer_is_judge",
            "Người phụ trách hoặc người phân tích nguyên nhân không tự kiểm tra, xét hiệu lực. Cần "
            "người khác.",
            CLAUSE,
        )
    return ALLOWED


def decide_analysis(actor: Actor, sheet: Sheet, *, cause: str, whys: Collection[str]) -> Decision:
    """Decide whether a cause may be written: what was done at once stands apart from it."""
    allowed = works_on(actor, sheet) and _possible(sheet, ANALYSE)
    if not allowed:
        return allowed
    if not sheet.potential and len(clean(sheet.correction)) < LEAST_WORDS:
        return Refused(
            "correction_missing",
            "Hãy ghi sự khắc phục trước: đã xử lý ngay việc sai thế nào, hoặc vì sao không cần.",
            f"{CLAUSE}.1 a",
            field="correction",
        )
    if len(clean(cause)) < LEAST_WORDS:
        return Refused("cause_missing", "Hãy ghi nguyên nhân gốc.", f"{CLAUSE}.1 b", field="cause")
    if len(whys) > MOST_WHYS:
        return Refused("whys_many", "Hỏi vì sao tối đa năm lần.", field="cause")
    return ALLOWED


def decide_check(actor: Actor, sheet: Sheet, done: Done, *, effect_on: date | None, today: date) -> Decision:  # fmt: skip
    """Decide whether what was done may be accepted, with a day from which its effect is judged."""
    allowed = judges(actor, sheet) and _possible(sheet, CHECK)
    if not allowed:
        return allowed
    if done.running:
        return Refused(
            "actions_running",
            f"Còn {done.running} hành động chưa xong hoặc chưa được kiểm tra. Hãy kết thúc chúng trước.",
            CLAUSE,
        )
    if not done.checked:
        return Refused(
            "actions_none", "Chưa có hành động nào được làm và kiểm tra trong lần này.", CLAUSE
        )
    if effect_on is None or effect_on < today:
        return Refused(
            "effect_day", "Hãy chọn ngày xét hiệu lực, từ hôm nay trở đi.", field="effect_on"
        )
    return ALLOWED


def decide_return(actor: Actor, sheet: Sheet, *, reason: str) -> Decision:
    """Decide whether what was done may be returned to the owner."""
    return judges(actor, sheet) and _possible(sheet, RETURN) and _reason(reason)


def decide_effect(actor: Actor, sheet: Sheet, *, worked: bool, note: str, today: date) -> Decision:
    """Decide whether the effect may be judged: on its day or later, with what was looked at."""
    allowed = judges(actor, sheet) and _possible(sheet, WORKED if worked else FAILED)
    if not allowed:
        return allowed
    if sheet.effect_on is not None and today < sheet.effect_on:
        return Refused(
            "effect_early",
            f"Xét hiệu lực từ ngày {date_text(sheet.effect_on)}, khi đã đủ thời gian để thấy kết quả.",
            f"{CLAUSE}.1 d",
        )
    if len(clean(note)) < LEAST_WORDS:
        return Refused(
            "evidence_missing", "Hãy ghi đã xem gì để kết luận.", f"{CLAUSE}.1 d", field="note"
        )
    return ALLOWED


def gates(sheet: Sheet, done: Done) -> tuple[tuple[str, bool], ...]:
    """Return what must hold before closing, in words, each with whether it holds."""
    named = bool(done.changes_done) or len(clean(sheet.no_update_reason)) >= LEAST_WORDS
    return (
        ("Đã ghi sự khắc phục", sheet.potential or bool(clean(sheet.correction))),
        ("Đã ghi nguyên nhân", bool(clean(sheet.cause))),
        (
            "Mọi hành động đã xong và được người khác kiểm tra",
            bool(done.checked) and not done.running,
        ),
        ("Đã xét hiệu lực", sheet.state in {EFFECTIVE, CLOSED}),
        ("Đã sửa tài liệu, hoặc ghi vì sao không cần", named and not done.changes_open),
    )


def decide_close(actor: Actor, sheet: Sheet, done: Done) -> Decision:
    """Decide whether a nonconformity may be closed: nothing of `gates` is missing."""
    allowed = judges(actor, sheet)
    if not allowed:
        return allowed
    missing = [name for name, holds in gates(sheet, done) if not holds]
    if missing:
        said = "; ".join(name[0].lower() + name[1:] for name in missing)
        return Refused("close_early", f"Chưa đóng được phiếu. Còn thiếu: {said}.", CLAUSE)
    return _possible(sheet, CLOSE)


def decide_reject(actor: Actor, sheet: Sheet, *, reason: str) -> Decision:
    """Decide whether a report may be found to be no nonconformity."""
    return may(actor, "improvement.manage") and _possible(sheet, REJECT) and _reason(reason)


def decide_write(actor: Actor, sheet: Sheet, move: str, *, text: str, field: str) -> Decision:
    """Decide whether a correction, or why no document changes, may be written."""
    allowed = works_on(actor, sheet) and _possible(sheet, move)
    if not allowed:
        return allowed
    if len(clean(text)) < LEAST_WORDS:
        return Refused("words_missing", "Hãy ghi bằng một câu.", field=field)
    return ALLOWED


def decide_assign(actor: Actor, sheet: Sheet) -> Decision:
    """Decide whether the actor may say who answers for the sheet."""
    return may(actor, "improvement.manage") and _possible(sheet, ASSIGN)


def decide_act(actor: Actor, sheet: Sheet) -> Decision:
    """Decide whether the actor may add an action: the cause is known."""
    return works_on(actor, sheet) and _possible(sheet, ACT)


def _possible(sheet: Sheet, move: str) -> Decision:
    moved = next_state(sheet.state, move)
    return moved if isinstance(moved, Refused) else ALLOWED


def _reason(text: str) -> Decision:
    if len(clean(text)) < LEAST_WORDS:
        return Refused("reason_missing", "Hãy ghi lý do bằng một câu.", field="reason")
    return ALLOWED


def headline(*, open_count: int, late: int, potential: bool) -> str:
    """Return the register's answer in words."""
    thing = "hành động phòng ngừa" if potential else "sự không phù hợp"
    if not open_count:
        return f"Không còn {thing} nào đang mở"
    text = f"{open_count} {thing} đang mở"
    return f"{text}, {late} đã quá hạn" if late else text
