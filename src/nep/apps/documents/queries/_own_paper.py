"""The controlled paper of a document whose content another app owns: one paper, PDF and Word."""

from dataclasses import dataclass, replace
from datetime import datetime

from nep.apps.documents import ports
from nep.apps.documents.queries._publication import Publication, tag_tables, tag_texts
from nep.foundation.printing.controlled import (
    Controlled,
    controlled_docx,
    controlled_pdf,
    with_figures,
)
from nep.foundation.printing.cover import RevisionRow
from nep.foundation.printing.preview import pdf_of
from nep.foundation.printing.tags import fill_tags
from nep.kernel.text import fold
from nep.kernel.vietnamese import date_text

NO_CHANGE = RevisionRow("", "", "", "")


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A Word file made from what the system holds."""

    name: str
    data: bytes


def own_pdf(told: Publication, *, made_at: datetime) -> bytes | None:
    """Return the paper as PDF without a stamp, None where no app prints this kind.

    The agency's own template is turned to PDF by LibreOffice; raises NotMade where that fails.
    """
    own = ports.paper_of(told.kind, told.revision_id, told.agency_id)
    if own is None:
        return None
    if own.template is not None:
        return pdf_of(_filled(told, own), name="mau-rieng.docx")
    return controlled_pdf(_controlled(told, own), made_at=made_at)


def own_word(told: Publication) -> OwnFile | None:
    """Return the paper as a Word file, None where no app prints this kind."""
    own = ports.paper_of(told.kind, told.revision_id, told.agency_id)
    if own is None:
        return None
    is_own = own.template is not None
    data = _filled(told, own) if is_own else controlled_docx(_controlled(told, own))
    return OwnFile(f"{told.code} {told.number}.docx", data)


def _filled(told: Publication, own: ports.OwnPaper) -> bytes:
    """Return the agency's template with its tags filled; an empty tag leaves nothing behind."""
    whole = replace(told, cover=_controlled(told, own).cover)
    data = fill_tags(
        own.template or b"",
        texts={**tag_texts(whole), **own.texts},
        tables={**tag_tables(whole), **own.tables},
    )
    return with_figures(data, own.figures, tag=own.figure_tag) if own.figure_tag else data


def _controlled(told: Publication, own: ports.OwnPaper) -> Controlled:
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
