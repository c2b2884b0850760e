"""Distribution lists: who gets a document now and in every later version."""

from datetime import datetime

from django.db import transaction

from nep.apps.documents import queries, rules
from nep.apps.documents.models import Document, Recipient
from nep.apps.documents.services._readings import readings_make
from nep.apps.organization.rules import Actor, may
from nep.foundation.journal.services import record
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.vietnamese import local


def recipient_add(
    *, actor: Actor, document_id: int, target: str, must_read: bool, now: datetime
) -> int:
    """Put a target ("everyone", "unit:12", "position:3", "person:7") on a document's list.

    When the document is in force, whom the target reaches is asked to read it at once. Returns the
    line's id. Raises NotFound, Refusal("target_unknown", "target_missing", "target_known").
    """
    require(may(actor, "document.manage"))
    kind, _, bare = target.partition(":")
    today = local(now).date()
    with transaction.atomic():
        document = _document(actor, document_id)
        offered = queries.target_choices(agency_id=actor.agency_id, today=today)
        names = {key: name for _kind, key, name in offered}
        is_known = Recipient.objects.filter(document_id=document_id, key=target).exists()
        decision = rules.decide_recipient(kind=kind, is_known=is_known, has_target=target in names)
        require(decision, kind=Refusal)
        fields = {f"{kind}_id": int(bare)} if kind != rules.EVERYONE else {}
        row = Recipient.objects.create(
            agency_id=actor.agency_id,
            document_id=document_id,
            target=kind,
            key=target,
            must_read=must_read,
            added_by_id=actor.person_id,
            added_at=now,
            **fields,
        )
        record(
            actor_id=actor.person_id, agency_id=actor.agency_id, action="recipient.added",
            object_type="document", object_id=document.id, at=now,
            new={"target": target, "name": names[target], "must_read": must_read},
        )  # fmt: skip
        readings_make(document_id=document_id, now=now)
    return row.id


def recipient_remove(*, actor: Actor, recipient_id: int, now: datetime) -> int:
    """Take a line off a distribution list; return its document.

    Readings of people whom the list no longer reaches end with that reason. Raises NotFound.
    """
    require(may(actor, "document.manage"))
    with transaction.atomic():
        row = (
            Recipient.objects.select_for_update()
            .filter(pk=recipient_id, agency_id=actor.agency_id)
            .first()
        )
        if row is None:
            raise NotFound()
        document_id, key = row.document_id, row.key
        row.delete()
        record(
            actor_id=actor.person_id, agency_id=actor.agency_id, action="recipient.removed",
            object_type="document", object_id=document_id, at=now, old={"target": key},
        )  # fmt: skip
        readings_make(document_id=document_id, now=now)
    return document_id


def _document(actor: Actor, document_id: int) -> Document:
    rows = Document.objects.select_for_update().filter(pk=document_id, agency_id=actor.agency_id)
    row = rows.first()
    if row is None:
        raise NotFound()
    if row.status in ("withdrawn", "dropped"):
        raise Refusal("document_ended", "Tài liệu đã hết hiệu lực nên không phân phối thêm.")
    return row
