"""People who sign in."""

from datetime import datetime

import pytest

from nep.foundation.accounts import queries, services
from nep.kernel.vietnamese import VN

PASSWORD = "Giay-To-Gon-Gang-26"
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=VN)


@pytest.fixture(autouse=True)
def fresh_policy():
    queries.forget_policy()
    yield
    queries.forget_policy()


@pytest.fixture
def person(db):
    made = services.account_create(
        username="mailan", password=PASSWORD, must_change=False, actor=None, now=NOW
    )
    return made.user_id
