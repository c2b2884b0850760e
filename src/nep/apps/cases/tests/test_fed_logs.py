"""Real event logs that nobody here wrote, brought in whole as files of another system, twice."""

import csv
import gzip
import io
import lzma
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from nep.apps.cases.models import Case, CaseEvent, StepRun
from nep.apps.cases.queries import plan as plan_for
from nep.apps.cases.tests.scene import Office, with_procedure
from nep.apps.cases.tests.test_fed_import import bring, in_force_since, standing
from nep.apps.procedures.rules.table import Step, Table
from nep.bpmn import Limit
from nep.foundation.db import doctor
from nep.kernel.vietnamese import VN
from tests.whole import IS_WHOLE

DATA = Path(os.environ.get("NEP_TEST_DATA", Path(__file__).parents[6] / "shared" / "data"))
LOGS = DATA / "nhat_ky_su_kien"
HEADS = ["case:concept:name", "concept:name", "org:resource", "time:timestamp"]
TTHC = "2.000001"
Row = list[str]


def xes(data: bytes) -> list[Row]:
    """Read the rows of an event log in XES: case, activity, who, when it was complete."""
    rows = []
    for trace in etree.fromstring(data, etree.XMLParser(huge_tree=True)).iter("{*}trace"):
        code = _value(trace, "concept:name")
        for event in trace.iterfind("{*}event"):
            names = ("concept:name", "org:resource", "time:timestamp")
            rows.append([code, *(_value(event, name) for name in names)])
    return rows


def _value(element, key: str) -> str:
    found = [child.get("value") for child in element if child.get("key") == key]
    return found[0] if found else ""


def table(data: bytes) -> list[Row]:
    """Read the rows of an event log written as a table."""
    lines = csv.DictReader(io.StringIO(data.decode("utf-8")))
    names = ("case_id", "activity", "resource", "timestamp")
    return [[line[name] for name in names] for line in lines]


@dataclass(frozen=True)
class Log:
    """One log: how its bytes are unpacked and read, and how many cases and events it has.

    `years` moves its days so that they lie where the working calendar knows them; `most` takes
    so many whole cases from the beginning, so that the suite stays short. With `NEP_TEST_WHOLE`
    every log is taken to its end.
    """

    name: str
    unpack: Callable[[bytes], bytes]
    read: Callable[[bytes], list[Row]]
    cases: int
    events: int
    years: int = 0
    most: int = 1_000_000

    def rows(self) -> list[Row]:
        """Return the rows, their times moved."""
        rows = self.read(self.unpack((LOGS / self.name).read_bytes()))
        moved = timedelta(days=365 * self.years)
        return [
            [case, activity, who, (datetime.fromisoformat(at) + moved).isoformat()]
            for case, activity, who, at in rows
        ]


REAL = (
    Log("running-example.xes", bytes, xes, 6, 42, years=14),
    Log("running-example.xes", bytes, xes, 6, 42),  # in years of which no calendar is known
    Log("roadtraffic100traces.xes.gz", gzip.decompress, xes, 100, 390, years=14),
    Log("wabo_receipt_nl.xes.gz", gzip.decompress, xes, 1434, 8577, 14, 300),
    Log("bpic2020_DomesticDeclarations.xes.gz", gzip.decompress, xes, 10357, 55628, 7, 200),
    Log("road_traffic_fine_10k_vu.csv.xz", lzma.decompress, table, 10000, 34724, 14, 300),
)
IDS = [f"{log.name.split('.')[0]}-{log.years}" for log in REAL]


def with_steps_of(at: Office, rows: list[Row]) -> None:
    """Put a procedure in force whose steps are the activities of the log."""
    names = [name for name, _ in Counter(row[1] for row in rows).most_common()]
    steps = tuple(
        Step(f"b{n}", name, "PKH/specialist", Limit(Decimal(8), "working_hour"))
        for n, name in enumerate(names, start=1)
    )
    with_procedure(at.scene, table=Table("qt-nhat-ky", "Nhật ký", steps), amount=40, code=TTHC)
    in_force_since(date(1995, 1, 2))


def whole_cases(rows: list[Row], most: int) -> list[Row]:
    """Return the rows of the first cases, every one of them whole."""
    taken = dict.fromkeys(row[0] for row in rows)
    kept = set(list(taken)[:most])
    return [row for row in rows if row[0] in kept]


@pytest.mark.parametrize("log", REAL, ids=IDS)
def test_every_case_and_event_of_a_real_log_is_taken_once(at, log):
    if not (LOGS / log.name).exists():
        pytest.skip(f"không có nhật ký {log.name} (đặt NEP_TEST_DATA)")
    rows = log.rows()
    assert (len({row[0] for row in rows}), len(rows)) == (log.cases, log.events)
    if not IS_WHOLE:
        rows = whole_cases(rows, log.most)
    with_steps_of(at, rows)
    now = datetime(2030, 1, 2, 9, tzinfo=VN)

    tally = bring(at, rows, heads=HEADS, tthc_code=TTHC, now=now)
    before = standing()
    again = bring(at, rows, heads=HEADS, tthc_code=TTHC, now=now)

    assert (tally["cases"], tally["events"]) == (len({row[0] for row in rows}), len(rows))
    assert (tally["matched"], tally["unmatched"], tally["refused"]) == (len(rows), 0, [])
    assert (again["cases"], again["events"], again["unchanged"]) == (0, 0, len(rows))
    assert standing() == before
    assert taken(rows) == taken_here()
    closed = CaseEvent.objects.filter(kind="step_completed").count()
    assert closed == StepRun.objects.count() == len(rows)
    assert [found for _, found in doctor.examine() if found] == []


def taken(rows: list[Row]) -> Counter:
    """Count (case, activity, moment) of the log."""
    return Counter((row[0], row[1], datetime.fromisoformat(row[3]).timestamp()) for row in rows)


def taken_here() -> Counter:
    """Count the same of the steps that stand here."""
    codes = dict(Case.objects.values_list("pk", "code"))
    plan = plan_for(Case.objects.values_list("content_hash", flat=True)[0])
    runs = StepRun.objects.values_list("case_id", "node", "closed_at")
    return Counter((codes[case], plan.steps[node].name, at.timestamp()) for case, node, at in runs)
