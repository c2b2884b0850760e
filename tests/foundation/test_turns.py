"""Writers of one SQLite file wait in line, and nobody's death or absence stops the line."""

import fcntl
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import OperationalError, connections
from django.db.transaction import atomic

from nep.config.env import sqlite_database
from nep.foundation.db import Batch, turns
from nep.foundation.db.sqlite import base
from nep.foundation.db.turns import SUFFIX, Turn

SOURCE = Path(turns.__file__).parents[3]
HOLDER = (
    "import sys, time; from nep.foundation.db.turns import Turn; "
    "turn = Turn(sys.argv[1], seconds=9); turn.take(); print('held', flush=True); time.sleep(60)"
)
WRITER = """
import sys
from django.conf import settings
from nep.config.env import sqlite_database
from pathlib import Path
settings.configure(DATABASES={"default": sqlite_database(Path(sys.argv[1]))}, USE_TZ=True)
from django.db import connection, transaction
for _ in range(int(sys.argv[2])):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT n FROM line")
        (n,) = cursor.fetchone()
        cursor.execute("UPDATE line SET n = %s", [n + 1])
"""


@pytest.fixture
def opened(tmp_path: Path, django_db_blocker, worlds) -> Iterator[Callable[..., str]]:
    """Return a function that adds a database file to Django's connections, by its alias.

    No world stands meanwhile: its open transaction holds a turn, and a thread is given only one.
    """
    made: list[str] = []

    def add(name: str = "one", *, seconds: float = 5) -> str:
        alias = f"turns-{name}"
        settings = sqlite_database(tmp_path / f"{name}.sqlite3")
        settings["OPTIONS"]["timeout"] = seconds
        connections.settings[alias] = connections.configure_settings(
            {"default": {}, alias: settings}
        )[alias]
        made.append(alias)
        with connections[alias].cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS line (id integer PRIMARY KEY, n integer)")
            cursor.execute("INSERT INTO line (n) SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM line)")
        return alias

    with django_db_blocker.unblock():  # these files belong to the test alone
        worlds.fall()
        yield add
    for alias in made:
        connections[alias].close()
        del connections[alias]
        del connections.settings[alias]


def path_of(alias: str) -> str:
    return connections[alias].settings_dict["NAME"]


