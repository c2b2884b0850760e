"""The worker reads lists of TTHC and Word files while kill -9 hits it: `python
drills/workbench_killed.py [KILLS]`, six kills unless told.

The lists of the national portal and the Word procedures under NEP_TEST_DATA (by default beside the
repository) are taken in through the services, as the pages do. The worker is killed at random
moments and begun again; the ten minutes that the queue waits for a dead worker are passed over. A
second installation takes the same files in undisturbed. Both must hold the same entries, editions,
outcomes, reports, files and drafts, each once; `nep doctor` finds nothing. The engine is that of
NEP_DATABASE_URL (SQLite when unset).
"""

import contextlib
import json
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

from drills._typed import typed
from tests.installation import ROOT, Installation

WARD = 1  # among the agencies of the demonstration
PATIENCE = 900  # seconds for one run of the worker
GLANCE = 0.01
LISTS, PAPERS = "thu_tuc_hanh_chinh", "quy_trinh_docx"
UPLOAD = """
import django; django.setup()
import nep.config.wiring, sys
from datetime import UTC, datetime
from pathlib import Path
from nep.apps.catalogue.services import ImportWish, import_upload
from nep.apps.organization.queries import agency_by_code
from nep.apps.procedures.services import word_upload
from nep.demonstration import facts
from nep.demonstration.procedures import actor_with
agency, now = facts.agencies()[1], datetime.now(UTC)
actor = actor_with(agency, "iso_secretary", agency_id=agency_by_code(agency["code"]).id, now=now)
read = lambda folder, kind: [(one.name, one.read_bytes()) for one in sorted(Path(folder).glob(kind))]
import_upload(actor=actor, files=read(sys.argv[1], "*"), wish=ImportWish(), now=now)
print(word_upload(actor=actor, uploads=read(sys.argv[2], "*.docx"), now=now))
"""
DRAFT = """
import django; django.setup()
import nep.config.wiring, sys
from datetime import UTC, datetime
from nep.apps.organization.queries import agency_by_code
from nep.apps.procedures.models import WordImport
from nep.apps.procedures.services import Choice, word_drafts_create
from nep.demonstration import facts
from nep.demonstration.procedures import actor_with
import json
agency, now = facts.agencies()[1], datetime.now(UTC)
actor = actor_with(agency, "iso_secretary", agency_id=agency_by_code(agency["code"]).id, now=now)
batch = int(sys.argv[1])
choices = {
    one.pk: {found["place"]: Choice() for found in json.loads(one.report)["procedures"]}
    for one in WordImport.objects.filter(batch=batch, state="read")
}
for _again in range(2):  # the second changes nothing
    word_drafts_create(actor=actor, batch=batch, choices=choices, now=now)
"""
HELD = """
import django; django.setup()
import hashlib, json
from nep.apps.catalogue.models import CatalogueImport, Entry, EntryEdition, ImportOutcome, SeenRow
from nep.apps.procedures.models import Definition, WordImport
from nep.foundation.files.models import StoredFile
def told(rows):
    rows = sorted(map(str, rows))
    return [len(rows), hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]]
print(json.dumps({
    "imports": told(CatalogueImport.objects.values_list(
        "name", "state", "done", "total", "imported", "changed", "unchanged", "refused")),
    "entries": told(Entry.objects.values_list("code", "name", "field", "decision")),
    "editions": told(EntryEdition.objects.values_list("entry__code", "number", "content_hash")),
    "seen": told(SeenRow.objects.values_list("entry__code", "source", "row_hash")),
    "outcomes": told(ImportOutcome.objects.values_list("of_import__name", "row", "outcome")),
    "word files": told(
        (one.name, one.state, one.report and json.loads(one.report)["procedures"])
        for one in WordImport.objects.all()),
    "stored": told(
        StoredFile.objects.filter(name__in=WordImport.objects.values("name")).values_list("name", "sha256")),
    "drafts": told(Definition.objects.values_list(
        "procedure__tthc__code", "procedure__document__code", "step_count")),
}))
"""
DONE = (
    "SELECT (SELECT COALESCE(SUM(done), 0) FROM catalogue_catalogueimport)"
    " + 50 * (SELECT COUNT(*) FROM procedures_wordimport WHERE state NOT IN ('waiting', 'reading'))"
)
OPEN = "SELECT COUNT(*) FROM outbox_queuerow WHERE state = 0 AND name IN {names}"
NAMES = "('catalogue.read', 'procedures.word_read')"
PASS_OVER = "UPDATE outbox_queuerow SET leased_until = NULL WHERE state = 0"


