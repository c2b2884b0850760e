"""Documents on their way to force, for tests of the life."""

from datetime import datetime

from nep.apps.documents import queries, services
from nep.apps.documents.models import Document, Revision
from nep.apps.organization.tests.scene import NOW, Scene
from nep.foundation.files.services import store


def sheet(text: str) -> bytes:
    """Return a PDF of one page that says one thing (in plain letters)."""
    said = text.encode("ascii", "replace").decode()
    drawn = f"BT /F1 18 Tf 72 760 Td ({said}) Tj ET"
    parts = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>",
    )
    out, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    tail = f"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return f"{out}xref\n0 6\n0000000000 65535 f \n{table}{tail}".encode("ascii")


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
    """Store a file that says the text; return its id."""
    row = store(
        data=sheet(text), name=f"{text}.pdf", agency_id=agency.agency_id,
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
    return services.revision_draft(
        actor=agency.actor("lan"), document_id=document_id, is_new_issue=False,
        change_note="Thêm bước kiểm tra chéo", now=now,
        original_file_id=keep(agency, f"bản mới {document_id}", now=now),
    )  # fmt: skip


def state(revision_id: int) -> str:
    """Return a revision's state."""
    return Revision.objects.get(pk=revision_id).state


def acts(agency: Scene, revision_id: int) -> list[str]:
    """Return the acts of a revision's history in order."""
    lines = queries.history(revision_id=revision_id, agency_id=agency.agency_id)
    return [line.act for line in lines]
