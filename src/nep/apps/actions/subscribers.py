"""What the register of actions does when the worklist tells it of something."""

from nep.apps.actions.services import action_follow
from nep.apps.work.ports import register_holder_listener

register_holder_listener("action", action_follow)
