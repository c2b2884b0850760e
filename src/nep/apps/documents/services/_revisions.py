"""Documents and their drafts: created, retitled, begun anew, touched by their authors."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from nep.apps.documents import queries, rules
from nep.apps.documents.models import ChangeRequest, Document, Revision, RevisionAuthor
from nep.apps.documents.services._history import history_note
from nep.apps.documents.services._life_rows import journal, locked
from nep.apps.organization.rules import Actor, may
from nep.foundation.journal.services import record
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, NotFound, Refusal
from nep.kernel.text import clean, fold

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
    require(may(actor, "document.draft"))
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
    require(may(actor, "document.draft"))
    title = clean(title)
    row = Document.objects.filter(pk=document_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    if not title:
        raise Refusal("title_missing", "Hãy ghi tên của tài liệu.", field="title")
    need_unjudged(row)
    old, row.title = row.title, title[:600]
    row.folded = rules.search_form(code=row.code, title=row.title, tags=row.tags)
    row.changed_at = now
    with transaction.atomic():
        row.save(update_fields=["title", "folded", "changed_at"])
        below_renamed(row, now)
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


def need_unjudged(row: Document) -> None:
    """Refuse another name for what somebody is judging, or has approved for a day to come.

    Raises Refusal("name_judged").
    """
    judged = rules.OPEN - {rules.DRAFT}
    if Revision.objects.filter(document_id=row.pk, state__in=judged).exists():
        raise Refusal(
            "name_judged",
            "Tài liệu đang chờ kiểm tra, phê duyệt hoặc chờ ngày hiệu lực nên mã hiệu và tên giữ "
            "nguyên. Muốn đổi, hãy rút lại hoặc trả lại bản đó trước.",
            field="title",
        )


def below_renamed(row: Document, now: datetime) -> None:
    """Have what stands below a document described anew: it is found by its name and tags."""
    below = Document.objects.filter(parent_id=row.pk, agency_id=row.agency_id)
    below.update(changed_at=now)


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
    require(may(actor, "document.draft"))
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
    if queries.is_withdrawn(document_id):
        raise Refusal(
            "document_withdrawn",
            "Tài liệu này đã thu hồi nên không soạn tiếp được. Hãy tạo tài liệu mới với mã khác.",
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
    asked = (
        ChangeRequest.objects.filter(document_id=document_id, state="accepted", revisions=None)
        .exclude(wish="withdraw")
        .order_by("asked_at", "id")
        .first()
    )
    try:
        with transaction.atomic():
            row = Revision.objects.create(
                agency_id=actor.agency_id,
                document_id=document_id,
                issue=number[0],
                amendment=number[1],
                change_note=change_note or (asked.reason if asked else ""),
                original_file_id=original_file_id,
                drafted_by_id=actor.person_id,
                drafted_at=now,
                request=asked,
            )
    except IntegrityError as error:
        raise Conflict(
            "revision_open",
            "Có người vừa mở một bản thảo khác của tài liệu này. Hãy tải lại trang.",
        ) from error
    Document.objects.filter(pk=document_id, status="dropped").update(
        status="new", changed_at=now, version=F("version") + 1
    )
    history_note(row, rules.DRAFTED, actor=actor, now=now, note=row.change_note)
    journal(actor, row, "revision.drafted", now, new={"number": number})
    return row.id


def revision_touch(*, actor: Actor, revision_id: int, now: datetime) -> None:
    """Note that the person wrote part of the draft; raise Refusal when it is locked.

    Call it in the transaction that changes the content.
    """
    row = locked(actor, revision_id)
    require(rules.decide_edit(row.state), kind=Refusal)
    if actor.person_id != row.drafted_by_id:
        _, made = RevisionAuthor.objects.get_or_create(
            revision_id=revision_id, person_id=actor.person_id
        )
        if made:
            journal(actor, row, "revision.author_joined", now)
