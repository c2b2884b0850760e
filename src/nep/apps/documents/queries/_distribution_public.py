"""Documents that anyone may read; nothing else is ever answered here."""

from dataclasses import dataclass
from datetime import date

from nep.apps.documents import rules
from nep.apps.documents.models import Document
from nep.kernel.text import fold

MOST_LISTED = 300


@dataclass(frozen=True, slots=True)
class PublicDocument:
    """A public document in force; `file_id` is the frozen PDF, None where there is none."""

    id: int
    code: str
    title: str
    kind_name: str
    agency_code: str
    agency_name: str
    number: str
    effective_from: date | None
    file_id: int | None


def public_documents(*, query: str = "") -> tuple[PublicDocument, ...]:
    """Return the public documents whose code and title hold every word, by agency and code."""
    rows = _open()
    for word in fold(query).split()[:8]:
        rows = rows.filter(folded__contains=word)
    return tuple(_public(row) for row in rows.order_by("agency__folded", "code")[:MOST_LISTED])


def public_document(document_id: int) -> PublicDocument | None:
    """Return one public document in force, or None."""
    row = _open().filter(pk=document_id).first()
    return _public(row) if row else None


def _open():
    """Return `rules.is_open_to_public` as rows."""
    return Document.objects.filter(
        status="in_force", level=rules.PUBLIC, is_public=True, current__isnull=False
    ).select_related("current", "agency")


def _public(row: Document) -> PublicDocument:
    current = row.current
    return PublicDocument(
        row.pk,
        row.code,
        row.title,
        rules.KIND_NAMES.get(row.kind, row.kind),
        row.agency.code,
        row.agency.name,
        rules.revision_text(current.issue, current.amendment) if current else "",
        current.effective_from if current else None,
        current.published_file_id if current else None,
    )
