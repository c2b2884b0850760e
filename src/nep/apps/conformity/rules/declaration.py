"""The four steps of an agency's conformity: build, apply, confirm the effect, declare, then maintain.

Source: Quyết định 19/2014/QĐ-TTg Điều 4 (xây dựng, áp dụng, công bố, duy trì), Điều 3 khoản 1 (phạm
vi); Thông tư 26/2014/TT-BKHCN Điều 7. That who prepared it does not confirm it is the product's own
safeguard.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from nep.apps.conformity.rules.year import moved_to
from nep.apps.organization.rules import Actor, may
from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.text import clean

LAW = "Quyết định 19/2014/QĐ-TTg, Điều 4"
BUILDING, APPLIED, CONFIRMED, DECLARED = "building", "applied", "confirmed", "declared"
MAINTAINED, REPLACED, DROPPED = "maintained", "replaced", "dropped"
STATE_NAMES: dict[str, str] = {
    BUILDING: "Đang xây dựng",
    APPLIED: "Đang áp dụng",
    CONFIRMED: "Đã xác nhận hiệu lực, chờ công bố",
    DECLARED: "Đã công bố, chờ gửi và niêm yết",
    MAINTAINED: "Đang duy trì",
    REPLACED: "Đã thay bằng công bố mới",
    DROPPED: "Đã thôi",
}
OPEN_STATES = (BUILDING, APPLIED, CONFIRMED)
STANDING_STATES = (DECLARED, MAINTAINED)
ENDED = frozenset({REPLACED, DROPPED})
APPLY, CONFIRM, DECLARE, POST = "apply", "confirm", "declare", "post"
MAINTAIN, RETURN, REPLACE, DROP, CHANGE = "maintain", "return", "replace", "drop", "change"
MOVE_NAMES: dict[str, str] = {
    "start": "Bắt đầu xây dựng",
    CHANGE: "Sửa phạm vi, nơi nhận",
    APPLY: "Đưa vào áp dụng",
    CONFIRM: "Xác nhận hiệu lực",
    DECLARE: "Quyết định công bố",
    POST: "Ghi việc gửi, niêm yết",
    MAINTAIN: "Đủ thông báo và niêm yết",
    RETURN: "Trả về xây dựng",
    REPLACE: "Thay bằng công bố mới",
    DROP: "Thôi không công bố",
}
MOVES = tuple(move for move in MOVE_NAMES if move != "start")
LIFE: dict[tuple[str, str], str] = {
    (BUILDING, CHANGE): BUILDING,
    (BUILDING, APPLY): APPLIED,
    (APPLIED, CONFIRM): CONFIRMED,
    (APPLIED, RETURN): BUILDING,
    (CONFIRMED, RETURN): BUILDING,
    (CONFIRMED, DECLARE): DECLARED,
    (DECLARED, POST): DECLARED,
    (MAINTAINED, POST): MAINTAINED,
    (DECLARED, MAINTAIN): MAINTAINED,
    (DECLARED, REPLACE): REPLACED,
    (MAINTAINED, REPLACE): REPLACED,
    **{(state, DROP): DROPPED for state in OPEN_STATES},
}
REASON_NAMES: dict[str, str] = {
    "first": "Công bố lần đầu",
    "scope": "Điều chỉnh, mở rộng hoặc thu hẹp phạm vi",
    "edition": "Chuyển sang bản tiêu chuẩn khác",
    "agency": "Cơ quan sắp xếp, sáp nhập, đổi tên",
    "other": "Công bố lại vì lý do khác",
}
NOTICE, OFFICE, WEB = "notice", "office", "web"
POSTING_NAMES: dict[str, str] = {
    NOTICE: "Thông báo bằng văn bản cho đơn vị chủ trì",
    OFFICE: "Niêm yết tại trụ sở",
    WEB: "Đăng trên cổng, trang thông tin điện tử",
}
LEAST_WORDS = 5
MONTHS_VALID = 12


@dataclass(frozen=True, slots=True)
class Gate:
    """What must hold before a move: whether it does, what is there or missing, where to mend it."""

    code: str
    name: str
    holds: bool
    told: str
    url: str
    label: str
    source: str


@dataclass(frozen=True, slots=True)
class ScopeLine:
    """A TTHC of the scope with the procedures in force for it ("QT-01 lần 02")."""

    key: str
    code: str
    name: str
    field: str
    procedures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """Something that was held or approved: when, what it is called, where it stands."""

    on: date
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What the agency has on a day, read from the other parts.

    `lines` are the TTHC of the scope; `audit` and `review` the newest ended ones, `open_findings`
    how many nonconformities of audits wait; `locked` why the edition cannot be declared, empty when
    it can.
    """

    lines: tuple[ScopeLine, ...] = ()
    scope: Held | None = None
    policy: Held | None = None
    audit: Held | None = None
    review: Held | None = None
    open_findings: int = 0
    locked: str = ""


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration as far as rules need it; `annex` holds the keys confirmed, `posted` the kinds."""

    state: str
    started_by: int | None
    applied_on: date | None
    annex: frozenset[str]
    posted: frozenset[str]


@dataclass(frozen=True, slots=True)
class ScopeChange:
    """Which TTHC came and went since a declaration, in words."""

    added: tuple[str, ...]
    removed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)

    @property
    def text(self) -> str:
        """Return the change in words, empty when there is none."""
        parts = []
        if self.added:
            parts.append(f"thêm {len(self.added)} thủ tục")
        if self.removed:
            parts.append(f"bớt {len(self.removed)} thủ tục")
        return ", ".join(parts)


def next_state(state: str, move: str) -> str | Refused:
    """Return the state after a move, or why the move is not possible now."""
    found = LIFE.get((state, move))
    if found is not None:
        return found
    return Refused(
        "declaration_state",
        f"Công bố này ở trạng thái “{STATE_NAMES.get(state, state)}” nên chưa "
        f"“{MOVE_NAMES.get(move, move)}” được. Hãy tải lại trang.",
        LAW,
    )


def without_procedure(lines: Iterable[ScopeLine]) -> tuple[ScopeLine, ...]:
    """Return the TTHC of the scope for which no procedure is in force."""
    return tuple(one for one in lines if not one.procedures)


def scope_change(annex: Mapping[str, str], lines: Iterable[ScopeLine]) -> ScopeChange:
    """Return what came and went since the annex (key to name) was frozen.

    Source: Quyết định 19/2014/QĐ-TTg Điều 4 khoản 4 điểm c.
    """
    now = {one.key: one.name for one in lines}
    return ScopeChange(
        tuple(name for key, name in now.items() if key not in annex),
        tuple(name for key, name in annex.items() if key not in now),
    )


def gates(move: str, one: Declared, standing: Standing, *, today: date) -> tuple[Gate, ...]:
    """Return what must hold before a move, in the order in which it is done."""
    made = {
        APPLY: (_scope, _policy, _procedures),
        CONFIRM: (_audit, _findings, _review, _procedures),
        DECLARE: (_edition, _same_scope),
        MAINTAIN: (_notice, _office, _web),
    }
    return tuple(gate(one, standing, today) for gate in made.get(move, ()))


def next_move(state: str) -> str:
    """Return the move that leads on from a state, empty when none does."""
    return {BUILDING: APPLY, APPLIED: CONFIRM, CONFIRMED: DECLARE, DECLARED: MAINTAIN}.get(
        state, ""
    )


def decide(
    actor: Actor, one: Declared, move: str, *, standing: Standing, today: date, text: str = ""
) -> Decision:
    """Decide whether the actor may do a move now: permission, state, gates, words.

    Refusals: "not_permitted", "declaration_state", "author_confirms", "gates_open", "words_missing".
    """
    asked = may(actor, PERMISSIONS[move])
    if not asked:
        return asked
    moved = next_state(one.state, move)
    if isinstance(moved, Refused):
        return moved
    if move == CONFIRM and actor.person_id == one.started_by:
        return Refused(
            "author_confirms",
            "Người lập hồ sơ công bố không tự xác nhận hiệu lực. Cần người đứng đầu khác người lập.",
            LAW,
        )
    missing = [gate for gate in gates(move, one, standing, today=today) if not gate.holds]
    if missing:
        said = " ".join(gate.told for gate in missing)
        return Refused(
            "gates_open",
            f"Chưa “{MOVE_NAMES[move]}” được. {said}",
            missing[0].source,
        )
    if move in WORDED and len(clean(text)) < LEAST_WORDS:
        return Refused("words_missing", WORDED[move], field="text")
    return ALLOWED


MANAGE, SIGN = "declaration.manage", "declaration.confirm"
PERMISSIONS: dict[str, str] = {
    CHANGE: MANAGE, APPLY: MANAGE, POST: MANAGE, MAINTAIN: MANAGE, DROP: MANAGE, RETURN: MANAGE,
    CONFIRM: SIGN, DECLARE: SIGN, REPLACE: SIGN,
}  # fmt: skip
WORDED: dict[str, str] = {
    CONFIRM: "Hãy ghi kết luận về hiệu lực của hệ thống bằng một câu.",
    RETURN: "Hãy ghi lý do bằng một câu.",
    DROP: "Hãy ghi lý do bằng một câu.",
}


def decide_start(actor: Actor, *, open_states: Collection[str], standing_exists: bool, reason: str, scope_text: str) -> Decision:  # fmt: skip
    """Decide whether a declaration may be begun: one at a time, a reason, what it covers in words."""
    asked = may(actor, MANAGE)
    if not asked:
        return asked
    if open_states:
        return Refused(
            "declaration_open", "Cơ quan đang có một công bố dở dang. Hãy làm tiếp hoặc thôi nó."
        )
    if reason not in REASON_NAMES or (reason == "first") == standing_exists:
        return Refused("reason_unknown", "Hãy chọn lý do công bố trong danh sách.", field="reason")
    if len(clean(scope_text)) < LEAST_WORDS:
        return Refused("scope_missing", "Hãy ghi phạm vi bằng một câu.", field="scope_text")
    return ALLOWED


def decide_posting(*, kind: str, place: str, url: str, on: date, declared_on: date, today: date) -> Decision:  # fmt: skip
    """Decide whether a posting may be written down: known kind, where, a day after the decision."""
    if kind not in POSTING_NAMES:
        return Refused("posting_unknown", "Hãy chọn việc trong danh sách.", field="kind")
    if len(clean(place)) < LEAST_WORDS:
        return Refused("place_missing", "Hãy ghi nơi nhận hoặc nơi niêm yết.", field="place")
    if kind == WEB and not url.startswith(("http://", "https://")):
        return Refused("url_missing", "Hãy ghi địa chỉ trang đã đăng, bắt đầu bằng https://.", field="url")  # fmt: skip
    if on > today:
        return Refused("posted_later", "Ngày thực hiện không thể sau hôm nay.", field="on")
    if on < declared_on:
        return Refused(
            "posted_early", "Ngày thực hiện không thể trước ngày quyết định công bố.", field="on"
        )
    return ALLOWED


def decide_decision_day(*, on: date, confirmed_on: date, today: date) -> Decision:
    """Decide whether a decision may bear this day: after the confirmation, not in the future."""
    if on < confirmed_on:
        return Refused(
            "decision_early",
            "Ngày quyết định không thể trước ngày xác nhận hiệu lực.",
            LAW,
            field="on",
        )
    if on > today:
        return Refused("decision_later", "Ngày quyết định không thể sau hôm nay.", field="on")
    return ALLOWED


def headline(state: str, *, change: bool, edition: str) -> str:
    """Return the agency's standing in words."""
    if not state:
        return "Cơ quan chưa công bố phù hợp tiêu chuẩn"
    if state in STANDING_STATES and change:
        return "Phạm vi đã thay đổi, cần công bố lại"
    told = {
        MAINTAINED: f"Đã công bố phù hợp TCVN ISO 9001:{edition}, đang duy trì",
        DECLARED: f"Đã công bố phù hợp TCVN ISO 9001:{edition}, còn phải gửi và niêm yết",
        CONFIRMED: "Đã xác nhận hiệu lực, chờ quyết định công bố",
        APPLIED: "Hệ thống đang được áp dụng, chờ xác nhận hiệu lực",
        BUILDING: "Hệ thống đang được xây dựng",
    }
    return told.get(state, STATE_NAMES.get(state, state))


