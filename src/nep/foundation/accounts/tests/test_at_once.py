"""Many log-ins at once: none waits for another in a circle, none guesses more than is allowed."""

import random
import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connections

from nep.foundation.accounts import services
from nep.foundation.accounts.models import FailureCount
from nep.foundation.accounts.tests.conftest import NOW, PASSWORD
from nep.kernel.errors import Refusal

NAMES = ("mailan", "vanhung", "thuha")
ADDRESSES = ("127.0.0.1", "203.0.113.7")


def at_once(work, count: int) -> list[BaseException]:
    """Do `work(number)` in threads that begin together; return what they were stopped by."""
    gate, stopped = threading.Barrier(count), []

    def run(number: int) -> None:
        try:
            gate.wait()
            work(number)
        except BaseException as error:
            stopped.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return stopped


@pytest.mark.django_db(transaction=True)
def test_log_ins_of_one_office_never_wait_in_a_circle():
    for name in NAMES:
        services.account_create(
            username=name, password=PASSWORD, must_change=False, actor=None, now=NOW
        )

    def work(number: int) -> None:
        chance = random.Random(number)
        for turn in range(12):
            now = NOW + timedelta(minutes=8 * turn)
            with suppress(Refusal):
                services.sign_in_with_password(
                    username=chance.choice(NAMES), password=chance.choice([PASSWORD, "sai"]),
                    address=chance.choice(ADDRESSES), now=now,
                )  # fmt: skip
            if turn % 3 == number % 3:
                services.failures_forget(now=now)

    assert at_once(work, 6) == []


@pytest.mark.django_db(transaction=True)
def test_of_many_guesses_at_once_no_more_are_looked_at_than_may_fail(monkeypatch):
    services.account_create(
        username="mailan", password=PASSWORD, must_change=False, actor=None, now=NOW
    )
    looked_at = []
    monkeypatch.setattr(
        "nep.foundation.accounts.services._sign_in._password_fits",
        lambda user, password: looked_at.append(password),
    )

    def work(number: int) -> None:
        with pytest.raises(Refusal):
            services.sign_in_with_password(
                username="mailan", password=f"sai {number}", address=f"203.0.113.{number}", now=NOW
            )

    assert at_once(work, 12) == []
    assert len(looked_at) == 5
    row = FailureCount.objects.get(key="account:mailan")
    assert (row.failures, row.locked_until) == (5, NOW + timedelta(minutes=15))
