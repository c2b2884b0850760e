"""The life of a revision: who may take which step, and how revisions are numbered.

Source: ISO 9001:2015 điều 7.5.2 (xem xét và phê duyệt sự thích hợp), 7.5.3 (kiểm soát); the three
parts on every cover, soạn thảo – xem xét – phê duyệt, are held by three people.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.vietnamese import date_text

DRAFT, SUBMITTED, CHECKED = "draft", "submitted", "checked"
APPROVED, IN_FORCE, RETIRED, DROPPED = "approved", "in_force", "retired", "dropped"
FURTHEST = timedelta(days=731)  # from the approval to the day in force
OPEN = frozenset({DRAFT, SUBMITTED, CHECKED, APPROVED})
STATE_NAMES: dict[str, str] = {
    DRAFT: "Dự thảo",
    SUBMITTED: "Chờ kiểm tra",
    CHECKED: "Chờ phê duyệt",
    APPROVED: "Đã phê duyệt, chờ ngày hiệu lực",
    IN_FORCE: "Đang hiệu lực",
    RETIRED: "Hết hiệu lực",
    DROPPED: "Đã bỏ",
}
AUTHOR_CHECKER = "author_checker"
AUTHOR_APPROVER = "author_approver"
CHECKER_APPROVER = "checker_approver"
PAIR_NAMES: dict[str, str] = {
    AUTHOR_CHECKER: "người soạn được kiểm tra",
    AUTHOR_APPROVER: "người soạn được phê duyệt",
    CHECKER_APPROVER: "người kiểm tra được phê duyệt",
}
_CLAUSE = "ISO 9001:2015, điều 7.5.2"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a revision stands when somebody wants to move it on."""

    state: str
    content_hash: str
    author_ids: frozenset[int]
    checker_id: int | None = None
    exceptions: frozenset[str] = frozenset()
    checker_ids: frozenset[int] = frozenset()

    @property
    def checkers(self) -> frozenset[int]:
        """Return everybody who has checked it in this round."""
        return self.checker_ids | ({self.checker_id} if self.checker_id else frozenset())


def revision_text(issue: str, amendment: str) -> str:
    """Return "lần 06" or "lần 06, sửa đổi 02"."""
    return f"lần {issue}" if not amendment.strip("0") else f"lần {issue}, sửa đổi {amendment}"


def code_key(code: str) -> str:
    """Return the code in capitals without blanks: "qt-01" and "QT - 01" meet in one key.

    Two documents of an agency never share a key, not even when one of them is dead.
    """
    return "".join(code.split()).upper()[:60]


def next_number(issue: str, amendment: str, *, is_new_issue: bool) -> tuple[str, str]:
    """Return the (issue, amendment) after the given ones; widths are kept, at least two digits.

    Text without digits ("A") gains a number: its issue becomes "A.1".
    """
    if is_new_issue:
        return _after(issue), "0" * max(2, len(amendment))
    return issue, _after(amendment)


def _after(text: str) -> str:
    head = text.rstrip("0123456789")
    digits = text[len(head) :]
    if not digits:
        return f"{text}.1" if text else "01"
    return f"{head}{int(digits) + 1:0{max(2, len(digits))}d}"


def decide_edit(state: str) -> Decision:
    """Decide whether the content may change: a draft only."""
    if state == DRAFT:
        return ALLOWED
    if state in OPEN:
        return Refused(
            "revision_locked",
            f"Bản này đang ở trạng thái “{STATE_NAMES[state]}” nên nội dung đã khóa. "
            "Muốn sửa, hãy trả lại người soạn.",
        )
    return Refused(
        "revision_frozen",
        f"Bản này ở trạng thái “{STATE_NAMES.get(state, state)}” nên không sửa được. "
        "Hãy soạn lần sửa đổi mới.",
    )


def decide_submit(state: str, *, content_hash: str) -> Decision:
    """Decide whether a draft may go to its checker."""
    if not content_hash:
        return Refused("content_missing", "Bản thảo chưa có nội dung để gửi kiểm tra.")
    return decide_edit(state) if state != DRAFT else ALLOWED


def decide_check(standing: Standing, *, actor_id: int, content_hash: str) -> Decision:
    """Decide whether the person may state that the revision is checked.

    Source: ISO 9001:2015 điều 7.5.2 c).
    """
    if standing.state != SUBMITTED:
        return _wrong_state(standing.state, "kiểm tra")
    if standing.content_hash != content_hash:
        return _changed()
    if actor_id in standing.author_ids and AUTHOR_CHECKER not in standing.exceptions:
        return Refused(
            "author_is_checker",
            "Bạn đã soạn bản này nên không kiểm tra được nó. Hãy nhờ người khác kiểm tra.",
            _CLAUSE,
        )
    return ALLOWED


