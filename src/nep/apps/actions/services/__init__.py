"""Writes of the register of actions."""

from nep.apps.actions.services._handing import action_follow
from nep.apps.actions.services._life import (
    action_cancel,
    action_check,
    action_done,
    action_move,
)
from nep.apps.actions.services._opening import action_open
from nep.apps.actions.services._proofs import Link, Upload

__all__ = [
    "Link",
    "Upload",
    "action_cancel",
    "action_check",
    "action_done",
    "action_follow",
    "action_move",
    "action_open",
]
