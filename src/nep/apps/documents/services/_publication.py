"""The published copy of a revision: a frozen PDF with cover and stamp, or the PDF beside Word."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from nep.apps.documents import queries, rules
from nep.apps.documents.models import CopyFault, Revision
from nep.apps.documents.services._copies import (
    CopiesMissing,
    Recipe,
    body_make,
    public_key,
    recipe_of,
    with_copies,
)
from nep.apps.documents.services._life_rows import journal, locked, save
from nep.apps.documents.services._revisions import revision_touch
from nep.apps.organization.rules import Actor, may
from nep.foundation.files import queries as files
from nep.foundation.files.kinds import CONTENT_TYPES
from nep.foundation.files.services import store
from nep.foundation.journal.services import record
from nep.foundation.printing import preview as previews
from nep.foundation.printing.office import office_program
from nep.foundation.printing.office_bounds import NotMade
from nep.foundation.printing.ready import ready_paper
from nep.foundation.printing.stamp import page_count
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import local

MOST_PUBLISHED = 200_000_000
AT_ONCE = 30
AGAIN = timedelta(days=7)
OFFICE_MISSING = "publication_office_missing"


def publication_make(*, revision_id: int, now: datetime) -> int:
    """Make and freeze the stamped PDF of a revision; return its stored file's id.

    Part of what puts a revision into force, judged there. A copy that was made before is kept as
    it is. Raises Refusal when it cannot be made: `publication_no_file`, `publication_tags`, or the
    code of what went wrong; then nothing may be published.
    """

    def take() -> int:
        missing: list[Recipe] = []
        made = publication_take(revision_id=revision_id, now=now, missing=missing)
        if missing:
            raise CopiesMissing(missing)
        return made

    return with_copies(take, now=now)


def publication_take(
    *, revision_id: int, now: datetime, missing: list[Recipe], is_rehearsal: bool = False
) -> int:
    """Freeze the copy that was made ready for a revision; return its stored file's id.

    The caller has judged the approval and holds the transaction; the revision's row already
    carries who approved it and its day of effect. Sets `published_file` and `public_key` of the
    row, without touching its version. Where nothing is ready, the recipe is added to `missing`
    and 0 returned; a rehearsal stores nothing. Raises Refusal as `recipe_of` does.
    """
    row = Revision.objects.get(pk=revision_id)
    if row.published_file_id and rules.is_frozen_copy(files.facts(row.published_file_id).name):
        return row.published_file_id
    today = local(now).date()
    key = row.public_key or public_key(row.id, row.content_hash)
    found = queries.publication(revision_id=revision_id, agency_id=row.agency_id, today=today)
    recipe = recipe_of(found, key=key)
    made = ready_paper(recipe.key)
    if made is None:
        missing.append(recipe)
    if made is None or is_rehearsal:
        return 0
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


def publication_check(*, revision_id: int, agency_id: int, now: datetime) -> None:
    """Find out, outside any transaction, whether a revision could be published; warm its PDF.

    Raises Refusal with the sentence that publishing itself would raise.
    """
    found = queries.publication(
        revision_id=revision_id, agency_id=agency_id, today=local(now).date()
    )
    body_make(recipe_of(found, key=found.public_key))


def copies_catch_up(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Freeze copies of revisions that came into force without one, as by an import.

    Word files are turned into PDF beside the worker's other work; a revision whose PDF is not
    there yet is taken in a later round. Returns how many were frozen. Why one cannot be made is
    kept for its page, and tried again when LibreOffice has come, else after a week.
    """
    stale = Q(at__lte=now - AGAIN)
    if office_program() is not None:
        stale |= Q(code=OFFICE_MISSING)
    CopyFault.objects.filter(stale).delete()
    rows = Revision.objects.filter(
        state=rules.IN_FORCE, published_file=None, original_file__isnull=False, copy_fault=None
    )
    waiting = rows.exclude(document__kind=rules.PROCEDURE).order_by("id")[:limit]
    return sum(_catch_up(row, now) for row in list(waiting))


def _catch_up(row: Revision, now: datetime) -> int:
    today = local(now).date()
    try:
        found = queries.publication(revision_id=row.id, agency_id=row.agency_id, today=today)
        recipe = recipe_of(found, key=row.public_key)
        if _is_being_turned(recipe, files.facts(row.original_file_id or 0), now):
            return 0
        publication_make(revision_id=row.id, now=now)
    except Refusal as reason:
        CopyFault.objects.update_or_create(
            revision_id=row.id,
            defaults={"code": reason.code[:40], "message": reason.message[:1000], "at": now},
        )
        return 0
    return 1


def _is_being_turned(recipe: Recipe, original: files.FileFacts, now: datetime) -> bool:
    """Say whether the body is on its way to PDF beside the queue; ask for it when it is not."""
    is_pdf = original.content_type == CONTENT_TYPES["pdf"]
    if is_pdf or recipe.sha256 != original.sha256 or previews.known_pdf(original.sha256):
        return False
    known = previews.preview(sha256=original.sha256, name=original.name, now=now)
    if known.state == previews.FAILED:
        raise Refusal(f"publication_{known.code}", known.message)
    return known.state == previews.WORKING


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
        row.attached_file_id = stored.pk
        save(row)
        journal(
            actor, row, "revision.pdf_attached", now,
            old=files.facts(old).sha256 if old else "", new=stored.sha256,
        )  # fmt: skip
    return stored.pk
