"""Requests for a change: asked by anybody, decided by who keeps the documents or approves them."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from nep.apps.documents import queries, rules
from nep.apps.documents.models import ChangeRequest, Document, Revision
from nep.apps.documents.services._history import history_note
from nep.apps.documents.services._life_items import ITEM_KIND, SOURCE, items_end
from nep.apps.documents.services._life_rows import locked
from nep.apps.documents.services._revisions import FIRST, document_create, revision_draft
from nep.apps.organization.queries import people_for
from nep.apps.organization.rules import Actor, may
from nep.apps.work import services as work
from nep.foundation.journal.services import record
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean
from nep.kernel.vietnamese import local

REQUEST_SOURCE = "document_request"


def request_ask(
    *,
    actor: Actor,
    wish: str,
    reason: str,
    now: datetime,
    content: str = "",
    document_id: int | None = None,
    kind: str = "",
    title: str = "",
    origin_type: str = "",
    origin_id: int | None = None,
) -> int:
    """Ask for a new document, a change or a withdrawal; return the request's id.

    Every ISO secretary gets it as work. `origin_type` and `origin_id` name what gave rise to it.
    Raises NotFound, Refusal("reason_missing", "title_missing", "document_missing", …).
    """
    require(may(actor, "document.ask"))
    reason, title, content = clean(reason), clean(title), content.strip()
    if document_id is not None and not queries.may_see(actor, document_id=document_id):
        raise NotFound()
    decision = rules.decide_ask(
        wish=wish,
        reason=reason,
        has_document=document_id is not None,
        is_withdrawn=document_id is not None and queries.is_withdrawn(document_id),
        title=title,
        kind=kind if kind in rules.KIND_NAMES else "",
    )
    require(decision, kind=Refusal)
    is_new = wish == rules.NEW_WISH
    with transaction.atomic():
        row = ChangeRequest.objects.create(
            agency_id=actor.agency_id,
            document_id=None if is_new else document_id,
            wish=wish,
            kind=kind if is_new else "",
            title=title[:600] if is_new else "",
            reason=reason[:1000],
            content=content[:20_000],
            origin_type=origin_type[:30],
            origin_id=origin_id,
            asked_by_id=actor.person_id,
            asked_at=now,
        )
        _journal(actor, row, "change_request.asked", now, new={"wish": wish}, reason=reason)
        _lay_before_secretaries(row, now)
    return row.id


def request_accept(
    *,
    actor: Actor,
    request_id: int,
    now: datetime,
    note: str = "",
    author_id: int | None = None,
    code: str = "",
) -> int | None:
    """Accept a request; return the draft opened for it, if it is one that opens here.

    A change opens the next draft beside the version in force, a new document its first draft
    under `code`; the reason becomes the draft's note and `author_id` (who may draft; by default
    who asked, else the actor) gets it as work. Procedures are drafted on their own pages, a
    withdrawal is made on the document's page.
    Raises NotFound, Refusal("request_state", "author_unfit", "code_missing", "code_taken", …).
    """
    _require_decider(actor)
    with transaction.atomic():
        row = _locked_request(actor, request_id)
        require(rules.decide_request_answer(row.state), kind=Refusal)
        _decide(row, rules.ACCEPTED, actor=actor, note=note, now=now)
        if row.wish == rules.WITHDRAW_WISH or _is_procedure(row):
            return None
        drafter = _author(actor, row, author_id, now)
        revision_id = _open_draft(actor, row, code, now)
        _give_to_author(revision_id, drafter, actor=actor, row=row, now=now)
    return revision_id


def request_refuse(*, actor: Actor, request_id: int, note: str, now: datetime) -> None:
    """Refuse a request, saying why; who asked is told. Raises Refusal("note_missing")."""
    _require_decider(actor)
    if not clean(note):
        raise Refusal("note_missing", "Hãy ghi lý do không chấp nhận.", field="note")
    with transaction.atomic():
        row = _locked_request(actor, request_id)
        require(rules.decide_request_answer(row.state), kind=Refusal)
        _decide(row, rules.REFUSED, actor=actor, note=note, now=now)


def request_take_back(*, actor: Actor, request_id: int, now: datetime) -> None:
    """Take one's own request back while nobody has decided it."""
    require(may(actor, "document.ask"))
    with transaction.atomic():
        row = _locked_request(actor, request_id)
        decision = rules.decide_take_back(
            state=row.state, is_own=row.asked_by_id == actor.person_id
        )
        require(decision, kind=Refusal)
        row.state, row.version = rules.TAKEN_BACK, row.version + 1
        row.save(update_fields=["state", "version"])
        items_end(REQUEST_SOURCE, [row.id], at=now, by_id=actor.person_id)
        _journal(actor, row, "change_request.taken_back", now)