def is_free(alias: str) -> bool:
    """Say whether another process would be given the turn now."""
    file = os.open(path_of(alias) + SUFFIX, os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(file, fcntl.LOCK_UN)  # a child forked just now has the same handle
    except BlockingIOError:
        return False
    finally:
        os.close(file)
    return True


def add_one(alias: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute("UPDATE line SET n = n + 1")


def add_one_in_batch(alias: str) -> None:
    batch = Batch()
    batch.update("line", where={"id": 1}, set={"n": count(alias) + 1})
    assert batch.flush(using=alias)


def count(alias: str) -> int:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT n FROM line")
        return cursor.fetchone()[0]


@contextmanager
def program(code: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as running:
        try:
            yield running
        finally:
            running.kill()


def test_a_transaction_holds_one_turn_until_its_end(opened):
    alias = opened()
    with atomic(using=alias):
        assert not is_free(alias)
        with atomic(using=alias):
            add_one(alias)
        assert not is_free(alias)
    assert is_free(alias)

    with pytest.raises(ZeroDivisionError), atomic(using=alias):
        add_one(alias)
        _ = 1 / 0
    assert is_free(alias)
    assert count(alias) == 1


def test_a_single_statement_and_a_batch_give_their_turn_back_however_they_end(opened):
    alias = opened()
    add_one(alias)
    assert is_free(alias)
    with pytest.raises(OperationalError), connections[alias].cursor() as cursor:
        cursor.execute("UPDATE nowhere SET n = 1")
    assert is_free(alias)

    for table, is_written in (("line", True), ("nowhere", False)):
        batch = Batch()
        batch.update(table, where={"id": 1}, set={"n": 7})
        if is_written:
            assert batch.flush(using=alias)
        else:
            with pytest.raises(OperationalError):
                batch.flush(using=alias)
        assert is_free(alias)
        assert not connections[alias].connection.in_transaction
    assert count(alias) == 7


def test_reading_takes_no_turn(opened):
    alias = opened()
    with program(HOLDER, path_of(alias)) as holder:
        assert holder.stdout.readline() == "held\n"
        assert count(alias) == 0


def test_a_killed_holder_gives_its_turn_back(opened):
    alias = opened()
    with program(HOLDER, path_of(alias)) as holder:
        assert holder.stdout.readline() == "held\n"
        assert not is_free(alias)
        writer = threading.Thread(target=add_one, args=(alias,))
        connections[alias].inc_thread_sharing()
        writer.start()
        writer.join(0.1)
        assert writer.is_alive(), "the writer did not wait for its turn"
        os.kill(holder.pid, signal.SIGKILL)
        writer.join(10)
    assert count(alias) == 1
    assert is_free(alias)


def test_a_writer_outside_our_code_is_waited_for(opened):
    alias = opened()
    stranger = sqlite3.connect(path_of(alias), isolation_level=None, check_same_thread=False)
    stranger.execute("BEGIN IMMEDIATE")
    stranger.execute("UPDATE line SET n = 40")
    end = threading.Timer(0.1, stranger.execute, ["COMMIT"])
    end.start()
    with atomic(using=alias):
        add_one(alias)
    end.join()
    stranger.close()
    assert count(alias) == 41


def test_a_writer_outside_our_code_that_never_ends_is_told_as_before(opened):
    alias = opened(seconds=0.1)
    stranger = sqlite3.connect(path_of(alias), isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"), atomic(using=alias):
        raise AssertionError("the transaction began")
    assert is_free(alias)
    stranger.close()
    add_one(alias)
    assert count(alias) == 1


def test_threads_wait_for_each_other_and_give_up_as_sqlite_does(opened):
    alias = opened(seconds=0.1)
    other = Turn(path_of(alias), seconds=0.1)
    holder = threading.Thread(target=other.take)
    holder.start()
    holder.join()
    with pytest.raises(OperationalError, match="locked"), atomic(using=alias):
        raise AssertionError("the transaction began")
    other.give()
    add_one(alias)
    assert count(alias) == 1


def test_two_databases_never_wait_for_each_other_in_a_circle(opened):
    first, second = opened("one"), opened("two")
    with atomic(using=first), atomic(using=second):
        add_one(second)
        assert not is_free(first)
        assert is_free(second)
    with atomic(using=second), atomic(using=first):
        add_one(first)
    assert (count(first), count(second)) == (1, 1)
    assert is_free(first)
    assert is_free(second)


def test_a_turn_that_is_thrown_away_is_given_back(opened):
    alias = opened()
    turn = Turn(path_of(alias), seconds=1)
    turn.take()
    assert not is_free(alias)
    del turn
    assert is_free(alias)


def test_a_forked_child_neither_holds_nor_ends_its_parents_turn(opened):
    alias = opened()
    turn = connections[alias].turn
    turn.take()
    child = os.fork()
    if not child:
        turn.give()
        os._exit(0)
    os.waitpid(child, 0)
    assert not is_free(alias)
    turn.give()
    assert is_free(alias)


def test_without_a_place_for_the_turn_writing_goes_on_as_before(opened, tmp_path):
    turn = Turn(tmp_path / "no such folder" / "x.sqlite3", seconds=1)
    for _ in range(2):
        turn.take()
        turn.give()
    alias = opened()
    os.remove(path_of(alias) + SUFFIX)
    add_one(alias)
    assert count(alias) == 1


def test_processes_that_write_at_once_lose_nothing(opened):
    alias = opened()
    with program(WRITER, path_of(alias), 60) as one, program(WRITER, path_of(alias), 60) as two:
        for _ in range(60):
            add_one(alias)
        assert (one.wait(30), two.wait(30)) == (0, 0)
    assert count(alias) == 180


def test_the_log_is_copied_behind_the_turn_and_begins_anew(opened, monkeypatch):
    alias = opened()
    driver = connections[alias].connection
    driver.execute("PRAGMA wal_autocheckpoint=0")  # nothing else copies
    monkeypatch.setattr(base, "COPY_EVERY", 5)
    for number in range(40):
        if number % 2:
            add_one_in_batch(alias)
        else:
            with atomic(using=alias):
                add_one(alias)

    assert is_free(alias)
    assert count(alias) == 40
    assert os.path.getsize(f"{path_of(alias)}-wal") < 20 * 4096


def test_a_log_that_cannot_be_copied_now_stops_no_writer(opened, monkeypatch):
    alias = opened()
    monkeypatch.setattr(base, "COPY_EVERY", 1)
    driver = connections[alias].connection
    rows = driver.execute("SELECT n FROM line UNION ALL SELECT 2 UNION ALL SELECT 3")
    assert rows.fetchone() == (0,)  # still being read: SQLite refuses to copy for this connection
    add_one_in_batch(alias)
    assert is_free(alias)
    assert count(alias) == 1
