"""Health look-ups of machines: they live without a database and tell what needs attention."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import OperationalError, connection

from nep.foundation.outbox.models import QueueRow, Timetable
from nep.foundation.outbox.queries import BEAT
from nep.kernel.vietnamese import VN

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=VN)


@pytest.fixture(autouse=True)
def product_site(settings):
    settings.ROOT_URLCONF = "nep.config.urls"
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def worker(db):
    Timetable.objects.create(name=BEAT, last_run_at=NOW - timedelta(seconds=5))


def waiting(*, since: timedelta, state: int = QueueRow.WAITING) -> None:
    QueueRow.objects.create(name="thu", run_at=NOW - since, state=state)


def test_the_process_says_that_it_lives_without_asking_the_database(client):
    answer = client.get("/healthz")  # without the db fixture every query fails the test

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}
    assert "no-store" in answer["Cache-Control"]


def test_a_health_look_up_is_never_a_post(client):
    assert client.post("/healthz").status_code == 405
    assert client.post("/readyz").status_code == 405


def test_a_system_whose_worker_beats_is_ready(client, worker):
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ready", "faults": [], "worker_silent_seconds": 5, "queue_waiting": 0,
        "queue_waited_seconds": 0, "jobs_failed": 0,
    }  # fmt: skip


def test_a_worker_never_seen_or_silent_for_long_needs_attention(client, db):
    assert client.get("/readyz").json()["faults"] == ["worker"]

    Timetable.objects.create(name=BEAT, last_run_at=NOW - timedelta(minutes=3))
    told = client.get("/readyz").json()
    assert (told["status"], told["worker_silent_seconds"]) == ("attention", 180)


def test_a_job_that_waits_long_or_gave_up_needs_attention(client, worker):
    waiting(since=timedelta(minutes=6))
    waiting(since=timedelta(hours=1), state=QueueRow.FAILED)

    told = client.get("/readyz").json()
    assert told["faults"] == ["queue", "jobs_failed"]
    assert (told["queue_waiting"], told["queue_waited_seconds"]) == (1, 360)


def test_without_its_database_the_system_is_not_ready(client, db):
    def unreachable(*_):
        raise OperationalError("connection refused")

    with connection.execute_wrapper(unreachable):
        answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json() == {"status": "unavailable", "faults": ["database"]}
