"""The life of documents: each function is one step of a revision, in the caller's transaction.

The app that owns the content (procedures) asks its own checks first and passes the hash of the
content as it stands; a step from a changed content is refused here.
"""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from nep.apps.documents import queries, rules
from nep.apps.documents.events import RevisionInForce
from nep.apps.documents.models import Document, Revision, RevisionAuthor, SeparationException
from nep.apps.organization.rules import Actor, may
from nep.foundation.journal.services import record
from nep.foundation.outbox.services import publish
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, NotFound, Refusal
from nep.kernel.text import clean, fold
from nep.kernel.vietnamese import local

FIRST = ("01", "00")


def document_create(
    *,
    actor: Actor,
    kind: str,
    code: str,
    title: str,
    issue: str,
    amendment: str,
    original_file_id: int | None,
    now: datetime,
) -> tuple[int, int]:
    """Create a document with its first draft; return (document id, revision id).

    Raises Refusal when the agency already has a document with this code.
    """
    require(may(actor, "procedure.draft"))
    code, title = clean(code), clean(title)
    if not code:
        raise Refusal("code_missing", "Hãy ghi mã hiệu của tài liệu.", field="code")
    if not title:
        raise Refusal("title_missing", "Hãy ghi tên của tài liệu.", field="title")
    if queries.code_exists(agency_id=actor.agency_id, code=code):
        raise Refusal(
            "code_taken",
            f"Cơ quan đã có tài liệu mang mã hiệu {code}. Hãy chọn mã khác.",
            field="code",
        )
    with transaction.atomic():
        document = Document.objects.create(
            agency_id=actor.agency_id,
            kind=kind,
            code=code[:60],
            code_key=rules.code_key(code),
            title=title[:600],
            folded=fold(f"{code} {title}")[:700],
            created_at=now,
            changed_at=now,
        )
        revision_id = _draft(
            actor=actor,
            document_id=document.id,
            number=(issue or "01", amendment or "00"),
            change_note="",
            original_file_id=original_file_id,
            now=now,
        )
        record(
            actor_id=actor.person_id,
            agency_id=actor.agency_id,
            action="document.created",
            object_type="document",
            object_id=document.id,
            at=now,
            new={"code": code, "title": title, "issue": issue, "amendment": amendment},
        )
    return document.id, revision_id


