"""What audits do when they hear of something."""

from nep.apps.audits.services import session_follow
from nep.apps.work.ports import register_holder_listener

register_holder_listener("audit_session", session_follow)
