"""What planning does when it hears of something."""

from datetime import date, datetime

from nep.apps.actions.events import ActionEnded
from nep.apps.documents.events import DocumentWithdrawn, RevisionInForce
from nep.apps.planning.services import (
    objective_follow,
    policy_in_force,
    policy_withdrawn,
    risk_action_ended,
    risk_follow,
)
from nep.apps.work.ports import register_holder_listener
from nep.foundation.outbox.registry import subscribe


@subscribe(ActionEnded)
def verify_next(event: ActionEnded, now: datetime) -> None:
    """Ask for the check of a risk once its last action has ended."""
    if event.origin_kind in {"risk", "opportunity"}:
        risk_action_ended(risk_id=event.origin_id, agency_id=event.agency_id, now=now)


@subscribe(RevisionInForce)
def policy_issued(event: RevisionInForce, now: datetime) -> None:
    """Take a policy as in force once its document is."""
    if event.kind == "policy":
        policy_in_force(revision_id=event.revision_id, agency_id=event.agency_id, now=now)


@subscribe(DocumentWithdrawn)
def policy_taken_down(event: DocumentWithdrawn, now: datetime) -> None:
    """Take a policy out of force when its document is withdrawn."""
    policy_withdrawn(
        document_id=event.document_id, agency_id=event.agency_id,
        on=date.fromisoformat(event.on), now=now,
    )  # fmt: skip


register_holder_listener("risk", risk_follow)
register_holder_listener("objective", objective_follow)
