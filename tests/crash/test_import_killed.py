"""An import of documents is killed twice with `kill -9` and run again: nothing lost, none twice."""

import contextlib
import json
import signal
import sqlite3
import time
from pathlib import Path

import psycopg
import pytest

from nep.apps.documents.tests.importing import laid, many
from tests.installation import Installation
from tests.world import WARD, agency_facts

FILES, FIRST, SECOND = 100, 15, 40  # thousands: drills/import_documents.py


@pytest.fixture
def installation(tmp_path):
    with Installation(tmp_path / "máy chủ") as found:
        found.prepare(WARD)
        yield found


def counted(installation: Installation) -> dict[str, int]:
    """Return what the installation holds of the import, asked in a process of its own."""
    asked = installation.python(
        "-c",
        "import django, json; django.setup();"
        "from nep.apps.documents.models import *;"
        "mine = Document.objects.filter(code__regex=r'^(QT|BM)-\\d{5}$');"
        "print(json.dumps({'documents': mine.count(),"
        " 'in_force': mine.filter(status='in_force').count(),"
        " 'revisions': Revision.objects.filter(document__in=mine).count(),"
        " 'rows': ImportedRow.objects.count(), 'batches': ImportBatch.objects.count()}))",
    )
    assert asked.returncode == 0, asked.stderr
    return json.loads(asked.stdout.splitlines()[-1])


def rows_brought(installation: Installation) -> int:
    """Return how many files of the import have their row, asked of the database itself."""
    if installation.server:
        connect = psycopg.connect(installation.database)
    else:
        connect = sqlite3.connect(installation.data / "nep.sqlite3", timeout=20)
    with contextlib.closing(connect) as connection:
        return connection.execute("SELECT count(*) FROM documents_importedrow").fetchone()[0]


def killed_midway(installation: Installation, folder: Path, code: str, *, at_least: int) -> None:
    """Start the import and kill it once it has brought in so many documents."""
    command = ("nep.config.cli", "import-documents", str(folder), "--agency", code)
    process = installation.start_loaded("import", *command)
    deadline = time.monotonic() + 120
    while rows_brought(installation) < at_least:
        time.sleep(0.02)
        assert process.poll() is None, "the import ended before it could be killed"
        assert time.monotonic() < deadline
    installation.kill("import")
    assert process.returncode == -signal.SIGKILL


def test_a_killed_import_goes_on_and_brings_every_document_in_once(installation, tmp_path):
    folder, code = laid(tmp_path / "kho", many(FILES)), agency_facts(WARD)["code"]
    before = counted(installation)
    killed_midway(installation, folder, code, at_least=FIRST)
    killed_midway(installation, folder, code, at_least=SECOND)
    between = counted(installation)
    done = installation.nep("import-documents", str(folder), "--agency", code, "--json")
    after = counted(installation)
    again = installation.nep("import-documents", str(folder), "--agency", code, "--json")

    assert SECOND <= between["documents"] < FILES
    assert between["rows"] - before["rows"] == between["documents"]
    assert json.loads(done.stdout)["created"] == FILES
    assert (after["documents"], after["in_force"], after["revisions"]) == (FILES, FILES, FILES)
    assert after["batches"] - before["batches"] == 1
    assert json.loads(again.stdout)["unchanged"] == FILES
    assert counted(installation)["documents"] == FILES
