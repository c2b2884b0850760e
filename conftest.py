"""What every test may use: where real material lies, and a folder of its own for stored files.

The data folder of the run itself is made by `tests.settings`, before any fixture.
"""

import importlib
import os
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parent


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real material nobody here wrote; the test is skipped where it is absent."""
    folder = Path(os.environ.get("NEP_TEST_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("không có dữ liệu thật (đặt NEP_TEST_DATA)")
    return folder


@pytest.fixture(autouse=True, scope="session")
def wired():
    """Tie the parts together before the first test, as a server does before its first request."""
    importlib.import_module("nep.config.wiring")


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Hash passwords quickly; Argon2 is meant to be slow and is proven where it is configured."""
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "django.contrib.auth.hashers.Argon2PasswordHasher",
    ]


@pytest.fixture(autouse=True)
def caches_look_when_told(monkeypatch):
    """Begin with nothing remembered, and let no second look at an edition fall into a test.

    Caches ask for the edition every few seconds; a count of queries must not depend on the hour
    of that look. What a service changes is forgotten at once all the same.
    """
    memory = importlib.import_module("nep.apps.organization.queries._cache")
    calendars = importlib.import_module("nep.apps.workcal.queries")
    accounts = importlib.import_module("nep.foundation.accounts.queries")
    monkeypatch.setattr(memory, "FRESH_SECONDS", 3600.0)
    monkeypatch.setattr(calendars, "FRESH_SECONDS", 3600.0)
    monkeypatch.setattr(accounts, "_FRESH_SECONDS", 3600.0)
    memory.forget()
    calendars.forget()
    accounts.forget_policy()


@pytest.fixture(autouse=True)
def own_data_folder(settings, tmp_path):
    """Keep each test's stored files in a folder of its own."""
    settings.NEP = _replace(settings.NEP, data_folder=tmp_path)


@pytest.fixture(autouse=True)
def journal_can_be_flushed(request):
    """Let Django empty the tables after a test with real transactions: on SQLite it deletes rows,
    which the journal's triggers refuse, so the journal is emptied past them first."""
    marker = request.node.get_closest_marker("django_db")
    if marker is None or not marker.kwargs.get("transaction"):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            cursor.execute("DELETE FROM journal_journalentry")
            for _, statement in triggers:
                cursor.execute(statement)


def _replace(environment, **changes):
    return replace(environment, **changes)
