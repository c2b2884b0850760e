"""Documents in force, for tests of what happens around them."""

import hashlib
from datetime import datetime

from nep.apps.documents import services
from nep.apps.documents.models import Document, Revision
from nep.apps.organization.tests.scene import NOW, Scene
from nep.foundation.files.services import store
from nep.foundation.outbox.worker import drain
from nep.kernel.vietnamese import local

AUTHOR, CHECKER, APPROVER = "lan", "toan", "ha"


def secretary(agency: Scene, key: str = "thuky") -> str:
    """Add the ISO secretary, who manages documents, and return the key."""
    agency.person(key, "Bùi Thị Ngọc Ánh", ("", "iso_secretary", "Thư ký ISO"))
    return key


def in_force(
    agency: Scene,
    *,
    code: str = "QT-05",
    title: str = "Kiểm soát sự không phù hợp",
    kind: str = "system_procedure",
    now: datetime = NOW,
    data: bytes = b"",
    name: str = "",
) -> tuple[int, int]:
    """Bring a document into force by three people; return (document id, revision id)."""
    document_id, revision_id = services.document_create(
        actor=agency.actor(AUTHOR, now=now), kind="procedure", code=code, title=title, issue="01",
        amendment="00", original_file_id=None, now=now,
    )  # fmt: skip
    if data:
        give_file(agency, revision_id, data, name, now)
    approve(agency, revision_id, now=now)
    Document.objects.filter(pk=document_id).update(kind=kind)
    return document_id, revision_id


def give_file(agency: Scene, revision_id: int, data: bytes, name: str, now: datetime) -> None:
    """Lay the original bytes of a revision."""
    row = store(
        data=data, name=name, agency_id=agency.agency_id, actor_id=agency.people[AUTHOR], at=now
    )
    Revision.objects.filter(pk=revision_id).update(original_file_id=row.id)


def approve(agency: Scene, revision_id: int, *, now: datetime = NOW) -> None:
    """Submit, check and approve a draft as of today, then let the worker tell everybody."""
    seal = hashlib.sha256(str(revision_id).encode()).hexdigest()
    common = {"revision_id": revision_id, "content_hash": seal, "now": now}
    services.revision_submit_check(actor=agency.actor(AUTHOR, now=now), **common)
    services.revision_check(actor=agency.actor(CHECKER, now=now), **common)
    services.revision_approve(
        actor=agency.actor(APPROVER, now=now), effective_from=local(now).date(), **common
    )
    drain(now=now)


def next_version(agency: Scene, document_id: int, *, now: datetime) -> int:
    """Bring the next version of a document into force; return its revision."""
    kind = Document.objects.get(pk=document_id).kind
    Document.objects.filter(pk=document_id).update(kind="procedure")
    revision_id = services.revision_draft(
        actor=agency.actor(AUTHOR, now=now), document_id=document_id, is_new_issue=True,
        change_note="Rút ngắn thời gian khắc phục", now=now,
    )  # fmt: skip
    approve(agency, revision_id, now=now)
    Document.objects.filter(pk=document_id).update(kind=kind)
    return revision_id
