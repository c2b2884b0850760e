"""Rows of a revision's life: locked before they are judged, saved under their version."""

from datetime import datetime

from nep.apps.documents import queries, rules
from nep.apps.documents.models import Revision
from nep.apps.organization.rules import Actor
from nep.foundation.journal.services import record
from nep.kernel.errors import Conflict, NotFound


def locked(actor: Actor, revision_id: int) -> Revision:
    """Return a revision of the actor's agency, locked until the transaction ends."""
    row = (
        Revision.objects.select_for_update()
        .filter(pk=revision_id, agency_id=actor.agency_id)
        .first()
    )
    if row is None:
        raise NotFound()
    return row


def in_force(document_id: int) -> Revision | None:
    """Return the revision in force, locked, or None."""
    return (
        Revision.objects.select_for_update()
        .filter(document_id=document_id, state=rules.IN_FORCE)
        .first()
    )


def save(row: Revision) -> None:
    """Write the row under its version; the loser of a race is told so."""
    known, row.version = row.version, row.version + 1
    fields = {
        field.attname: getattr(row, field.attname)
        for field in Revision._meta.concrete_fields
        if not field.primary_key
    }
    if not Revision.objects.filter(pk=row.pk, version=known).update(**fields):
        raise Conflict(
            "revision_changed",
            "Bản này vừa được người khác chuyển bước. Hãy tải lại trang để xem trạng thái mới.",
        )


def standing(row: Revision) -> rules.Standing:
    """Return what the rules ask about a revision."""
    authors = set(row.authors.values_list("person_id", flat=True)) | {row.drafted_by_id}
    return rules.Standing(
        state=row.state,
        content_hash=row.content_hash,
        author_ids=frozenset(authors),
        checker_id=row.checked_by_id,
        exceptions=frozenset(queries.exceptions_of(row.agency_id)),
        checker_ids=queries.checkers_of(row.id),
    )


def journal(actor: Actor, row: Revision, action: str, now: datetime, **what) -> None:
    """Write one line of the journal about a revision."""
    record(
        actor_id=actor.person_id,
        agency_id=actor.agency_id,
        action=action,
        object_type="revision",
        object_id=row.id,
        at=now,
        **what,
    )
