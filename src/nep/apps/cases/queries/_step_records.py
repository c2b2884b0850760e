"""The records that the steps of a case left in the file plan."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from nep.apps.cases.events import StepCompleted
from nep.apps.cases.models import Case, StepRun
from nep.apps.cases.queries._plans import followed
from nep.apps.procedures import queries as procedures
from nep.apps.records import queries as records
from nep.apps.records.rules import STEP
from nep.foundation.db.doctor import Finding, invariant
from nep.foundation.outbox import queries as outbox

_ROUNDING = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class StepRecordLine:
    """A record that a step left: what, where it was to be kept and how long, the file it lies in.

    `file_id` is None while it waits to be filed; `record_id` None while it is being deposited.
    """

    number: int
    name: str
    place: str
    term: str
    record_id: int | None
    file_id: int | None
    file_code: str


def step_record_lines(case: Case) -> tuple[StepRecordLine, ...]:
    """Return the records the steps of a case left, oldest first; no query where none leaves any."""
    versions = followed(case)
    kept = {one: procedures.records_left(one) for one in versions.hashes}
    nodes = {node for left in kept.values() for node in left}
    if not nodes:
        return ()
    runs = StepRun.objects.filter(case=case, node__in=nodes, outcome="done")
    done = [
        (run, node)
        for run, node in runs.order_by("closed_at", "id").values_list("id", "node")
        if node in kept[versions.hash_at(run)]
    ]
    if not done:
        return ()
    rows = records.records_of_source(
        agency_id=case.agency_id, source_type=STEP, source_ids=[run for run, _node in done]
    )
    found = {row.source_id: row for row in rows}
    lines = []
    for run, node in done:
        record, row = kept[versions.hash_at(run)][node], found.get(run)
        lines.append(
            StepRecordLine(
                versions.at(run).steps[node].number, record.name, record.place, record.term,
                row.id if row else None, row.file_id if row else None, row.file_code if row else "",
            )
        )  # fmt: skip
    return tuple(lines)


@invariant("case_step_records", "Bước xong để lại đúng hồ sơ mà quy trình ghi")
def step_records() -> Iterator[Finding]:
    """Find records of steps that left none, and finished steps whose record never came.

    Steps finished before the agency's first record of a step are not asked for one, nor those
    whose event still waits for the worker.
    """
    first: dict[int, datetime] = {}
    deposited: set[int] = set()
    for agency_id, run_id, at in records.deposits_of(source_type=STEP):
        first.setdefault(agency_id, at - _ROUNDING)
        deposited.add(run_id)
        run = StepRun.objects.select_related("case").filter(pk=run_id).first()
        if run is None or run.case.agency_id != agency_id:
            yield Finding("case_step_records", f"lượt {run_id}", "hồ sơ lưu trỏ tới lượt không có")
        elif run.node not in procedures.records_left(followed(run.case).hash_at(run.pk)):
            yield Finding(
                "case_step_records", f"hồ sơ {run.case.code}", f"bước {run.node} không để lại hồ sơ"
            )
    waiting = {event.get("run_id") for event in outbox.waiting_events(StepCompleted)}
    hashes = (
        Case.objects.filter(agency_id__in=list(first))
        .order_by()
        .values_list("content_hash", flat=True)
    )
    for content_hash in hashes.distinct():
        nodes = list(procedures.records_left(content_hash)) if content_hash else []
        rows = StepRun.objects.filter(
            case__content_hash=content_hash, node__in=nodes, outcome="done"
        ).select_related("case")
        for run in rows.order_by("pk").iterator(chunk_size=500) if nodes else ():
            since = first.get(run.case.agency_id)
            if run.pk in deposited or run.pk in waiting or since is None:
                continue
            if run.closed_at is None or run.closed_at < since:
                continue
            if run.node not in procedures.records_left(followed(run.case).hash_at(run.pk)):
                continue
            yield Finding(
                "case_step_records", f"hồ sơ {run.case.code}",
                f"bước {run.node} xong mà hồ sơ để lại chưa vào lưu trữ",
            )  # fmt: skip
