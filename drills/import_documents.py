"""Word files are imported while kill -9 hits the import: `python3 dev.py drill import_documents [FILES]
[KILLS]`, 300 files and two kills unless told.

A kill comes when so many files, chosen at random, are seen to stand in the database, somewhere in
the slice that follows; an import that ends before its kill is a fault of the drill. Nothing may be
lost and nothing doubled: every file stands once, with the bytes it came with; the same folder again
changes nothing; `nep doctor` finds nothing. Printed: time, files a second, the peak of memory, and
how long the page of the library takes while the import runs. The engine is that of
NEP_DATABASE_URL (SQLite when unset).
"""

import contextlib
import hashlib
import json
import random
import signal
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from drills._typed import typed
from nep.apps.documents.tests.importing import laid, many
from nep.demonstration import facts
from tests.http_client import HttpClient
from tests.installation import Installation
from tests.visitor import Visitor

WARD = 1  # among the agencies of the demonstration
READER = "sn.motcua"
PATIENCE = 3600  # seconds for one run of the import
GLANCE, PAUSE = 0.01, 3  # seconds between two looks at the progress, at the page of the library
COUNT = (
    "import django, json; django.setup();"
    "from django.db.models import Count;"
    "from nep.apps.documents.models import *;"
    "mine = Document.objects.filter(code__regex=r'^(QT|BM)-\\d{5}$');"
    "versions = Revision.objects.filter(document__in=mine);"
    "print(json.dumps({'documents': mine.count(),"
    " 'in_force': mine.filter(status='in_force').count(),"
    " 'with_parent': mine.exclude(parent=None).count(),"
    " 'versions': versions.count(),"
    " 'with_file': versions.exclude(original_file=None).count(),"
    " 'bytes': sorted(versions.values_list('document__code', 'original_file__sha256')),"
    " 'rows': ImportedRow.objects.count(), 'batches': ImportBatch.objects.count()}))"
)


@dataclass
class Outcome:
    """What a run showed; `faults` is empty when all is well."""

    files: int
    seconds: list[float] = field(default_factory=list)
    done_at_kill: list[int] = field(default_factory=list)
    peak_mb: float = 0
    library_ms: list[float] = field(default_factory=list)
    again_seconds: float = 0
    faults: list[str] = field(default_factory=list)

    def as_dict(self) -> dict:
        """Return the figures for printing."""
        spent = sum(self.seconds)
        return {
            "files": self.files, "killed_at": self.done_at_kill, "seconds": round(spent, 1),
            "files_per_second": round(self.files / spent, 1) if spent else 0,
            "again_unchanged_seconds": round(self.again_seconds, 1),
            "peak_mb": round(self.peak_mb),
            "library_page_ms_median": round(statistics.median(self.library_ms or [0]), 1),
            "library_page_ms_worst": round(max(self.library_ms, default=0), 1),
            "faults": self.faults,
        }  # fmt: skip


def counted(installation: Installation) -> dict[str, int]:
    """Return what the installation holds of the import, asked in a process of its own."""
    asked = installation.python("-c", COUNT)
    if asked.returncode:
        raise RuntimeError(asked.stderr)
    return json.loads(asked.stdout.splitlines()[-1])


def _peak_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:  # not Linux, or gone
        return 0
    peak = next((line for line in lines if line.startswith("VmHWM")), "VmHWM: 0 kB")
    return int(peak.split()[1]) / 1000


class Reader(threading.Thread):
    """Somebody who opens the library every few seconds while the import runs."""

    def __init__(self, address: str, outcome: Outcome) -> None:
        super().__init__(daemon=True)
        self.outcome, self.ended = outcome, threading.Event()
        self.visitor = Visitor(HttpClient(address, timeout=PATIENCE))
        self.visitor.sign_in(READER)

    def run(self) -> None:
        """Read until told to end; what goes wrong is a fault."""
        try:
            while not self.ended.wait(PAUSE):
                asked = time.monotonic()
                self.visitor.visit("/tai-lieu/")
                self.outcome.library_ms.append((time.monotonic() - asked) * 1000)
        except (OSError, AssertionError) as error:
            self.outcome.faults.append(f"thư viện: {error}")


@contextlib.contextmanager
def progress(installation: Installation) -> Iterator[Callable[[], int]]:
    """Yield f() = how many files of imports stand, asked of the database itself."""
    if installation.server:
        connection = psycopg.connect(installation.database, autocommit=True)
    else:
        connection = sqlite3.connect(installation.data / "nep.sqlite3", timeout=20)
    statement = "SELECT count(*) FROM documents_importedrow"
    with contextlib.closing(connection):
        yield lambda: connection.execute(statement).fetchone()[0]


