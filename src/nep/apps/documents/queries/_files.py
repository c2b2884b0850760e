"""The files of a revision: how they look, what may be downloaded, and under which stamp."""

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from nep.apps.documents import ports, rules
from nep.apps.documents.models import CopyFault, Revision
from nep.apps.documents.queries._kept_papers import paper_kept, remade_note
from nep.apps.documents.queries._own_paper import own_pdf
from nep.apps.documents.queries._page import DocumentPage, document_page
from nep.apps.documents.queries._publication import (
    Publication,
    publication,
    stamp_of,
    verification_link,
)
from nep.apps.documents.queries._revisions import RevisionFacts
from nep.apps.documents.queries._signing import unsigned_copy_id
from nep.apps.organization.rules import Actor
from nep.foundation.files import queries as files
from nep.foundation.files.kinds import kind_of
from nep.foundation.printing import Column, Line, Paper, Table, bold, line, paper_pdf
from nep.foundation.printing import preview as previews
from nep.foundation.printing.cover import cover_pdf
from nep.foundation.printing.office import KINDS, office_program
from nep.foundation.printing.office_bounds import NotMade
from nep.foundation.printing.stamp import Stamp, is_signed, joined, stamped
from nep.foundation.printing.tags import tags_in, unknown_tags
from nep.kernel.difference import HEADING, ROW, Block
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.vietnamese import local

_WIDE = ("Nội dung", "Thành phần")


@dataclass(frozen=True, slots=True)
class RevisionFile:
    """The file that a revision is read from: the published PDF, the attached one, the original.

    `is_copy_coming` says that the frozen PDF of what is in force is being made in the background,
    `copy_fault` why it could not be. `own` is the text of a document without a file, written by
    the app that owns its content; the file such a document was read from is only its source.
    """

    page: DocumentPage
    revision: RevisionFacts
    original: files.FileFacts | None
    pdf: files.FileFacts | None
    is_frozen: bool
    needs_pdf: bool
    is_copy_coming: bool = False
    copy_fault: str = ""
    own: tuple[Block, ...] = ()

    @property
    def shown(self) -> files.FileFacts | None:
        """Return what is shown on the page."""
        return self.pdf or (None if self.own else self.original)


@dataclass(frozen=True, slots=True)
class Copy:
    """A file to be handed out."""

    name: str
    content_type: str
    data: bytes


def revision_file(*, actor: Actor, document_id: int, revision_id: int) -> RevisionFile:
    """Return the files of a revision that the actor may see. Raises NotFound."""
    page = document_page(actor=actor, document_id=document_id)
    return file_of(page, revision_id=revision_id)


def file_of(page: DocumentPage, *, revision_id: int) -> RevisionFile:
    """Return the files of a revision of a document that was read already. Raises NotFound."""
    facts = next((one for one in page.revisions if one.id == revision_id), None)
    if facts is None:
        raise NotFound()
    row = Revision.objects.get(pk=revision_id)
    original = files.facts(row.original_file_id) if row.original_file_id else None
    pdf = files.facts(row.published_file_id) if row.published_file_id else None
    is_frozen = pdf is not None and rules.is_frozen_copy(pdf.name)
    is_office = original is not None and original.name.lower().rsplit(".", 1)[-1] in KINDS
    lacks = facts.state == rules.IN_FORCE and pdf is None and original is not None
    fault = CopyFault.objects.filter(revision_id=revision_id).first() if lacks else None
    return RevisionFile(
        page, facts, original, pdf, is_frozen,
        needs_pdf=is_office and pdf is None and office_program() is None and facts.is_open,
        is_copy_coming=lacks and fault is None and page.kind != rules.PROCEDURE,
        copy_fault=fault.message if fault else "",
        own=_own_text(page, facts) if pdf is None else (),
    )  # fmt: skip


def _own_text(page: DocumentPage, facts: RevisionFacts) -> tuple[Block, ...]:
    return ports.text_of(page.kind, facts.id, facts.agency_id)


def file_preview(found: RevisionFile, *, now: datetime) -> previews.Preview | None:
    """Return how the file looks; None without a file. The first question has it made."""
    if found.shown is None:
        return None
    return previews.preview(sha256=found.shown.sha256, name=found.shown.name, now=now)


@dataclass(frozen=True, slots=True)
class TextGroup:
    """Blocks that stand together: "heading", "paragraph" or "row" (a table)."""

    kind: str
    blocks: tuple[Block, ...]


def text_groups(found: RevisionFile) -> tuple[TextGroup, ...]:
    """Return the text that was read from the file, rows that follow each other as one table."""
    blocks = previews.text_blocks(found.shown.sha256) if found.shown else found.own
    return tuple(
        TextGroup(kind, tuple(run)) for kind, run in groupby(blocks, key=lambda block: block.kind)
    )


