"""One action's rows are written together or not at all, on both engines."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from nep.foundation.db import Batch, new_id
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
