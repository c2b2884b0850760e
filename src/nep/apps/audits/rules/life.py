"""The lives of a programme, an audit and a finding, each one table.

Source: TCVN ISO 9001:2015 điều 9.2 (đánh giá nội bộ); TCVN ISO 9001:2008 điều 8.2.2; QĐ
19/2014/QĐ-TTg Điều 4 khoản 4 b (đánh giá nội bộ ít nhất mỗi năm một lần). That whoever proposes
does not approve, and that the unit answers to every finding, is the product's own safeguard.
"""

from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.text import clean, shorten

CLAUSE = "TCVN ISO 9001:2015, điều 9.2"
LEAST_WORDS = 5
MOST_TITLE = 300
Table = dict[tuple[str, str], str]

# The programme of a year
DRAFT, SUBMITTED, APPROVED, DONE = "draft", "submitted", "approved", "done"
PROGRAMME_STATES: dict[str, str] = {
    DRAFT: "Đang soạn",
    SUBMITTED: "Chờ phê duyệt",
    APPROVED: "Đã phê duyệt",
    DONE: "Đã thực hiện xong",
}
EDIT, SUBMIT, RETURN, APPROVE, REVISE, FINISH = (
    "edit", "submit", "return", "approve", "revise", "finish"
)  # fmt: skip
PROGRAMME_MOVES: dict[str, str] = {
    "open": "Đề xuất chương trình",
    EDIT: "Sửa chương trình",
    SUBMIT: "Trình phê duyệt",
    RETURN: "Trả lại",
    APPROVE: "Phê duyệt",
    REVISE: "Sửa sau phê duyệt",
    FINISH: "Kết thúc chương trình",
}
MAKING = frozenset({"open", EDIT, SUBMIT, REVISE})
PROGRAMME: Table = {
    (DRAFT, EDIT): DRAFT,
    (DRAFT, SUBMIT): SUBMITTED,
    (DRAFT, APPROVE): APPROVED,
    (SUBMITTED, RETURN): DRAFT,
    (SUBMITTED, APPROVE): APPROVED,
    (APPROVED, REVISE): DRAFT,
    (APPROVED, FINISH): DONE,
}

# One audit
PLANNED, ANNOUNCED, HELD, CONFIRMED = "planned", "announced", "held", "confirmed"
REPORTED, CLOSED, CANCELLED = "reported", "closed", "cancelled"
AUDIT_STATES: dict[str, str] = {
    PLANNED: "Đang lập kế hoạch",
    SUBMITTED: "Chờ phê duyệt kế hoạch",
    ANNOUNCED: "Đã thông báo",
    HELD: "Chờ đơn vị xác nhận",
    CONFIRMED: "Chờ báo cáo",
    REPORTED: "Đang khắc phục",
    CLOSED: "Đã kết thúc",
    CANCELLED: "Không tiến hành",
}
AUDIT_ENDED = frozenset({CLOSED, CANCELLED})
AUDIT_HELD = frozenset({HELD, CONFIRMED, REPORTED, CLOSED})
ANNOUNCE, REPLAN, NOTE, HOLD, ANSWER = "announce", "replan", "note", "hold", "answer"
SETTLE, CONFIRM, REPORT, CLOSE, CANCEL = "settle", "confirm", "report", "close", "cancel"
AUDIT_MOVES: dict[str, str] = {
    "open": "Lập kế hoạch",
    EDIT: "Sửa kế hoạch",
    SUBMIT: "Trình kế hoạch",
    RETURN: "Trả lại kế hoạch",
    ANNOUNCE: "Phê duyệt, thông báo",
    REPLAN: "Lập lại kế hoạch",
    NOTE: "Ghi nhận tại đơn vị",
    HOLD: "Kết thúc đánh giá tại đơn vị",
    ANSWER: "Đơn vị trả lời",
    SETTLE: "Trưởng đoàn kết luận",
    CONFIRM: "Mọi phát hiện đã thống nhất",
    REPORT: "Báo cáo, mở phiếu khắc phục",
    CLOSE: "Kết thúc cuộc đánh giá",
    CANCEL: "Không tiến hành",
}
AUDIT: Table = {
    (PLANNED, EDIT): PLANNED,
    (PLANNED, SUBMIT): SUBMITTED,
    (SUBMITTED, RETURN): PLANNED,
    (PLANNED, ANNOUNCE): ANNOUNCED,
    (SUBMITTED, ANNOUNCE): ANNOUNCED,
    (ANNOUNCED, REPLAN): PLANNED,
    (ANNOUNCED, NOTE): ANNOUNCED,
    (ANNOUNCED, HOLD): HELD,
    (HELD, ANSWER): HELD,
    (HELD, SETTLE): HELD,
    (HELD, CONFIRM): CONFIRMED,
    (CONFIRMED, REPORT): REPORTED,
    (REPORTED, CLOSE): CLOSED,
    **{(state, CANCEL): CANCELLED for state in (PLANNED, SUBMITTED, ANNOUNCED)},
}