def tag_faults(found: RevisionFile) -> tuple[str, ...]:
    """Return what is wrong with the tags of a draft's Word file, a sentence each.

    They would stop the publication, so the author is told while writing.
    """
    original = found.original
    if original is None or found.revision.state != rules.DRAFT or found.page.kind == rules.FORM:
        return ()
    if not original.name.lower().endswith(".docx"):
        return ()
    try:
        return unknown_tags(tags_in(files.read(original.id)))
    except NotMade as reason:
        return (reason.message,)


def page_picture(found: RevisionFile, *, number: int) -> bytes:
    """Return the picture of one page of a revision. Raises NotFound."""
    made = found.shown and previews.page_picture(sha256=found.shown.sha256, number=number)
    if not made:
        raise NotFound()
    return made


def original_copy(found: RevisionFile) -> Copy:
    """Return the bytes that the author gave, untouched; the name says when it does not hold.

    Raises NotFound.
    """
    if found.original is None:
        raise NotFound("no_original", "Bản này không có tệp gốc.")
    mark = rules.copy_mark(found.revision.state)
    name = f"{mark} - {found.original.name}" if mark else found.original.name
    return Copy(name, found.original.content_type, files.read(found.original.id))


def stamped_copy(found: RevisionFile, *, now: datetime) -> Copy:
    """Return the PDF of a revision under the stamp of its state.

    Raises NotFound without a file, Refusal while its PDF is being made or when it cannot be.
    """
    if found.shown is None and not found.own:
        raise NotFound("no_original", "Bản này không có tệp gốc.")
    facts = found.revision
    told = publication(revision_id=facts.id, agency_id=facts.agency_id, today=local(now).date())
    mark = rules.copy_mark(facts.state)
    name = f"{mark + ' - ' if mark else ''}{told.code} {told.number}.pdf"
    if found.shown is not None and found.is_frozen and facts.state == rules.IN_FORCE:
        return Copy(name, "application/pdf", files.read(found.shown.id))
    stamp = stamp_of(told, link=verification_link(told.public_key))
    kept = paper_kept(revision_id=facts.id) if found.shown is None else None
    if kept is not None and kept.pdf_id is not None:
        data = files.read(kept.pdf_id)
        if facts.state == rules.IN_FORCE:
            return Copy(name, "application/pdf", data)
        frame = Stamp(stamp.state, "", look=stamp.look, note=stamp.note)
        return Copy(name, "application/pdf", stamped(data, frame, made_at=now))
    if found.is_frozen:
        stamp = Stamp(stamp.state, "", look=stamp.look, note=stamp.note)
    elif found.shown is None:
        again = remade_note(
            state=facts.state, effective_from=told.effective_from, today=local(now).date()
        )
        stamp = replace(stamp, note=". ".join(filter(None, (stamp.note, again))))
    try:
        pages = _pages(found, now) if found.shown else _own_pages(found, told, now)
        if is_signed(pages):  # came signed: handed out as it is, its page says the state
            return Copy(name, "application/pdf", pages)
        return Copy(name, "application/pdf", stamped(pages, stamp, made_at=now))
    except NotMade as reason:
        raise Refusal(reason.code, reason.message) from reason


def _own_pages(found: RevisionFile, told: Publication, now: datetime) -> bytes:
    """Print a document whose content another app owns, under its cover."""
    made = own_pdf(told, made_at=now)
    if made is not None:
        return made
    parts: list[Line | Table] = []
    for group in text_groups(found):
        if group.kind == ROW:
            head, *rows = group.blocks
            parts.append(Table(tuple(map(_column, head.cells)), tuple(row.cells for row in rows)))
        else:
            is_head = group.kind == HEADING
            parts += [line(bold(one.text)) if is_head else line(one.text) for one in group.blocks]
    paper = Paper(
        title=told.title, subtitle=f"{told.code}, {told.number}", above=told.cover.above,
        issuer=told.cover.issuer, blocks=tuple(parts),
    )  # fmt: skip
    return joined(cover_pdf(told.cover, made_at=now), paper_pdf(paper, made_at=now))


def _column(head: str) -> Column:
    """Return a column as wide as what usually stands in it."""
    return Column(head, 0.6 if len(head) < 5 else 4 if head.startswith(_WIDE) else 1.6)


def _pages(found: RevisionFile, now: datetime) -> bytes:
    """Return the pages as PDF without a long wait: from what the worker has made."""
    shown = found.shown
    if shown is None:
        raise NotFound()
    before = unsigned_copy_id(found.revision.id) if found.is_frozen else None
    data = files.read(before or shown.id)  # a stamp goes upon what nobody had signed yet
    if kind_of(data, name=shown.name).name == "pdf":
        return data
    known = previews.known_pdf(shown.sha256)
    if known is not None:
        return known.read_bytes()
    state = previews.preview(sha256=shown.sha256, name=shown.name, now=now)
    if state.state == previews.FAILED:
        raise NotMade(state.code, state.message)
    raise Refusal(
        "preview_working", "Bản PDF đang được dựng, thường mất vài giây. Hãy thử lại sau giây lát."
    )
