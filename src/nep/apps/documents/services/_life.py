"""The life of documents that are files: submit, answer along the route, return, recall, drop.

Each function is one action of one person: it locks the package, judges, moves every part of it,
and asks the next people, in one transaction.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from nep.apps.documents import queries, rules
from nep.apps.documents.models import Revision
from nep.apps.documents.services._copies import CopiesMissing, Recipe, with_copies
from nep.apps.documents.services._history import history_note
from nep.apps.documents.services._life_items import SOURCE, item_for, items_end
from nep.apps.documents.services._life_rows import journal, standing
from nep.apps.documents.services._life_steps import (
    approval_note,
    back_to_draft,
    check_note,
    revision_approve,
    revision_check,
    revision_drop,
    revision_submit_check,
)
from nep.apps.documents.services._packages import (
    package_join,
    package_part,
    package_rows,
    require_unchanged,
    seal,
)
from nep.apps.documents.services._publication import publication_take
from nep.apps.documents.services._routes import (
    current_step,
    route_begin,
    route_stop,
    step_answered,
    step_ask,
)
from nep.apps.organization.rules import Actor, Hat, may
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.text import clean
from nep.kernel.vietnamese import local


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an answer: "waiting" for others of the step, or the revision's new state."""

    state: str
    at_once: bool = False


def document_submit(
    *,
    actor: Actor,
    revision_id: int,
    now: datetime,
    checker_id: int | None = None,
    approver_id: int | None = None,
    member_ids: Collection[int] = (),
) -> None:
    """Send a draft with its chosen forms along its route, locked under the hash of its bytes.

    Checker and approver are asked for when neither the draft nor its kind has a route. Raises
    Refusal("content_missing", "checker_missing", "approver_missing", "route_unfit", …).
    """
    require(may(actor, "document.draft"))
    with transaction.atomic():
        leading, *left = package_rows(actor, revision_id)
        require(rules.decide_edit(leading.state), kind=Refusal)
        package_part(actor, left, now)
        members = package_join(actor, leading, member_ids, now)
        rows = [(leading, seal(leading, members)), *((one, seal(one)) for one in members)]
        for row, hash_ in rows:
            revision_submit_check(actor=actor, revision_id=row.id, content_hash=hash_, now=now)
            _end_own_items(row, actor, now)
            row.refresh_from_db()
        route_begin(leading, checker_id=checker_id, approver_id=approver_id, now=now)


def document_consult(*, actor: Actor, revision_id: int, text: str, now: datetime) -> Answer:
    """Give one's opinion on a revision at a step that asks for it.

    Raises Refusal("opinion_missing", "step_order", "not_asked").
    """
    text = clean(text)
    if not text:
        raise Refusal(
            "opinion_missing", "Hãy ghi ý kiến, ví dụ “Đồng ý” hoặc điều cần sửa.", field="text"
        )
    with transaction.atomic():
        rows = package_rows(actor, revision_id)
        line, person_id = _asked(actor, rows[0], rules.CONSULT)
        hat = rules.signing_hat(actor, "document.see", giver_id=person_id)
        for row in rows:
            history_note(row, rules.CONSULTED, actor=actor, now=now, hat=_lent(hat), note=text)
            journal(actor, row, "revision.consulted", now, reason=text)
        if not step_answered(line, person_id=person_id, by_id=actor.person_id, now=now):
            return Answer("waiting")
        step_ask(rows[0], now=now)
        return Answer(rows[0].state)


def document_check(
    *, actor: Actor, revision_id: int, content_hash: str, now: datetime, note: str = ""
) -> Answer:
    """State that a package was checked as it was seen; the last check lays it before approvers.

    `content_hash` is what the page showed; the bytes on disk are hashed again. Raises
    Refusal("file_changed", "content_changed", "author_is_checker", "step_order", "not_asked").
    """
    require(may(actor, "document.check"))
    with transaction.atomic():
        rows = package_rows(actor, revision_id)
        line, person_id = _asked(actor, rows[0], rules.CHECK)
        _require_seen(rows, content_hash)
        is_done = step_answered(line, person_id=person_id, by_id=actor.person_id, now=now)
        is_last = is_done and rules.CHECK not in _parts_ahead(rows[0])
        for row in rows:
            common: dict[str, Any] = {
                "actor": actor, "content_hash": row.content_hash, "now": now,
                "giver_id": person_id, "note": clean(note),
            }  # fmt: skip
            if is_last:
                revision_check(revision_id=row.id, **common)
            else:
                check_note(row, **common)
                journal(actor, row, "revision.check_noted", now, reason=note)
        if is_done:
            step_ask(rows[0], now=now)
        return Answer(rules.CHECKED if is_last else "waiting")