# One line of the checklist, which becomes a finding once it is answered
ASKED, NOTED, SENT, AGREED, CONTESTED, KEPT = (
    "asked", "noted", "sent", "agreed", "contested", "kept"
)  # fmt: skip
SKIPPED, WITHDRAWN, TREATED = "skipped", "withdrawn", "treated"
FINDING_STATES: dict[str, str] = {
    ASKED: "Chưa hỏi",
    NOTED: "Đã ghi",
    SENT: "Chờ đơn vị xác nhận",
    AGREED: "Đơn vị đã xác nhận",
    CONTESTED: "Đơn vị chưa đồng ý",
    KEPT: "Trưởng đoàn giữ nguyên",
    WITHDRAWN: "Đã rút",
    SKIPPED: "Không hỏi",
    TREATED: "Đã mở phiếu khắc phục",
}
SEND, AGREE, CONTEST, KEEP, WITHDRAW, SKIP, TREAT = (
    "send", "agree", "contest", "keep", "withdraw", "skip", "treat"
)  # fmt: skip
FINDING_MOVES: dict[str, str] = {
    NOTE: "Ghi nhận",
    SEND: "Gửi đơn vị",
    SKIP: "Không hỏi",
    AGREE: "Đơn vị xác nhận",
    CONTEST: "Đơn vị chưa đồng ý",
    KEEP: "Trưởng đoàn giữ nguyên",
    WITHDRAW: "Trưởng đoàn rút",
    TREAT: "Mở phiếu khắc phục",
}
FINDING: Table = {
    (ASKED, NOTE): NOTED,
    (NOTED, NOTE): NOTED,
    (ASKED, SKIP): SKIPPED,
    (NOTED, SEND): SENT,
    (SENT, AGREE): AGREED,
    (SENT, CONTEST): CONTESTED,
    (CONTESTED, KEEP): KEPT,
    (CONTESTED, WITHDRAW): WITHDRAWN,
    (AGREED, TREAT): TREATED,
    (KEPT, TREAT): TREATED,
}
OPEN_FINDINGS = frozenset({SENT, CONTESTED})
SETTLED = frozenset({AGREED, KEPT, TREATED})

CONFORM, MAJOR, MINOR, OBSERVATION, OPPORTUNITY = (
    "conform", "major", "minor", "observation", "opportunity"
)  # fmt: skip
LEVELS: dict[str, str] = {
    CONFORM: "Phù hợp",
    MINOR: "Không phù hợp nhẹ",
    MAJOR: "Không phù hợp nặng",
    OBSERVATION: "Quan sát",
    OPPORTUNITY: "Cơ hội cải tiến",
}
TO_CORRECT = frozenset({MAJOR, MINOR})