def run(files: int, kills: int, folder: Path, *, seed: int = 1) -> Outcome:
    """Import a folder, killed at random moments and begun again; return what was found."""
    chance, outcome = random.Random(seed), Outcome(files)
    made = many(files)
    source, code = laid(folder / "kho", made), facts.agencies()[WARD]["code"]
    stops = sorted(chance.sample(range(files // 10, files - files // 10), kills))
    command = ("import-documents", str(source), "--agency", code)
    with Installation(folder / "máy chủ") as installation:
        installation.prepare(WARD)
        installation.start_web()
        reader = Reader(installation.address, outcome)
        reader.start()
        before = counted(installation)
        for stop in stops:
            _killed(installation, outcome, command, before["rows"] + stop, chance)
        _to_the_end(installation, outcome, command)
        reader.ended.set()
        reader.join()
        after, start = counted(installation), time.monotonic()
        again = installation.nep(*command, "--json")
        outcome.again_seconds = time.monotonic() - start
        _judge(outcome, made, before, after, counted(installation), again.stdout)
        examined = installation.nep("doctor", "--json")
        findings = json.loads(examined.stdout)["findings"] if examined.stdout else [examined.stderr]
        outcome.faults += [str(one) for one in findings]
    return outcome


def _killed(
    installation: Installation,
    outcome: Outcome,
    command: tuple[str, ...],
    stop: int,
    chance: random.Random,
) -> None:
    """Run the import and kill it in the slice after so many rows are seen to stand."""
    start = time.monotonic()
    process = installation.start("import", *command)
    with progress(installation) as standing:
        seen, changed, slice_seconds = standing(), start, 0.0
        while seen < stop and process.poll() is None and time.monotonic() - start < PATIENCE:
            time.sleep(GLANCE)
            outcome.peak_mb = max(outcome.peak_mb, _peak_mb(process.pid))
            if (now_standing := standing()) != seen:
                slice_seconds, changed = time.monotonic() - changed, time.monotonic()
                seen = now_standing
        time.sleep(chance.random() * min(slice_seconds, 1))
        installation.kill("import")
        outcome.done_at_kill.append(standing())
    outcome.seconds.append(time.monotonic() - start)
    if process.returncode != -signal.SIGKILL:
        outcome.faults.append(f"đã xong trước khi bị giết, mã thoát {process.returncode}")


def _to_the_end(installation: Installation, outcome: Outcome, command: tuple[str, ...]) -> None:
    start = time.monotonic()
    process = installation.start("import", *command)
    while process.poll() is None and time.monotonic() - start < PATIENCE:
        time.sleep(10 * GLANCE)
        outcome.peak_mb = max(outcome.peak_mb, _peak_mb(process.pid))
    if process.poll() is None:
        installation.kill("import")
    installation.running.pop("import", None)
    if process.returncode != 0:
        outcome.faults.append(f"lần nhập cuối thoát với mã {process.returncode}")
    outcome.seconds.append(time.monotonic() - start)


def _judge(
    outcome: Outcome, made: dict[str, bytes], before: dict, after: dict, end: dict, again: str
) -> None:
    wanted = {
        "documents": outcome.files, "in_force": outcome.files, "versions": outcome.files,
        "with_file": outcome.files, "with_parent": outcome.files - -(-outcome.files // 5),
        "rows": before["rows"] + outcome.files, "batches": before["batches"] + 1,
    }  # fmt: skip
    outcome.faults += [
        f"{name}: {after[name]}, không phải {number}"
        for name, number in wanted.items()
        if after[name] != number
    ]
    if json.loads(again or "{}").get("unchanged") != outcome.files:
        outcome.faults.append(f"nhập lại: {again[:500]}")
    if end["documents"] != outcome.files or end["versions"] != outcome.files:
        outcome.faults.append(f"nhập lại đã đổi: {end['documents']}, {end['versions']}")
    brought = {
        (Path(name).name.split()[0], hashlib.sha256(data).hexdigest())
        for name, data in made.items()
        if name.endswith(".docx")
    }
    stored = {tuple(pair) for pair in end["bytes"]}
    for told, pairs in (("mất", brought - stored), ("lạ", stored - brought)):
        if pairs:
            outcome.faults.append(f"{told} {len(pairs)} tệp: {sorted(pairs)[:3]}")


def main() -> int:
    """Run the drill and print its figures."""
    files, kills = typed(__doc__, files=300, kills=2)
    with tempfile.TemporaryDirectory(prefix="nep-import-") as folder:
        outcome = run(files, kills, Path(folder))
    print(json.dumps(outcome.as_dict(), ensure_ascii=False, indent=1))
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
