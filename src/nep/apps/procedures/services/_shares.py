"""Several similar TTHC going by one procedure."""

from datetime import datetime

from django.db import transaction

from nep.apps.documents import rules as life
from nep.apps.organization.rules import Actor, may
from nep.apps.procedures.models import Definition, Procedure, SharedTthc, Tthc
from nep.apps.procedures.rules import published as rules
from nep.foundation.journal.services import record
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean


def tthc_share(*, actor: Actor, tthc_id: int, procedure_id: int, now: datetime) -> None:
    """Let a TTHC go by the procedure of a similar one; doing so again changes nothing.

    Source: Thông tư 26/2014/TT-BKHCN Điều 41 khoản 6. Raises Forbidden, NotFound, Refusal.
    """
    require(may(actor, "procedure.draft"))
    with transaction.atomic():
        row = Tthc.objects.select_for_update().filter(pk=tthc_id, agency_id=actor.agency_id).first()
        procedure = (
            Procedure.objects.select_related("tthc")
            .filter(pk=procedure_id, agency_id=actor.agency_id)
            .first()
        )
        if row is None or procedure is None:
            raise NotFound()
        amount, unit = _limit(procedure)
        require(
            rules.decide_share(
                is_own=procedure.tthc_id == row.pk,
                is_internal=row.is_internal or procedure.tthc.is_internal,
                procedure_amount=amount, procedure_unit=unit,
                tthc_amount=row.limit_amount, tthc_unit=row.limit_unit,
            ),
            kind=Refusal,
        )  # fmt: skip
        _made, is_new = SharedTthc.objects.get_or_create(
            agency_id=actor.agency_id, procedure=procedure, tthc=row,
            defaults={"person_id": actor.person_id, "at": now},
        )  # fmt: skip
        if is_new:
            _note(actor, row, "tthc.shared", now, new={"procedure": procedure_id})


def _limit(procedure: Procedure):
    """Return the limit of the version in force, or of the newest on its way."""
    rows = Definition.objects.filter(procedure=procedure).exclude(
        revision__state__in=[life.RETIRED, life.DROPPED]
    )
    found = rows.filter(revision__state=life.IN_FORCE).first() or rows.order_by("-id").first()
    return (found.limit_amount, found.limit_unit) if found else (None, "")


def tthc_unshare(
    *, actor: Actor, tthc_id: int, procedure_id: int, reason: str, now: datetime
) -> None:
    """Let a TTHC go by the procedure of another one no longer; running cases keep what they have.

    Raises Forbidden, NotFound, Refusal("reason_missing").
    """
    require(may(actor, "procedure.draft"))
    require(rules.decide_reason(reason), kind=Refusal)
    with transaction.atomic():
        row = SharedTthc.objects.filter(
            agency_id=actor.agency_id, tthc_id=tthc_id, procedure_id=procedure_id
        ).first()
        if row is None:
            raise NotFound()
        tthc = row.tthc
        row.delete()
        _note(
            actor, tthc, "tthc.unshared", now, old={"procedure": procedure_id},
            reason=clean(reason)[:1000],
        )  # fmt: skip


def _note(actor: Actor, row: Tthc, action: str, now: datetime, **what) -> None:
    record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action=action, object_type="tthc",
        object_id=row.pk, at=now, **what,
    )  # fmt: skip
