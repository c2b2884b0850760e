"""The steps of one revision to force, in the caller's transaction.

The app that owns the content asks its own checks first and passes the hash of the content as it
stands; a step from a changed content is refused here. `giver_id` is who has lent the hat under
which the actor decides; without it an own hat goes before a lent one.
"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from nep.apps.documents import queries, rules
from nep.apps.documents.models import Document, Revision
from nep.apps.documents.services._history import history_note
from nep.apps.documents.services._life_effect import take_effect
from nep.apps.documents.services._life_rows import in_force, journal, locked, save, standing
from nep.apps.organization.rules import Actor, Hat, may
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.text import clean
from nep.kernel.vietnamese import local


def revision_submit_check(
    *, actor: Actor, revision_id: int, content_hash: str, now: datetime
) -> None:
    """Lock the draft under the hash of its content and send it to be checked."""
    require(may(actor, "document.draft"))
    with transaction.atomic():
        row = locked(actor, revision_id)
        require(rules.decide_submit(row.state, content_hash=content_hash), kind=Refusal)
        row.state, row.content_hash, row.submitted_at = rules.SUBMITTED, content_hash, now
        row.return_reason, row.returned_by_id = "", None
        save(row)
        history_note(row, rules.SUBMITTED_ACT, actor=actor, now=now)
        journal(actor, row, "revision.submitted", now, new={"hash": content_hash})


def revision_check(
    *,
    actor: Actor,
    revision_id: int,
    content_hash: str,
    now: datetime,
    giver_id: int | None = None,
    note: str = "",
) -> None:
    """State that the revision was checked, and lay it before an approver."""
    require(may(actor, "document.check"))
    with transaction.atomic():
        row = locked(actor, revision_id)
        hat = check_note(
            row, actor=actor, content_hash=content_hash, now=now, giver_id=giver_id, note=note
        )
        row.state, row.checked_by_id, row.checked_at = rules.CHECKED, actor.person_id, now
        save(row)
        journal(actor, row, "revision.checked", now, new=_decided(content_hash, hat), reason=note)


def check_note(
    row: Revision,
    *,
    actor: Actor,
    content_hash: str,
    now: datetime,
    giver_id: int | None = None,
    note: str = "",
) -> Hat | None:
    """Judge one person's check of a locked revision and write it into the history.

    Returns the hat under which it was made.
    """
    hat = rules.signing_hat(actor, "document.check", giver_id=giver_id)
    for id_ in _who(actor, hat):
        decision = rules.decide_check(standing(row), actor_id=id_, content_hash=content_hash)
        require(decision, kind=Refusal)
    history_note(row, rules.CHECKED_ACT, actor=actor, now=now, hat=hat, note=note)
    return hat


def revision_approve(
    *,
    actor: Actor,
    revision_id: int,
    content_hash: str,
    effective_from: date,
    now: datetime,
    issued_on: date | None = None,
    decision_number: str = "",
    giver_id: int | None = None,
    note: str = "",
) -> bool:
    """Approve the revision; return True when it is in force at once, False when later.

    It is issued on `issued_on`, by default today. The revision in force until then retires in the
    same transaction.
    """
    require(may(actor, "document.approve"))
    today = local(now).date()
    with transaction.atomic():
        row = locked(actor, revision_id)
        known = standing(row)
        hat = approval_note(
            row, actor=actor, content_hash=content_hash, now=now, giver_id=giver_id, note=note
        )
        current = in_force(row.document_id)
        since = current.effective_from if current else None
        require(
            rules.decide_effective(effective_from=effective_from, today=today, since=since),
            kind=Refusal,
        )
        row.state, row.approved_by_id, row.approved_at = rules.APPROVED, actor.person_id, now
        row.effective_from, row.issued_on = effective_from, issued_on or today
        row.decision_number = clean(decision_number)[:120]
        row.signing_prefix = hat.prefix if hat else ""
        row.exception_reason = _exception_reason(row, known)
        save(row)
        history_note(row, rules.ISSUED, actor=actor, now=now, hat=hat, note=_issue_text(row))
        journal(
            actor, row, "revision.approved", now,
            new={
                **_decided(content_hash, hat), "effective_from": effective_from,
                "issued_on": row.issued_on, "decision": row.decision_number,
            },
            reason=row.exception_reason,
        )  # fmt: skip
        if effective_from > today:
            return False
        take_effect(row, actor=actor, now=now)
        return True


def approval_note(
    row: Revision,
    *,
    actor: Actor,
    content_hash: str,
    now: datetime,
    giver_id: int | None = None,
    note: str = "",
) -> Hat | None:
    """Judge one person's approval of a locked revision and write it into the history.

    Returns the hat under which it was made.
    """
    hat = rules.signing_hat(actor, "document.approve", giver_id=giver_id)
    for id_ in _who(actor, hat):
        decision = rules.decide_approve(standing(row), actor_id=id_, content_hash=content_hash)
        require(decision, kind=Refusal)
    history_note(row, rules.APPROVED_ACT, actor=actor, now=now, hat=hat, note=note)
    return hat


def revision_return(*, actor: Actor, revision_id: int, reason: str, now: datetime) -> None:
    """Send a submitted or checked revision back to its author, with the reason."""
    reason = clean(reason)
    with transaction.atomic():
        row = locked(actor, revision_id)
        wanted = "document.approve" if row.state == rules.CHECKED else "document.check"
        require(may(actor, wanted))
        hat = rules.signing_hat(actor, wanted)
        back_to_draft(row, rules.RETURNED, actor=actor, reason=reason, now=now, hat=hat)


def revision_recall(*, actor: Actor, revision_id: int, reason: str, now: datetime) -> None:
    """Take one's own submission back to the draft while nobody has approved it.

    Raises Refusal("not_author", "revision_state", "reason_missing").
    """
    require(may(actor, "document.draft"))
    with transaction.atomic():
        row = locked(actor, revision_id)
        known = standing(row)
        require(rules.decide_recall(known, actor_id=actor.person_id), kind=Refusal)
        back_to_draft(row, rules.RECALLED_ACT, actor=actor, reason=clean(reason), now=now)


def back_to_draft(
    row: Revision, act: str, *, actor: Actor, reason: str, now: datetime, hat: Hat | None = None
) -> None:
    """Open the content of a locked revision again; `act` is "returned" or "recalled"."""
    require(rules.decide_return(row.state, reason=reason), kind=Refusal)
    old = row.state
    history_note(row, act, actor=actor, now=now, hat=hat, note=reason)
    is_returned = act == rules.RETURNED
    row.state = rules.DRAFT
    row.return_reason = reason[:1000] if is_returned else ""
    row.returned_by_id = actor.person_id if is_returned else None
    row.submitted_at = row.checked_at = row.checked_by_id = None
    row.content_hash = ""
    save(row)
    journal(actor, row, f"revision.{act}", now, old=old, reason=reason)


def revision_drop(*, actor: Actor, revision_id: int, reason: str, now: datetime) -> None:
    """Drop a revision that was never approved; its number becomes free again.

    A request that it answered may be drafted again.
    """
    require(may(actor, "document.draft"))
    reason = clean(reason)
    if not reason:
        raise Refusal("reason_missing", "Hãy ghi lý do bỏ bản thảo.", field="reason")
    with transaction.atomic():
        row = locked(actor, revision_id)
        require(rules.decide_drop(row.state), kind=Refusal)
        old, row.state, row.leader_id, row.request_id = row.state, rules.DROPPED, None, None
        save(row)
        history_note(row, rules.DROPPED_ACT, actor=actor, now=now, note=reason)
        journal(actor, row, "revision.dropped", now, old=old, reason=reason)
        left = Revision.objects.filter(document_id=row.document_id).exclude(state=rules.DROPPED)
        if not left.exists():
            Document.objects.filter(pk=row.document_id, status="new").update(
                status="dropped", changed_at=now, version=F("version") + 1
            )


def _who(actor: Actor, hat: Hat | None) -> set[int]:
    """Return whom a decision counts for: who signs, and whose hat it is."""
    return {actor.person_id, *([hat.acting_for] if hat and hat.acting_for else [])}


def _decided(content_hash: str, hat: Hat | None) -> dict[str, object]:
    lent = {"prefix": hat.prefix, "acting_for": hat.acting_for} if hat and hat.acting_for else {}
    return {"hash": content_hash, **lent}


def _issue_text(row: Revision) -> str:
    said = f"Có hiệu lực từ {row.effective_from:%d/%m/%Y}"
    return f"{row.decision_number}. {said}" if row.decision_number else said


def _exception_reason(row: Revision, known: rules.Standing) -> str:
    used = rules.used_exceptions(
        author_ids=known.author_ids,
        checker_id=row.checked_by_id,
        approver_id=row.approved_by_id or 0,
        checker_ids=queries.checkers_of(row.id),
    )
    reasons = queries.exceptions_of(row.agency_id)
    said = (f"{rules.PAIR_NAMES[pair]}: {reasons[pair]}" for pair in sorted(used))
    return "; ".join(said)[:1000]
