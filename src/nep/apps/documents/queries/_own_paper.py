"""The controlled paper of a document whose content another app owns: one paper, PDF and Word."""

from dataclasses import dataclass, replace
from datetime import datetime

from nep.apps.documents import ports
from nep.apps.documents.queries._publication import Publication
from nep.foundation.printing.controlled import Controlled, controlled_docx, controlled_pdf
from nep.foundation.printing.cover import RevisionRow
from nep.kernel.text import fold
from nep.kernel.vietnamese import date_text

NO_CHANGE = RevisionRow("", "", "", "")


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A Word file made from what the system holds."""

    name: str
    data: bytes


def controlled_of(told: Publication) -> Controlled | None:
    """Return the paper of a revision, None where no app prints this kind."""
    own = ports.paper_of(told.kind, told.revision_id, told.agency_id)
    if own is None:
        return None
    told_here = {(row.day, fold(row.change)) for row in told.cover.revisions}
    before = tuple(
        RevisionRow(number, day, change, "")
        for number, day, change in own.changes
        if (day, fold(change)) not in told_here
    )
    cover = replace(
        told.cover,
        revisions=(*before, *told.cover.revisions) or (NO_CHANGE,),
        recipients=told.cover.recipients or own.recipients,
    )
    day = told.issued_on or told.effective_from
    running = (
        ("Mã hiệu", told.code),
        ("Lần ban hành", f"{told.issue}, sửa đổi {told.amendment}"),
        ("Ngày ban hành", date_text(day) if day else "…/…/……"),
    )
    return Controlled(cover, running, own.blocks, own.figures)


def own_pdf(told: Publication, *, made_at: datetime) -> bytes | None:
    """Return the paper as PDF without a stamp, None where no app prints this kind."""
    made = controlled_of(told)
    return controlled_pdf(made, made_at=made_at) if made else None


def own_word(told: Publication) -> OwnFile | None:
    """Return the paper as a Word file, None where no app prints this kind."""
    made = controlled_of(told)
    if made is None:
        return None
    return OwnFile(f"{told.code} {told.number}.docx", controlled_docx(made))
