"""Remembering what "responsible" texts mean in an agency."""

from datetime import datetime

from django.db import transaction

from nep.apps.organization.rules import Actor, may
from nep.apps.procedures.models import RoleMapping
from nep.apps.procedures.rules.wording import OUTSIDE
from nep.foundation.journal.services import record
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.text import clean, fold


def role_mapping_keep(*, actor: Actor, text: str, role: str, now: datetime) -> None:
    """Remember the role of a printed text for the next import; a newer answer replaces it.

    `role` "ngoai/" alone takes the text itself as the outside agency's name.
    """
    require(may(actor, "procedure.draft"))
    text, role = clean(text)[:300], clean(role)[:160]
    if not text or not role:
        raise Refusal("role_missing", "Hãy chọn đơn vị và vai trò.", field="role")
    if role == OUTSIDE:
        role = (OUTSIDE + text)[:160]
    with transaction.atomic():
        row, made = RoleMapping.objects.get_or_create(
            agency_id=actor.agency_id,
            folded=fold(text)[:300],
            defaults={"text": text, "role": role},
        )
        old = "" if made else row.role
        if old == role:
            return
        if not made:
            RoleMapping.objects.filter(pk=row.pk).update(role=role, text=text)
        record(
            actor_id=actor.person_id,
            agency_id=actor.agency_id,
            action="role_mapping.kept",
            object_type="role_mapping",
            object_id=row.id,
            at=now,
            old=old or None,
            new={"text": text, "role": role},
        )
