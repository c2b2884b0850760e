"""The real event logs replayed whole: every case and event accounted for, twice, and a procedure
proposed from each.

`python3 dev.py drill replay_logs [WORD]` reads the logs of
`NEP_TEST_DATA` (or `../shared/data`), those whose name holds WORD, as the page and the command do, from XES or CSV, into a new SQLite, or into the
empty database of `NEP_DATABASE_URL`. Days are moved into years that the working calendar knows.
Ends with 1 when an event is lost, doubled or refused.
"""

import csv
import io
import json
import logging
import lzma
import os
import sys
import tempfile
import time
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import django

os.environ.setdefault("NEP_DATA", tempfile.mkdtemp(prefix="nep-drill-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from drills._typed import typed  # noqa: E402
from nep.apps.cases.models import FedDeviation, StepRun  # noqa: E402
from nep.apps.cases.rules.fed_discovery import discover  # noqa: E402
from nep.apps.cases.services.fed import import_cases  # noqa: E402
from nep.apps.cases.tests.scene import Office, office, with_procedure  # noqa: E402
from nep.apps.documents.models import Revision  # noqa: E402
from nep.apps.procedures.rules.table import Step, Table  # noqa: E402
from nep.bpmn import Limit  # noqa: E402
from nep.integrations.event_log.adapter import HEADS, XesReader  # noqa: E402
from nep.kernel.vietnamese import VN  # noqa: E402

DATA = Path(os.environ.get("NEP_TEST_DATA") or Path(__file__).parents[2] / "shared" / "data")
LOGS = (
    ("running-example.xes", 14, 6, 42),
    ("roadtraffic100traces.xes.gz", 14, 100, 390),
    ("wabo_receipt_nl.xes.gz", 14, 1434, 8577),
    ("bpic2020_DomesticDeclarations.xes.gz", 7, 10357, 55628),
    ("road_traffic_fine_10k_vu.csv.xz", 14, 10000, 34724),
)
NOW = datetime(2030, 1, 2, 9, tzinfo=VN)
CASE, STEP, WHO, END = (HEADS.index(name) for name in (
    "Mã hồ sơ", "Bước hoặc việc đã làm", "Người xử lý", "Kết thúc"))  # fmt: skip


def table_of(name: str, years: int) -> list[list[str]]:
    """Return heads and rows of a log, its days moved."""
    data = (DATA / "nhat_ky_su_kien" / name).read_bytes()
    if name.endswith(".csv.xz"):
        lines = csv.DictReader(io.StringIO(lzma.decompress(data).decode()))
        table = [HEADS]
        for line in lines:
            row = [""] * len(HEADS)
            row[CASE], row[STEP] = line["case_id"], line["activity"]
            row[WHO], row[END] = line["resource"], line["timestamp"]
            table.append(row)
    else:
        table = XesReader().table(data, name=name, most_rows=300_000)
    for row in table[1:]:
        row[END] = (datetime.fromisoformat(row[END]) + timedelta(days=365 * years)).isoformat()
    return table


def procedure(at: Office, name: str, code: str, table: list[list[str]]) -> None:
    """Put a procedure in force whose steps are the activities of the log."""
    names = [one for one, _ in Counter(row[STEP] for row in table[1:]).most_common()]
    steps = tuple(
        Step(f"b{place}", one, "PKH/specialist", Limit(Decimal(8), "working_hour"))
        for place, one in enumerate(names, start=1)
    )
    table_ = Table(f"qt-{code}", name, steps)
    with_procedure(at.scene, table=table_, amount=40, code=code, name=name)
    Revision.objects.update(effective_from=date(1995, 1, 2))


def as_csv(table: list[list[str]]) -> bytes:
    """Return a table as the bytes of a CSV file."""
    out = io.StringIO()
    csv.writer(out).writerows(table)
    return out.getvalue().encode("utf-8-sig")


def replay(at: Office, place: int, name: str, years: int, cases: int, events: int) -> bool:
    """Bring one log in twice; print what came of it, say whether all is accounted for."""
    table, code = table_of(name, years), f"9.00000{place}"
    procedure(at, name, code, table)
    traces: dict[str, list[str]] = {}
    for row in sorted(table[1:], key=lambda row: row[END]):
        traces.setdefault(row[CASE], []).append(row[STEP])
    proposal = discover(list(traces.values()), name=name)
    bring = {"actor": at.actor("tuan"), "now": NOW, "tthc_code": code}
    table = [table[0], *([f"{place}-{row[CASE]}", *row[1:]] for row in table[1:])]
    runs, start = StepRun.objects.count(), time.perf_counter()
    (first,) = import_cases(files=[(f"{name}.csv", as_csv(table))], **bring)
    spent = time.perf_counter() - start
    (again,) = import_cases(files=[(f"{name}.csv", as_csv(table))], **bring)
    whole = (
        (first["cases"], first["events"], first["matched"]) == (cases, events, events)
        and not first["refused"]
        and (again["events"], again["unchanged"]) == (0, events)
        and StepRun.objects.count() - runs == events
    )
    facts = {
        "log": name, "cases": first["cases"], "events": first["events"], "of": [cases, events],
        "refused": len(first["refused"]), "unchanged_again": again["unchanged"],
        "events_per_second": round(events / spent), "proposed_steps": len(proposal.table.steps),
        "replayed_percent": proposal.coverage, "deviations": FedDeviation.objects.count(),
        "whole": whole,
    }  # fmt: skip
    print(json.dumps(facts, ensure_ascii=False))
    return whole


def main() -> int:
    """Replay every log that is there; 1 when one is not whole, 2 when none is there."""
    (wanted,) = typed(__doc__, word="")
    logging.disable(logging.INFO)
    call_command("migrate", verbosity=0)
    at = office(code="H99.98", name="Sở nhật ký")
    print(connection.vendor)
    there = [
        log for log in LOGS if wanted in log[0] and (DATA / "nhat_ky_su_kien" / log[0]).exists()
    ]
    whole = [replay(at, place, *log) for place, log in enumerate(there)]
    return 2 if not there else 0 if all(whole) else 1


if __name__ == "__main__":
    sys.exit(main())
