"""Work items of nonconformities and feedback change hands on the worklist: the sheet follows."""

from nep.apps.improvement.models import Feedback, FeedbackMove, Nonconformity, SheetMove
from nep.apps.improvement.rules import feedback, life
from nep.apps.organization.queries import person_names
from nep.apps.work.ports import HolderChange

_OF_OWNER = frozenset({life.REPORTED, life.AGAIN, life.ANALYSED})


def nonconformity_follow(change: HolderChange) -> None:
    """Make who received the item of a sheet's owner its owner; part of the hand-over."""
    receiver = change.new_person_id
    if receiver is None or not change.reason:
        return
    row = (
        Nonconformity.objects.select_for_update(of=("self",))
        .filter(pk=change.source_id, agency_id=change.agency_id, item_id=change.item_id)
        .first()
    )
    if row is None or row.state not in _OF_OWNER or row.owner_id is None:
        return
    row.owner_id, row.changed_at, row.version = receiver, change.at, row.version + 1
    row.save()
    SheetMove.objects.create(
        nonconformity=row, move=life.ASSIGN, state=row.state, round=row.round, by_id=change.by_id,
        text=f"{person_names([receiver]).get(receiver, '')}: {change.reason}", at=change.at,
    )  # fmt: skip


def feedback_follow(change: HolderChange) -> None:
    """Make who received the item of a piece of feedback its handler; part of the hand-over."""
    receiver = change.new_person_id
    if receiver is None:
        return
    row = (
        Feedback.objects.select_for_update(of=("self",))
        .filter(pk=change.source_id, agency_id=change.agency_id, item_id=change.item_id)
        .first()
    )
    if row is None or row.owner_id == receiver:
        return
    row.owner_id, row.changed_at, row.version = receiver, change.at, row.version + 1
    row.save()
    FeedbackMove.objects.create(
        feedback=row, move=feedback.ASSIGN, state=row.state, by_id=change.by_id, at=change.at,
        text=person_names([receiver]).get(receiver, ""),
    )  # fmt: skip
