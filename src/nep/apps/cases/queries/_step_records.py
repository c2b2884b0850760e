"""The records that the steps of a case left in the file plan."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet

from nep.apps.cases.events import StepCompleted
from nep.apps.cases.models import Case, CaseMove, StepRun
from nep.apps.cases.queries._plans import followed, followed_by
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
    whose event still waits for the worker. As many queries for one record as for all of them.
    """
    first: dict[int, datetime] = {}
    deposited: dict[int, int] = {}
    for agency_id, run_id, at in records.deposits_of(source_type=STEP):
        first.setdefault(agency_id, at - _ROUNDING)
        deposited[run_id] = agency_id
    if not first:
        return
    runs = StepRun.objects.filter(case__agency_id__in=list(first))
    known = {run.pk: run for run in _told(runs.filter(pk__among=list(deposited)))}
    for run_id, agency_id in deposited.items():
        run = known.get(run_id)
        if run is None or run.agency_id != agency_id:
            yield Finding("case_step_records", f"lượt {run_id}", "hồ sơ lưu trỏ tới lượt không có")
        elif run.node not in procedures.records_left(run.version):
            yield Finding(
                "case_step_records", f"hồ sơ {run.code}", f"bước {run.node} không để lại hồ sơ"
            )
    waiting = {event.get("run_id") for event in outbox.waiting_events(StepCompleted)}
    for run in _told(_leaving(runs, list(first))):
        if run.pk in deposited or run.pk in waiting:
            continue
        if run.closed_at is None or run.closed_at < first[run.agency_id]:
            continue
        if run.node in procedures.records_left(run.version):
            yield Finding(
                "case_step_records", f"hồ sơ {run.code}",
                f"bước {run.node} xong mà hồ sơ để lại chưa vào lưu trữ",
            )  # fmt: skip


class _Told(NamedTuple):
    """What the doctor asks of a run; `version` is the one its case then followed."""

    pk: int
    node: str
    closed_at: datetime | None
    agency_id: int
    code: str
    version: str


def _leaving(runs: QuerySet[StepRun], agency_ids: list[int]) -> QuerySet[StepRun]:
    """Return the finished runs, among these, of steps that leave a record in some version."""
    cases = Case.objects.filter(agency_id__in=agency_ids)
    left = CaseMove.objects.filter(case__agency_id__in=agency_ids)
    hashes = {one for one in cases.values_list("content_hash", flat=True).distinct() if one}
    hashes |= set(left.values_list("from_hash", flat=True).distinct())
    kept = {one: procedures.records_left(one) for one in sorted(hashes)}
    return runs.filter(
        Q(case__content_hash__in=[one for one, left in kept.items() if left]) | Q(case__moved=True),
        node__in={node for left in kept.values() for node in left}, outcome="done",
    )  # fmt: skip


def _told(runs: QuerySet[StepRun]) -> Iterator[_Told]:
    """Yield runs by key, each with its version. Three queries."""
    moved = dict(
        runs.filter(case__moved=True).order_by().values_list("case_id", "case__content_hash")
    )
    paths = followed_by(moved)
    rows = runs.order_by("pk").values_list(
        "pk", "node", "closed_at", "case__agency_id", "case__code", "case_id", "case__content_hash"
    )
    for pk, node, closed_at, agency_id, code, case_id, content_hash in rows.iterator():
        path = paths.get(case_id)
        version = path.hash_at(pk) if path else content_hash
        yield _Told(pk, node, closed_at, agency_id, code, version)
