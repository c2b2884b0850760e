"""The journal is append-only, chained, sealed, and shows every tampering."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from nep.foundation.journal import queries
from nep.foundation.journal.models import (
    JournalBlackening,
    JournalCheckpoint,
    JournalEntry,
    JournalLink,
)
from nep.foundation.journal.queries import actors, history, unlinked_count, verify
from nep.foundation.journal.services import (
    ACCOUNT,
    blacken,
    content_hash,
    link_rows,
    record,
    seal_day,
)

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(params=[1, 2, queries.PORTION], autouse=True)
def portion(request, monkeypatch):
    """Read the journal in portions of every size: what is found never hangs on where one ends."""
    monkeypatch.setattr(queries, "PORTION", request.param)


def write(number: int, agency: int | None = 1) -> int:
    return record(
        actor_id=7, agency_id=agency, action="case.note", object_type="case", object_id=number,
        at=NOW, old={"ghi chú": "cũ"}, new={"ghi chú": f"mới {number}"}, reason="thử",
    )  # fmt: skip


def force(statement: str, parameters: list) -> None:
    """Change rows as somebody with the database password would, past the triggers."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE journal_journalentry DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER journal_entry_no_update")
            cursor.execute("DROP TRIGGER journal_entry_no_delete")
        cursor.execute(statement, parameters)
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE journal_journalentry ENABLE TRIGGER USER")


def test_entries_of_each_agency_form_a_chain_that_verifies():
    for number in range(5):
        write(number)
    write(9, agency=2)
    write(10, agency=None)

    assert link_rows() == 7

    assert unlinked_count() == 0
    assert list(verify()) == []
    positions = JournalLink.objects.filter(agency_id=1).order_by("position")
    assert [link.position for link in positions] == [1, 2, 3, 4, 5]


def test_linking_twice_changes_nothing():
    write(1)
    assert link_rows() == 1
    assert link_rows() == 0


@pytest.mark.parametrize("statement", ["UPDATE journal_journalentry SET reason = 'x'",
                                       "DELETE FROM journal_journalentry"])  # fmt: skip
def test_the_database_itself_refuses_to_change_or_delete_entries(statement):
    write(1)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def take_out(entry: int, *, word: str = "mới") -> int:
    return blacken(
        objects=[("case", entry)], replace=lambda text: text.replace(word, "[đã xóa]"),
        actor_id=7, agency_id=1, at=NOW, reason="Xóa theo luật",
    )  # fmt: skip


def test_words_blackened_by_law_leave_the_chain_whole_and_say_so():
    write(1)
    write(2)
    link_rows()
    count = take_out(1)
    link_rows()

    assert count == 1
    assert list(verify()) == []
    told, kept = history(object_type="case", object_id=1)
    assert kept.new == '{"ghi chú":"[đã xóa] 1"}'
    assert told.action == "journal.blackened"
    assert take_out(1, word="thử") == 1
    assert list(verify()) == []
    assert take_out(1) == 0


def test_only_the_words_of_a_blackened_entry_change_and_only_once():
    entry = write(1)
    take_out(1)
    row = JournalBlackening.objects.get()
    for statement, is_open in (("reason = 'x'", False), ("action = 'x'", True), ("at = at", False)):
        JournalBlackening.objects.update(kept_hash="" if is_open else row.kept_hash)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE journal_journalentry SET {statement} WHERE id = {entry}")


def test_words_changed_as_if_by_law_are_found():
    entry = write(1)
    JournalBlackening.objects.create(entry_id=entry)
    JournalEntry.objects.filter(pk=entry).update(reason="khác")
    row = JournalEntry.objects.filter(pk=entry).values().get()
    JournalBlackening.objects.update(kept_hash=content_hash(row))

    assert [fault.code for fault in verify()] == ["journal_changed"]


def test_a_changed_entry_is_found():
    entry = write(1)
    link_rows()
    force("UPDATE journal_journalentry SET reason = %s WHERE id = %s", ["khác", entry])
    assert [fault.code for fault in verify()] == ["journal_changed"]


def test_a_changed_entry_with_a_matching_hash_breaks_the_chain():
    entry = write(1)
    write(2)
    link_rows()
    force("UPDATE journal_journalentry SET content_hash = %s WHERE id = %s", ["0" * 64, entry])
    assert {fault.code for fault in verify()} >= {"journal_changed", "journal_chain"}


def test_a_deleted_entry_is_found():
    write(1)
    gone = write(2)
    link_rows()
    force("DELETE FROM journal_journalentry WHERE id = %s", [gone])
    assert "journal_missing" in {fault.code for fault in verify()}


def test_a_cut_tail_is_found_against_the_days_seal():
    write(1)
    tail = write(2)
    link_rows()
    seal_day(on=date(2026, 11, 21))
    JournalLink.objects.filter(entry_id=tail).delete()
    force("DELETE FROM journal_journalentry WHERE id = %s", [tail])
    assert "journal_cut" in {fault.code for fault in verify()}


def test_each_days_seal_is_held_against_the_chain_also_of_days_without_an_entry():
    write(1)
    link_rows()
    days = [date(2026, 11, day) for day in (20, 21, 22)]
    for day in days:
        seal_day(on=day)
    assert list(verify()) == []
    JournalCheckpoint.objects.filter(sealed_on=days[1]).update(chain_hash="0" * 64)
    (fault,) = verify()
    assert (fault.code, str(days[1]) in fault.message) == ("journal_cut", True)
    JournalLink.objects.all().delete()
    assert [fault.code for fault in verify()] == ["journal_cut"] * 3


def test_history_reads_newest_first():
    write(5)
    write(5)
    rows = history(object_type="case", object_id=5)
    assert len(rows) == 2
    assert rows[0].id > rows[1].id
    assert JournalEntry.objects.count() == 2


def sign_in_entry(**more) -> int:
    return record(
        actor_id=7, agency_id=None, action="account.signed_in", object_type="account",
        object_id=7, at=NOW, **more,
    )  # fmt: skip


def test_an_entry_says_whether_a_person_or_an_account_acted():
    write(1)
    sign_in_entry(actor_kind=ACCOUNT)
    link_rows()

    assert [row.is_account for row in history(object_type="account", object_id=7)] == [True]
    assert [row.is_account for row in history(object_type="case", object_id=1)] == [False]
    assert actors(accounts=True) == actors(accounts=False) == {7}
    assert list(verify()) == []


def test_an_entry_older_than_the_kind_keeps_its_hash_and_is_read_as_an_accounts():
    sign_in_entry()
    old = JournalEntry.objects.get()

    assert old.actor_kind is None
    row = {name: getattr(old, name) for name in (
        "id", "agency_id", "actor_id", "action", "object_type", "object_id", "at", "old", "new",
        "reason",
    )}  # fmt: skip
    assert content_hash(row) == old.content_hash
    assert history(object_type="account", object_id=7)[0].is_account
    assert actors(accounts=False) == set()


def test_turning_an_account_into_a_person_is_found():
    entry = sign_in_entry(actor_kind=ACCOUNT)
    link_rows()
    force("UPDATE journal_journalentry SET actor_kind = NULL WHERE id = %s", [entry])

    assert [fault.code for fault in verify()] == ["journal_changed"]
