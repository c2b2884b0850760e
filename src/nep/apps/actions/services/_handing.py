"""An action's work item changes hands on the worklist: the action follows it."""

from nep.apps.actions import rules
from nep.apps.actions.models import Action, ActionMove
from nep.apps.organization.queries import person_names
from nep.apps.work.ports import HolderChange
from nep.kernel.errors import Refusal


def action_follow(change: HolderChange) -> None:
    """Make who received the item the owner, or the checker of a done action.

    Part of the hand-over, which asked for permission and journals it. A claim without a reason
    changes nothing. Raises Refusal("owner_is_checker") where one person would be both.
    """
    receiver = change.new_person_id
    if receiver is None or not change.reason:
        return
    row = (
        Action.objects.select_for_update(of=("self",))
        .filter(pk=change.source_id, agency_id=change.agency_id, item_id=change.item_id)
        .first()
    )
    if row is None:
        return
    if row.state == rules.DONE:
        if receiver in {row.owner_id, row.done_by_id}:
            raise Refusal(
                "owner_is_checker", "Người đã làm việc này không tự kiểm tra. Hãy chọn người khác.",
                rules.CLAUSE, field="receiver",
            )  # fmt: skip
        row.checker_id = receiver
    else:
        row.owner_id = receiver
        if row.checker_id == receiver:
            row.checker_id = None
    row.changed_at, row.version = change.at, row.version + 1
    row.save()
    name = person_names([receiver]).get(receiver, "")
    ActionMove.objects.create(
        action=row, move="hand", state=row.state, due_on=row.due_on, by_id=change.by_id,
        text=f"{name}: {change.reason}"[:2000], at=change.at,
    )  # fmt: skip
