"""How fast cases of another system come in: events per second, on SQLite and PostgreSQL.

`python3 dev.py bench feeding [EVENTS]` (default 20,000) writes cases of five steps through
`import_cases`, as the command does, then the same file again (nothing changes), then a late row for
every tenth case (told anew), then a trickle of one new row a time; for each it prints events per
second of wall and of processor time (this process and its PostgreSQL backend: what one quiet core
does), and how many journal entries a batch of cases cost. With
`NEP_DATABASE_URL` it measures that database, else a new SQLite with `synchronous=FULL`. Goal: a new
file ≥ 2,000 events/s on both engines, one journal entry a batch.
"""

import csv
import io
import json
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import django

os.environ.setdefault("NEP_DATA", tempfile.mkdtemp(prefix="nep-bench-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from nep.apps.cases.models import Case, CaseEvent, StepRun  # noqa: E402
from nep.apps.cases.services.fed import import_cases  # noqa: E402
from nep.apps.cases.tests.scene import PERMIT, Office, office  # noqa: E402
from nep.apps.documents.models import Revision  # noqa: E402
from nep.foundation.journal.models import JournalEntry  # noqa: E402
from nep.kernel.vietnamese import VN  # noqa: E402

EVENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
HEADS = ["Mã hồ sơ", "Mã TTHC", "Bước", "Người xử lý", "Bắt đầu", "Kết thúc", "Trạng thái"]
CODE = "1.009645"
PEOPLE = ("Hoàng Minh Tuấn", "Đặng Văn Toàn", "Trần Thị Mai Lan", "Nguyễn Thị Thu Hà", "Hoàng Minh Tuấn")  # fmt: skip
NOW = datetime(2026, 12, 20, 9, tzinfo=VN)
DAYS = [date(2026, 1, 5) + timedelta(days=n) for n in range(300)]


def rows_of(number: int) -> list[list[str]]:
    """Return the five rows of one case, each step some hours after the one before."""
    day = DAYS[number % len(DAYS)]
    at = datetime(day.year, day.month, day.day, 8, number % 60, tzinfo=VN)
    rows = []
    for place, step in enumerate(PERMIT.steps):
        end = at + timedelta(hours=2 + (number * 7 + place * 3) % 30)
        rows.append(
            [f"B{number:07d}", CODE, step.name, PEOPLE[place], f"{at:%d/%m/%Y %H:%M}",
             f"{end:%d/%m/%Y %H:%M}", ""]
        )  # fmt: skip
        at = end
    return rows


def as_csv(rows: list[list[str]]) -> bytes:
    """Return rows as the other system exports them."""
    out = io.StringIO()
    csv.writer(out).writerows([HEADS, *rows])
    return out.getvalue().encode("utf-8-sig")


def bring(at: Office, rows: list[list[str]]) -> dict:
    """Bring rows in as one file."""
    (tally,) = import_cases(actor=at.actor("tuan"), now=NOW, files=[("bench.csv", as_csv(rows))])
    return tally


def processor() -> float:
    """Return the seconds of processor of this process and of its PostgreSQL backend."""
    own = time.process_time()
    if connection.vendor != "postgresql":
        return own
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    return own + (int(backend.read_text().split()[0]) / 1e9 if backend.exists() else 0)


def measured(name: str, events: int, run: Callable[[], dict]) -> dict:
    """Run once; return events per second by wall and by processor, and the journal's growth."""
    entries = JournalEntry.objects.count()
    wall, spent = time.perf_counter(), processor()
    tally = run()
    wall, spent = time.perf_counter() - wall, processor() - spent
    line = {
        "what": name, "events": events, "events_per_second": round(events / wall),
        "per_cpu_second": round(events / spent), "refused": len(tally["refused"]),
        "journal_entries": JournalEntry.objects.count() - entries,
    }  # fmt: skip
    print(
        f"{name:<22} {line['events_per_second']:>7} events/s, {line['per_cpu_second']:>7} per CPU s, "
        f"{line['journal_entries']} journal entries"
    )
    return line


def main() -> None:
    """Measure every way and print one line of JSON."""
    logging.disable(logging.INFO)
    call_command("migrate", verbosity=0)
    at = office(code=f"B{int(time.time())}", name="Sở đo tải")
    Revision.objects.update(effective_from=date(2025, 1, 6))
    cases = EVENTS // len(PERMIT.steps)
    rows = [row for number in range(cases) for row in rows_of(number)]
    bring(at, [[f"W{row[0]}", *row[1:]] for row in rows[:500]])  # caches warm
    lines = [
        measured("new", len(rows), lambda: bring(at, rows)),
        measured("again, unchanged", len(rows), lambda: bring(at, rows)),
    ]
    late = [
        [*rows_of(number)[1][:3], "Người đến muộn", *rows_of(number)[0][4:6], ""]
        for number in range(0, cases, 10)
    ]
    lines.append(measured("late, told anew", len(late), lambda: bring(at, late)))
    ones = [[[f"T{number}", *rows_of(number)[0][1:]]] for number in range(100)]

    def trickle() -> dict:
        return [bring(at, one) for one in ones][-1]

    lines.append(measured("one row a time", len(ones), trickle))
    print(
        json.dumps(
            {
                "engine": connection.vendor, "cases": Case.objects.count(),
                "runs": StepRun.objects.count(), "log": CaseEvent.objects.count(), "lines": lines,
            }
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
