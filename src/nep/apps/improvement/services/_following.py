"""A nonconformity hears that an action of its has ended."""

from datetime import datetime

from django.db import transaction

from nep.apps.improvement.models import Nonconformity
from nep.apps.improvement.rules import life
from nep.apps.improvement.services._ground import item_renew


@transaction.atomic
def nonconformity_action_ended(*, nonconformity_id: int, agency_id: int, now: datetime) -> None:
    """Put a nonconformity whose actions have all ended before who checks it.

    Part of the ended action, which journaled it; repeating it changes nothing.
    """
    row = (
        Nonconformity.objects.select_for_update(of=("self",))
        .filter(pk=nonconformity_id, agency_id=agency_id, state=life.ACTING, item_id=None)
        .first()
    )
    if row is not None:
        item_renew(row, None, now)
        row.save(update_fields=["item_id"])