def decide_approve(standing: Standing, *, actor_id: int, content_hash: str) -> Decision:
    """Decide whether the person may approve the revision.

    Source: ISO 9001:2015 điều 7.5.2 c).
    """
    if standing.state != CHECKED:
        return _wrong_state(standing.state, "phê duyệt")
    if standing.content_hash != content_hash:
        return _changed()
    if actor_id in standing.author_ids and AUTHOR_APPROVER not in standing.exceptions:
        return Refused(
            "author_is_approver",
            "Bạn đã soạn bản này nên không phê duyệt được nó. Hãy trình lãnh đạo khác.",
            _CLAUSE,
        )
    if actor_id in standing.checkers and CHECKER_APPROVER not in standing.exceptions:
        return Refused(
            "checker_is_approver",
            "Bạn đã kiểm tra bản này nên không phê duyệt được nó. Hãy trình lãnh đạo khác.",
            _CLAUSE,
        )
    return ALLOWED


def decide_return(state: str, *, reason: str) -> Decision:
    """Decide whether a revision may go back to its author."""
    if state not in {SUBMITTED, CHECKED}:
        return _wrong_state(state, "trả lại")
    if not reason:
        return Refused(
            "reason_missing",
            "Hãy ghi lý do trả lại để người soạn biết phải sửa gì.",
            field="reason",
        )
    return ALLOWED


def decide_recall(standing: Standing, *, actor_id: int) -> Decision:
    """Decide whether an author may take a submission back."""
    if standing.state not in {SUBMITTED, CHECKED}:
        return _wrong_state(standing.state, "rút lại")
    if actor_id not in standing.author_ids:
        return Refused(
            "not_author",
            "Chỉ người soạn mới rút lại được bản đã trình. Người được hỏi có thể trả lại.",
        )
    return ALLOWED


def decide_drop(state: str) -> Decision:
    """Decide whether a revision that was never approved may be dropped."""
    if state in {DRAFT, SUBMITTED, CHECKED}:
        return ALLOWED
    return _wrong_state(state, "bỏ")


def decide_effective(*, effective_from: date, today: date, since: date | None) -> Decision:
    """Decide whether a revision may take effect on a day.

    `since` is the first day of the revision it replaces.
    """
    if effective_from < today:
        return Refused(
            "effective_past",
            "Ngày hiệu lực không được trước ngày phê duyệt.",
            field="effective_from",
        )
    if effective_from > today + FURTHEST:
        return Refused(
            "effective_far",
            f"Ngày hiệu lực {date_text(effective_from)} xa quá hai năm. Hãy xem lại năm.",
            field="effective_from",
        )
    if since is not None and effective_from < since:
        return Refused(
            "effective_before_current",
            "Ngày hiệu lực không được trước ngày hiệu lực của lần đang áp dụng.",
            field="effective_from",
        )
    return ALLOWED


def decide_issue(*, issued_on: date, effective_from: date, today: date) -> Decision:
    """Decide whether a decision of this day may bring a revision into force on that day."""
    if issued_on > today:
        return Refused(
            "issued_later", "Ngày ban hành không được sau ngày phê duyệt.", field="issued_on"
        )
    if issued_on > effective_from:
        return Refused(
            "issued_after_effective",
            "Ngày ban hành không được sau ngày hiệu lực.",
            field="issued_on",
        )
    return ALLOWED


def used_exceptions(
    *,
    author_ids: Collection[int],
    checker_id: int | None,
    approver_id: int,
    checker_ids: Collection[int] = (),
) -> frozenset[str]:
    """Return which pairs of parts one person holds; `checker_ids` are further checkers."""
    found = set()
    checkers = {checker_id, *checker_ids}
    if checkers & set(author_ids):
        found.add(AUTHOR_CHECKER)
    if approver_id in author_ids:
        found.add(AUTHOR_APPROVER)
    if approver_id in checkers:
        found.add(CHECKER_APPROVER)
    return frozenset(found)


def _wrong_state(state: str, verb: str) -> Refused:
    return Refused(
        "revision_state",
        f"Bản này đang ở trạng thái “{STATE_NAMES.get(state, state)}” nên không {verb} được. "
        "Hãy tải lại trang để xem trạng thái mới.",
    )


def _changed() -> Refused:
    return Refused(
        "content_changed",
        "Nội dung đã đổi sau khi bạn mở trang. Hãy tải lại, đọc lại rồi làm tiếp.",
    )
