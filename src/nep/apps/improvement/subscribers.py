"""What improvement does when it hears of something."""

from datetime import datetime

from nep.apps.actions.events import ActionEnded
from nep.apps.improvement.queries import feedback_subjects
from nep.apps.improvement.services import (
    feedback_follow,
    nonconformity_action_ended,
    nonconformity_follow,
)
from nep.apps.work.ports import register_holder_listener, register_subjects
from nep.foundation.outbox.registry import subscribe


@subscribe(ActionEnded)
def check_next(event: ActionEnded, now: datetime) -> None:
    """Ask for the check of a nonconformity once its last action has ended."""
    if event.origin_kind == "nonconformity":
        nonconformity_action_ended(
            nonconformity_id=event.origin_id, agency_id=event.agency_id, now=now
        )


register_holder_listener("nonconformity", nonconformity_follow)
register_holder_listener("feedback", feedback_follow)
register_subjects("feedback", feedback_subjects)