def data_folder(name: str) -> Path:
    """Return a folder of the test data. Raises SystemExit without it."""
    place = Path(os.environ.get("NEP_TEST_DATA", ROOT.parent / "shared" / "data")) / name
    if not place.is_dir():
        raise SystemExit(f"Không có {place}; hãy đặt NEP_TEST_DATA.")
    return place


@contextlib.contextmanager
def asked(installation: Installation) -> Iterator[Callable[[str], int]]:
    """Yield f(statement) = its first value, asked of the database itself."""
    connection: psycopg.Connection | sqlite3.Connection
    if installation.server:
        connection = psycopg.connect(installation.database, autocommit=True)
    else:
        connection = sqlite3.connect(
            installation.data / "nep.sqlite3", timeout=20, isolation_level=None
        )
    with contextlib.closing(connection):

        def ask(statement: str) -> int:
            cursor = connection.execute(statement)
            row = cursor.fetchone() if cursor.description else None
            return int(row[0]) if row else cursor.rowcount

        yield ask


def spoken(installation: Installation, script: str, *arguments: str) -> str:
    """Run a script inside the installation; return what it printed last."""
    done = installation.python("-c", script, *arguments)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return (done.stdout.splitlines() or [""])[-1]


def whole_work(installation: Installation, kills: int, chance: random.Random) -> dict:
    """Take the files in, killing the worker so often; return what stands at the end."""
    installation.prepare(WARD)
    batch = spoken(installation, UPLOAD, str(data_folder(LISTS)), str(data_folder(PAPERS)))
    killed_at: list[int] = []
    faults: list[str] = []
    start = time.monotonic()
    with asked(installation) as ask:
        total = ask("SELECT SUM(total) FROM catalogue_catalogueimport") + 50 * ask(
            "SELECT COUNT(*) FROM procedures_wordimport"
        )
        stops = sorted(chance.sample(range(total // 20, total - total // 20), kills))
        for stop in stops:
            process = installation.start("worker", "worker")
            while ask(DONE) < stop and process.poll() is None:
                time.sleep(GLANCE)
                if time.monotonic() - start > PATIENCE:
                    raise RuntimeError(f"đứng ở {ask(DONE)} / {total}")
            time.sleep(chance.random() * 0.3)  # somewhere in the portion that follows
            installation.kill("worker")
            killed_at.append(ask(DONE))
            if process.returncode != -signal.SIGKILL:
                faults.append(f"đã xong trước khi bị giết, mã thoát {process.returncode}")
            ask(PASS_OVER)
        installation.start("worker", "worker")
        while ask(OPEN.format(names=NAMES)):
            time.sleep(10 * GLANCE)
            if time.monotonic() - start > PATIENCE:
                raise RuntimeError(f"đứng ở {ask(DONE)} / {total}")
        installation.kill("worker")
        ask(PASS_OVER)
        seconds = time.monotonic() - start
    spoken(installation, DRAFT, batch)
    held = json.loads(spoken(installation, HELD))
    examined = installation.nep("doctor", "--json")
    findings = json.loads(examined.stdout)["findings"] if examined.stdout else [examined.stderr]
    faults += map(str, findings)
    return {"killed_at": killed_at, "of": total, "seconds": round(seconds, 1), "held": held,
            "faults": faults}  # fmt: skip


def main() -> int:
    """Run the drill and print its figures."""
    (kills,) = typed(__doc__, kills=6)
    chance = random.Random(1)
    with tempfile.TemporaryDirectory(prefix="nep-killed-") as folder:
        runs = []
        for name, times in (("yên", 0), ("bị giết", kills)):
            with Installation(Path(folder) / name) as installation:
                runs.append(whole_work(installation, times, chance))
    calm, killed = runs
    killed["faults"] += [
        f"{name}: {killed['held'][name]}, không phải {held}"
        for name, held in calm["held"].items()
        if killed["held"][name] != held
    ]
    print(json.dumps({"calm_seconds": calm["seconds"], **killed}, ensure_ascii=False, indent=1))
    return 1 if killed["faults"] or calm["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