def _decide(row: ChangeRequest, state: str, *, actor: Actor, note: str, now: datetime) -> None:
    note = clean(note)[:1000]
    row.state, row.decided_by_id, row.decided_at = state, actor.person_id, now
    row.decision_note, row.version = note, row.version + 1
    row.save(update_fields=["state", "decided_by", "decided_at", "decision_note", "version"])
    items_end(REQUEST_SOURCE, [row.id], at=now, by_id=actor.person_id, done_by=actor.person_id)
    _journal(actor, row, f"change_request.{state}", now, reason=note)
    if row.asked_by_id != actor.person_id:
        work.notice_add(
            person_id=row.asked_by_id,
            agency_id=row.agency_id,
            key=f"change_request:{row.id}",
            text=f"Đề nghị của bạn: {rules.REQUEST_STATE_NAMES[state].lower()}",
            detail=(note or row.reason)[:400],
            icon="file-text",
            link=f"/tai-lieu/de-nghi/{row.id}/",
            at=now,
        )


def _open_draft(actor: Actor, row: ChangeRequest, code: str, now: datetime) -> int:
    if row.document_id is not None:
        return revision_draft(
            actor=actor, document_id=row.document_id, is_new_issue=False,
            change_note=row.reason, now=now,
        )  # fmt: skip
    document_id, revision_id = document_create(
        actor=actor, kind=row.kind, code=code, title=row.title, issue=FIRST[0],
        amendment=FIRST[1], original_file_id=None, now=now,
    )  # fmt: skip
    row.document_id = document_id
    row.save(update_fields=["document"])
    Revision.objects.filter(pk=revision_id).update(request_id=row.id, change_note=row.reason)
    return revision_id


def _give_to_author(
    revision_id: int, drafter: int, *, actor: Actor, row: ChangeRequest, now: datetime
) -> None:
    revision = locked(actor, revision_id)
    if revision.drafted_by_id != drafter:
        Revision.objects.filter(pk=revision_id).update(
            drafted_by_id=drafter, version=F("version") + 1
        )
        names = dict(_drafters(actor.agency_id, now))
        history_note(
            revision, rules.REASSIGNED, actor=actor, now=now,
            note=f"Giao soạn: {names.get(drafter, '')}",
        )  # fmt: skip
    document = Document.objects.get(pk=revision.document_id)
    work.item_open(
        batch=None,
        agency_id=row.agency_id,
        kind=ITEM_KIND,
        title=f"Soạn {document.code} {rules.revision_text(revision.issue, revision.amendment)}",
        detail=document.title[:400],
        link=f"/tai-lieu/{document.id}/#viec-tiep",
        source_type=SOURCE,
        source_id=revision_id,
        source_code=document.code,
        step_label="Soạn thảo",
        person_id=drafter,
        opened_at=now,
        note=row.reason[:500],
    )


def _drafters(agency_id: int, now: datetime) -> tuple[tuple[int, str], ...]:
    return queries.people_who_may(
        agency_id=agency_id, permission="document.draft", today=local(now).date()
    )


def _author(actor: Actor, row: ChangeRequest, author_id: int | None, now: datetime) -> int:
    able = {id_ for id_, _name in _drafters(actor.agency_id, now)}
    if author_id is not None and author_id not in able:
        raise Refusal(
            "author_unfit",
            "Người được chọn hôm nay không có quyền soạn thảo tài liệu.",
            field="author",
        )
    if author_id is not None:
        return author_id
    return row.asked_by_id if row.asked_by_id in able else actor.person_id


def _is_procedure(row: ChangeRequest) -> bool:
    kind = row.document.kind if row.document else row.kind
    return kind == rules.PROCEDURE


def _lay_before_secretaries(row: ChangeRequest, now: datetime) -> None:
    about = row.document
    subject = f"{about.code}: {about.title}" if about else row.title
    people = people_for(agency_id=row.agency_id, today=local(now).date(), role="iso_secretary")
    for person in people:
        work.item_open(
            batch=None,
            agency_id=row.agency_id,
            kind=ITEM_KIND,
            title=f"Quyết định đề nghị: {rules.WISH_NAMES[row.wish].lower()}",
            detail=subject[:400],
            link=f"/tai-lieu/de-nghi/{row.id}/",
            source_type=REQUEST_SOURCE,
            source_id=row.id,
            source_code=about.code if about else "",
            step_label="Đề nghị",
            person_id=person.id,
            opened_at=now,
            note=row.reason[:500],
        )


def _require_decider(actor: Actor) -> None:
    """Let who manages documents decide, and who approves them."""
    if not may(actor, "document.approve"):
        require(may(actor, "document.manage"))


def _locked_request(actor: Actor, request_id: int) -> ChangeRequest:
    row = (
        ChangeRequest.objects.select_for_update()
        .filter(pk=request_id, agency_id=actor.agency_id)
        .first()
    )
    if row is None:
        raise NotFound()
    if row.document_id is not None and not queries.may_see(actor, document_id=row.document_id):
        raise NotFound()
    return row


def _journal(actor: Actor, row: ChangeRequest, action: str, now: datetime, **what) -> None:
    record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action=action,
        object_type="change_request", object_id=row.id, at=now, **what,
    )  # fmt: skip
