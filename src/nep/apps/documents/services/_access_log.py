"""The access log: who opened, downloaded or printed which revision."""

from datetime import datetime

from django.db import transaction

from nep.apps.documents import rules
from nep.apps.documents.models import Access, Reading, Revision
from nep.apps.organization.rules import Actor, may
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal


def access_note(*, actor: Actor, revision_id: int, what: str, now: datetime) -> None:
    """Note that the actor opened, downloaded or printed a revision.

    The caller has asked whether the actor may see it. Opening the same revision again within a
    quarter of an hour is one opening. The access log is append-only and is its own journal.
    Raises NotFound for another agency's revision, Refusal("access_unknown").
    """
    require(may(actor, "document.see"))
    if what not in rules.ACCESS_NAMES:
        raise Refusal("access_unknown", "Không rõ cách mở tài liệu.")
    rows = Revision.objects.filter(pk=revision_id, agency_id=actor.agency_id)
    row = rows.only("id", "document_id").first()
    if row is None:
        raise NotFound()
    known = Access.objects.filter(
        document_id=row.document_id, revision_id=row.id, person_id=actor.person_id, what=what
    )
    recent = now - rules.SEEN_AGAIN_AFTER
    if what == rules.SEEN and known.filter(at__gt=recent).exists():
        return
    with transaction.atomic():
        Access.objects.create(
            agency_id=actor.agency_id,
            document_id=row.document_id,
            revision_id=row.id,
            person_id=actor.person_id,
            what=what,
            at=now,
        )
        mine = Reading.objects.filter(revision_id=row.id, person_id=actor.person_id)
        mine.filter(first_seen_at=None).update(first_seen_at=now)
        if what == rules.DOWNLOADED:
            mine.filter(downloaded_at=None).update(downloaded_at=now)
