"""What improvement does when it hears of something."""

from datetime import datetime

from nep.apps.actions.events import ActionEnded
from nep.apps.improvement.services import nonconformity_action_ended
from nep.foundation.outbox.registry import subscribe


@subscribe(ActionEnded)
def check_next(event: ActionEnded, now: datetime) -> None:
    """Ask for the check of a nonconformity once its last action has ended."""
    if event.origin_kind == "nonconformity":
        nonconformity_action_ended(
            nonconformity_id=event.origin_id, agency_id=event.agency_id, now=now
        )
