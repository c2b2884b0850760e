"""Fixed statements answer the same on both engines, whatever the connection went through."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DataError, connection, transaction

from nep.foundation.db import Lookup
from nep.foundation.outbox.models import QueueRow

AT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
MOMENTS = (AT, AT + timedelta(microseconds=7), datetime(1969, 7, 1, tzinfo=UTC))
LOOKUP = Lookup(
    'SELECT "name", "attempts", {"run_at"}, {"finished_at"}, "run_at" FROM "outbox_queuerow" '
    'WHERE "name" = %s AND "attempts" < %s',
    times=(2, 3, 4),
)
pytestmark = pytest.mark.django_db


def row(name: str, at: datetime = AT, **more) -> None:
    QueueRow.objects.create(name=name, run_at=at, **more)


@pytest.mark.parametrize("at", MOMENTS)
def test_moments_come_aware_and_whole(at):
    row("việc", at, attempts=3)
    assert LOOKUP.one("việc", 4) == ("việc", 3, at, None, at)
    assert LOOKUP.all("việc", 4)[0][2].utcoffset() == timedelta(0)
    assert LOOKUP.one("việc", 3) is None and LOOKUP.all("không có", 9) == []


def test_a_rollback_forgets_no_statement():
    row("việc")
    assert LOOKUP.one("việc", 4)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        row("bị bỏ")
        assert LOOKUP.one("bị bỏ", 1)
        raise ZeroDivisionError
    assert LOOKUP.one("bị bỏ", 1) is None
    with transaction.atomic():
        assert LOOKUP.one("việc", 4)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no server")
@pytest.mark.django_db(transaction=True)
def test_a_statement_the_server_forgot_is_prepared_again():
    row("việc")
    assert LOOKUP.one("việc", 4)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert LOOKUP.one("việc", 4)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite keeps such texts")
def test_a_text_with_a_zero_byte_is_refused_not_cut():
    row("việc")
    with pytest.raises(DataError), transaction.atomic():
        LOOKUP.one("việc\0 khác", 4)
