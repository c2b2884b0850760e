"""The quality policy becomes a controlled document: its file is made, submitted, taken back."""

from datetime import datetime

from nep.apps.documents import queries as documents
from nep.apps.documents import services as library
from nep.apps.documents.rules import DocumentFacts
from nep.apps.organization.rules import Actor
from nep.apps.planning.models import Statement
from nep.apps.planning.services._statement_papers import policy_file
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import local

TITLE = "Chính sách chất lượng"
CLAUSES = (("ISO 9001:2015", "5.2.1"), ("ISO 9001:2015", "5.2.2"))


def to_library(
    actor: Actor,
    row: Statement,
    *,
    checker_id: int | None,
    approver_id: int | None,
    now: datetime,
) -> None:
    """Make the policy's file, give it to the next revision of its document and submit that.

    Raises Forbidden; Refusal of `documents.services`.
    """
    facts = _open_revision(row)
    if facts is None:
        _begin(actor, row, now)
    else:
        _replace(actor, row, facts, now)
    if row.revision_id is None:
        raise Refusal("revision_missing", "Chưa tạo được bản tài liệu của chính sách.")
    library.document_submit(
        actor=actor, revision_id=row.revision_id, checker_id=checker_id, approver_id=approver_id,
        now=now,
    )  # fmt: skip


def _open_revision(row: Statement) -> documents.RevisionFacts | None:
    """Return the draft that this edition has in the library, None when it has none any more."""
    if row.revision_id is None:
        return None
    facts = revision_of(row)
    return facts if facts.state == "draft" else None


def _file(row: Statement, now: datetime) -> tuple[str, bytes]:
    return "chinh-sach-chat-luong.pdf", policy_file(row, now=now)


def _replace(actor: Actor, row: Statement, facts: documents.RevisionFacts, now: datetime) -> None:
    library.revision_file_replace(
        actor=actor, revision_id=facts.id, file=_file(row, now), version=facts.version, now=now
    )


def _begin(actor: Actor, row: Statement, now: datetime) -> None:
    """Begin the policy's document, or its next issue; the edition counts on from the library's."""
    known = _document_of(row) or _in_library(actor, now)
    if known is None:
        row.document_id, row.revision_id = library.document_add(
            actor=actor, now=now, file=_file(row, now),
            facts=DocumentFacts(kind="policy", title=TITLE, clauses=CLAUSES),
        )  # fmt: skip
        return
    row.document_id = known
    row.revision_id = library.revision_draft(
        actor=actor, document_id=known, is_new_issue=True, now=now,
        change_note="Soạn lại chính sách chất lượng",
    )  # fmt: skip
    facts = revision_of(row)
    if facts.issue.isdigit():
        row.edition = max(row.edition, int(facts.issue))
    _replace(actor, row, facts, now)


def _document_of(row: Statement) -> int | None:
    """Return the policy's document, unless it was withdrawn."""
    if row.document_id is not None:
        return None if documents.is_withdrawn(row.document_id) else row.document_id
    earlier = Statement.objects.filter(
        agency_id=row.agency_id, part=row.part, document_id__isnull=False
    ).order_by("-edition")
    found = earlier.values_list("document_id", flat=True).first()
    return None if found is None or documents.is_withdrawn(found) else found


def _in_library(actor: Actor, now: datetime) -> int | None:
    """Return the policy that the library has from before, when it has exactly one at rest."""
    wanted = documents.LibraryFilter(kind="policy")
    lines = documents.library_page(actor=actor, filter=wanted, today=local(now).date()).lines
    resting = [one.id for one in lines if one.open_id is None]
    return resting[0] if len(lines) == 1 and resting else None


def back_from_library(actor: Actor, row: Statement, now: datetime) -> None:
    """Take the policy's revision back, unless the library has already returned it.

    Raises Refusal of `documents.services.document_recall`.
    """
    facts = revision_of(row)
    if facts.state in {"draft", "dropped"}:
        return
    library.document_recall(
        actor=actor, revision_id=facts.id, reason="Sửa lại nội dung chính sách.", now=now
    )


def leave_library(actor: Actor, row: Statement, now: datetime) -> None:
    """Drop the draft that an edition has in the library, so that the next one may begin its own."""
    facts = _open_revision(row)
    if facts is not None:
        library.document_drop(
            actor=actor, revision_id=facts.id, reason="Bỏ bản chính sách đang soạn.", now=now
        )


def revision_of(row: Statement) -> documents.RevisionFacts:
    """Return the policy's revision in the library. Raises NotFound."""
    return documents.revision(revision_id=int(row.revision_id or 0), agency_id=row.agency_id)
