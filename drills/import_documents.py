"""Thousands of Word and PDF files are imported while kill -9 hits the import:
`python drills/import_documents.py [FILES] [KILLS]`.

Nothing may be lost and nothing doubled; the same folder again changes nothing; `nep doctor` finds
nothing. Printed: time, files a second, the peak of memory, and how long the page of the library
takes while the import runs. The engine is that of NEP_DATABASE_URL (SQLite when unset).
"""

import json
import random
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from nep.apps.documents.tests.importing import laid, many
from nep.demonstration import facts
from tests.http_client import HttpClient
from tests.installation import Installation
from tests.visitor import Visitor

WARD = 1  # among the agencies of the demonstration
READER = "sn.motcua"
PATIENCE, PAUSE = 3600, 3
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


def run(files: int, kills: int, folder: Path, *, seed: int = 1) -> Outcome:
    """Import a folder, killed at random moments and begun again; return what was found."""
    chance, outcome = random.Random(seed), Outcome(files)
    source, code = laid(folder / "kho", many(files)), facts.agencies()[WARD]["code"]
    stops = sorted(chance.sample(range(files // 10, files - files // 10), kills))
    with Installation(folder / "máy chủ") as installation:
        installation.prepare(WARD)
        installation.start_web()
        reader = Visitor(HttpClient(installation.address))
        reader.sign_in(READER)
        before = counted(installation)
        for stop in [*stops, None]:
            _run_until(installation, outcome, reader, (str(source), "--agency", code), stop)
        after = counted(installation)
        start = time.monotonic()
        again = installation.nep("import-documents", str(source), "--agency", code, "--json")
        outcome.again_seconds = time.monotonic() - start
        _judge(outcome, before, after, counted(installation), again.stdout)
        examined = installation.nep("doctor", "--json")
        findings = json.loads(examined.stdout)["findings"] if examined.stdout else [examined.stderr]
        outcome.faults += [str(one) for one in findings]
    return outcome


def _run_until(
    installation: Installation,
    outcome: Outcome,
    reader: Visitor,
    arguments: tuple[str, ...],
    stop: int | None,
) -> None:
    """Run the import; kill it once so many rows are done, else let it end."""
    start = time.monotonic()
    process = installation.start("import", "import-documents", *arguments)
    while process.poll() is None and time.monotonic() - start < PATIENCE:
        asked = time.monotonic()
        reader.visit("/tai-lieu/")
        outcome.library_ms.append((time.monotonic() - asked) * 1000)
        outcome.peak_mb = max(outcome.peak_mb, _peak_mb(process.pid))
        if stop is not None and counted(installation)["rows"] >= stop:
            installation.kill("import")
            break
        time.sleep(PAUSE)
    else:
        installation.running.pop("import")
        if process.poll() != 0:
            outcome.faults.append(f"import ended with {process.poll()}")
    outcome.seconds.append(time.monotonic() - start)
    if stop is not None:
        outcome.done_at_kill.append(counted(installation)["rows"])


def _judge(outcome: Outcome, before: dict, after: dict, end: dict, again: str) -> None:
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
        outcome.faults.append(f"nhập lại đã đổi: {end}")


def main() -> int:
    """Run the drill and print its figures."""
    files = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    kills = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory(prefix="nep-import-") as folder:
        outcome = run(files, kills, Path(folder))
    print(json.dumps(outcome.as_dict(), ensure_ascii=False, indent=1))
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
