"""What every test may use: where real material lies, and a folder of its own for stored files.

The data folder of the run itself is made by `tests.settings`, before any fixture.
"""

import gc
import importlib
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as shipped
from django.db import connection, connections
from django.test import TransactionTestCase, override_settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

from tests import template_database
from tests.compiled import compile_templates
from tests.emptying import empty_database
from tests.held import HELD
from tests.standing import Worlds, wanted_by

if moment := os.environ.get("NEP_TEST_NOW"):  # "2027-01-01T00:00+07:00": does the suite pass then?
    time_machine.travel(datetime.fromisoformat(moment), tick=True).start()
gc.disable()  # while everything is loaded and collected; see pytest_collection_finish
ROOT = Path(__file__).resolve().parent
QUICK_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]


# how fast examples come says something of the machine's load and nothing of the product
hypothesis.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("suite")
# without a database, while the migrated one is being made; then what takes long; the rest evens out
ORDER = (
    "tests/bpmn", "tests/word", "tests/worktime", "tests/kernel", "tests/architecture",
    "tests/browser", "tests/security", "tests/crash", "tests/admin", "tests/journeys",
    "src/nep/apps/cases/tests/test_interleavings.py", "src/nep/apps/cases/tests/test_r",
    "src/nep/apps/cases/tests/test_fed", "src/nep/apps/documents", "src/nep/foundation/printing",
)  # fmt: skip


def pytest_collection_finish(session):
    """Look for cycles rarely, and never among what was loaded: it lives as long as the run.

    Processes forked from here on share no connection, but compiled templates.
    """
    if session.config.getoption("hands", 0):
        compile_templates()
    connections.close_all()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    gc.enable()


def pytest_collection_modifyitems(items):
    """Order the files as `ORDER` says, and let tests of one world follow each other in a file."""
    files: dict[Path, int] = {}
    for item in items:
        files.setdefault(item.path, len(files))

    def key(item) -> tuple[int, str, int, list[str]]:
        folder = item.path.relative_to(ROOT).as_posix() if item.path.is_relative_to(ROOT) else ""
        rank = next((n for n, name in enumerate(ORDER) if folder.startswith(name)), len(ORDER))
        marker = item.get_closest_marker("together")
        with_ = marker.args[0] if marker else ""
        return rank, with_, files[item.path], [build.__qualname__ for build in wanted_by(item)]

    items.sort(key=key)


def pytest_runtest_setup(item):
    """Write no line about what goes well, unless the test reads the log."""
    logging.getLogger("nep").setLevel(
        logging.NOTSET if "caplog" in item.fixturenames else logging.WARNING
    )


def forget() -> None:
    """Have every cache remember nothing."""
    importlib.import_module("nep.apps.organization.queries._cache").forget()
    importlib.import_module("nep.apps.standards.queries._shipped").forget()
    importlib.import_module("nep.apps.workcal.queries").forget()
    importlib.import_module("nep.foundation.accounts.queries").forget_policy()


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
    settings.PASSWORD_HASHERS = QUICK_HASHERS


@pytest.fixture(autouse=True)
def caches_look_when_told(monkeypatch):
    """Begin with nothing remembered, and let no second look or touch fall into a test.

    Caches ask for the edition every few seconds, and a session writes when its person was last
    seen; a count of queries must not depend on how long the machine took until then. What a
    service changes is forgotten at once all the same.
    """
    for name, (setting, seconds) in HELD.items():
        monkeypatch.setattr(importlib.import_module(name), setting, seconds)
    forget()


@pytest.fixture(autouse=True)
def own_data_folder(settings, tmp_path):
    """Keep each test's stored files in a folder of its own."""
    settings.NEP = replace(settings.NEP, data_folder=tmp_path)


@contextmanager
def building(files: Path) -> Iterator[None]:
    """Give the builder of a kept world a data folder of its own, quick hashes and empty caches."""
    changed = {
        "NEP": replace(shipped.NEP, data_folder=files),
        "PASSWORD_HASHERS": QUICK_HASHERS,
    }
    with override_settings(**changed):
        forget()
        yield
        forget()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker):
    """Give this process a copy of the migrated database (see `tests.template_database`)."""
    database = connection.settings_dict
    with django_db_blocker.unblock():
        connection.close()
        given, database["NAME"] = database["NAME"], connection.creation._get_test_db_name()
        template_database.copy_to(database)
        yield
        connection.close()
        template_database.drop(database)
        database["NAME"] = given


@pytest.fixture(scope="session")
def worlds(django_db_setup, django_db_blocker, wired, tmp_path_factory):
    """The worlds that stand between tests (see `tests.standing`)."""
    standing = Worlds(tmp_path_factory.mktemp("worlds"), building)
    yield standing
    with django_db_blocker.unblock():
        standing.fall()


def has_real_transactions(request) -> bool:
    """Say whether a test commits, so that nothing may stand around it."""
    marker = request.node.get_closest_marker("django_db")
    return "transactional_db" in request.fixturenames or bool(
        marker and marker.kwargs.get("transaction")
    )


@pytest.fixture
def wanted_worlds(request, worlds, django_db_blocker, tmp_path):
    """Have exactly the kept worlds stand that this test asks for, their files in its folder."""
    with django_db_blocker.unblock():
        worlds.stand([] if has_real_transactions(request) else wanted_by(request.node))
    worlds.give_files(tmp_path)


@pytest.fixture
def _django_db_helper(wanted_worlds, _django_db_helper):
    """Open the test's own transaction inside what stands, whichever way it asks for a database."""


@pytest.fixture(autouse=True, scope="session")
def emptied_where_rows_are():
    """Let tests with real transactions leave an empty database behind (see `tests.emptying`)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: empty_database())
        yield
