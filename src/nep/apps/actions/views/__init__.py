"""Pages of actions."""

from nep.apps.actions.views._action import action, cancel, check, finish, move, new, proof
from nep.apps.actions.views._register import by_unit, export, register

__all__ = [
    "action",
    "by_unit",
    "cancel",
    "check",
    "export",
    "finish",
    "move",
    "new",
    "proof",
    "register",
]
