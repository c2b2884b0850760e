"""Run inside an installation: build the agencies whose numbers are given.

They are built as of the same days whenever the tests run, so that a story told later meets the same
world.
"""

import sys
from datetime import datetime, timedelta

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from nep.foundation.outbox.worker import drain
from nep.kernel.vietnamese import VN
from tests import world

BUILT_AT = datetime(2026, 10, 13, 9, 0, tzinfo=VN)
READY_AT = BUILT_AT + timedelta(days=40)

if __name__ == "__main__":
    for number in map(int, sys.argv[1:]):
        world.build(world.agency_facts(number), now=BUILT_AT)
    drain(now=READY_AT)
