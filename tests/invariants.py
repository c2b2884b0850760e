"""What must hold of every case at any moment, read from the tables without the product's code.

Run inside an installation (`python -m tests.invariants`) it prints each broken rule and leaves
with 1 when there is one.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator

from django.db.models import Q

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from nep.apps.cases.models import Case, CaseCall, CaseWait, StepRun
from nep.apps.cases.queries._log import events_of
from nep.apps.work.models import WorkItem
from nep.foundation.journal.models import JournalEntry
from nep.foundation.journal.queries import verify
from nep.foundation.numbering.models import Book
from nep.foundation.outbox.models import QueueRow

MOVING, FINISHED = {2, 4}, {7, 8, 9, 10}
STEP_EVENTS = {"step_completed", "returned", "outside_returned"}


def broken() -> Iterator[str]:
    """Yield a sentence for every rule that does not hold."""
    runs = list(StepRun.objects.filter(case__origin="run"))
    yield from _runs_and_items(runs)
    yield from _states(runs)
    yield from _history(runs)
    yield from _numbers()
    yield from (f"nhật ký: {fault.message}" for fault in verify())


def _runs_and_items(runs: list[StepRun]) -> Iterator[str]:
    items = {item.pk: item for item in WorkItem.objects.filter(source_type="case")}
    held = Counter(run.item_id for run in runs if run.item_id)
    for run in runs:
        item = items.get(run.item_id)
        if item is None:
            yield f"bước {run.pk} không có việc"
        elif (run.closed_at is None) != (item.state == WorkItem.OPEN):
            yield f"bước {run.pk} và việc {item.pk} không cùng mở, cùng đóng"
        elif run.closed_at is None and run.person_id != item.person_id:
            yield f"bước {run.pk} và việc {item.pk} không cùng người giữ"
    yield from (f"việc {item} thuộc {n} bước" for item, n in held.items() if n != 1)
    yield from (f"việc {pk} không thuộc bước nào" for pk in items if pk not in held)


def _states(runs: list[StepRun]) -> Iterator[str]:
    open_runs = Counter(run.case_id for run in runs if run.closed_at is None)
    for table in (CaseWait, CaseCall):  # what a case may wait for instead of a step
        open_runs.update(table.objects.filter(closed_at=None).values_list("case_id", flat=True))
    for case in Case.objects.filter(origin="run"):
        if case.status in MOVING and not open_runs[case.pk]:
            yield f"hồ sơ {case.code} đang chạy mà không có bước mở"
        if case.status in {7, 8, 10} and open_runs[case.pk]:
            yield f"hồ sơ {case.code} đã xong mà còn {open_runs[case.pk]} bước mở"
        if (case.status in FINISHED) != (case.finished_at is not None):
            yield f"hồ sơ {case.code}: trạng thái và giờ kết thúc không khớp"


def _history(runs: list[StepRun]) -> Iterator[str]:
    """Every finished step stands once in the history and in the journal, another agency's once in
    the queue, where somebody waits for it."""
    own = list(Case.objects.filter(origin="run").values_list("pk", flat=True))
    told = Counter(
        json.loads(event.data)["closed"]["run"]
        for event in events_of(own)
        if event.kind in STEP_EVENTS
    )
    entries = JournalEntry.objects.filter(action="case.step_completed")
    written = Counter(
        json.loads(text)["closed"]["run"] for text in entries.values_list("new", flat=True)
    )
    rows = QueueRow.objects.filter(name__endswith="StepCompleted").values_list("payload", flat=True)
    sent = Counter(json.loads(text)["run_id"] for text in rows)
    finished = {
        run.pk
        for run in runs
        if run.outcome in {"done", "returned", "taken_back"} and run.closed_by_id
    }
    awaited = {run.pk for run in runs if run.outside} & finished
    for name, counted, expected in (
        ("lịch sử", told, finished), ("nhật ký", written, finished), ("hàng đợi", sent, awaited),
    ):  # fmt: skip
        yield from (f"bước {pk} không có trong {name}" for pk in expected - set(counted))
        yield from (f"bước {pk} có {n} lần trong {name}" for pk, n in counted.items() if n != 1)


def _numbers() -> Iterator[str]:
    """Case codes of a day are 1, 2, 3 … without a hole, and the book knows the last."""
    found: dict[tuple[int, str], list[int]] = {}
    for agency, code in Case.objects.filter(origin="run").values_list("agency_id", "code"):
        series, _, number = code.rpartition("-")
        found.setdefault((agency, series), []).append(int(number))
    for (_, series), numbers in found.items():
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            yield f"dãy mã {series} có lỗ hoặc trùng: {sorted(numbers)}"
    last = Counter({key: len(numbers) for key, numbers in found.items()})
    kept = Q(name__startswith="case:") | Q(name="internal")
    books = Book.objects.filter(kept).values_list("agency_id", "last_number")
    by_agency, by_book = Counter(), Counter()
    for (agency, _), n in last.items():
        by_agency[agency] += n
    for agency, n in books:
        by_book[agency] += n
    if by_agency != by_book:
        yield f"sổ số {dict(by_book)} không khớp số hồ sơ {dict(by_agency)}"


if __name__ == "__main__":
    faults = list(broken())
    print(
        "\n".join(faults) or f"{Case.objects.count()} hồ sơ, {StepRun.objects.count()} bước: đúng"
    )
    sys.exit(1 if faults else 0)
