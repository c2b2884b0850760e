"""The worker folds the journal's acts of ISO work by agency, month and person."""

from collections import Counter
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F

from nep.apps.conformity.models import BurdenCount, BurdenMark
from nep.apps.conformity.rules.burden import minutes_of
from nep.apps.organization import queries as organization
from nep.foundation.journal import queries as journal
from nep.kernel.vietnamese import local

AT_ONCE = 5_000
MOST_ROUNDS = 200


def burden_fold() -> int:
    """Count what the agencies' journals have had since the last time; return how many acts."""
    return sum(_agency(one.id) for one in organization.agency_lines())


def _agency(agency_id: int) -> int:
    counted = 0
    for _ in range(MOST_ROUNDS):
        found, more = _fold(agency_id)
        counted += found
        if not more:
            break
    return counted


@transaction.atomic
def _fold(agency_id: int) -> tuple[int, bool]:
    BurdenMark.objects.get_or_create(agency_id=agency_id)
    mark = BurdenMark.objects.select_for_update().get(agency_id=agency_id)
    acts = journal.acts_linked(agency_id=agency_id, after=mark.position, limit=AT_ONCE)
    if not acts:
        return 0, False
    minutes = settings.ISO_YEAR["burden"]["minutes"]
    known = Counter(
        (_month(one.at), one.actor_id, one.action)
        for one in acts
        if one.actor_id and not one.is_account and minutes_of(one.action, minutes)
    )
    for (month, person_id, action), count in sorted(known.items()):
        key = {"agency_id": agency_id, "month": month, "person_id": person_id, "action": action}
        if not BurdenCount.objects.filter(**key).update(count=F("count") + count):
            BurdenCount.objects.create(count=count, **key)
    mark.position = acts[-1].position
    mark.save(update_fields=["position"])
    return sum(known.values()), len(acts) == AT_ONCE


def _month(at: datetime) -> int:
    here = local(at)
    return here.year * 100 + here.month
