"""Facts that the register of actions announces after the commit."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ActionEnded:
    """Nothing of an action is left to do: it was accepted ("checked") or dropped ("cancelled")."""

    action_id: int
    agency_id: int
    origin_kind: str
    origin_id: int
    state: str