def _scope(_one: Declared, standing: Standing, _today: date) -> Gate:
    held = standing.scope
    return Gate(
        "scope", "Phạm vi được phê duyệt", held is not None,
        f"{held.title}, phê duyệt ngày {held.on:%d/%m/%Y}." if held
        else "Chưa có phạm vi hệ thống được phê duyệt.",
        held.url if held else "/boi-canh/", "Mở phạm vi" if held else "Lập phạm vi",
        "TCVN ISO 9001:2015, điều 4.3",
    )  # fmt: skip


def _policy(_one: Declared, standing: Standing, _today: date) -> Gate:
    held = standing.policy
    return Gate(
        "policy", "Chính sách chất lượng có hiệu lực", held is not None,
        f"{held.title}, từ ngày {held.on:%d/%m/%Y}." if held
        else "Chưa có chính sách chất lượng đang có hiệu lực.",
        held.url if held else "/boi-canh/", "Mở chính sách" if held else "Lập chính sách",
        "TCVN ISO 9001:2015, điều 5.2",
    )  # fmt: skip


def _procedures(_one: Declared, standing: Standing, _today: date) -> Gate:
    missing, total = without_procedure(standing.lines), len(standing.lines)
    if not total:
        told = "Danh mục chưa có thủ tục hành chính nào."
    elif missing:
        named = ", ".join(one.code or one.name for one in missing[:3])
        more = f" và {len(missing) - 3} thủ tục khác" if len(missing) > 3 else ""
        told = f"{len(missing)}/{total} thủ tục chưa có quy trình có hiệu lực: {named}{more}."
    else:
        told = f"{total}/{total} thủ tục trong phạm vi có quy trình đang có hiệu lực."
    return Gate(
        "procedures", "Quy trình có hiệu lực cho mọi thủ tục trong phạm vi",
        bool(total) and not missing, told, "/quy-trinh/", "Mở quy trình",
        "Quyết định 19/2014/QĐ-TTg, Điều 3 khoản 1",
    )  # fmt: skip


