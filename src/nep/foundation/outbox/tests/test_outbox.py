"""The queue: written with the action, done at least once, taken over from a dead worker."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from nep.foundation.outbox import registry
from nep.foundation.outbox.models import QueueRow, Timetable
from nep.foundation.outbox.services import enqueue, publish, purge_done
from nep.foundation.outbox.worker import (
    LEASE,
    MAX_ATTEMPTS,
    drain,
    run_at_once,
    run_due_periodics,
    work_once,
)

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class SomethingHappened:
    case_id: int
    word: str


@pytest.fixture
def heard(monkeypatch):
    """Collect what subscribers and jobs were given, in registries of this test's own."""
    for name in ("subscribers", "events", "jobs", "periodics"):
        registry_of_test: dict = {}
        monkeypatch.setattr(registry, name, registry_of_test)
        monkeypatch.setattr(f"nep.foundation.outbox.worker.{name}", registry_of_test)
        if name == "subscribers":
            monkeypatch.setattr("nep.foundation.outbox.services.subscribers", registry_of_test)
    heard: list = []
    return heard


def test_an_event_reaches_its_subscribers_after_the_action(heard):
    registry.subscribe(SomethingHappened)(lambda event, now: heard.append((event, now)))
    publish(SomethingHappened(7, "xong"), agency_id=1, at=NOW)

    assert drain(now=NOW) == 1

    assert heard == [(SomethingHappened(7, "xong"), NOW)]
    assert drain(now=NOW) == 0


def test_an_event_that_every_listener_passes_over_is_not_written(heard):
    of_seven = registry.subscribe(SomethingHappened, when=lambda event: event.case_id == 7)
    of_seven(lambda event, now: heard.append(("bảy", event.case_id)))
    publish(SomethingHappened(8, "xong"), agency_id=1, at=NOW)
    assert not QueueRow.objects.exists()

    registry.subscribe(SomethingHappened)(lambda event, now: heard.append(("mọi", event.case_id)))
    publish(SomethingHappened(8, "xong"), agency_id=1, at=NOW)
    publish(SomethingHappened(7, "xong"), agency_id=1, at=NOW)
    drain(now=NOW)
    assert sorted(heard) == [("bảy", 7), ("mọi", 7), ("mọi", 8)]


def test_a_rolled_back_action_announces_nothing(heard):
    registry.subscribe(SomethingHappened)(lambda event, now: heard.append(event))
    with pytest.raises(RuntimeError), transaction.atomic():
        publish(SomethingHappened(7, "xong"), agency_id=1, at=NOW)
        raise RuntimeError
    drain(now=NOW)
    assert heard == []


def test_a_job_with_a_key_is_written_once(heard):
    assert enqueue("đọc tệp", {"n": 1}, at=NOW, key="tệp-1")
    assert enqueue("đọc tệp", {"n": 1}, at=NOW, key="tệp-1") is None


def test_a_failing_job_waits_longer_each_time_and_then_gives_up(heard):
    def fail(payload, now):
        raise ValueError("hỏng")

    registry.job("hỏng")(fail)
    enqueue("hỏng", {}, at=NOW)
    moment = NOW
    for _ in range(MAX_ATTEMPTS):
        assert work_once(now=moment, clock=lambda at=moment: at) == 1
        moment += timedelta(hours=2)
    row = QueueRow.objects.get()
    assert row.state == QueueRow.FAILED
    assert "ValueError" in row.error
    assert work_once(now=moment + timedelta(days=1)) == 0


def test_the_effect_of_a_failing_job_is_undone(heard):
    def half(payload, now):
        Timetable.objects.create(name="một nửa")
        raise ValueError("giữa chừng")

    registry.job("một nửa")(half)
    enqueue("một nửa", {}, at=NOW)
    work_once(now=NOW)
    assert not Timetable.objects.filter(name="một nửa").exists()


def test_a_row_held_by_a_dead_worker_runs_again_after_its_lease(heard):
    registry.job("việc")(lambda payload, now: heard.append(payload))
    enqueue("việc", {"n": 1}, at=NOW)
    QueueRow.objects.update(leased_until=NOW + LEASE, attempts=1)

    assert work_once(now=NOW + timedelta(seconds=1)) == 0
    later = NOW + LEASE + timedelta(seconds=1)
    assert work_once(now=later, clock=lambda: later) == 1

    assert heard == [{"n": 1}]


def test_periodic_work_runs_before_its_time_unless_somebody_else_does_it(heard):
    registry.periodic("nhịp", every_seconds=60)(heard.append)
    run_due_periodics(now=NOW)
    soon = NOW + timedelta(seconds=5)

    assert run_at_once("nhịp", now=soon)
    Timetable.objects.filter(name="nhịp").update(leased_until=soon + timedelta(minutes=1))
    assert not run_at_once("nhịp", now=soon)
    assert heard == [NOW, soon]


def test_periodic_work_runs_once_per_interval(heard):
    registry.periodic("nhịp", every_seconds=60)(heard.append)
    for seconds in (0, 10, 59, 60, 61):
        run_due_periodics(now=NOW + timedelta(seconds=seconds))
    assert len(heard) == 2


def test_a_round_in_which_no_periodic_work_is_due_asks_once_and_writes_nothing(
    heard, django_assert_num_queries
):
    for number in range(5):
        registry.periodic(f"nhịp {number}", every_seconds=60)(heard.append)
    assert run_due_periodics(now=NOW) == 5
    with django_assert_num_queries(1):
        assert run_due_periodics(now=NOW + timedelta(seconds=30)) == 0


def test_done_rows_are_removed_after_a_week(heard):
    registry.job("việc")(lambda payload, now: None)
    enqueue("việc", {}, at=NOW)
    drain(now=NOW)
    assert purge_done(now=NOW + timedelta(days=6)) == 0
    assert purge_done(now=NOW + timedelta(days=8)) == 1
