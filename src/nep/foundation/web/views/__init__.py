"""Views of the frame itself: first page, log-in, one's account, security values, first run, health."""

from nep.foundation.web.views._account import account, recovery, session_end, sessions_end, totp
from nep.foundation.web.views._first import home, setup
from nep.foundation.web.views._health import healthz, readyz
from nep.foundation.web.views._security import security
from nep.foundation.web.views._sign_in import code, login, logout, password, unlock
from nep.foundation.web.views._unsent import resend

__all__ = [
    "account",
    "code",
    "healthz",
    "home",
    "login",
    "logout",
    "password",
    "readyz",
    "recovery",
    "resend",
    "security",
    "session_end",
    "sessions_end",
    "setup",
    "totp",
    "unlock",
]