def _recent(held: Held | None, one: Declared, today: date) -> bool:
    """Say whether something was held since the system is applied, or within twelve months."""
    if held is None:
        return False
    since = moved_to(today, today.year - 1)
    return held.on >= min(one.applied_on or today, since)


def _audit(one: Declared, standing: Standing, today: date) -> Gate:
    held, holds = standing.audit, _recent(standing.audit, one, today)
    told = (
        f"{held.title}, ngày {held.on:%d/%m/%Y}." if held and holds
        else f"Đánh giá nội bộ gần nhất ngày {held.on:%d/%m/%Y}, đã quá {MONTHS_VALID} tháng."
        if held else "Chưa có cuộc đánh giá nội bộ nào có báo cáo."
    )  # fmt: skip
    return Gate("audit", "Đã đánh giá nội bộ", holds, told, held.url if held else "/danh-gia/",
                "Mở đánh giá", f"{LAW} khoản 2")  # fmt: skip


def _findings(_one: Declared, standing: Standing, _today: date) -> Gate:
    left = standing.open_findings
    return Gate(
        "findings", "Sự không phù hợp của đánh giá đã đóng", not left,
        f"Còn {left} sự không phù hợp từ đánh giá chưa đóng." if left
        else "Không còn sự không phù hợp nào từ đánh giá.",
        "/khong-phu-hop/?nguon=audit", "Mở phiếu không phù hợp", f"{LAW} khoản 2",
    )  # fmt: skip


