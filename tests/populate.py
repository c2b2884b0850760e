"""Run inside an installation: build the agencies whose numbers are given.

They are built as of the same days whenever the tests run, so that a story told later meets the same
world, its papers kept as the worker's next minute would keep them.
"""

import sys
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import cache
from unittest import mock

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from django.contrib.auth import base_user

from nep.apps.documents.services import papers_catch_up
from nep.foundation.outbox.worker import drain
from nep.kernel.vietnamese import VN
from tests import world

BUILT_AT = datetime(2026, 10, 13, 9, 0, tzinfo=VN)
READY_AT = BUILT_AT + timedelta(days=40)


def hashed_once() -> AbstractContextManager:
    """Have people of one password share its hash, made as slowly as it is meant to be made."""
    return mock.patch.object(base_user, "make_password", cache(base_user.make_password))


if __name__ == "__main__":
    with hashed_once():
        for number in map(int, sys.argv[1:]):
            world.build(world.agency_facts(number), now=BUILT_AT)
    drain(now=READY_AT)
    while papers_catch_up(now=READY_AT):
        pass