@dataclass(frozen=True, slots=True)
class Approval:
    """What an approver says: the hash the page showed, the days, the decision; days default to today."""

    content_hash: str
    effective_from: date | None = None
    issued_on: date | None = None
    decision_number: str = ""
    note: str = ""


def document_approve(
    *,
    actor: Actor,
    revision_id: int,
    content_hash: str,
    now: datetime,
    effective_from: date | None = None,
    issued_on: date | None = None,
    decision_number: str = "",
    note: str = "",
) -> Answer:
    """Approve a package as it was seen; the last approval issues it for its day.

    The published PDF of every part is made before the transaction and frozen in it; where one
    cannot be made nothing is approved. Days default to today. Raises
    Refusal("file_changed", "content_changed", "author_is_approver", "checker_is_approver",
    "effective_past", "issued_later", "step_order", "not_asked", "publication_…").
    """
    require(may(actor, "document.approve"))
    said = Approval(content_hash, effective_from, issued_on, decision_number, note)
    return with_copies(lambda: _approve(actor, revision_id, said, now), now=now)


def approval_prepare(
    *,
    actor: Actor,
    revision_id: int,
    content_hash: str,
    now: datetime,
    effective_from: date | None = None,
    issued_on: date | None = None,
    decision_number: str = "",
    note: str = "",
) -> None:
    """Make ready what an approval will publish, by rehearsing it; nothing is written.

    For who opens a transaction of their own around the approval. Raises as `document_approve`.
    """
    require(may(actor, "document.approve"))
    said = Approval(content_hash, effective_from, issued_on, decision_number, note)

    def rehearse() -> None:
        _approve(actor, revision_id, said, now, is_rehearsal=True)
        transaction.set_rollback(True)

    with_copies(rehearse, now=now)


def _approve(
    actor: Actor, revision_id: int, said: Approval, now: datetime, *, is_rehearsal: bool = False
) -> Answer:
    today = local(now).date()
    rows = package_rows(actor, revision_id)
    line, person_id = _asked(actor, rows[0], rules.APPROVE)
    _require_seen(rows, said.content_hash)
    is_done = step_answered(line, person_id=person_id, by_id=actor.person_id, now=now)
    is_last = is_done and not _parts_ahead(rows[0])
    day, issued_on = said.effective_from or today, said.issued_on or today
    require(rules.decide_issue(issued_on=issued_on, effective_from=day, today=today), kind=Refusal)
    at_once = False
    missing: list[Recipe] = []
    for row in rows:
        common: dict[str, Any] = {
            "actor": actor, "content_hash": row.content_hash, "now": now,
            "giver_id": person_id, "note": clean(said.note),
        }  # fmt: skip
        if is_last:
            at_once = revision_approve(
                revision_id=row.id, effective_from=day, issued_on=issued_on,
                decision_number=said.decision_number, **common,
            )  # fmt: skip
            publication_take(
                revision_id=row.id, now=now, missing=missing, is_rehearsal=is_rehearsal
            )
        else:
            approval_note(row, **common)
            journal(actor, row, "revision.approval_noted", now, reason=said.note)
    if missing:
        raise CopiesMissing(missing)
    if is_done and not is_last:
        step_ask(rows[0], now=now)
    return Answer(rules.APPROVED if is_last else "waiting", at_once)


