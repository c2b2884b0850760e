"""Writes of the library: a document with its data and first file, its data changed, its file."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from nep.apps.documents import queries, rules
from nep.apps.documents.models import Document, DocumentClause, DocumentTag, Revision
from nep.apps.documents.services._codes import code_take
from nep.apps.documents.services._revisions import (
    below_renamed,
    document_create,
    need_unjudged,
    revision_touch,
)
from nep.apps.organization.queries import person_names, units_of
from nep.apps.organization.rules import Actor, may
from nep.foundation.files import queries as files
from nep.foundation.files.services import store
from nep.foundation.journal.queries import history
from nep.foundation.journal.services import record
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, NotFound, Refusal
from nep.kernel.text import clean
from nep.kernel.vietnamese import datetime_text

Upload = tuple[str, bytes]


def document_add(
    *,
    actor: Actor,
    facts: rules.DocumentFacts,
    now: datetime,
    file: Upload | None = None,
    issue: str = "",
    amendment: str = "",
) -> tuple[int, int]:
    """Create a document with its data and its first draft; return (document id, revision id).

    An empty code takes the next one of the agency's mask. `file` is (name, bytes); issue and
    amendment are given for a document that comes from paper. Raises Refusal.
    """
    require(may(actor, "document.draft"))
    require(rules.decide_kind(facts.kind), kind=Refusal)
    require(rules.decide_level(facts.level), kind=Refusal)
    _check_unit(actor, facts.owner_unit_id)
    parent = _parent(actor, facts.kind, facts.parent_id)
    with transaction.atomic():
        code = clean(facts.code) or code_take(
            actor=actor, kind=facts.kind, parent_id=facts.parent_id, now=now
        )
        _check_code(actor, code)
        file_id = _stored(actor, file, now) if file else None
        try:
            with transaction.atomic():
                document_id, revision_id = document_create(
                    actor=actor, kind=facts.kind, code=code, title=facts.title,
                    issue=clean(issue)[:10], amendment=clean(amendment)[:10],
                    original_file_id=file_id, now=now,
                )  # fmt: skip
        except IntegrityError as error:  # somebody took the code in the same instant
            _check_code(actor, code)
            raise Conflict(
                "code_taken", f"Mã hiệu {code} vừa được người khác dùng. Hãy gửi lại."
            ) from error
        row = Document.objects.get(pk=document_id)
        row.parent_id = parent.pk if parent else None
        row.owner_unit_id, row.level = facts.owner_unit_id, facts.level
        row.tags = list(facts.tags)
        row.folded = rules.search_form(code=row.code, title=row.title, tags=row.tags)
        row.save(update_fields=["parent", "owner_unit", "level", "tags", "folded"])
        _write_tags(row)
        _write_clauses(row, facts.clauses)
        _journal(actor, row, "document.described", now, new=_said(row, facts.clauses))
    return document_id, revision_id


def document_change(
    *, actor: Actor, document_id: int, facts: rules.DocumentFacts, version: int, now: datetime
) -> None:
    """Change what is said about a document; its code and title only before it is in force.

    Raises Conflict when somebody changed it after the page was opened, saying who.
    """
    row = _seen(actor, document_id)
    _may_change(actor, row)
    require(rules.decide_level(facts.level), kind=Refusal)
    _check_unit(actor, facts.owner_unit_id)
    parent = _parent(actor, row.kind, facts.parent_id, below=row.pk)
    with transaction.atomic():
        row = Document.objects.select_for_update().get(pk=row.pk)
        if row.version != version:
            raise Conflict("document_changed", _who_changed(row))
        before = _said(row, list(row.clauses.values_list("standard", "clause")))
        named = (row.code, row.title, row.tags)
        _rename(actor, row, facts)
        row.parent_id = parent.pk if parent else None
        row.owner_unit_id, row.level = facts.owner_unit_id, facts.level
        row.tags = list(facts.tags)
        row.folded = rules.search_form(code=row.code, title=row.title, tags=row.tags)
        row.changed_at, row.version = now, version + 1
        row.save()
        if named != (row.code, row.title, row.tags):
            below_renamed(row, now)
        _write_tags(row)
        _write_clauses(row, facts.clauses)
        _journal(actor, row, "document.described", now, old=before, new=_said(row, facts.clauses))


def revision_file_replace(
    *, actor: Actor, revision_id: int, file: Upload, version: int, now: datetime
) -> int:
    """Give a draft its file, or another one; return the stored file's id.

    The old bytes stay in the store. Raises Refusal for a file that is not received and for a
    revision that is no draft, Conflict when it was moved on after the page was opened.
    """
    known = Revision.objects.filter(pk=revision_id, agency_id=actor.agency_id).first()
    if known is None:
        raise NotFound()
    document = _seen(actor, known.document_id)
    _may_change(actor, document)
    with transaction.atomic():
        revision_touch(actor=actor, revision_id=revision_id, now=now)
        row = Revision.objects.select_for_update().get(pk=revision_id)
        if row.version != version:
            raise Conflict(
                "revision_changed",
                "Bản thảo vừa được người khác sửa hoặc chuyển bước. Hãy tải lại trang.",
            )
        old, row.original_file_id = row.original_file_id, _stored(actor, file, now)
        row.content_hash, row.version = "", version + 1
        row.save(update_fields=["original_file", "content_hash", "version"])
        Document.objects.filter(pk=row.document_id).update(changed_at=now)
        record(
            actor_id=actor.person_id, agency_id=actor.agency_id, action="revision.file_replaced",
            object_type="revision", object_id=row.pk, at=now, old=_hash_of(old),
            new=_hash_of(row.original_file_id),
        )  # fmt: skip
    return int(row.original_file_id or 0)


def _hash_of(file_id: int | None) -> str:
    return files.facts(file_id).sha256 if file_id else ""


def _stored(actor: Actor, file: Upload, now: datetime) -> int:
    name, data = file
    row = store(
        data=data, name=name, agency_id=actor.agency_id, actor_id=actor.person_id, at=now,
        kinds=rules.FILE_KINDS,
    )  # fmt: skip
    return row.pk


def _seen(actor: Actor, document_id: int) -> Document:
    row = Document.objects.filter(queries.visible(actor), pk=document_id).first()
    if row is None:
        raise NotFound()
    return row


def _may_change(actor: Actor, row: Document) -> None:
    drafters = Revision.objects.filter(document_id=row.pk, state__in=rules.OPEN)
    authors = frozenset(drafters.values_list("drafted_by_id", flat=True))
    require(rules.decide_change(actor, owner_unit_id=row.owner_unit_id, author_ids=authors))


def _check_unit(actor: Actor, unit_id: int | None) -> None:
    if unit_id is not None and all(unit.id != unit_id for unit in units_of(actor.agency_id)):
        raise Refusal(
            "unit_unknown", "Hãy chọn một đơn vị của cơ quan đang hoạt động.", field="owner_unit"
        )


def _parent(
    actor: Actor, kind: str, parent_id: int | None, *, below: int | None = None
) -> Document | None:
    if parent_id is None:
        return None
    row = Document.objects.filter(queries.visible(actor), pk=parent_id).first()
    if row is None:
        raise Refusal(
            "parent_unknown", "Không thấy tài liệu mà tài liệu này kèm theo.", field="parent"
        )
    if row.status in {"withdrawn", "dropped"}:
        raise Refusal(
            "parent_dead",
            f"{row.code} không còn dùng ({rules.STATUS_NAMES[row.status].lower()}). Hãy chọn tài "
            "liệu khác hoặc để trống.",
            field="parent",
        )
    require(rules.decide_parent(kind, parent_kind=row.kind, parent_code=row.code), kind=Refusal)
    above: Document | None = row
    while above is not None and below is not None:
        if above.pk == below:
            raise Refusal(
                "parent_circle", "Hai tài liệu không thể kèm theo lẫn nhau.", field="parent"
            )
        above = above.parent
    return row


def _check_code(actor: Actor, code: str, *, own_id: int | None = None) -> None:
    require(rules.decide_code_form(code), kind=Refusal)
    holder = queries.code_holder(agency_id=actor.agency_id, code=code)
    if holder is not None and holder.id != own_id:
        seen = queries.may_see(actor, document_id=holder.id)
        raise_ = rules.code_taken(
            code,
            holder_code=holder.code,
            title=holder.title if seen else "hạn chế",
            kind=holder.kind,
            status_name=rules.STATUS_NAMES[holder.status],
        )
        require(raise_, kind=Refusal)


def _rename(actor: Actor, row: Document, facts: rules.DocumentFacts) -> None:
    code, title = clean(facts.code) or row.code, clean(facts.title) or row.title
    if (code, title[:600]) == (row.code, row.title):
        return
    if row.status != "new" or row.kind == rules.PROCEDURE:
        raise Refusal(
            "document_named",
            "Tài liệu đã ban hành giữ nguyên mã hiệu và tên. Muốn đổi, hãy đề nghị soạn lần mới.",
            field="title" if code == row.code else "code",
        )
    need_unjudged(row)
    if code != row.code:
        _check_code(actor, code, own_id=row.pk)
    row.code, row.code_key, row.title = code, rules.code_key(code), title[:600]


def _write_tags(row: Document) -> None:
    wanted = {rules.tag_mark(tag) for tag in row.tags}
    known = set(row.tag_marks.values_list("mark", flat=True))
    if known == wanted:
        return
    row.tag_marks.exclude(mark__in=wanted).delete()
    DocumentTag.objects.bulk_create(
        DocumentTag(document_id=row.pk, agency_id=row.agency_id, mark=mark)
        for mark in sorted(wanted - known)
    )


def _write_clauses(row: Document, pairs: tuple[tuple[str, str], ...]) -> None:
    known = set(row.clauses.values_list("standard", "clause"))
    if known == set(pairs):
        return
    row.clauses.all().delete()
    DocumentClause.objects.bulk_create(
        DocumentClause(
            document_id=row.pk, agency_id=row.agency_id, standard=standard, clause=clause
        )
        for standard, clause in pairs
    )


def _said(row: Document, clauses: Any) -> dict[str, Any]:
    return {
        "code": row.code,
        "title": row.title,
        "parent_id": row.parent_id,
        "owner_unit_id": row.owner_unit_id,
        "level": row.level,
        "tags": list(row.tags),
        "clauses": sorted(list(pair) for pair in clauses),
    }


def _who_changed(row: Document) -> str:
    last = next(iter(history(object_type="document", object_id=row.pk, limit=1)), None)
    if last is None:
        return "Tài liệu này vừa đổi. Hãy tải lại trang để xem."
    name = person_names([last.actor_id]).get(last.actor_id or 0, "Người khác")
    return (
        f"{name} vừa sửa thông tin của {row.code} lúc {datetime_text(last.at)}. "
        "Hãy tải lại trang, xem thay đổi ấy rồi sửa tiếp."
    )


def _journal(actor: Actor, row: Document, action: str, now: datetime, **what: Any) -> None:
    record(
        actor_id=actor.person_id,
        agency_id=actor.agency_id,
        action=action,
        object_type="document",
        object_id=row.pk,
        at=now,
        **what,
    )
