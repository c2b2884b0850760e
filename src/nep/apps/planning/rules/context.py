"""Context, interested parties, scope and policy: what each must say, and the life of an edition.

Source: TCVN ISO 9001:2015 điều 4.1, 4.2 (with the climate question of Amd 1:2024), 4.3, 5.2. That
somebody else than the author approves is the product's own safeguard.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from nep.apps.organization.rules import Actor, may
from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.text import clean, fold

CONTEXT, PARTIES, SCOPE, POLICY = "context", "parties", "scope", "policy"
PART_NAMES: dict[str, str] = {
    CONTEXT: "Bối cảnh của cơ quan",
    PARTIES: "Các bên quan tâm",
    SCOPE: "Phạm vi hệ thống quản lý chất lượng",
    POLICY: "Chính sách chất lượng",
}
PART_CLAUSES: dict[str, str] = {CONTEXT: "4.1", PARTIES: "4.2", SCOPE: "4.3", POLICY: "5.2"}
EVIDENCE_OF: dict[str, tuple[str, ...]] = {
    CONTEXT: ("4.1",),
    PARTIES: ("4.2",),
    SCOPE: ("4.3",),
    POLICY: ("5.2.1", "5.2.2"),
}
PARTS = tuple(PART_NAMES)
DRAFT, SUBMITTED, IN_FORCE, REPLACED, DROPPED = (
    "draft", "submitted", "in_force", "replaced", "dropped"
)  # fmt: skip
STATE_NAMES: dict[str, str] = {
    DRAFT: "Đang soạn",
    SUBMITTED: "Chờ phê duyệt",
    IN_FORCE: "Đang có hiệu lực",
    REPLACED: "Đã thay bằng lần sau",
    DROPPED: "Đã bỏ",
}
SAVE, SUBMIT, TAKE_BACK, APPROVE, RETURN, DROP = (
    "save", "submit", "take_back", "approve", "return", "drop"
)  # fmt: skip
REPLACE, CONFIRM = "replace", "confirm"
MOVE_NAMES: dict[str, str] = {
    "open": "Bắt đầu soạn",
    SAVE: "Lưu nội dung",
    SUBMIT: "Trình phê duyệt",
    TAKE_BACK: "Rút lại để sửa",
    APPROVE: "Phê duyệt",
    RETURN: "Trả lại người soạn",
    DROP: "Bỏ bản soạn",
    REPLACE: "Thay bằng lần sau",
    CONFIRM: "Soát lại, giữ nguyên",
}
MOVES = tuple(move for move in MOVE_NAMES if move != "open")
LIFE: dict[tuple[str, str], str] = {
    (DRAFT, SAVE): DRAFT,
    (DRAFT, SUBMIT): SUBMITTED,
    (DRAFT, DROP): DROPPED,
    (SUBMITTED, TAKE_BACK): DRAFT,
    (SUBMITTED, RETURN): DRAFT,
    (SUBMITTED, APPROVE): IN_FORCE,
    (IN_FORCE, REPLACE): REPLACED,
    (IN_FORCE, CONFIRM): IN_FORCE,
}
OPEN = (DRAFT, SUBMITTED)
LEAST_WORDS = 5
MOST_LINES, MOST_ROWS = 30, 30


@dataclass(frozen=True, slots=True)
class Context:
    """Issues inside and outside, and what climate change means for the agency."""

    strengths: tuple[str, ...] = ()
    weaknesses: tuple[str, ...] = ()
    opportunities: tuple[str, ...] = ()
    threats: tuple[str, ...] = ()
    climate: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """An interested party, what it needs, how the agency knows whether that is met."""

    party: str
    need: str
    how: str = ""


@dataclass(frozen=True, slots=True)
class Excluded:
    """A clause that does not apply, and why."""

    clause: str
    reason: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What the system covers, where, and which clauses do not apply."""

    services: str = ""
    places: str = ""
    excluded: tuple[Excluded, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """A motto and the commitments of the head."""

    motto: str = ""
    commitments: tuple[str, ...] = ()


Content = Context | tuple[Party, ...] | Scope | Policy


@dataclass(frozen=True, slots=True)
class Facts:
    """An edition as far as rules need it: who wrote on it; `in_library` when it is approved as a
    document."""

    part: str
    state: str
    author_ids: frozenset[int]
    in_library: bool = False


def next_state(state: str, move: str) -> str | Refused:
    """Return the state after a move, or why the move is not possible now."""
    found = LIFE.get((state, move))
    if found is not None:
        return found
    return Refused(
        "statement_state",
        f"Bản này ở trạng thái “{STATE_NAMES.get(state, state)}” nên chưa “{MOVE_NAMES.get(move, move)}” "
        "được. Hãy tải lại trang.",
    )


def possible(facts: Facts, move: str) -> Decision:
    """Decide whether the life allows a move now."""
    moved = next_state(facts.state, move)
    return moved if isinstance(moved, Refused) else ALLOWED


def decide_write(actor: Actor, facts: Facts, move: str) -> Decision:
    """Decide whether the actor may save, submit, take back or drop an edition."""
    return may(actor, "context.draft") and possible(facts, move)


def decide_approve(actor: Actor, facts: Facts, *, is_seen: bool) -> Decision:
    """Decide whether the actor may approve an edition as it was shown: never who wrote it."""
    allowed = may(actor, "context.approve") and possible(facts, APPROVE)
    if not allowed:
        return allowed
    if facts.in_library:
        return Refused(
            "approved_elsewhere",
            "Chính sách được phê duyệt ở trang tài liệu, cùng bản PDF sẽ công bố.",
        )
    if actor.person_id in facts.author_ids:
        return Refused("author_is_approver", "Người soạn không tự phê duyệt. Cần lãnh đạo khác.")
    if not is_seen:
        return Refused(
            "content_changed", "Nội dung đã khác bản trên trang của bạn. Hãy tải lại rồi đọc lại."
        )
    return ALLOWED


def decide_return(actor: Actor, facts: Facts, *, reason: str) -> Decision:
    """Decide whether an edition may be returned to its author with a reason."""
    allowed = may(actor, "context.approve") and possible(facts, RETURN)
    if not allowed:
        return allowed
    if facts.in_library:
        return Refused("approved_elsewhere", "Chính sách được trả lại ở trang tài liệu.")
    if len(clean(reason)) < LEAST_WORDS:
        return Refused("reason_missing", "Hãy ghi lý do trả lại bằng một câu.", field="reason")
    return ALLOWED


def decide_confirm(actor: Actor, facts: Facts, *, note: str) -> Decision:
    """Decide whether an edition in force may be said to hold still, with what it was held against."""
    allowed = decide_write(actor, facts, CONFIRM)
    if not allowed:
        return allowed
    if len(clean(note)) < LEAST_WORDS:
        return Refused("note_missing", "Ghi đã đối chiếu với những gì.", field="note")
    return ALLOWED


def review_day(day: date) -> date:
    """Return when an edition put into force or looked at on a day is looked at again."""
    return day.replace(year=day.year + 1, day=min(day.day, 28))


def read_content(part: str, stored: Mapping[str, Any]) -> Content:
    """Return what an edition says, from its stored form. Raises KeyError for an unknown part."""
    if part == CONTEXT:
        names = ("strengths", "weaknesses", "opportunities", "threats")
        return Context(**{name: _lines(stored.get(name, ())) for name in names},
                       climate=clean(str(stored.get("climate", ""))))  # fmt: skip
    if part == PARTIES:
        rows = (Party(clean(one.get("party", "")), clean(one.get("need", "")),
                      clean(one.get("how", ""))) for one in stored.get("rows", ()))  # fmt: skip
        return tuple(one for one in rows if one.party or one.need)
    if part == SCOPE:
        out = (Excluded(clean(one.get("clause", "")), clean(one.get("reason", "")))
               for one in stored.get("excluded", ()))  # fmt: skip
        return Scope(clean(str(stored.get("services", ""))), clean(str(stored.get("places", ""))),
                     tuple(one for one in out if one.clause or one.reason))  # fmt: skip
    if part == POLICY:
        return Policy(clean(str(stored.get("motto", ""))), _lines(stored.get("commitments", ())))
    raise KeyError(part)


def _lines(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(line for line in (clean(str(text)) for text in texts) if line)


def stored_form(content: Content) -> dict[str, Any]:
    """Return what an edition says as plain data, the same for the same words."""
    if isinstance(content, Context):
        return {"strengths": list(content.strengths), "weaknesses": list(content.weaknesses),
                "opportunities": list(content.opportunities), "threats": list(content.threats),
                "climate": content.climate}  # fmt: skip
    if isinstance(content, Scope):
        return {"services": content.services, "places": content.places,
                "excluded": [{"clause": one.clause, "reason": one.reason}
                             for one in content.excluded]}  # fmt: skip
    if isinstance(content, Policy):
        return {"motto": content.motto, "commitments": list(content.commitments)}
    return {"rows": [{"party": one.party, "need": one.need, "how": one.how} for one in content]}


def decide_content(content: Content, *, clauses: frozenset[str]) -> Decision:
    """Decide whether an edition says what its clause asks for; `clauses` are the edition's numbers."""
    if isinstance(content, Context):
        return _context(content)
    if isinstance(content, Scope):
        return _scope(content, clauses)
    if isinstance(content, Policy):
        return _policy(content)
    return _parties(content)


def _context(content: Context) -> Decision:
    inside = content.strengths + content.weaknesses
    outside = content.opportunities + content.threats
    if not inside:
        return Refused("inside_missing", "Ghi ít nhất một điều bên trong (điểm mạnh hoặc điểm yếu).",
                       "điều 4.1", field="strengths")  # fmt: skip
    if not outside:
        return Refused("outside_missing", "Ghi ít nhất một điều bên ngoài (cơ hội hoặc thách thức).",
                       "điều 4.1", field="threats")  # fmt: skip
    if len(content.climate) < LEAST_WORDS:
        return Refused(
            "climate_missing", "Ghi biến đổi khí hậu có liên quan đến cơ quan không, vì sao.",
            "điều 4.1, sửa đổi 1:2024", field="climate",
        )  # fmt: skip
    return ALLOWED


def _parties(rows: tuple[Party, ...]) -> Decision:
    if not rows:
        return Refused("parties_missing", "Ghi ít nhất một bên quan tâm.", "điều 4.2")
    for number, row in enumerate(rows, start=1):
        if not row.party or not row.need:
            return Refused(
                "need_missing", f"Dòng {number}: ghi đủ bên quan tâm và điều họ cần.", "điều 4.2"
            )
    return ALLOWED


def _scope(content: Scope, clauses: frozenset[str]) -> Decision:
    if len(content.services) < LEAST_WORDS:
        return Refused("services_missing", "Ghi hệ thống áp dụng cho những việc nào.", "điều 4.3",
                       field="services")  # fmt: skip
    seen: set[str] = set()
    for one in content.excluded:
        if one.clause not in clauses:
            return Refused("clause_unknown", f"Tiêu chuẩn không có điều {one.clause or '(trống)'}.",
                           "điều 4.3")  # fmt: skip
        if one.clause in seen:
            return Refused("clause_twice", f"Điều {one.clause} ghi hai lần.", "điều 4.3")
        if len(one.reason) < LEAST_WORDS:
            return Refused("reason_missing", f"Ghi vì sao điều {one.clause} không áp dụng.",
                           "điều 4.3")  # fmt: skip
        seen.add(one.clause)
    return ALLOWED


def _policy(content: Policy) -> Decision:
    if len(content.commitments) < 2:
        return Refused("commitments_few", "Chính sách cần ít nhất hai cam kết.", "điều 5.2.1",
                       field="commitments")  # fmt: skip
    said = fold(" ".join(content.commitments))
    if "cai tien" not in said:
        return Refused("improvement_missing", "Chính sách phải có cam kết cải tiến liên tục.",
                       "điều 5.2.1 d", field="commitments")  # fmt: skip
    if not any(word in said for word in ("yeu cau", "phap luat", "quy dinh")):
        return Refused(
            "requirements_missing", "Chính sách phải có cam kết đáp ứng các yêu cầu.",
            "điều 5.2.1 c", field="commitments",
        )  # fmt: skip
    return ALLOWED


def headline(states: Mapping[str, str]) -> str:
    """Return the page's answer in words, by the state in force or on its way of each part."""
    missing = [PART_NAMES[part].lower() for part in PARTS if not states.get(part)]
    waiting = [PART_NAMES[part].lower() for part in PARTS if states.get(part) == SUBMITTED]
    drafts = [PART_NAMES[part].lower() for part in PARTS if states.get(part) == DRAFT]
    if missing:
        return f"Còn thiếu: {', '.join(missing)}"
    if waiting:
        return f"Chờ phê duyệt: {', '.join(waiting)}"
    if drafts:
        return f"Đang soạn: {', '.join(drafts)}"
    return "Bối cảnh, phạm vi và chính sách đang có hiệu lực"
