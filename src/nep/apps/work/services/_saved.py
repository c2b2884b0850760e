"""Filters of the worklist kept under a name."""

from datetime import datetime

from django.db import transaction

from nep.apps.organization.rules import Actor
from nep.apps.work import rules
from nep.apps.work.models import SavedFilter
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean


@transaction.atomic
def filter_save(
    *, actor: Actor, now: datetime, name: str, query: str, unit_id: int | None = None
) -> int:
    """Keep a filter under a name, in the place of an own one of that name; return its id.

    With a unit of the actor's it is shared with that unit. Raises Refusal("name_missing",
    "filter_empty", "filters_many", "unit_foreign").
    """
    words = clean(name)[:60]
    own = SavedFilter.objects.filter(person_id=actor.person_id, agency_id=actor.agency_id)
    count = own.exclude(name=words).count()
    require(rules.decide_filter_name(name=words, query=query, count=count), kind=Refusal)
    if unit_id is not None and unit_id not in actor.unit_ids:
        raise Refusal("unit_foreign", "Chỉ chia sẻ được với đơn vị của bạn.", field="unit")
    row, _ = SavedFilter.objects.update_or_create(
        person_id=actor.person_id, agency_id=actor.agency_id, name=words,
        defaults={"query": query[:400], "unit_id": unit_id, "saved_at": now},
    )  # fmt: skip
    _record(actor, now, "work.filter_saved", row.pk, {"name": words, "unit": unit_id})
    return row.pk


@transaction.atomic
def filter_remove(*, actor: Actor, now: datetime, filter_id: int) -> None:
    """Remove one of the actor's own filters. Raises NotFound."""
    rows = SavedFilter.objects.filter(
        pk=filter_id, person_id=actor.person_id, agency_id=actor.agency_id
    )
    row = rows.first()
    if row is None:
        raise NotFound()
    _record(actor, now, "work.filter_removed", row.pk, {"name": row.name})
    row.delete()


def _record(actor: Actor, now: datetime, action: str, filter_id: int, new: dict) -> None:
    journal.record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action=action,
        object_type="work_filter", object_id=filter_id, at=now, new=new,
    )  # fmt: skip
