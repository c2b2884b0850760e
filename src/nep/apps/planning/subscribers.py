"""What planning does when it hears of something."""

from datetime import datetime

from nep.apps.actions.events import ActionEnded
from nep.apps.planning.services import objective_follow, risk_action_ended, risk_follow
from nep.apps.work.ports import register_holder_listener
from nep.foundation.outbox.registry import subscribe


@subscribe(ActionEnded)
def verify_next(event: ActionEnded, now: datetime) -> None:
    """Ask for the check of a risk once its last action has ended."""
    if event.origin_kind in {"risk", "opportunity"}:
        risk_action_ended(risk_id=event.origin_id, agency_id=event.agency_id, now=now)


register_holder_listener("risk", risk_follow)
register_holder_listener("objective", objective_follow)
