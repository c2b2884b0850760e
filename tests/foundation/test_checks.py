"""Checks as functions on PostgreSQL: they refuse what they refused, and go back to text."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import CheckConstraint

from nep.foundation.db.checks import (
    checks_into_functions,
    checks_into_one,
    checks_into_text,
    checks_out_of_one,
)

pytestmark = pytest.mark.django_db(transaction=True)
TABLE = "foundation_checked"
FAULTS = {("0, now(), ''", "checked_when"), ("1, NULL, 'x'", "checked_word")}


@pytest.fixture
def checked():
    """Yield a table with two checks."""
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL alone reads its checks at each statement")
    with connection.cursor() as cursor:
        cursor.execute(
            f'CREATE TABLE {TABLE} (id int, "when" timestamptz, word varchar(5), '
            "CONSTRAINT checked_word CHECK (word IN ('', 'dung', 'trễ')), "
            'CONSTRAINT checked_when CHECK (("when" IS NULL AND id = 0) OR id > 0))'
        )
        yield cursor
        cursor.execute(f"DROP TABLE {TABLE}")


def definitions(cursor) -> list[tuple]:
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE conrelid = %s::regclass ORDER BY conname",
        [TABLE],
    )
    return cursor.fetchall()


def test_a_check_refuses_the_same_as_a_function_and_as_text_again(checked):
    before, names = definitions(checked), ("checked_word", "checked_when")
    for _ in range(2):  # asked again, nothing changes
        with connection.schema_editor() as editor:
            checks_into_functions(editor, TABLE, *names)
    assert [row[1] for row in definitions(checked)] == [
        'CHECK (check_checked_when(id, "when"))', "CHECK (check_checked_word(word))",
    ]  # fmt: skip
    assert refused(checked) == FAULTS
    with connection.schema_editor() as editor:
        checks_into_text(editor, TABLE, *names)
    assert refused(checked) == FAULTS
    now = definitions(checked)
    assert [row[0] for row in now] == [row[0] for row in before]
    assert not any("check_checked" in row[1] for row in now)
    checked.execute("SELECT count(*) FROM pg_proc WHERE proname LIKE 'check_checked%%'")
    assert checked.fetchone() == (0,)


def test_checks_that_call_one_function_refuse_each_by_its_name(checked):
    before, names = definitions(checked), ("checked_word", "checked_when")
    with connection.schema_editor() as editor:
        checks_into_functions(editor, TABLE, *names)
    for _ in range(2):  # asked again, nothing changes
        with connection.schema_editor() as editor:
            checks_into_one(editor, TABLE, *names)
    assert definitions(checked) == [
        (f"{TABLE}_checks", f'CHECK (check_{TABLE}(id, "when", word))')
    ]  # fmt: skip
    assert refused(checked) == FAULTS
    with connection.schema_editor() as editor:
        checks_out_of_one(editor, TABLE)
    assert refused(checked) == FAULTS
    now = definitions(checked)
    assert [row[0] for row in now] == [row[0] for row in before]
    assert not any(TABLE in row[1] for row in now)
    checked.execute("SELECT count(*) FROM pg_proc WHERE proname LIKE 'check_%%checked%%'")
    assert checked.fetchone() == (0,)


def test_a_refusal_says_the_same_whether_checks_call_one_function_or_none(checked):
    told = [refusal(checked)]
    with connection.schema_editor() as editor:
        checks_into_one(editor, TABLE, "checked_word", "checked_when")
    told.append(refusal(checked))
    assert told[0] == told[1]


@pytest.mark.parametrize("table", ["cases_case", "cases_steprun", "work_workitem"])
def test_a_table_that_a_step_writes_calls_one_function(table):
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL alone reads its checks at each statement")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass",
            [table],
        )
        assert cursor.fetchall() == [(f"{table}_checks",)]
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [f"check_{table}"])
        source = cursor.fetchone()[0]
    model = next(one for one in apps.get_models() if one._meta.db_table == table)
    checks = [one for one in model._meta.constraints if isinstance(one, CheckConstraint)]
    assert [one.name for one in checks if f"THEN '{one.name}'" not in source] == []


def refusal(cursor) -> tuple:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        cursor.execute(f"INSERT INTO {TABLE} VALUES (0, now(), 'x')")
    said = refused.value.__cause__.diag
    return said.sqlstate, said.message_primary, said.table_name, said.constraint_name


def refused(cursor) -> set[tuple[str, str]]:
    found = set()
    for row in ("0, NULL, ''", "1, now(), 'trễ'", "2, NULL, NULL", "0, now(), ''", "1, NULL, 'x'"):
        try:
            with transaction.atomic():
                cursor.execute(f"INSERT INTO {TABLE} VALUES ({row})")
        except IntegrityError as error:
            found.add((row, error.__cause__.diag.constraint_name))
    return found
