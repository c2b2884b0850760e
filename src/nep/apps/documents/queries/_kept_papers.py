"""Papers kept as files since their revision came into force; what must hold of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from nep.apps.documents import rules
from nep.apps.documents.models import KeptPaper
from nep.foundation.db.doctor import Finding, invariant
from nep.kernel.vietnamese import date_text, local


@dataclass(frozen=True, slots=True)
class PaperKept:
    """The stored files of a kept paper; `pdf_id` None where it could not be made, with the reason.

    `sha256` is that of the Word file, `pdf_sha256` that of the PDF; `tries` says how often the PDF
    was tried, `try_at` when it will be again, None where it never will.
    """

    word_id: int
    pdf_id: int | None
    fault: str
    made_at: datetime
    sha256: str
    pdf_sha256: str
    tries: int
    try_at: datetime | None


def paper_kept(*, revision_id: int) -> PaperKept | None:
    """Return the paper kept of a revision, None where none is."""
    row = KeptPaper.objects.filter(revision_id=revision_id).select_related("word", "pdf").first()
    if row is None:
        return None
    return PaperKept(
        row.word_id, row.pdf_id, row.fault, row.made_at, row.word.sha256,
        row.pdf.sha256 if row.pdf else "", row.tries, row.try_at,
    )  # fmt: skip


def remade_note(*, state: str, effective_from: date | None, today: date) -> str:
    """Return what a paper made on demand says of itself once its revision was in force before.

    "" for what is not published yet, and on the day it comes into force.
    """
    if state not in (rules.IN_FORCE, rules.RETIRED) or effective_from is None:
        return ""
    if state == rules.IN_FORCE and effective_from >= today:
        return ""
    return f"Dựng lại ngày {date_text(today)}"


@invariant("document_papers_kept", "Bản in lưu lúc ban hành là của đúng lần ban hành")
def papers_kept() -> Iterator[Finding]:
    """Find kept papers of another content or agency than their revision's."""
    rows = KeptPaper.objects.select_related("revision__document", "word", "pdf").order_by("pk")
    for row in rows.iterator(chunk_size=500):
        revision = row.revision
        name = f"bản in của {revision.document.code}"
        if row.content_hash != revision.content_hash:
            yield Finding("document_papers_kept", name, "lưu từ nội dung khác với lần ban hành")
        for file in filter(None, (row.word, row.pdf)):
            if file.agency_id != revision.agency_id:
                yield Finding("document_papers_kept", name, "tệp thuộc cơ quan khác")


@invariant("document_papers_pdf", "Bản in lưu của lần đang có hiệu lực có cả PDF")
def papers_in_pdf() -> Iterator[Finding]:
    """Find papers in force whose PDF could not be made at the second time either, and why."""
    rows = KeptPaper.objects.filter(pdf=None, tries__gt=1, revision__state=rules.IN_FORCE)
    for row in rows.select_related("revision__document").order_by("pk").iterator(chunk_size=500):
        then = f"thử tiếp {date_text(local(row.try_at).date())}" if row.try_at else "không thử nữa"
        yield Finding(
            "document_papers_pdf", f"bản in của {row.revision.document.code}",
            f"chưa có PDF sau {row.tries} lần thử, {then}: {row.fault}",
        )  # fmt: skip
