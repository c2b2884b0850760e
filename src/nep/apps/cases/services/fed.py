"""Cases of another system: looked at first, then brought in by the worker, or from a command.

By law a province has one system that takes cases in, so this is the common way in.
Source: Nghị định 118/2025/NĐ-CP (Hệ thống thông tin giải quyết TTHC cấp tỉnh).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from nep.apps.cases.models import FedImport, FedMapping
from nep.apps.cases.rules import fed_columns
from nep.apps.cases.rules.fed_columns import RowFault
from nep.apps.cases.services._fed_reading import (
    RECORDS,
    Groups,
    as_csv,
    columns_of,
    groups_of,
    heads_of,
    read_any,
    remembered_columns,
    table_of,
)
from nep.apps.cases.services._fed_table import KINDS, Table
from nep.apps.cases.services._fed_writing import CHUNK, Importer
from nep.apps.organization.rules import Actor, may
from nep.apps.procedures import queries as procedures
from nep.foundation.files import services as files
from nep.foundation.journal import services as journal
from nep.foundation.outbox import services as outbox
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, NotFound, Refusal
from nep.kernel.text import clean

FED_JOB = "cases.fed"
SAMPLE_ROWS = 3
MOST_TRIED = 20_000
PART_ROWS = 5_000
Progress = Callable[[int, int], None]


def fed_look(*, actor: Actor, now: datetime, name: str, data: bytes) -> int:
    """Keep a file of another system and propose what its columns mean; return the import's id.

    Of an event log or of records of the portal only the rows are kept that were read, as a table.

    Raises Forbidden; Refusal for a file that cannot be read as a table.
    """
    require(may(actor, "case.import"))
    read = read_any(data, name=name)
    table = read.table
    header = fed_columns.find_header(table)
    heads = heads_of(table)
    columns = columns_of(agency_id=actor.agency_id, heads=heads)
    with transaction.atomic():
        stored = files.store(
            data=as_csv(table).encode() if read.is_ours else data,
            name=f"{name}.csv" if read.is_ours else name, agency_id=actor.agency_id,
            actor_id=actor.person_id, at=now, kinds=KINDS,
        )  # fmt: skip
        row = FedImport.objects.create(
            agency_id=actor.agency_id,
            name=stored.name.removesuffix(".csv") if read.is_ours else stored.name,
            file=stored, sha256=stored.sha256,
            size=stored.size, columns=columns, shape=read.shape,
            heads=heads, sample=_sample(table, header), rows=len(table) - 1 - header,
            created_at=now,
            created_by_id=actor.person_id,
        )  # fmt: skip
        journal.record(
            actor_id=actor.person_id, agency_id=actor.agency_id, action="fed_import.looked",
            object_type="fed_import", object_id=row.pk, at=now, new={"name": row.name},
        )  # fmt: skip
    return row.pk


def fed_columns_set(
    *,
    actor: Actor,
    now: datetime,
    import_id: int,
    columns: Mapping[str, int],
    tthc_id: int | None = None,
    variant: str = "",
) -> dict[str, Any]:
    """Say what the columns of a file mean, remember it for such files, and try it out.

    `tthc_id` and `variant` (the code of a procedure, or the case it is for) hold for the whole file
    where its rows name none. Returns the tally of a trial over the first 20,000 rows; nothing of a case is written.
    Raises NotFound; Forbidden; Conflict; Refusal("columns_missing", "column_twice").
    """
    row = _import_of(actor, import_id)
    if row.state != "looked":
        raise Conflict("fed_started", "Tệp này đã được nhập. Hãy tải tệp lên lại để nhập lần nữa.")
    missing = fed_columns.missing_fields(columns)
    if missing:
        raise Refusal(
            "columns_missing", f"Chưa biết cột nào là: {', '.join(missing)}.", field="columns"
        )
    if len(set(columns.values())) < len(columns):
        raise Refusal("column_twice", "Một cột đang được chọn cho hai ý nghĩa.", field="columns")
    if tthc_id is not None:
        procedures.tthc(tthc_id=tthc_id, agency_id=actor.agency_id)
    table = table_of(row)
    variant = clean(variant)[:200]
    groups, faults = groups_of(table, columns=columns, now=now, most=MOST_TRIED)
    importer = Importer(
        agency_id=row.agency_id, actor_id=actor.person_id, now=now, tthc_id=tthc_id,
        variant=variant, is_dry=True, source_id=row.source_id or 0,
        keeps_waiting=row.shape == RECORDS,
    )  # fmt: skip
    tally = _bring(importer, groups, faults)
    with transaction.atomic():
        FedMapping.objects.update_or_create(
            agency_id=actor.agency_id,
            headers_hash=fed_columns.headers_hash(heads_of(table)),
            defaults={
                "columns": dict(columns), "changed_at": now, "changed_by_id": actor.person_id,
            },
        )  # fmt: skip
        row.columns, row.tthc_id, row.report = dict(columns), tthc_id, tally
        row.variant = variant
        row.save(update_fields=["columns", "tthc_id", "variant", "report"])
        journal.record(
            actor_id=actor.person_id, agency_id=actor.agency_id, action="fed_import.mapped",
            object_type="fed_import", object_id=row.pk, at=now, new={"columns": dict(columns)},
        )  # fmt: skip
    return tally


def fed_start(*, actor: Actor, now: datetime, import_id: int) -> None:
    """Hand a file that was tried out to the worker. A second call does nothing.

    Raises NotFound; Forbidden; Refusal("columns_missing").
    """
    row = _import_of(actor, import_id)
    if row.state != "looked":
        return
    if not row.report:
        raise Refusal("columns_missing", "Hãy xem thử kết quả trước khi nhập.")
    table_of(row)
    with transaction.atomic():
        FedImport.objects.filter(pk=row.pk).update(state="waiting", rows_done=0)
        journal.record(
            actor_id=actor.person_id, agency_id=actor.agency_id, action="fed_import.started",
            object_type="fed_import", object_id=row.pk, at=now, new={"name": row.name},
        )  # fmt: skip
        outbox.enqueue(
            FED_JOB, {"id": row.pk}, at=now, key=str(row.pk), agency_id=actor.agency_id, urgent=True
        )


def fed_run(*, import_id: int, now: datetime, part_rows: int = PART_ROWS) -> bool:
    """Bring a part of a file in, at least `part_rows` rows of it; return whether more is left.

    What a part writes and how far the file is stand in one transaction, so that one stopped halfway
    goes on where it was.
    """
    with transaction.atomic():
        row = FedImport.objects.select_for_update().filter(pk=import_id).first()
        if row is None or row.state not in {"waiting", "running"}:
            return False
        try:
            groups, faults = _groups_kept(row, now)
        except Refusal as refusal:
            _end(row, now, "failed", {"message": refusal.message})
            return False
        is_first = row.state == "waiting"
        taken = 0 if is_first else row.report.get("taken", 0)
        importer = Importer(
            agency_id=row.agency_id, actor_id=row.created_by_id, now=now, tthc_id=row.tthc_id,
            variant=row.variant, source_id=row.source_id or 0,
            keeps_waiting=row.shape == RECORDS,
        )  # fmt: skip
        upto, rows = taken, 0
        while upto < len(groups) and rows < part_rows:
            rows += len(groups[upto][1])
            upto += 1
        tally = _bring(importer, groups[taken:upto], faults if is_first else [])
        report = tally if is_first else _sum([_bare(row.report), tally])
        done = len(faults) + rows if is_first else row.rows_done + rows
        if upto < len(groups):
            FedImport.objects.filter(pk=row.pk).update(
                state="running", rows_done=done, report={**report, "taken": upto}
            )
            return True
        FedImport.objects.filter(pk=row.pk).update(rows_done=done)
        _end(row, now, "done", report)
    return False


def fed_go_on(*, import_id: int, now: datetime) -> None:
    """Bring the next part of a file in, and let the worker come back for what is left."""
    if fed_run(import_id=import_id, now=now):
        row = FedImport.objects.get(pk=import_id)
        outbox.enqueue(
            FED_JOB, {"id": row.pk}, at=now, key=f"{row.pk}:{row.report['taken']}",
            agency_id=row.agency_id, urgent=row.created_by_id is not None,
        )  # fmt: skip


_remembered: dict[int, tuple[Groups, list[RowFault]]] = {}


def _groups_kept(row: FedImport, now: datetime) -> tuple[Groups, list[RowFault]]:
    """Return the rows of an import; those of a long one are read once, not for every part."""
    known = _remembered.pop(row.pk, None)
    if known is None:
        known = groups_of(table_of(row), columns=row.columns, now=row.created_at or now)
    if sum(len(rows) for _, rows in known[0]) > PART_ROWS:
        _remembered.clear()
        _remembered[row.pk] = known
    return known


def _end(row: FedImport, now: datetime, state: str, report: Mapping[str, Any]) -> None:
    _remembered.pop(row.pk, None)
    FedImport.objects.filter(pk=row.pk).update(
        state=state, report=dict(report), finished_at=now, inline=""
    )


def _bare(report: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in report.items() if name != "taken"}


def _sum(tallies: list[dict[str, Any]]) -> dict[str, Any]:
    """Return tallies added up."""
    counts = ("cases", "events", "matched", "unmatched", "unchanged")
    found: dict[str, Any] = {name: sum(one[name] for one in tallies) for name in counts}
    found["refused"] = [refused for one in tallies for refused in one["refused"]]
    return found


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the columns and the activities of a file are taken to mean.

    `columns` are (head, our field's name or empty), `activities` (words, times, meaning or empty),
    `missing` the fields without which nothing can be brought in.
    """

    file: str
    columns: tuple[tuple[str, str], ...]
    activities: tuple[tuple[str, int, str], ...]
    missing: tuple[str, ...]


