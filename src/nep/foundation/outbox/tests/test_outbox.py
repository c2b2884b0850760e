"""The queue: written with the action, done at least once, taken over from a dead worker."""

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from nep.foundation.journal import services as journal
from nep.foundation.journal.models import JournalEntry, JournalLink
from nep.foundation.outbox import registry, worker
from nep.foundation.outbox.jobs import seal_yesterday
from nep.foundation.outbox.models import QueueRow, Timetable
from nep.foundation.outbox.queries import failures
from nep.foundation.outbox.services import (
    enqueue,
    failed_drop,
    failed_retry,
    publish,
    purge_done,
)
from nep.foundation.outbox.worker import (
    LEASE,
    MAX_ATTEMPTS,
    drain,
    run_at_once,
    run_due_periodics,
    work_once,
)
from nep.kernel.errors import NotFound, Refusal

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


def test_who_waits_at_the_screen_goes_before_thousands_of_events(heard):
    registry.subscribe(SomethingHappened)(lambda event, now: heard.append(event.case_id))
    registry.job("đọc tệp")(lambda payload, now: heard.append("tệp"))
    for number in range(20):
        publish(SomethingHappened(number, "xong"), agency_id=1, at=NOW - timedelta(days=1))
    enqueue("đọc tệp", {}, at=NOW, urgent=True)

    work_once(now=NOW, clock=lambda: NOW, limit=3)

    assert heard == ["tệp", 0, 1]


def test_a_stream_of_urgent_work_leaves_old_work_its_turns(heard):
    def portion(payload, now):
        heard.append("phần")
        enqueue("từng phần", {}, at=now, urgent=True)

    registry.job("từng phần")(portion)
    registry.job("việc nền")(lambda payload, now: heard.append(payload["n"]))
    for number in (1, 2):
        enqueue("việc nền", {"n": number}, at=NOW)
    enqueue("từng phần", {}, at=NOW, urgent=True)

    work_once(now=NOW, clock=lambda: NOW, limit=9)

    assert heard == ["phần"] * 3 + [1] + ["phần"] * 3 + [2, "phần"]


def test_a_failed_urgent_row_lets_ordinary_work_go_on_while_it_rests(heard):
    registry.job("việc nền")(lambda payload, now: heard.append("nền"))
    enqueue("tệp mai đọc", {}, at=NOW, run_at=NOW + timedelta(hours=1), urgent=True)
    enqueue("việc nền", {}, at=NOW)

    assert work_once(now=NOW, clock=lambda: NOW) == 1

    assert heard == ["nền"]


def test_taking_the_next_row_neither_reads_the_whole_table_nor_sorts(heard):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # of an empty table it would rather read all
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    due = QueueRow.objects.filter(state=QueueRow.WAITING, run_at__lte=NOW)
    for rows in (due, due.filter(lane=QueueRow.ORDINARY)):
        plan = rows.order_by("lane", "run_at", "id")[:1].explain().lower()
        assert "outbox_waiting_by_lane" in plan
        assert "sort" not in plan
        assert "temp b-tree" not in plan


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


def test_a_worker_that_slept_beyond_its_lease_leaves_the_row_to_who_took_it_over(heard):
    fails = [False]

    def work(payload, now):
        if fails[0]:
            raise ValueError("hỏng")
        heard.append(now)

    registry.job("việc")(work)
    enqueue("việc", {}, at=NOW)
    asleep = worker._lease_next(NOW)
    later = NOW + LEASE + timedelta(seconds=1)
    assert work_once(now=later, clock=lambda: later) == 1

    worker._do(asleep, now=later)
    fails[0] = True
    worker._do(asleep, now=later)
    worker._postpone(asleep, later, "hỏng")

    assert heard == [later]
    assert QueueRow.objects.get().state == QueueRow.DONE


