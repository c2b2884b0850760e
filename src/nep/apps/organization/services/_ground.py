"""What every change here does: ask the policy, write the journal, renew the edition."""

from datetime import datetime
from typing import Any

from django.db import transaction

from nep.apps.organization import queries
from nep.apps.organization.models import Edition
from nep.apps.organization.rules import Actor, may_manage_agency, may_see_agency
from nep.foundation.db import new_id
from nep.foundation.journal import services as journal
from nep.kernel.decisions import Refused, require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean


def require_manager(actor: Actor, *, agency_id: int, permission: str) -> None:
    """Refuse an actor who may not change this agency; one of another agency sees none (404)."""
    province_id = queries.province_id_of(agency_id)
    if province_id is None or not may_see_agency(
        actor, agency_id=agency_id, province_id=province_id
    ):
        raise NotFound()
    require(
        may_manage_agency(
            actor, agency_id=agency_id, province_id=province_id, permission=permission
        )
    )


def note_change(
    actor: Actor,
    *,
    now: datetime,
    agency_id: int,
    action: str,
    object_type: str,
    object_id: int,
    old: Any = None,
    new: Any = None,
    reason: str = "",
) -> None:
    """Write the journal and make every process forget what it remembers."""
    journal.record(
        actor_id=actor.person_id,
        agency_id=agency_id,
        action=action,
        object_type=object_type,
        object_id=object_id,
        at=now,
        old=old,
        new=new,
        reason=reason,
    )
    number = new_id()
    if not Edition.objects.filter(pk=1).update(number=number):
        Edition.objects.create(pk=1, number=number)
    queries.forget()
    transaction.on_commit(queries.forget)


def named(text: str, *, what: str, field: str, most: int) -> str:
    """Return a cleaned text that must not be empty nor longer than `most` characters.

    Raises Refusal("missing") or Refusal("too_long").
    """
    value = clean(text)
    if not value:
        raise Refusal("missing", f"Hãy ghi {what}.", field=field)
    if len(value) > most:
        raise Refusal(
            "too_long",
            f"Phần {what} dài {len(value)} ký tự; chỉ ghi được {most} ký tự.",
            field=field,
        )
    return value


def optional(text: str, *, what: str, field: str, most: int) -> str:
    """Return a cleaned text that may be empty, not longer than `most` characters."""
    value = clean(text)
    return named(value, what=what, field=field, most=most) if value else ""


def refuse_when(decision: Refused | object) -> None:
    """Raise a rule's refusal as one that a form shows at its field (422)."""
    require(decision, kind=Refusal)  # type: ignore[arg-type]
