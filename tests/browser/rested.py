"""Let a browser's session have rested since an hour ago: `python -m tests.browser.rested KEY`."""

import sys

from django.contrib.sessions.models import Session

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from nep.foundation.accounts.middleware import SEEN
from nep.foundation.accounts.sessions import SessionStore


def main(key: str) -> None:
    """Move the last own action of a session an hour back."""
    row = Session.objects.get(session_key=key)
    held = row.get_decoded()
    row.session_data = SessionStore().encode(held | {SEEN: held[SEEN] - 3600})
    row.save(update_fields=["session_data"])


if __name__ == "__main__":
    main(sys.argv[1])
