"""What a risk does when it hears of something: an action ended, an item changed hands, a day came."""

from datetime import datetime

from django.db import transaction

from nep.apps.organization.queries import person_names
from nep.apps.planning.models import Risk, RiskMove
from nep.apps.planning.rules import risks
from nep.apps.planning.services._risk_ground import item_renew
from nep.apps.work.ports import HolderChange
from nep.kernel.vietnamese import local

AT_ONCE = 500
_OF_OWNER = frozenset({risks.DRAFT, risks.RATED, *risks.ROUND_ENDED})


@transaction.atomic
def risk_action_ended(*, risk_id: int, agency_id: int, now: datetime) -> None:
    """Put a risk whose actions have all ended before who verifies it.

    Part of the ended action, which journaled it; repeating it changes nothing.
    """
    row = (
        Risk.objects.select_for_update(of=("self",))
        .filter(pk=risk_id, agency_id=agency_id, state=risks.TREATING, item_id=None)
        .first()
    )
    if row is not None:
        item_renew(row, None, now)
        row.save(update_fields=["item_id"])


def risk_follow(change: HolderChange) -> None:
    """Make who received the item of a risk's owner its owner; part of the hand-over."""
    receiver = change.new_person_id
    if receiver is None or not change.reason:
        return
    row = (
        Risk.objects.select_for_update(of=("self",))
        .filter(pk=change.source_id, agency_id=change.agency_id, item_id=change.item_id)
        .first()
    )
    if row is None or row.state not in _OF_OWNER or row.owner_id is None:
        return
    if row.judged_by_id == receiver:  # who judged a risk may not come to own it unjudged
        return
    row.owner_id, row.changed_at, row.version = receiver, change.at, row.version + 1
    row.save()
    RiskMove.objects.create(
        risk=row, move=risks.ASSIGN, state=row.state, round=row.round, by_id=change.by_id,
        text=f"{person_names([receiver]).get(receiver, '')}: {change.reason}", at=change.at,
    )  # fmt: skip


def risks_review_due(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Ask the owners of verified and accepted risks whose day has come to look again.

    The worker's round; repeating it changes nothing. Returns how many were asked.
    """
    due = Risk.objects.filter(
        state__in=risks.ROUND_ENDED, review_on__lte=local(now).date(), item_id=None
    )
    asked = 0
    for risk_id in list(due.order_by("review_on", "id").values_list("id", flat=True)[:limit]):
        with transaction.atomic():
            row = (
                Risk.objects.select_for_update(of=("self",))
                .filter(pk=risk_id, state__in=risks.ROUND_ENDED, item_id=None)
                .first()
            )
            if row is None:
                continue
            item_renew(row, None, now)
            row.save(update_fields=["item_id"])
            asked += 1
    return asked
