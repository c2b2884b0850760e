"""Cases of another system: looked at first, then brought in by the worker, or from a command.

By law a province has one system that takes cases in, so this is the common way in.
Source: Nghị định 118/2025/NĐ-CP (Hệ thống thông tin giải quyết TTHC cấp tỉnh).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from nep.apps.cases.models import FedImport, FedMapping
from nep.apps.cases.rules import fed_columns
from nep.apps.cases.rules.fed_columns import FedRow, RowFault
from nep.apps.cases.services._fed_table import KINDS, Table, read_table
from nep.apps.cases.services._fed_writing import CHUNK, Importer
from nep.apps.organization.rules import Actor, may
from nep.apps.procedures import queries as procedures
from nep.foundation.files import queries as file_queries
from nep.foundation.files import services as files
from nep.foundation.journal import services as journal
from nep.foundation.outbox import services as outbox
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, NotFound, Refusal
from nep.kernel.text import clean

FED_JOB = "cases.fed"
SAMPLE_ROWS = 3
MOST_TRIED = 20_000
Progress = Callable[[int, int], None]


def fed_look(*, actor: Actor, now: datetime, name: str, data: bytes) -> int:
    """Keep a file of another system and propose what its columns mean; return the import's id.

    Raises Forbidden; Refusal for a file that cannot be read as a table.
    """
    require(may(actor, "case.import"))
    table = read_table(data, name=name)
    header = fed_columns.find_header(table)
    heads = heads_of(table)
    columns = remembered_columns(actor.agency_id, heads) or fed_columns.propose_columns(heads)
    with transaction.atomic():
        stored = files.store(
            data=data, name=name, agency_id=actor.agency_id, actor_id=actor.person_id, at=now,
            kinds=KINDS,
        )  # fmt: skip
        row = FedImport.objects.create(
            agency_id=actor.agency_id, name=stored.name, file=stored, sha256=stored.sha256,
            size=stored.size, columns=columns,
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
    table = _table_of(row)
    variant = clean(variant)[:200]
    tally = _run(row.agency_id, actor.person_id, now, table, columns, tthc_id, variant, is_dry=True)
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
    _kept(row)
    with transaction.atomic():
        FedImport.objects.filter(pk=row.pk).update(state="waiting", rows_done=0)
        journal.record(
            actor_id=actor.person_id, agency_id=actor.agency_id, action="fed_import.started",
            object_type="fed_import", object_id=row.pk, at=now, new={"name": row.name},
        )  # fmt: skip
        outbox.enqueue(FED_JOB, {"id": row.pk}, at=now, key=str(row.pk), agency_id=actor.agency_id)


def fed_run(*, import_id: int, now: datetime) -> None:
    """Bring a file in; stopped halfway it goes on where it was, since the same rows change
    nothing."""
    row = FedImport.objects.select_related("file").filter(pk=import_id).first()
    if row is None or row.state not in {"waiting", "running"}:
        return
    was_running = row.state == "running"
    FedImport.objects.filter(pk=row.pk).update(state="running")

    def progress(done: int, total: int) -> None:
        FedImport.objects.filter(pk=row.pk).update(rows_done=done, rows=total)

    try:
        tally = _run(
            row.agency_id, row.created_by_id, now, _table_of(row), row.columns, row.tthc_id,
            row.variant, progress=progress,
        )  # fmt: skip
    except Refusal as refusal:
        values = {"state": "failed", "report": {"message": refusal.message}}
        FedImport.objects.filter(pk=row.pk).update(finished_at=now, **values)
        return
    if (
        was_running and row.rows <= MOST_TRIED
    ):  # an attempt before did a part: tell the whole, as it was tried out
        tally = row.report
    FedImport.objects.filter(pk=row.pk).update(state="done", report=tally, finished_at=now)


def import_cases(
    *,
    actor: Actor,
    now: datetime,
    files: Iterable[tuple[str, bytes]],
    tthc_code: str = "",
    variant: str = "",
    named: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> list[dict[str, Any]]:
    """Bring files in at once, for the command line; return one tally per file.

    `variant` names the procedure of the whole file where its TTHC has several. The columns are those `named` (field to head), else those remembered for such files, else
    those proposed by their heads. A tally is
    {file, cases, events, matched, unmatched, unchanged, refused: [{row, reason}]}.
    Raises Forbidden; Refusal for a file that is no table, whose columns are not understood, or
    whose TTHC is not known.
    """
    require(may(actor, "case.import"))
    agency_id = actor.agency_id
    tthc_id = None
    if tthc_code:
        tthc_id = procedures.tthc_by_code(agency_id=agency_id, code=tthc_code)
        if tthc_id is None:
            raise Refusal("tthc_unknown", f"Cơ quan không có thủ tục mã {tthc_code}.")
    tallies = []
    for name, data in files:
        table = read_table(data, name=name)
        heads = heads_of(table)
        columns = (
            fed_columns.columns_named(heads, named)
            if named
            else (remembered_columns(agency_id, heads) or fed_columns.propose_columns(heads))
        )
        missing = fed_columns.missing_fields(columns)
        if missing:
            raise Refusal(
                "columns_missing",
                f"Tệp “{name}”: không tìm thấy cột {', '.join(missing)}. Hãy nhập tệp trên trang "
                "một lần để chỉ các cột; lần sau lệnh này tự hiểu.",
            )
        tally = _run(
            agency_id, actor.person_id, now, table, columns, tthc_id, variant, progress=progress
        )
        tallies.append({"file": name, **tally})
    return tallies


def heads_of(table: Table) -> list[str]:
    """Return the heads of a table."""
    return [clean(str(cell or "")) for cell in table[fed_columns.find_header(table)]]


def remembered_columns(agency_id: int, heads: Sequence[str]) -> dict[str, int]:
    """Return what was said of such heads before, or nothing."""
    row = FedMapping.objects.filter(
        agency_id=agency_id, headers_hash=fed_columns.headers_hash(heads)
    ).first()
    return dict(row.columns) if row else {}


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


def _table_of(row: FedImport) -> Table:
    return read_table(file_queries.read(_kept(row)), name=row.name)


def _kept(row: FedImport) -> int:
    """Return the stored file of an import. Raises Refusal once its time is over."""
    if row.file_id is None:
        raise Refusal(
            "fed_forgotten", "Tệp này đã được xóa khi hết thời gian lưu. Hãy tải tệp lên lại."
        )
    return row.file_id


def _run(
    agency_id: int,
    actor_id: int | None,
    now: datetime,
    table: Table,
    columns: Mapping[str, int],
    tthc_id: int | None,
    variant: str,
    *,
    is_dry: bool = False,
    progress: Progress | None = None,
) -> dict[str, Any]:
    header = fed_columns.find_header(table)
    if is_dry:  # a trial answers within the request, so it looks at the beginning only
        table = table[: header + 1 + MOST_TRIED]
    rows, faults = fed_columns.read_rows(table, columns=columns, header=header, now=now)
    importer = Importer(
        agency_id=agency_id,
        actor_id=actor_id,
        now=now,
        tthc_id=tthc_id,
        variant=variant,
        is_dry=is_dry,
    )
    importer.tally.refused += faults
    groups = _by_case(rows)
    done = len(faults)
    for start in range(0, len(groups), CHUNK):
        chunk = groups[start : start + CHUNK]
        importer.take(chunk)
        done += sum(len(found) for _, found in chunk)
        if progress is not None:
            progress(done, len(rows) + len(faults))
    return importer.tally.facts()


def _by_case(rows: Iterable[FedRow]) -> list[tuple[str, list[FedRow]]]:
    groups: dict[str, list[FedRow]] = {}
    for row in rows:
        groups.setdefault(row.case, []).append(row)
    return list(groups.items())


__all__ = [
    "FED_JOB", "RowFault", "fed_columns_set", "fed_look", "fed_run", "fed_start", "heads_of",
    "import_cases", "remembered_columns",
]  # fmt: skip
