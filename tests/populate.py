"""Run inside an installation: build the agencies whose numbers are given, as of forty days ago."""

import sys
from datetime import UTC, datetime, timedelta

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from nep.foundation.outbox.worker import drain
from nep.kernel.vietnamese import VN
from tests import world

if __name__ == "__main__":
    since = datetime.now(VN).replace(microsecond=0) - timedelta(days=40)
    for number in map(int, sys.argv[1:]):
        world.build(world.agency_facts(number), now=since)
    drain(now=datetime.now(UTC))