@pytest.mark.django_db(transaction=True)
def test_a_job_that_outlasts_its_lease_is_not_begun_by_another_worker(heard):
    begun, may_end = threading.Event(), threading.Event()

    def work(payload, now):
        heard.append(now)
        begun.set()
        may_end.wait(20)

    def other() -> None:
        try:
            work_once(now=NOW + 2 * LEASE, clock=lambda: NOW + 2 * LEASE)
        finally:
            connection.close()

    def first() -> None:
        try:
            work_once(now=NOW, clock=lambda: NOW)
        finally:
            connection.close()

    registry.job("việc dài")(work)
    enqueue("việc dài", {}, at=NOW)
    workers = [threading.Thread(target=first), threading.Thread(target=other)]
    workers[0].start()
    assert begun.wait(20)
    workers[1].start()
    workers[1].join(0.2)  # passes it over, or waits for the file
    may_end.set()
    for one in workers:
        one.join(20)

    assert heard == [NOW]
    assert QueueRow.objects.get().state == QueueRow.DONE


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


def test_periodic_jobs_go_on_after_a_clock_that_was_a_year_ahead(db, monkeypatch):
    ran = []
    monkeypatch.setattr(worker, "periodics", {"x": registry.Periodic("x", 60, ran.append)})
    now = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    worker.run_due_periodics(now=now + timedelta(days=365))
    for minutes in range(1, 600, 10):
        worker.run_due_periodics(now=now + timedelta(minutes=minutes))
    assert len(ran) > 1


def test_entries_of_a_clock_put_right_are_linked_with_the_next_sealing(db, monkeypatch):
    now = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    about = {"actor_id": None, "agency_id": None, "object_type": "x", "at": now}
    real = journal.new_id
    with monkeypatch.context() as ahead:  # by two hours
        ahead.setattr(journal, "new_id", lambda: real() + ((2 * 3600 * 1000) << 22))
        journal.record(action="a.b", object_id=1, **about)
        assert journal.link_rows() == 1
    journal.record(action="a.c", object_id=2, **about)
    seal_yesterday(now)
    assert not JournalEntry.objects.exclude(pk__in=JournalLink.objects.values("entry_id")).exists()


@pytest.fixture
def given_up(heard):
    """A job that fails until its cause is mended, given up at last; and what mends it."""
    causes = ["đĩa đầy"]

    def read(payload, now):
        if causes:
            raise OSError(causes[0])
        heard.append(payload["n"])

    registry.job("đọc tệp")(read)
    row_id = enqueue("đọc tệp", {"n": 7}, at=NOW, agency_id=3)
    for hours in range(MAX_ATTEMPTS):
        drain(now=NOW + timedelta(hours=2 * hours))
    return row_id, causes.clear


def test_what_gave_up_is_done_once_its_cause_is_mended(given_up, heard):
    row_id, mend = given_up
    (told,) = failures()
    assert (told.id, told.name, told.agency_id, told.error) == (
        row_id,
        "đọc tệp",
        3,
        "OSError: đĩa đầy",
    )

    mend()
    later = NOW + timedelta(days=2)
    assert failed_retry(ids=None, now=later) == [row_id]
    assert drain(now=later) == 1

    assert heard == [7]
    assert failures() == []
    noted = JournalEntry.objects.get(action="queue.retried")
    assert (noted.object_type, noted.object_id, noted.agency_id) == ("job", str(row_id), 3)
    with pytest.raises(NotFound):
        failed_retry(ids=[row_id], now=later)  # it has been done
    assert failed_retry(ids=None, now=later) == []


def test_what_was_tried_again_in_vain_gives_up_again_after_as_many_attempts(given_up):
    row_id, _ = given_up
    later = NOW + timedelta(days=2)
    failed_retry(ids=[row_id], now=later)
    for hours in range(MAX_ATTEMPTS):
        assert QueueRow.objects.get().state == QueueRow.WAITING
        drain(now=later + timedelta(hours=2 * hours))
    assert QueueRow.objects.get().state == QueueRow.FAILED


def test_what_gave_up_is_dropped_for_a_reason_that_the_journal_keeps(given_up):
    row_id, _ = given_up
    waiting = enqueue("đọc tệp", {"n": 8}, at=NOW)
    with pytest.raises(Refusal):
        failed_drop(ids=[row_id], reason="  ", now=NOW)
    with pytest.raises(NotFound):
        failed_drop(ids=[row_id, waiting], reason="không cần nữa", now=NOW)
    assert QueueRow.objects.count() == 2

    assert failed_drop(ids=[row_id], reason="không cần nữa", now=NOW) == [row_id]

    assert [row.pk for row in QueueRow.objects.all()] == [waiting]
    assert JournalEntry.objects.get(action="queue.dropped").reason == "không cần nữa"