def _review(one: Declared, standing: Standing, today: date) -> Gate:
    held = standing.review
    recent = _recent(held, one, today)
    after = held is not None and (standing.audit is None or held.on >= standing.audit.on)
    if held is None:
        told = "Chưa có cuộc xem xét của lãnh đạo nào được phê duyệt."
    elif not recent:
        told = f"Xem xét gần nhất ngày {held.on:%d/%m/%Y}, đã quá {MONTHS_VALID} tháng."
    elif not after:
        told = f"Xem xét ngày {held.on:%d/%m/%Y} diễn ra trước đánh giá nội bộ gần nhất."
    else:
        told = f"{held.title}, ngày {held.on:%d/%m/%Y}."
    return Gate("review", "Lãnh đạo đã xem xét sau đánh giá", recent and after, told,
                held.url if held else "/xem-xet/", "Mở xem xét", f"{LAW} khoản 2")  # fmt: skip


def _edition(_one: Declared, standing: Standing, _today: date) -> Gate:
    return Gate(
        "edition", "Bản tiêu chuẩn được phép công bố", not standing.locked,
        standing.locked or "Bản tiêu chuẩn này được dùng để công bố.",
        "/tieu-chuan/", "Mở tiêu chuẩn", "Quyết định 19/2014/QĐ-TTg, Điều 4",
    )  # fmt: skip


def _same_scope(one: Declared, standing: Standing, _today: date) -> Gate:
    now = {line.key for line in standing.lines}
    added, removed = len(now - one.annex), len(one.annex - now)
    told = "Phạm vi vẫn như khi xác nhận hiệu lực."
    if added or removed:
        told = (
            f"Từ khi xác nhận, phạm vi thêm {added} và bớt {removed} thủ tục. Hãy trả về xây dựng để "
            "xác nhận lại."
        )
    return Gate("same_scope", "Phạm vi không đổi từ khi xác nhận", not (added or removed), told,
                "/quy-trinh/thu-tuc/", "Mở danh mục thủ tục", f"{LAW} khoản 4 điểm c")  # fmt: skip


def _posted(kind: str, name: str, missing: str) -> Gate:
    return Gate(kind, name, not missing, missing or "Đã ghi trong sổ gửi, niêm yết.", "#gui",
                "Ghi việc gửi, niêm yết", f"{LAW} khoản 3")  # fmt: skip


def _notice(one: Declared, _standing: Standing, _today: date) -> Gate:
    missing = "" if NOTICE in one.posted else "Chưa thông báo bằng văn bản cho đơn vị chủ trì."
    return _posted(NOTICE, POSTING_NAMES[NOTICE], missing)


def _office(one: Declared, _standing: Standing, _today: date) -> Gate:
    missing = "" if OFFICE in one.posted else "Chưa niêm yết tại trụ sở."
    return _posted(OFFICE, POSTING_NAMES[OFFICE], missing)


def _web(one: Declared, _standing: Standing, _today: date) -> Gate:
    missing = "" if WEB in one.posted else "Chưa đăng trên trang thông tin điện tử."
    return _posted(WEB, POSTING_NAMES[WEB], missing)
