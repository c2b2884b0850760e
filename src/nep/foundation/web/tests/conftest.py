"""A small site made of the frame and a few test pages, with people who sign in."""

from datetime import datetime

import pytest
import time_machine
from django.test import Client

from nep.foundation.accounts import queries, services
from nep.foundation.web import hooks
from nep.kernel.vietnamese import VN

PASSWORD = "Giay-To-Gon-Gang-26"
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=VN)


@pytest.fixture(autouse=True)
def own_site(settings, monkeypatch):
    settings.ROOT_URLCONF = "nep.foundation.web.tests.site"
    monkeypatch.setattr(hooks, "_setup_done", lambda: True)
    queries.forget_policy()
    yield
    queries.forget_policy()


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def people(db, clock):
    """An official and an administrator, both with their own password."""
    official = services.account_create(
        username="mailan", password=PASSWORD, must_change=False, actor=None, now=NOW
    )
    admin = services.account_create(
        username="quantri", password=PASSWORD, must_change=False, actor=None, now=NOW,
        is_system_admin=True,
    )  # fmt: skip
    return {"mailan": official.user_id, "quantri": admin.user_id}


def sign_in(client: Client, username: str = "mailan", password: str = PASSWORD, **more):
    return client.post("/dang-nhap/", {"username": username, "password": password}, **more)
