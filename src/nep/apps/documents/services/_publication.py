"""The published copy of a revision: a frozen PDF with cover and stamp, or the PDF beside Word."""

import secrets
from datetime import date, datetime

from django.db import transaction

from nep.apps.documents import queries, rules
from nep.apps.documents.models import Revision
from nep.apps.documents.services._life_rows import journal, locked, save
from nep.apps.documents.services._revisions import revision_touch
from nep.apps.organization.rules import Actor, may
from nep.foundation.files import queries as files
from nep.foundation.files.kinds import kind_of
from nep.foundation.files.services import store
from nep.foundation.journal.services import record
from nep.foundation.printing.cover import cover_pdf
from nep.foundation.printing.office_bounds import NotMade
from nep.foundation.printing.preview import pdf_of
from nep.foundation.printing.stamp import joined, page_count, stamped
from nep.foundation.printing.tags import fill_tags, tags_in, unknown_tags
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import local

MOST_PUBLISHED = 200_000_000
_ADVICE = " Hãy sửa tệp gốc, hoặc đính kèm bản PDF ở thẻ Toàn văn, rồi phê duyệt lại."


def publication_make(*, revision_id: int, now: datetime) -> int:
    """Make the frozen, stamped PDF of an approved revision; return its stored file's id.

    The caller has judged the approval and holds the transaction; the revision's row already
    carries who approved it and its day of effect. Sets `published_file` and `public_key` of the
    row, without touching its version. A copy that was made before is kept as it is.

    Raises Refusal when it cannot be made: `publication_no_file`, `publication_tags`, or the code
    of what went wrong; then nothing may be published.
    """
    row = Revision.objects.get(pk=revision_id)
    if row.published_file_id and rules.is_frozen_copy(files.facts(row.published_file_id).name):
        return row.published_file_id
    today = local(now).date()
    key = row.public_key or secrets.token_urlsafe(15)
    found = queries.publication(revision_id=revision_id, agency_id=row.agency_id, today=today)
    made = _made(found, key=key, now=now)
    stored = store(
        data=made, name=f"{found.code} {found.number}{rules.FROZEN_ENDING}", agency_id=row.agency_id,
        actor_id=None, at=now, kinds=("pdf",), max_bytes=MOST_PUBLISHED,
    )  # fmt: skip
    Revision.objects.filter(pk=revision_id).update(published_file=stored, public_key=key)
    record(
        actor_id=None, agency_id=row.agency_id, action="revision.published_copy_made",
        object_type="revision", object_id=revision_id, at=now, new={"sha256": stored.sha256},
    )  # fmt: skip
    return stored.pk


def publication_check(*, revision_id: int, agency_id: int, today: date) -> None:
    """Find out, outside any transaction, whether a revision could be published; warm its PDF.

    Raises Refusal with the sentence that publishing itself would raise.
    """
    found = queries.publication(revision_id=revision_id, agency_id=agency_id, today=today)
    try:
        _body(found)
    except NotMade as reason:
        raise Refusal(f"publication_{reason.code}", reason.message + _ADVICE) from reason


def publication_attach(
    *, actor: Actor, revision_id: int, name: str, data: bytes, now: datetime
) -> int:
    """Lay a PDF beside the original of a draft, to be published in its place; return its id.

    Needed where the server cannot turn the original into PDF. Raises Refusal for what is no PDF,
    cannot be opened, or for a revision that is no draft.
    """
    require(may(actor, "document.draft"))
    with transaction.atomic():
        row = locked(actor, revision_id)
        queries.document_page(actor=actor, document_id=row.document_id)
        require(rules.decide_edit(row.state), kind=Refusal)
        stored = store(
            data=data, name=name, agency_id=actor.agency_id, actor_id=actor.person_id, at=now,
            kinds=("pdf",),
        )  # fmt: skip
        try:
            page_count(data)
        except NotMade as reason:
            raise Refusal(reason.code, reason.message, field="file") from reason
        stored.name = f"{row.document.code}{rules.ATTACHED_ENDING}"
        stored.save(update_fields=["name"])
        revision_touch(actor=actor, revision_id=revision_id, now=now)
        old, row.published_file_id = row.published_file_id, stored.pk
        save(row)
        journal(
            actor, row, "revision.pdf_attached", now,
            old=files.facts(old).sha256 if old else "", new=stored.sha256,
        )  # fmt: skip
    return stored.pk


def _made(found: queries.Publication, *, key: str, now: datetime) -> bytes:
    try:
        body, has_own_cover = _body(found)
        if not has_own_cover and found.kind != rules.FORM:
            body = joined(cover_pdf(found.cover, made_at=now), body)
        link = queries.verification_link(key)
        return stamped(body, queries.valid_stamp(found, link=link), made_at=now)
    except NotMade as reason:
        raise Refusal(f"publication_{reason.code}", reason.message + _ADVICE) from reason


def _body(found: queries.Publication) -> tuple[bytes, bool]:
    """Return the pages as PDF, and whether they carry their cover already (filled tags)."""
    if found.original_file_id is None and found.published_file_id is None:
        raise Refusal(
            "publication_no_file",
            "Bản này chưa có tệp nội dung nên chưa ban hành được. Hãy tải tệp lên rồi trình lại.",
        )
    attached = found.published_file_id
    if attached is not None:
        _check_age(found, attached)
        return files.read(attached), False
    facts = files.facts(found.original_file_id or 0)
    data = files.read(facts.id)
    if kind_of(data, name=facts.name).name == "docx" and found.kind != rules.FORM:
        tags = tags_in(data)
        wrong = unknown_tags(tags)
        if wrong:
            raise Refusal(
                "publication_tags",
                "Tệp Word có thẻ chưa đúng nên chưa ban hành được: " + " ".join(wrong),
            )
        if tags:
            filled = fill_tags(
                data, texts=queries.tag_texts(found), tables=queries.tag_tables(found)
            )
            return pdf_of(filled, name=facts.name, waits=False), True
    return pdf_of(data, name=facts.name, waits=False), False


def _check_age(found: queries.Publication, attached: int) -> None:
    if found.original_file_id is None:
        return
    if files.facts(attached).stored_at < files.facts(found.original_file_id).stored_at:
        raise Refusal(
            "publication_older",
            "Tệp gốc đã được thay sau khi đính kèm bản PDF. Hãy xuất lại PDF từ tệp gốc mới và "
            "đính kèm lại.",
        )
