"""The switch: a revision comes into force and the one before it retires, in one transaction."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import F

from nep.apps.documents import rules
from nep.apps.documents.events import RevisionInForce, RevisionRetired
from nep.apps.documents.models import ChangeRequest, Document, Revision
from nep.apps.documents.services._history import history_note
from nep.apps.documents.services._life_items import effect_failed, effect_mended
from nep.apps.documents.services._life_rows import in_force, save
from nep.apps.organization.rules import Actor
from nep.foundation.journal.services import record
from nep.foundation.outbox.services import publish
from nep.kernel.vietnamese import local

log = logging.getLogger("nep.documents")


def take_effect(row: Revision, *, actor: Actor | None, now: datetime) -> None:
    """Bring an approved, locked revision into force; the one before it retires.

    The request it answers is done. Call it inside a transaction.
    """
    current = in_force(row.document_id)
    if current is not None:
        retire(current, on=row.effective_from, actor=actor, now=now)
    row.state = rules.IN_FORCE
    save(row)
    Document.objects.filter(pk=row.document_id).update(
        status="in_force",
        current_id=row.id,
        in_force_since=row.effective_from,
        changed_at=now,
        version=F("version") + 1,
    )
    if row.request_id:
        ChangeRequest.objects.filter(pk=row.request_id, state="accepted").update(
            state="done", version=F("version") + 1
        )
    history_note(row, rules.IN_FORCE_ACT, actor=None, now=now)
    record(
        actor_id=actor.person_id if actor else None,
        agency_id=row.agency_id,
        action="revision.in_force",
        object_type="revision",
        object_id=row.id,
        at=now,
        old=current.id if current else None,
        new={"hash": row.content_hash, "effective_from": row.effective_from},
    )
    publish(
        RevisionInForce(
            agency_id=row.agency_id,
            document_id=row.document_id,
            revision_id=row.id,
            kind=row.document.kind,
            content_hash=row.content_hash,
            effective_from=str(row.effective_from),
            replaced_id=current.id if current else None,
        ),
        agency_id=row.agency_id,
        at=now,
    )


def retire(row: Revision, *, on, actor: Actor | None, now: datetime, note: str = "") -> None:
    """End a revision in force on a day; who replaces or withdraws it does the rest."""
    row.state, row.retired_on = rules.RETIRED, on
    save(row)
    history_note(row, rules.RETIRED_ACT, actor=actor if note else None, now=now, note=note)
    publish(
        RevisionRetired(
            agency_id=row.agency_id, document_id=row.document_id, revision_id=row.id, on=str(on)
        ),
        agency_id=row.agency_id,
        at=now,
    )


def approved_take_effect(*, now: datetime) -> int:
    """Bring approved revisions into force whose day has come; return how many.

    However many nights were missed. A package switches as one. What fails is logged, laid before
    the ISO secretary as work, and tried again next time; the others go on.
    """
    today = local(now).date()
    waiting = Revision.objects.filter(
        state=rules.APPROVED, effective_from__lte=today, leader=None
    ).order_by("effective_from", "id")
    done = 0
    for revision_id in list(waiting.values_list("id", flat=True)):
        try:
            with transaction.atomic():
                done += _switch(revision_id, now)
        except Exception as error:
            log.exception("revision %s did not take effect", revision_id)
            with transaction.atomic():
                effect_failed(revision_id, error=error, now=now)
    return done


def _switch(revision_id: int, now: datetime) -> int:
    leading = Revision.objects.select_for_update().get(pk=revision_id)
    if leading.state != rules.APPROVED:
        return 0
    members = Revision.objects.select_for_update().filter(leader_id=revision_id)
    rows = [leading, *members.filter(state=rules.APPROVED).order_by("id")]
    for row in rows:
        take_effect(row, actor=None, now=now)
    effect_mended(revision_id, now=now)
    return len(rows)