def document_retitle(*, actor: Actor, document_id: int, title: str, now: datetime) -> None:
    """Change the title of a document that was never in force."""
    require(may(actor, "procedure.draft"))
    title = clean(title)
    row = Document.objects.filter(pk=document_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    if not title:
        raise Refusal("title_missing", "Hãy ghi tên của tài liệu.", field="title")
    old, row.title = row.title, title[:600]
    row.folded = fold(f"{row.code} {title}")[:700]
    with transaction.atomic():
        row.save(update_fields=["title", "folded"])
        record(
            actor_id=actor.person_id,
            agency_id=actor.agency_id,
            action="document.retitled",
            object_type="document",
            object_id=row.id,
            at=now,
            old=old,
            new=title,
        )


def revision_draft(
    *,
    actor: Actor,
    document_id: int,
    is_new_issue: bool,
    change_note: str,
    now: datetime,
    original_file_id: int | None = None,
) -> int:
    """Begin the next revision of a document, the first again when all were dropped.

    Returns its id.

    Raises Refusal when a revision is already on its way.
    """
    require(may(actor, "procedure.draft"))
    known = queries.revisions_of(document_id=document_id, agency_id=actor.agency_id)
    if not known and not queries.document_exists(
        document_id=document_id, agency_id=actor.agency_id
    ):
        raise NotFound()
    if is_on_way := next((one for one in known if one.is_open), None):
        raise Refusal(
            "revision_open",
            f"Đã có bản {is_on_way.number} ở trạng thái “{is_on_way.state_name}”. "
            "Hãy làm tiếp bản đó.",
        )
    number = FIRST
    if known:
        last = known[0]
        number = rules.next_number(last.issue, last.amendment, is_new_issue=is_new_issue)
    with transaction.atomic():
        return _draft(
            actor=actor,
            document_id=document_id,
            number=number,
            change_note=clean(change_note)[:1000],
            original_file_id=original_file_id,
            now=now,
        )


def _draft(
    *,
    actor: Actor,
    document_id: int,
    number: tuple[str, str],
    change_note: str,
    original_file_id: int | None,
    now: datetime,
) -> int:
    try:
        with transaction.atomic():
            row = Revision.objects.create(
                agency_id=actor.agency_id,
                document_id=document_id,
                issue=number[0],
                amendment=number[1],
                change_note=change_note,
                original_file_id=original_file_id,
                drafted_by_id=actor.person_id,
                drafted_at=now,
            )
    except IntegrityError as error:
        raise Conflict(
            "revision_open",
            "Có người vừa mở một bản thảo khác của tài liệu này. Hãy tải lại trang.",
        ) from error
    _journal(actor, row, "revision.drafted", now, new={"number": number})
    return row.id


def revision_touch(*, actor: Actor, revision_id: int, now: datetime) -> None:
    """Note that the person wrote part of the draft; raise Refusal when it is locked.

    Call it in the transaction that changes the content.
    """
    row = _locked(actor, revision_id)
    require(rules.decide_edit(row.state), kind=Refusal)
    if actor.person_id != row.drafted_by_id:
        _, made = RevisionAuthor.objects.get_or_create(
            revision_id=revision_id, person_id=actor.person_id
        )
        if made:
            _journal(actor, row, "revision.author_joined", now)


def revision_submit_check(
    *, actor: Actor, revision_id: int, content_hash: str, now: datetime
) -> None:
    """Lock the draft under the hash of its content and send it to be checked."""
    require(may(actor, "procedure.draft"))
    with transaction.atomic():
        row = _locked(actor, revision_id)
        require(rules.decide_submit(row.state, content_hash=content_hash), kind=Refusal)
        row.state, row.content_hash, row.submitted_at = rules.SUBMITTED, content_hash, now
        row.return_reason, row.returned_by_id = "", None
        _save(row)
        _journal(actor, row, "revision.submitted", now, new={"hash": content_hash})


def revision_check(*, actor: Actor, revision_id: int, content_hash: str, now: datetime) -> None:
    """State that the revision was checked, and lay it before an approver."""
    require(may(actor, "procedure.check"))
    with transaction.atomic():
        row = _locked(actor, revision_id)
        require(
            rules.decide_check(_standing(row), actor_id=actor.person_id, content_hash=content_hash),
            kind=Refusal,
        )
        row.state, row.checked_by_id, row.checked_at = rules.CHECKED, actor.person_id, now
        _save(row)
        _journal(actor, row, "revision.checked", now, new={"hash": content_hash})


def revision_approve(
    *,
    actor: Actor,
    revision_id: int,
    content_hash: str,
    effective_from: date,
    now: datetime,
) -> bool:
    """Approve the revision; return True when it is in force at once, False when later.

    The revision in force until then retires in the same transaction.
    """
    require(may(actor, "procedure.approve"))
    today = local(now).date()
    with transaction.atomic():
        row = _locked(actor, revision_id)
        standing = _standing(row)
        require(
            rules.decide_approve(standing, actor_id=actor.person_id, content_hash=content_hash),
            kind=Refusal,
        )
        current = _in_force(row.document_id)
        since = current.effective_from if current else None
        require(
            rules.decide_effective(effective_from=effective_from, today=today, since=since),
            kind=Refusal,
        )
        row.state, row.approved_by_id, row.approved_at = rules.APPROVED, actor.person_id, now
        row.effective_from = effective_from
        row.signing_prefix = next((hat.prefix for hat in actor.hats if hat.role == "leader"), "")
        row.exception_reason = _exception_reason(row, standing)
        _save(row)
        _journal(
            actor, row, "revision.approved", now,
            new={"hash": content_hash, "effective_from": effective_from},
            reason=row.exception_reason,
        )  # fmt: skip
        if effective_from > today:
            return False
        _take_effect(row, current=current, actor_id=actor.person_id, now=now)
        return True


def revision_return(*, actor: Actor, revision_id: int, reason: str, now: datetime) -> None:
    """Send a submitted or checked revision back to its author, with the reason."""
    reason = clean(reason)
    with transaction.atomic():
        row = _locked(actor, revision_id)
        wanted = "procedure.approve" if row.state == rules.CHECKED else "procedure.check"
        require(may(actor, wanted))
        require(rules.decide_return(row.state, reason=reason), kind=Refusal)
        old = row.state
        row.state, row.return_reason, row.returned_by_id = rules.DRAFT, reason[:1000], None
        row.returned_by_id = actor.person_id
        row.submitted_at = row.checked_at = row.checked_by_id = None
        row.content_hash = ""
        _save(row)
        _journal(actor, row, "revision.returned", now, old=old, reason=reason)


def revision_drop(*, actor: Actor, revision_id: int, reason: str, now: datetime) -> None:
    """Drop a revision that was never approved; its number becomes free again."""
    require(may(actor, "procedure.draft"))
    reason = clean(reason)
    if not reason:
        raise Refusal("reason_missing", "Hãy ghi lý do bỏ bản thảo.", field="reason")
    with transaction.atomic():
        row = _locked(actor, revision_id)
        require(rules.decide_drop(row.state), kind=Refusal)
        old, row.state = row.state, rules.DROPPED
        _save(row)
        _journal(actor, row, "revision.dropped", now, old=old, reason=reason)


def approved_take_effect(*, now: datetime) -> int:
    """Bring approved revisions into force whose day has come; return how many."""
    today = local(now).date()
    waiting = Revision.objects.filter(state=rules.APPROVED, effective_from__lte=today)
    done = 0
    for revision_id in list(waiting.values_list("id", flat=True)):
        with transaction.atomic():
            row = Revision.objects.select_for_update().get(pk=revision_id)
            if row.state == rules.APPROVED:
                _take_effect(row, current=_in_force(row.document_id), actor_id=None, now=now)
                done += 1
    return done


def exception_grant(*, actor: Actor, pair: str, reason: str, now: datetime) -> None:
    """Let one person hold two parts of the approval in the actor's agency, with the reason."""
    require(may(actor, "procedure.approve"))
    reason = clean(reason)
    if pair not in rules.PAIR_NAMES:
        raise Refusal("pair_unknown", "Hãy chọn một ngoại lệ trong danh sách.", field="pair")
    if len(reason) < 10:
        raise Refusal(
            "reason_missing",
            "Hãy ghi lý do, ví dụ “Phòng chỉ có 2 công chức theo Quyết định số …”.",
            field="reason",
        )
    if pair in queries.exceptions_of(actor.agency_id):
        raise Refusal("exception_exists", "Ngoại lệ này đang có hiệu lực.", field="pair")
    with transaction.atomic():
        row = SeparationException.objects.create(
            agency_id=actor.agency_id,
            pair=pair,
            reason=reason[:1000],
            granted_by_id=actor.person_id,
            granted_at=now,
        )
        record(
            actor_id=actor.person_id,
            agency_id=actor.agency_id,
            action="separation_exception.granted",
            object_type="separation_exception",
            object_id=row.id,
            at=now,
            new=pair,
            reason=reason,
        )


def exception_end(*, actor: Actor, exception_id: int, now: datetime) -> None:
    """End an exception; revisions approved under it keep its reason."""
    require(may(actor, "procedure.approve"))
    with transaction.atomic():
        row = SeparationException.objects.filter(
            pk=exception_id, agency_id=actor.agency_id, ended_at=None
        ).first()
        if row is None:
            raise NotFound()
        row.ended_at = now
        row.save(update_fields=["ended_at"])
        record(
            actor_id=actor.person_id,
            agency_id=actor.agency_id,
            action="separation_exception.ended",
            object_type="separation_exception",
            object_id=row.id,
            at=now,
            old=row.pair,
        )


def _locked(actor: Actor, revision_id: int) -> Revision:
    row = (
        Revision.objects.select_for_update()
        .filter(pk=revision_id, agency_id=actor.agency_id)
        .first()
    )
    if row is None:
        raise NotFound()
    return row


def _save(row: Revision) -> None:
    """Write the row under its version; the loser of a race is told so."""
    known, row.version = row.version, row.version + 1
    fields = {
        field.attname: getattr(row, field.attname)
        for field in Revision._meta.concrete_fields
        if not field.primary_key
    }
    if not Revision.objects.filter(pk=row.pk, version=known).update(**fields):
        raise Conflict(
            "revision_changed",
            "Bản này vừa được người khác chuyển bước. Hãy tải lại trang để xem trạng thái mới.",
        )


def _standing(row: Revision) -> rules.Standing:
    authors = set(row.authors.values_list("person_id", flat=True)) | {row.drafted_by_id}
    return rules.Standing(
        state=row.state,
        content_hash=row.content_hash,
        author_ids=frozenset(authors),
        checker_id=row.checked_by_id,
        exceptions=frozenset(queries.exceptions_of(row.agency_id)),
    )


def _exception_reason(row: Revision, standing: rules.Standing) -> str:
    used = rules.used_exceptions(
        author_ids=standing.author_ids,
        checker_id=row.checked_by_id,
        approver_id=row.approved_by_id or 0,
    )
    reasons = queries.exceptions_of(row.agency_id)
    said = (f"{rules.PAIR_NAMES[pair]}: {reasons[pair]}" for pair in sorted(used))
    return "; ".join(said)[:1000]


def _in_force(document_id: int) -> Revision | None:
    return (
        Revision.objects.select_for_update()
        .filter(document_id=document_id, state=rules.IN_FORCE)
        .first()
    )


def _take_effect(
    row: Revision, *, current: Revision | None, actor_id: int | None, now: datetime
) -> None:
    if current is not None:
        current.state, current.retired_on = rules.RETIRED, row.effective_from
        _save(current)
    row.state = rules.IN_FORCE
    _save(row)
    Document.objects.filter(pk=row.document_id).update(
        status="in_force",
        current_id=row.id,
        in_force_since=row.effective_from,
        changed_at=now,
        version=F("version") + 1,
    )
    record(
        actor_id=actor_id,
        agency_id=row.agency_id,
        action="revision.in_force",
        object_type="revision",
        object_id=row.id,
        at=now,
        old=current.id if current else None,
        new={"hash": row.content_hash, "effective_from": row.effective_from},
    )
    publish(
        RevisionInForce(
            agency_id=row.agency_id,
            document_id=row.document_id,
            revision_id=row.id,
            kind=row.document.kind,
            content_hash=row.content_hash,
            effective_from=str(row.effective_from),
            replaced_id=current.id if current else None,
        ),
        agency_id=row.agency_id,
        at=now,
    )


def _journal(actor: Actor, row: Revision, action: str, now: datetime, **what) -> None:
    record(
        actor_id=actor.person_id,
        agency_id=actor.agency_id,
        action=action,
        object_type="revision",
        object_id=row.id,
        at=now,
        **what,
    )