def document_return(*, actor: Actor, revision_id: int, reason: str, now: datetime) -> None:
    """Send a package back to its author with the reason; the author gets it as work.

    Only who is asked to check or approve now may. Raises Refusal("not_asked", "reason_missing").
    """
    with transaction.atomic():
        rows = package_rows(actor, revision_id)
        line = _waiting_step(rows[0])
        part = rules.APPROVE if line.part == rules.APPROVE else rules.CHECK
        line, person_id = _asked(actor, rows[0], part)
        hat = rules.signing_hat(actor, rules.PART_PERMISSIONS[part], giver_id=person_id)
        _back(rows, rules.RETURNED, actor=actor, reason=reason, now=now, hat=_lent(hat))
        item_for(
            rows[0], person_id=rows[0].drafted_by_id, verb="Sửa", label="Bị trả lại", now=now,
            note=clean(reason),
        )  # fmt: skip


def document_recall(*, actor: Actor, revision_id: int, reason: str, now: datetime) -> None:
    """Take one's own submission back while nobody has approved it.

    Raises Refusal("not_author", "revision_state", "reason_missing").
    """
    require(may(actor, "document.draft"))
    with transaction.atomic():
        rows = package_rows(actor, revision_id)
        require(rules.decide_recall(standing(rows[0]), actor_id=actor.person_id), kind=Refusal)
        _back(rows, rules.RECALLED_ACT, actor=actor, reason=reason, now=now)


def document_drop(*, actor: Actor, revision_id: int, reason: str, now: datetime) -> None:
    """Drop a draft that was never approved; forms that went with it become drafts again."""
    require(may(actor, "document.draft"))
    with transaction.atomic():
        leading, *members = package_rows(actor, revision_id)
        if members:
            route_stop(leading, by_id=actor.person_id, now=now)
            for row in members:
                if row.state != rules.DRAFT:
                    back_to_draft(
                        row, rules.RECALLED_ACT, actor=actor, reason=clean(reason), now=now
                    )
            package_part(actor, members, now)
        revision_drop(actor=actor, revision_id=leading.id, reason=reason, now=now)
        route_stop(leading, by_id=actor.person_id, now=now)
        items_end(SOURCE, [leading.id], at=now, by_id=actor.person_id)


def _back(
    rows: list[Revision],
    act: str,
    *,
    actor: Actor,
    reason: str,
    now: datetime,
    hat: Hat | None = None,
) -> None:
    for row in rows:
        back_to_draft(row, act, actor=actor, reason=clean(reason), now=now, hat=hat)
    route_stop(rows[0], by_id=actor.person_id, now=now)
    package_part(actor, rows[1:], now)


def _asked(actor: Actor, row: Revision, wanted: str) -> tuple[queries.RouteLine, int]:
    """Return the waiting step and for whom the actor answers it, for oneself first."""
    line = _waiting_step(row)
    permission = rules.PART_PERMISSIONS[line.part]
    person_id = rules.answers_for(actor, permission, line.pending_ids)
    decision = rules.decide_answer(
        part=line.part, wanted=wanted, is_asked=person_id is not None, waiting=line.waiting
    )
    require(decision, kind=Refusal)
    return line, person_id or 0


def _waiting_step(row: Revision) -> queries.RouteLine:
    line = current_step(row) if row.state in {rules.SUBMITTED, rules.CHECKED} else None
    if line is None:
        raise Refusal(
            "revision_state",
            f"Bản này đang ở trạng thái “{rules.STATE_NAMES[row.state]}” nên không làm việc này "
            "được. Hãy tải lại trang để xem trạng thái mới.",
        )
    return line


def _parts_ahead(row: Revision) -> set[str]:
    lines = queries.route(revision_id=row.id)
    return {line.part for line in lines if line.state != "done"}


def _require_seen(rows: list[Revision], content_hash: str) -> None:
    if rows[0].content_hash != content_hash:
        raise Refusal(
            "content_changed",
            "Nội dung đã đổi sau khi bạn mở trang. Hãy tải lại, đọc lại rồi làm tiếp.",
        )
    require_unchanged(rows)


def _lent(hat: Hat | None) -> Hat | None:
    return hat if hat is not None and hat.acting_for else None


def _end_own_items(row: Revision, actor: Actor, now: datetime) -> None:
    """Close what lay before the author: the draft is sent, the return is answered."""
    items_end(SOURCE, [row.id], at=now, by_id=actor.person_id, done_by=row.drafted_by_id)
