"""Within how many working days an agency's people read what has come into force."""

from datetime import datetime

from django.db import transaction

from nep.apps.documents import rules
from nep.apps.documents.models import ReadingTerm
from nep.apps.organization.rules import Actor, may
from nep.foundation.journal.services import record
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, Refusal


def reading_term_set(*, actor: Actor, days: int, version: int, now: datetime) -> None:
    """Set the term (working days) for readings that are asked from now on in the actor's agency.

    Readings already asked keep their day. `version` is 0 while the proposal stands. Raises
    Forbidden, Refusal("days_range"), Conflict("term_changed").
    """
    require(may(actor, "document.manage"))
    require(rules.decide_reading_term(days), kind=Refusal)
    with transaction.atomic():
        rows = ReadingTerm.objects.select_for_update()
        row = rows.filter(agency_id=actor.agency_id).first()
        if (row.version if row else 0) != version:
            raise Conflict(
                "term_changed", "Thời hạn đọc vừa được người khác sửa. Hãy tải lại trang."
            )
        old = row.days if row else rules.READING_DAYS
        row = row or ReadingTerm(agency_id=actor.agency_id, version=0)
        row.days, row.version = days, row.version + 1
        row.save()
        record(
            actor_id=actor.person_id, agency_id=actor.agency_id, action="reading_term.set",
            object_type="reading_term", object_id=row.id, at=now, old=old, new=days,
        )  # fmt: skip
