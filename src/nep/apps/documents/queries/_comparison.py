"""Two revisions of a document laid beside each other."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from nep.apps.documents import rules
from nep.apps.documents.models import Document, Revision
from nep.apps.documents.queries._access import visible
from nep.apps.documents.queries._files import RevisionFile, revision_file
from nep.apps.documents.queries._page import DocumentPage
from nep.apps.documents.queries._revisions import RevisionFacts
from nep.apps.organization.rules import Actor
from nep.foundation.files import queries as files
from nep.foundation.printing.office_bounds import NotMade
from nep.foundation.printing.texts import blocks_of
from nep.kernel.difference import ONLY, ROW, SAME, Block, Change, Comparison, compare

AROUND = 1
MOST_BLOCKS = 6000


@dataclass(frozen=True, slots=True)
class ShownPiece:
    """A stretch of text: "same", "added" or "removed"."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A paragraph, heading or row of a table; `mark` also "moved"."""

    mark: str
    kind: str
    label: str
    cells: tuple[tuple[ShownPiece, ...], ...]


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """Lines that stand together: "text", "table", or "fold" for what did not change."""

    kind: str
    lines: tuple[ShownLine, ...]


@dataclass(frozen=True, slots=True)
class ComparedRevisions:
    """The page of a comparison; `reason` says why it could not be made."""

    page: DocumentPage
    old: RevisionFacts
    new: RevisionFacts
    groups: tuple[ShownGroup, ...]
    changed: int
    sections: int
    moved: int
    forms: tuple[rules.FormChange, ...]
    proposed: str
    summary: str
    reason: str = ""

    @property
    def is_same(self) -> bool:
        """Say whether the texts do not differ."""
        return not self.reason and not self.changed and not self.forms


def compared_revisions(
    *, actor: Actor, document_id: int, old_id: int, new_id: int
) -> ComparedRevisions:
    """Compare two revisions of a document that the actor may see. Raises NotFound."""
    before = revision_file(actor=actor, document_id=document_id, revision_id=old_id)
    after = revision_file(actor=actor, document_id=document_id, revision_id=new_id)
    forms = tuple(_forms(actor, after, before))
    summary = Revision.objects.values_list("change_summary", flat=True).get(pk=new_id)
    try:
        found = compare(_blocks(before), _blocks(after))
    except NotMade as reason:
        return ComparedRevisions(
            after.page, before.revision, after.revision, (), 0, 0, 0, forms, "", summary,
            reason.message,
        )  # fmt: skip
    changed = sum(change.mark != SAME for change in found.changes) - found.moved
    return ComparedRevisions(
        page=after.page,
        old=before.revision,
        new=after.revision,
        groups=tuple(_groups(found)),
        changed=changed,
        sections=rules.changed_sections(found),
        moved=found.moved,
        forms=forms,
        proposed=rules.summary_in_words(found, forms),
        summary=summary,
    )


def _blocks(found: RevisionFile) -> tuple[Block, ...]:
    """Return the text of what the author wrote: the original before the PDF made of it."""
    source = found.original or found.pdf
    if source is None:
        raise NotMade(
            "no_original", f"Bản {found.revision.number} không có tệp nội dung để so sánh."
        )
    return blocks_of(files.read(source.id), name=source.name)[:MOST_BLOCKS]


def _forms(actor: Actor, after: RevisionFile, before: RevisionFile) -> Iterator[rules.FormChange]:
    """Yield the forms that came, changed or went between the two revisions."""
    package = Revision.objects.filter(leader_id=after.revision.id).exclude(state=rules.DROPPED)
    for row in package.select_related("document").order_by("document__code"):
        earlier = Revision.objects.filter(
            document_id=row.document_id, state__in=[rules.IN_FORCE, rules.RETIRED]
        ).exclude(pk=row.id)
        yield rules.FormChange(
            row.document.code, row.document.title,
            rules.revision_text(row.issue, row.amendment),
            rules.CHANGED_FORM if earlier.exists() else rules.NEW_FORM,
        )  # fmt: skip
    since, until = before.revision.effective_from, after.revision.effective_from or date.max
    gone = Document.objects.filter(
        visible(actor), parent_id=after.page.id, withdrawn_on__gte=since, withdrawn_on__lte=until
    )
    for document in gone.order_by("code") if since else ():
        yield rules.FormChange(document.code, document.title, "", rules.DEAD_FORM)


def _groups(found: Comparison) -> Iterator[ShownGroup]:
    """Yield what changed with a line around it; longer unchanged runs are folded."""
    marks = [change.mark != SAME for change in found.changes]
    near = [any(marks[max(0, index - AROUND) : index + AROUND + 1]) for index in range(len(marks))]
    lines = [
        (is_near, _line(found, change)) for is_near, change in zip(near, found.changes, strict=True)
    ]

    def place(pair: tuple[bool, ShownLine]) -> str:
        is_near, line = pair
        return "fold" if not is_near else "table" if line.kind == ROW else "text"

    for kind, run in groupby(lines, key=place):
        yield ShownGroup(kind, tuple(line for _, line in run))


def _line(found: Comparison, change: Change) -> ShownLine:
    block = found.block_of(change)
    mark = "moved" if change.moved is not None else change.mark
    cells = tuple(
        tuple(ShownPiece(piece.mark, piece.text.replace(ONLY, "")) for piece in cell)
        for cell in change.cells
    )
    return ShownLine(mark, block.kind, block.label, cells)
