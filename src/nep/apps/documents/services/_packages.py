"""A document and the forms that go with it: locked together, sealed over the bytes on disk."""

import hashlib
from collections.abc import Collection
from datetime import datetime

from nep.apps.documents import queries, rules
from nep.apps.documents.models import Revision
from nep.apps.documents.services._life_rows import journal, locked, save
from nep.apps.organization.rules import Actor
from nep.foundation.files import queries as files
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal


def package_rows(actor: Actor, revision_id: int) -> list[Revision]:
    """Return a revision and the forms that go with it, locked, the leading one first.

    Raises NotFound for what the actor may not see, Refusal("package_member") for a form that goes
    with another document, Refusal("content_elsewhere") for a procedure.
    """
    leading = locked(actor, revision_id)
    if not queries.may_see(actor, document_id=leading.document_id):
        raise NotFound()
    if leading.document.kind == rules.PROCEDURE:
        raise Refusal(
            "content_elsewhere", "Quy trình được trình và duyệt ở trang soạn quy trình của nó."
        )
    if leading.leader_id is not None:
        other = queries.revision(revision_id=leading.leader_id, agency_id=actor.agency_id)
        raise Refusal(
            "package_member",
            f"Biểu mẫu này đi cùng {other.code} {other.number}. Hãy mở tài liệu {other.code} để "
            "xử lý cả bộ.",
        )
    members = (
        Revision.objects.select_for_update()
        .filter(leader_id=leading.id)
        .exclude(state=rules.DROPPED)
        .order_by("id")
    )
    return [leading, *members]


def package_join(
    actor: Actor,
    leading: Revision,
    member_ids: Collection[int],
    now: datetime,
    *,
    named_ids: Collection[int] = (),
) -> list[Revision]:
    """Let drafts of the document's forms go with it; return the locked members.

    `named_ids` are documents that the leading one names besides its own children. Raises NotFound, Refusal("not_a_child", "member_not_draft", "content_missing").
    """
    members = []
    for id_ in sorted(set(member_ids)):
        row = locked(actor, id_)
        decision = rules.decide_member(
            code=row.document.code,
            state=row.state,
            is_child=row.document.parent_id == leading.document_id or row.document_id in named_ids,
            has_file=row.original_file_id is not None,
            has_leader=row.leader_id is not None,
        )
        require(decision, kind=Refusal)
        row.leader_id = leading.id
        save(row)
        journal(actor, row, "revision.joined_package", now, new=leading.id)
        members.append(row)
    return members


def package_part(actor: Actor, members: Collection[Revision], now: datetime) -> None:
    """Let every form go its own way again."""
    for row in members:
        old, row.leader_id = row.leader_id, None
        save(row)
        journal(actor, row, "revision.left_package", now, old=old)


def seal(row: Revision, members: Collection[Revision] = (), *, edition: int = rules.SEAL) -> str:
    """Return the hash of a revision as it stands on disk now, its members' seals included.

    It covers the original and the PDF laid beside it. Raises Refusal("content_missing",
    "file_changed").
    """
    document = row.document
    if row.original_file_id is None:
        raise Refusal(
            "content_missing", f"Bản thảo {document.code} chưa có tệp. Hãy tải tệp lên trước."
        )
    beside = _attached(row)
    return rules.content_hash(
        file_sha256=_digest(row.original_file_id, document.code),
        pdf_sha256=_digest(beside, document.code) if beside and edition > 1 else "",
        code=document.code,
        title=document.title,
        issue=row.issue,
        amendment=row.amendment,
        form_hashes=[seal(member, edition=edition) for member in members],
        seal=edition,
    )


def require_unchanged(rows: list[Revision]) -> None:
    """Refuse a package of which any part differs from what was submitted.

    What was submitted under an older edition of the seal is judged by that one.
    Source: ISO 9001:2015 điều 7.5.3.2 c).
    """
    leading, *members = rows
    for row in members:
        if row.state != leading.state or not _holds(row):
            _refuse_changed(row)
    if not _holds(leading, members):
        _refuse_changed(leading)


def require_sealed(row: Revision, state: str) -> None:
    """Refuse a form of a package that is not in a state or not as it was submitted."""
    if row.state != state or not _holds(row):
        _refuse_changed(row)


def _holds(row: Revision, members: Collection[Revision] = ()) -> bool:
    return any(
        seal(row, members, edition=edition) == row.content_hash
        for edition in range(rules.SEAL, 0, -1)
    )


def _attached(row: Revision) -> int | None:
    """Return the PDF laid beside the original; drafts from before it had a field of its own too."""
    file_id = row.attached_file_id or row.published_file_id
    if file_id is None or rules.is_frozen_copy(files.facts(file_id).name):
        return None
    return file_id


def _digest(file_id: int, code: str) -> str:
    known = files.facts(file_id)
    try:
        found = hashlib.sha256(files.read(file_id)).hexdigest()
    except NotFound as error:
        raise Refusal(
            "file_changed",
            f"Tệp “{known.name}” của {code} không còn trên đĩa. Quản trị cần khôi phục từ bản sao "
            "lưu rồi mới làm tiếp được.",
        ) from error
    if found != known.sha256:
        raise Refusal(
            "file_changed",
            f"Tệp “{known.name}” của {code} trên đĩa không còn đúng với tệp đã tải lên. Quản trị "
            "cần khôi phục từ bản sao lưu rồi mới làm tiếp được.",
        )
    return found


def _refuse_changed(row: Revision) -> None:
    raise Refusal(
        "file_changed",
        f"Tệp, tên hoặc mã hiệu của {row.document.code} đã đổi sau khi trình. Hãy trả lại người "
        "soạn để trình lại bản đúng.",
        "ISO 9001:2015, điều 7.5.3.2 c)",
    )
