"""What happens behind the pages by a moment of a story: the one-stop system's file, the night, the outbox.

`python -m tests.browser.day` reads lines `night|drain MOMENT [AGENCY FIRST_MONTH LAST_MONTH]` and
answers each with "done": the cases finished in these months of the year are imported; at a new moment
("night") everybody has logged in again and every periodic job that is due runs; then the outbox.
"""

import sys
from datetime import UTC, datetime, timedelta

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from django.contrib.sessions.models import Session
from django.db import connection

import nep.config.wiring  # noqa: F401
from nep.foundation.accounts.middleware import LOCKED, SEEN, STARTED
from nep.foundation.accounts.sessions import SessionStore
from nep.foundation.outbox.worker import drain, run_due_periodics
from tests.finished_cases import feed

NIGHT = "night"


def log_in_again(now: datetime) -> None:
    """Let whoever had logged in before be logged in since a moment ago, without their passwords."""
    for row in Session.objects.all():
        held = row.get_decoded() | {STARTED: now.timestamp(), SEEN: now.timestamp()}
        held.pop(LOCKED, None)
        row.session_data = SessionStore().encode(held)
        row.expire_date = max(now, datetime.now(UTC)) + timedelta(days=400)
        row.save(update_fields=["session_data", "expire_date"])


def main(how: str, moment: str, *fed: str) -> None:
    """Do what is due by a moment."""
    now = datetime.fromisoformat(moment)
    if fed:
        number, first, last = map(int, fed)
        feed(number, range(first, last + 1), now=now)
        drain(now=now)
    if how == NIGHT:
        log_in_again(now)
        run_due_periodics(now=now)
    drain(now=now + timedelta(seconds=1))


if __name__ == "__main__":
    for line in sys.stdin:
        main(*line.split())
        connection.close()
        print("done", flush=True)
