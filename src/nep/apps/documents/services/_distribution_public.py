"""Putting documents on the public pages and taking them off."""

from datetime import datetime

from django.db import transaction

from nep.apps.documents import queries, rules
from nep.apps.documents.models import Document
from nep.apps.organization.rules import Actor, may
from nep.foundation.journal.services import record
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal


def document_public_set(*, actor: Actor, document_id: int, is_public: bool, now: datetime) -> None:
    """Put a document on the public pages, or take it off.

    It shows there only while it is in force and its level is public. Raises NotFound,
    Refusal("level_not_public").
    """
    require(may(actor, "document.manage"))
    with transaction.atomic():
        row = (
            Document.objects.select_for_update()
            .filter(pk=document_id, agency_id=actor.agency_id)
            .first()
        )
        if row is None or not queries.may_see(actor, document_id=document_id):
            raise NotFound()
        require(rules.decide_public(level=row.level, is_public=is_public), kind=Refusal)
        old, row.is_public = row.is_public, is_public
        row.save(update_fields=["is_public"])
        record(
            actor_id=actor.person_id, agency_id=actor.agency_id, action="document.public_set",
            object_type="document", object_id=row.id, at=now, old=old, new=is_public,
        )  # fmt: skip
