"""Work items of audits change hands on the worklist: session and team follow."""

from nep.apps.audits.models import Session, SessionAuditor
from nep.apps.work.ports import HolderChange


def session_follow(change: HolderChange) -> None:
    """Make who received the unit's item its representative; an auditor's item changes nothing.

    Who audits is decided with the plan: independence is checked there, so a handed auditor's item
    stays a reminder alone.
    """
    receiver = change.new_person_id
    if receiver is None:
        return
    if SessionAuditor.objects.filter(item_id=change.item_id).exists():
        return
    Session.objects.filter(
        pk=change.source_id, audit__agency_id=change.agency_id, item_id=change.item_id
    ).update(representative_id=receiver)
