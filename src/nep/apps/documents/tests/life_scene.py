"""Documents on their way to force, for tests of the life."""

import io
import zipfile
from datetime import datetime

from nep.apps.documents import queries, services
from nep.apps.documents.models import Document, Revision
from nep.apps.organization.tests.scene import NOW, Scene
from nep.foundation.files.services import store

_WORD = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    "<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
)


def word(text: str) -> bytes:
    """Return a small Word file that says one thing."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", _WORD.format(text=text))
    return out.getvalue()


def draft(
    agency: Scene,
    *,
    code: str = "QT-01",
    title: str = "Kiểm soát tài liệu",
    kind: str = "system_procedure",
    by: str = "lan",
    parent_id: int | None = None,
    now: datetime = NOW,
) -> tuple[int, int]:
    """Begin a document with its file; return (document id, revision id)."""
    document_id, revision_id = services.document_create(
        actor=agency.actor(by), kind=kind, code=code, title=title, issue="01", amendment="00",
        original_file_id=keep(agency, f"{code} lần 01", by=by, now=now), now=now,
    )  # fmt: skip
    Document.objects.filter(pk=document_id).update(parent_id=parent_id)
    return document_id, revision_id


def keep(agency: Scene, text: str, *, by: str = "lan", now: datetime = NOW) -> int:
    """Store a Word file that says the text; return its id."""
    row = store(
        data=word(text), name=f"{text}.docx", agency_id=agency.agency_id,
        actor_id=agency.people[by], at=now,
    )  # fmt: skip
    return row.pk


def submit(agency: Scene, revision_id: int, *, by: str = "lan", now: datetime = NOW, **more):
    """Send a draft to Toàn, who checks, and Hà, who approves."""
    services.document_submit(
        actor=agency.actor(by), revision_id=revision_id, now=now,
        **{"checker_id": agency.people["toan"], "approver_id": agency.people["ha"], **more},
    )  # fmt: skip


def seen(revision_id: int) -> str:
    """Return the hash the page shows."""
    return Revision.objects.get(pk=revision_id).content_hash


def check(agency: Scene, revision_id: int, *, by: str = "toan", now: datetime = NOW, **more):
    """State that it was checked as the page showed it."""
    return services.document_check(
        actor=agency.actor(by, now=now), revision_id=revision_id, now=now,
        **{"content_hash": seen(revision_id), **more},
    )  # fmt: skip


def approve(agency: Scene, revision_id: int, *, by: str = "ha", now: datetime = NOW, **more):
    """Approve it as the page showed it, with today's decision."""
    return services.document_approve(
        actor=agency.actor(by, now=now), revision_id=revision_id, now=now,
        **{"content_hash": seen(revision_id), "decision_number": "12/QĐ-SKHCN", **more},
    )  # fmt: skip


def brought(agency: Scene, **facts) -> tuple[int, int]:
    """Bring a new document into force today."""
    document_id, revision_id = draft(agency, **facts)
    submit(agency, revision_id)
    check(agency, revision_id)
    approve(agency, revision_id)
    return document_id, revision_id


def again(agency: Scene, document_id: int, *, now: datetime = NOW) -> int:
    """Begin the next revision with a file of its own."""
    revision_id = services.revision_draft(
        actor=agency.actor("lan"), document_id=document_id, is_new_issue=False,
        change_note="Thêm bước kiểm tra chéo", now=now,
        original_file_id=keep(agency, f"bản mới {document_id}", now=now),
    )  # fmt: skip
    return revision_id


def state(revision_id: int) -> str:
    """Return a revision's state."""
    return Revision.objects.get(pk=revision_id).state


def acts(agency: Scene, revision_id: int) -> list[str]:
    """Return the acts of a revision's history in order."""
    lines = queries.history(revision_id=revision_id, agency_id=agency.agency_id)
    return [line.act for line in lines]