def import_cases(
    *,
    actor: Actor,
    now: datetime,
    files: Iterable[tuple[str, bytes]],
    tthc_code: str = "",
    variant: str = "",
    named: Mapping[str, str] | None = None,
    activities: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> list[dict[str, Any]]:
    """Bring files in at once, for the command line; return one tally per file.

    `variant` names the procedure of the whole file where its TTHC has several. The columns are those
    `named` (field to head), else those remembered for such files, else those proposed by their
    heads; `activities` says which step (number or name) words mean. A tally is
    {file, cases, cases_again, events, matched, unmatched, unchanged, refused: [{row, reason}]};
    `cases_again` of its cases were told by a file before it as well.
    Raises Forbidden; Refusal for a file that is no table, whose columns are not understood, or
    whose TTHC is not known.
    """
    require(may(actor, "case.import"))
    tthc_id = _tthc(actor, tthc_code)
    tallies: list[dict[str, Any]] = []
    told: set[str] = set()
    for name, data in files:
        read = read_any(data, name=name)
        columns = columns_of(
            agency_id=actor.agency_id, heads=heads_of(read.table),
            named=None if read.is_ours else named,
        )  # fmt: skip
        missing = fed_columns.missing_fields(columns)
        if missing:
            raise Refusal(
                "columns_missing",
                f"Tệp “{name}”: không tìm thấy cột {', '.join(missing)}. Hãy chỉ các cột bằng "
                "--mapping, hoặc nhập tệp trên trang một lần; lần sau lệnh này tự hiểu.",
            )
        importer = Importer(
            agency_id=actor.agency_id, actor_id=actor.person_id, now=now, tthc_id=tthc_id,
            variant=variant, keeps_waiting=read.shape == RECORDS,
        )  # fmt: skip
        importer.meanings.say(activities or {})
        groups, faults = groups_of(read.table, columns=columns, now=now)
        tally = _bring(importer, groups, faults, progress=progress)
        tallies.append({"file": name, **tally, "cases_again": len(importer.told & told)})
        told |= importer.told
    return tallies


def import_proposal(
    *,
    actor: Actor,
    now: datetime,
    name: str,
    data: bytes,
    tthc_code: str = "",
    variant: str = "",
) -> Proposal:
    """Return what a file's columns and activities would be taken to mean; nothing is written.

    Raises Forbidden; Refusal for a file that is no table or whose TTHC is not known.
    """
    require(may(actor, "case.import"))
    tthc_id = _tthc(actor, tthc_code)
    read = read_any(data, name=name)
    heads = heads_of(read.table)
    columns = columns_of(agency_id=actor.agency_id, heads=heads)
    meant = {place: fed_columns.FIELD_NAMES[field] for field, place in columns.items()}
    shown = tuple((head, meant.get(place, "")) for place, head in enumerate(heads))
    missing = fed_columns.missing_fields(columns)
    if missing:
        return Proposal(name, shown, (), tuple(missing))
    importer = Importer(
        agency_id=actor.agency_id, actor_id=actor.person_id, now=now, tthc_id=tthc_id,
        variant=variant, is_dry=True, keeps_waiting=read.shape == RECORDS,
    )  # fmt: skip
    groups, faults = groups_of(read.table, columns=columns, now=now, most=MOST_TRIED)
    _bring(importer, groups, faults)
    return Proposal(name, shown, importer.activities(), ())


def _tthc(actor: Actor, code: str) -> int | None:
    if not code:
        return None
    found = procedures.tthc_by_code(agency_id=actor.agency_id, code=code)
    if found is None:
        raise Refusal("tthc_unknown", f"Cơ quan không có thủ tục mã {code}.")
    return found


def _bring(
    importer: Importer,
    groups: Groups,
    faults: list[RowFault],
    *,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Bring rows in chunk by chunk; return the tally."""
    importer.tally.refused += faults
    total = sum(len(rows) for _, rows in groups) + len(faults)
    done = len(faults)
    for start in range(0, len(groups), CHUNK):
        chunk = groups[start : start + CHUNK]
        importer.take(chunk)
        done += sum(len(found) for _, found in chunk)
        if progress is not None:
            progress(done, total)
    return importer.tally.facts()


def _sample(table: Table, header: int) -> list[list[str]]:
    """Return the first rows under the heads as texts, without what tells of the applicant."""
    hidden = {
        place
        for place, head in enumerate(table[header])
        if fed_columns.is_personal(str(head or ""))
    }
    rows = table[header + 1 : header + 1 + SAMPLE_ROWS]
    return [
        [
            "" if place in hidden or cell is None else clean(str(cell))[:60]
            for place, cell in enumerate(row)
        ]
        for row in rows
    ]


def _import_of(actor: Actor, import_id: int) -> FedImport:
    require(may(actor, "case.import"))
    found = FedImport.objects.filter(pk=import_id, agency_id=actor.agency_id)
    row = found.select_related("file").first()
    if row is None:
        raise NotFound()
    return row


__all__ = [
    "FED_JOB", "MOST_TRIED", "Proposal", "RowFault", "fed_columns_set", "fed_go_on", "fed_look",
    "fed_run", "fed_start", "heads_of", "import_cases", "import_proposal", "remembered_columns",
]  # fmt: skip
