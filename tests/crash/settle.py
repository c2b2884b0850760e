"""Run inside an installation: do what is queued, also what a killed worker still held."""

from datetime import UTC, datetime

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from nep.foundation.journal.services import link_rows
from nep.foundation.outbox.worker import LEASE, drain

if __name__ == "__main__":
    drain(now=datetime.now(UTC) + LEASE * 1.1)
    while link_rows():
        pass
