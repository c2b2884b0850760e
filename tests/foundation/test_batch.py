"""One action's rows are written together or not at all, on both engines."""

import os
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import IntegrityError, connection, transaction

from nep.foundation.db import Batch, inserts, new_id, updates
from nep.foundation.numbering.models import Book
from nep.foundation.outbox.models import QueueRow

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def book(name: str, last_number: int = 0) -> Book:
    return Book.objects.create(agency_id=1, name=name, year=2026, last_number=last_number)


def queue_columns(name: str) -> dict:
    return {
        "id": new_id(), "name": name, "payload": "{}", "agency_id": None, "key": None, "state": 0,
        "run_at": NOW, "leased_until": None, "attempts": 0, "error": "", "finished_at": None,
    }  # fmt: skip


def test_guard_updates_and_inserts_are_written_together():
    first, second = book("a"), book("b")
    batch = Batch()
    batch.insert("outbox_queuerow", **queue_columns("một việc"))
    batch.update("numbering_book", where={"id": second.pk}, set={"last_number": 7})
    batch.guard("numbering_book", where={"id": first.pk, "last_number": 0}, set={"last_number": 1})

    assert batch.flush() is True

    assert Book.objects.get(pk=first.pk).last_number == 1
    assert Book.objects.get(pk=second.pk).last_number == 7
    row = QueueRow.objects.get(name="một việc")
    assert row.run_at == NOW and row.key is None


def test_nothing_is_written_when_the_guard_hits_no_row():
    first, second = book("a", 5), book("b")
    batch = Batch()
    batch.guard("numbering_book", where={"id": first.pk, "last_number": 4}, set={"last_number": 9})
    batch.update("numbering_book", where={"id": second.pk}, set={"last_number": 7})
    batch.insert("outbox_queuerow", **queue_columns("không được ghi"))

    assert batch.flush() is False

    assert Book.objects.get(pk=first.pk).last_number == 5
    assert Book.objects.get(pk=second.pk).last_number == 0
    assert not QueueRow.objects.exists()


def test_a_kept_shape_writes_what_names_would():
    columns = queue_columns("một việc")
    there = NOW.astimezone(timezone(timedelta(hours=7)))
    rows = [{**columns, "id": new_id(), "run_at": at} for at in (NOW, there)]
    shape = inserts("outbox_queuerow", *columns)
    batch = Batch()
    batch.add(shape, list(rows[0].values()))
    batch.insert("outbox_queuerow", **rows[1])
    assert batch.flush() is True

    assert set(QueueRow.objects.values_list("run_at", flat=True)) == {NOW}
    assert inserts("outbox_queuerow", *columns) is shape

    batch = Batch()
    batch.add(updates("outbox_queuerow", "attempts", "error"), [3, "hỏng", rows[0]["id"]])
    assert batch.flush() is True

    found = QueueRow.objects.order_by("id").values_list("attempts", "error")
    assert list(found) == [(3, "hỏng"), (0, "")]


def test_a_truth_and_nothing_are_stored_as_such():
    item = new_id()
    batch = Batch()
    batch.insert(
        "work_workitem", id=item, agency_id=1, kind="case", title="Việc", detail="", link="/",
        source_type="case", source_id=1, source_code="", step_label="", person_id=None, unit_id=1,
        role="specialist", opened_at=NOW, started_at=NOW, due_at=None, limit_minutes=None,
        pleat="[]", note="", paused=True, state=0, version=1,
    )  # fmt: skip
    assert batch.flush() is True

    batch = Batch()
    batch.add(updates("work_workitem", "paused", "due_at"), [False, NOW, item])
    assert batch.flush() is True

    with connection.cursor() as cursor:
        cursor.execute("SELECT paused, person_id FROM work_workitem WHERE NOT paused")
        assert cursor.fetchall() == [(False, None)]


def test_the_same_shape_serves_other_values():
    one, two = book("a"), book("b")
    for row, number in ((one, 3), (two, 4)):
        batch = Batch()
        batch.guard(
            "numbering_book", where={"id": row.pk, "last_number": 0}, set={"last_number": number}
        )
        assert batch.flush()
    assert list(Book.objects.order_by("name").values_list("last_number", flat=True)) == [3, 4]


def test_a_broken_constraint_undoes_the_whole_batch():
    row = book("a")
    batch = Batch()
    batch.guard("numbering_book", where={"id": row.pk}, set={"last_number": 1})
    batch.insert(
        "numbering_book", id=row.pk + 1000, agency_id=1, name="a", year=2026, last_number=0
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        batch.flush()
    assert Book.objects.get(pk=row.pk).last_number == 0


def test_keys_grow():
    keys = [new_id() for _ in range(5000)]
    assert keys == sorted(set(keys))
    assert keys[-1] < 2**63


def test_a_forked_process_counts_from_a_place_of_its_own():
    made = []
    for _ in range(3):
        reading, writing = os.pipe()
        if not os.fork():
            os.write(writing, b"%d" % new_id())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as told:
            made.append(int(told.read()))
        os.wait()
    places = {key & 0x3FFFFF for key in [*made, new_id()]}
    assert max(places) - min(places) > 4  # they do not all count on from this process's last


def queued(name: str) -> Batch:
    batch = Batch()
    batch.insert("outbox_queuerow", **queue_columns(name))
    return batch


def is_at_rest() -> bool:
    """Say whether the connection has no transaction open, in Django's eyes and in the driver's."""
    if connection.vendor == "sqlite":
        return not connection.in_atomic_block and not connection.connection.in_transaction
    idle = connection.connection.info.transaction_status.name == "IDLE"
    return not connection.in_atomic_block and idle


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_is_the_whole_action_is_kept():
    assert queued("một việc").flush() is True
    assert is_at_rest()
    connection.close()
    assert QueueRow.objects.filter(name="một việc").exists()


@pytest.mark.django_db(transaction=True)
def test_a_lost_guard_leaves_no_transaction_open():
    row = book("a", 5)
    batch = queued("không được ghi")
    batch.guard("numbering_book", where={"id": row.pk, "last_number": 4}, set={"last_number": 9})

    assert batch.flush() is False

    assert is_at_rest()
    assert not QueueRow.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_broken_constraint_leaves_no_transaction_open():
    row = book("a")
    batch = queued("không được ghi")
    batch.insert(
        "numbering_book", id=row.pk + 1000, agency_id=1, name="a", year=2026, last_number=0
    )
    with pytest.raises(IntegrityError):
        batch.flush()

    assert is_at_rest()
    assert not QueueRow.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_refusal_at_the_commit_leaves_no_transaction_open():
    batch = queued("không được ghi")
    batch.insert("organization_position", id=new_id(), agency_id=1, name="Vô chủ", folded="vo chu")
    with pytest.raises(IntegrityError):  # the agency is missed when the transaction ends
        batch.flush()

    assert is_at_rest()
    assert not QueueRow.objects.exists()
    assert queued("việc sau").flush() is True


@pytest.mark.django_db(transaction=True)
def test_a_batch_inside_an_action_ends_with_it():
    class Undone(Exception):
        """The action thinks better of it."""

    with pytest.raises(Undone), transaction.atomic():
        assert queued("không được ghi").flush() is True
        raise Undone
    assert not QueueRow.objects.exists()