def next_state(table: Table, state: str, move: str) -> str | Refused:
    """Return the state after a move, or why the move is not possible now."""
    found = table.get((state, move))
    if found is not None:
        return found
    names = {**PROGRAMME_STATES, **AUDIT_STATES, **FINDING_STATES}
    moves = {**FINDING_MOVES, **PROGRAMME_MOVES, **AUDIT_MOVES}
    if table is PROGRAMME:
        names.update(PROGRAMME_STATES)
    return Refused(
        "audit_state",
        f"Đang ở trạng thái “{names.get(state, state)}” nên chưa “{moves.get(move, move)}” được. Hãy "
        "tải lại trang.",
        CLAUSE,
    )


def possible(table: Table, state: str, move: str) -> Decision:
    """Decide whether a move leads anywhere from a state."""
    moved = next_state(table, state, move)
    return moved if isinstance(moved, Refused) else ALLOWED


def decide_words(text: str, *, field: str, ask: str) -> Decision:
    """Decide whether a reason or a note says anything."""
    if len(clean(text)) < LEAST_WORDS:
        return Refused("words_missing", ask, field=field)
    return ALLOWED


def decide_note(*, level: str, text: str) -> Decision:
    """Decide whether an answer may be written: a level that is known, and what was seen.

    Conformity may be noted by a tap alone; whatever asks others to act names its evidence.
    Source: TCVN ISO 9001:2015 điều 9.2.2 f (bằng chứng về kết quả đánh giá).
    """
    if level not in LEVELS:
        return Refused("level_unknown", "Hãy chọn kết luận trong danh sách.", field="level")
    return ALLOWED


def sheet_title(*, number: int | None, text: str) -> str:
    """Return what a finding's sheet is called: its whole text on one line, cut where it is long;
    a text of a few letters, which alone says nothing, stands behind the finding's number."""
    whole = clean(text)
    title = shorten(whole, MOST_TITLE)
    return title if len(title) >= LEAST_WORDS else f"Phát hiện {number or 0}: {whole}"[:MOST_TITLE]


def decide_hold(*, unstarted: int, unanswered_sessions: int, without_evidence: int) -> Decision:
    """Decide whether the audit at the units may be ended."""
    if unstarted:
        return Refused(
            "hold_early",
            f"Còn {unstarted} phiên chưa đến giờ. Kết thúc được sau khi phiên cuối bắt đầu.",
            CLAUSE,
        )
    if unanswered_sessions:
        return Refused(
            "session_empty",
            f"Còn {unanswered_sessions} phiên chưa ghi câu nào. Hãy ghi kết quả, hoặc lập lại kế hoạch.",
            CLAUSE,
        )
    if without_evidence:
        return Refused(
            "evidence_missing",
            f"Còn {without_evidence} điểm không phù hợp, quan sát hoặc cải tiến chưa ghi đã thấy gì. Bằng "
            "chứng là phần bắt buộc của phát hiện.",
            CLAUSE,
        )
    return ALLOWED


def decide_confirmed(*, waiting: int) -> Decision:
    """Decide whether every finding has been settled."""
    if waiting:
        return Refused(
            "findings_waiting", f"Còn {waiting} phát hiện chờ đơn vị hoặc trưởng đoàn.", CLAUSE
        )
    return ALLOWED


def decide_close(*, untreated: int, running: int) -> Decision:
    """Decide whether an audit may be closed: every nonconformity has its sheet, every sheet ended."""
    if untreated:
        return Refused(
            "findings_untreated", f"Còn {untreated} điểm không phù hợp chưa mở phiếu.", CLAUSE
        )
    if running:
        return Refused("sheets_running", f"Còn {running} phiếu khắc phục chưa đóng.", CLAUSE)
    return ALLOWED


def headline(*, audited: int, units: int, to_correct: int) -> str:
    """Return the programme's answer in words."""
    if units and audited == units:
        text = f"Đã đánh giá đủ {units} đơn vị"
    else:
        text = f"{audited}/{units} đơn vị đã đánh giá"
    return f"{text}, còn {to_correct} điểm chưa khắc phục" if to_correct else text
