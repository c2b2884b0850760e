"""A thread keeps its SQLite connection between requests; it lets go of a file that was replaced."""

import shutil
import sqlite3

import pytest
from django.db import connections

from nep.config.env import sqlite_database
from nep.foundation.db.sqlite.base import DatabaseWrapper


@pytest.fixture
def kept(tmp_path):
    settings = connections["default"].settings_dict | sqlite_database(tmp_path / "một.sqlite3")
    wrapper = DatabaseWrapper(settings | {"AUTOCOMMIT": True, "TIME_ZONE": None})
    with wrapper.cursor() as cursor:
        cursor.execute("CREATE TABLE said (word TEXT)")
        cursor.execute("INSERT INTO said VALUES ('cũ')")
    yield wrapper
    wrapper.close()


def _word(wrapper) -> str:
    with wrapper.cursor() as cursor:
        return cursor.execute("SELECT word FROM said").fetchone()[0]


def test_a_connection_outlives_the_request(kept):
    before = kept.connection

    kept.close_if_unusable_or_obsolete()

    assert kept.connection is before


def test_a_file_put_in_its_place_is_read_by_the_next_request(kept, tmp_path):
    other = tmp_path / "hai.sqlite3"
    with sqlite3.connect(other) as new:
        new.execute("CREATE TABLE said (word TEXT)")
        new.execute("INSERT INTO said VALUES ('mới')")
    new.close()
    assert _word(kept) == "cũ"
    for tail in ("-wal", "-shm"):
        (tmp_path / f"một.sqlite3{tail}").unlink(missing_ok=True)
    shutil.move(other, tmp_path / "một.sqlite3")

    kept.close_if_unusable_or_obsolete()

    assert _word(kept) == "mới"


def test_a_transaction_is_not_cut(kept, tmp_path):
    kept.in_atomic_block = True
    (tmp_path / "một.sqlite3").rename(tmp_path / "đã dời.sqlite3")

    kept.close_if_unusable_or_obsolete()

    assert _word(kept) == "cũ"
    kept.in_atomic_block = False
