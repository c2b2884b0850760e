"""Exceptions of tiny agencies from the separation of author, checker and approver."""

from datetime import datetime

from django.db import transaction

from nep.apps.documents import queries, rules
from nep.apps.documents.models import SeparationException
from nep.apps.organization.rules import Actor, may
from nep.foundation.journal.services import record
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean


def exception_grant(*, actor: Actor, pair: str, reason: str, now: datetime) -> None:
    """Let one person hold two parts of the approval in the actor's agency, with the reason."""
    require(may(actor, "document.approve"))
    reason = clean(reason)
    if pair not in rules.PAIR_NAMES:
        raise Refusal("pair_unknown", "Hãy chọn một ngoại lệ trong danh sách.", field="pair")
    if len(reason) < 10:
        raise Refusal(
            "reason_missing",
            "Hãy ghi lý do, ví dụ “Phòng chỉ có 2 công chức theo Quyết định số …”.",
            field="reason",
        )
    if pair in queries.exceptions_of(actor.agency_id):
        raise Refusal("exception_exists", "Ngoại lệ này đang có hiệu lực.", field="pair")
    with transaction.atomic():
        row = SeparationException.objects.create(
            agency_id=actor.agency_id,
            pair=pair,
            reason=reason[:1000],
            granted_by_id=actor.person_id,
            granted_at=now,
        )
        record(
            actor_id=actor.person_id,
            agency_id=actor.agency_id,
            action="separation_exception.granted",
            object_type="separation_exception",
            object_id=row.id,
            at=now,
            new=pair,
            reason=reason,
        )


def exception_end(*, actor: Actor, exception_id: int, now: datetime) -> None:
    """End an exception; revisions approved under it keep its reason."""
    require(may(actor, "document.approve"))
    with transaction.atomic():
        row = SeparationException.objects.filter(
            pk=exception_id, agency_id=actor.agency_id, ended_at=None
        ).first()
        if row is None:
            raise NotFound()
        row.ended_at = now
        row.save(update_fields=["ended_at"])
        record(
            actor_id=actor.person_id,
            agency_id=actor.agency_id,
            action="separation_exception.ended",
            object_type="separation_exception",
            object_id=row.id,
            at=now,
            old=row.pair,
        )
