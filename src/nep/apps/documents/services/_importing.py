"""Bringing in a folder or ZIP of documents with the sheet of their data: dry run, report, resume.

A batch goes on in slices, each its own transaction: what is done stays done when the process dies,
and the next run goes on behind it.
"""

import csv
import io
import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import python_calamine
from django.db import DataError, IntegrityError, transaction

from nep.apps.documents import queries, rules
from nep.apps.documents.models import ImportBatch, ImportedRow
from nep.apps.documents.services._importing_rows import REFUSED, UNCHANGED, row_plan, row_write
from nep.apps.documents.services._importing_source import ImportSource, archive_source
from nep.apps.organization.rules import Actor, may
from nep.foundation.files import queries as files
from nep.foundation.files.services import store_archive
from nep.foundation.journal.services import record
from nep.foundation.outbox.services import enqueue
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.vietnamese import local

log = logging.getLogger("nep.documents")
IMPORT_JOB = "documents.import"
SLICE = 10  # rows in one transaction: nobody else can write on SQLite while it lasts
SLICES_A_JOB = 20
_SHEET_BYTES = 30_000_000
_MOST_SHEETS = 40
Line = tuple[str, rules.SheetRow | None]


def import_lines(source: ImportSource) -> list[Line]:
    """Return what is to be done for a source: (key, row of the sheet) in the order of parents.

    A file without a row comes last, with None. Raises Refusal("sheet_missing") without a sheet.
    """
    if not source.lines:
        source.lines = _lines(source)
        source.coming = frozenset(
            rules.code_key(str(row.cells.get("code") or "")) for _key, row in source.lines if row
        )
    return source.lines


def _lines(source: ImportSource) -> list[Line]:
    sheet_path, rows = _sheet(source)
    lines: list[Line] = []
    used, keys = {sheet_path}, set()
    for row in _parents_first(rows):
        path = source.find(row.file) if row.file else ""
        key = path or row.file[:300] or f"dòng {row.row}"
        key = f"{key} (dòng {row.row})" if key in keys else key
        used.add(path)
        keys.add(key)
        lines.append((key, row))
    lines += [(path, None) for path in sorted(source.files) if path not in used]
    return lines


def _sheet(source: ImportSource) -> tuple[str, list[rules.SheetRow]]:
    candidates = sorted(
        (path for path in source.files if path.lower().endswith((".xlsx", ".csv"))),
        key=lambda path: (path.count("/"), path),
    )
    for path in candidates[:_MOST_SHEETS]:
        try:
            table = _table(path, source.read(path, limit=_SHEET_BYTES))
        except Refusal:
            continue  # another document of the folder; it is judged as such
        if rules.find_head(table)[0] >= 0 and (rows := rules.sheet_rows(table)):
            return path, rows
    raise Refusal(
        "sheet_missing",
        "Không thấy bảng dữ liệu. Hãy để trong thư mục một tệp Excel hoặc CSV có các cột “Mã "
        "hiệu”, “Tên tài liệu” và “Tệp”.",
        field="file",
    )


def _table(path: str, data: bytes) -> Sequence[Sequence[Any]]:
    if path.lower().endswith(".csv"):
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise Refusal("sheet_encoding", f"“{path}” không lưu dạng UTF-8.") from error
        mark = max(";\t,", key=text.partition("\n")[0].count)
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    try:
        return python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise Refusal("sheet_broken", f"“{path}” bị hỏng, không mở được.") from error


def _parents_first(rows: list[rules.SheetRow]) -> list[rules.SheetRow]:
    """Order the rows so that a document comes before those that go with it."""
    above = {
        rules.code_key(str(row.cells.get("code") or "")): rules.code_key(
            str(row.cells.get("parent") or "")
        )
        for row in rows
    }

    def depth(row: rules.SheetRow) -> int:
        key, found = rules.code_key(str(row.cells.get("code") or "")), 0
        while (key := above.get(key, "")) and found < 10:
            found += 1
        return found

    return sorted(rows, key=lambda row: (depth(row), row.row))


def import_begin(
    *,
    actor: Actor,
    source: ImportSource,
    is_dry: bool,
    now: datetime,
    archive_file_id: int | None = None,
) -> int:
    """Open a batch for a source, or take up the one that was broken off; return its id.

    Raises Refusal without a sheet.
    """
    require(may(actor, "document.manage"))
    require(may(actor, "document.draft"))
    lines = import_lines(source)
    with transaction.atomic():
        open_ = ImportBatch.objects.filter(
            agency_id=actor.agency_id, source_key=source.key, is_dry=is_dry, finished_at=None
        ).order_by("-started_at")
        if known := open_.first():
            return known.pk
        batch = ImportBatch.objects.create(
            agency_id=actor.agency_id,
            source=source.name[:255],
            source_key=source.key,
            started_by_id=actor.person_id,
            started_at=now,
            is_dry=is_dry,
            total=len(lines),
            archive_file_id=archive_file_id,
        )
        record(
            actor_id=actor.person_id, agency_id=actor.agency_id,
            action="document_import.started", object_type="document_import",
            object_id=batch.pk, at=now,
            new={"source": batch.source, "total": batch.total, "is_dry": is_dry},
        )  # fmt: skip
    return batch.pk


def import_step(
    *, actor: Actor, batch_id: int, source: ImportSource, now: datetime, limit: int = SLICE
) -> bool:
    """Do the next rows of a batch in one transaction; say whether any are left.

    A row that is refused does not stop the others. The last slice closes the batch.
    """
    require(may(actor, "document.manage"))
    with transaction.atomic():
        batch = (
            ImportBatch.objects.select_for_update()
            .filter(pk=batch_id, agency_id=actor.agency_id)
            .first()
        )
        if batch is None:
            raise NotFound()
        if batch.finished_at is not None:
            return False
        lines = import_lines(source)
        done = set(batch.rows.values_list("path", flat=True))
        left = [line for line in lines if line[0] not in done]
        ImportedRow.objects.bulk_create(
            _done(actor, batch, source, line, now) for line in left[:limit]
        )
        if len(left) <= limit:
            _finish(actor, batch, now)
            return False
    return True


def _done(
    actor: Actor,
    batch: ImportBatch,
    source: ImportSource,
    line: Line,
    now: datetime,
) -> ImportedRow:
    key, row = line
    made = ImportedRow(batch_id=batch.pk, path=key[:400], outcome=UNCHANGED)
    try:
        with transaction.atomic():
            if row is None:
                found = source.files[key]
                raise Refusal(
                    found.code or "file_unlisted",
                    found.reason or "Tệp không có dòng nào trong bảng dữ liệu nên không được nhập.",
                )
            path = source.find(row.file) if row.file else ""
            if not path:
                raise _file_missing(row)
            paper = rules.read_row(row, path=path, today=local(now).date())
            plan = row_plan(actor=actor, source=source, paper=paper, coming=source.coming, now=now)
            made.outcome, made.document_id = plan.outcome, plan.document_id
            if plan.acts and not batch.is_dry:
                made.document_id = row_write(actor=actor, plan=plan, now=now)
    except Refusal as refusal:
        made.outcome, made.document_id = REFUSED, None
        made.reason_code, made.reason = refusal.code[:40], refusal.message[:600]
    except (ValueError, TypeError, LookupError, DataError, IntegrityError):
        log.exception("row %s of import %s failed", key, batch.pk)
        made.outcome, made.document_id = REFUSED, None
        made.reason_code = "row_failed"
        made.reason = "Máy chủ gặp lỗi ở dòng này. Quản trị xem nhật ký máy chủ rồi nhập lại."
    return made


def _file_missing(row: rules.SheetRow) -> Refusal:
    if not row.file:
        return Refusal("file_missing", "Dòng này chưa ghi tên tệp.")
    return Refusal(
        "file_missing", f"Không thấy tệp “{row.file[:200]}” trong thư mục, hoặc có nhiều tệp trùng."
    )


def _finish(actor: Actor, batch: ImportBatch, now: datetime) -> None:
    batch.finished_at = now
    batch.save(update_fields=["finished_at"])
    tally = queries.import_tally(batch_id=batch.pk)
    record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action="document_import.finished",
        object_type="document_import", object_id=batch.pk, at=now, new=tally,
    )  # fmt: skip


def import_run(
    *, actor: Actor, source: ImportSource, is_dry: bool, now: datetime
) -> Iterator[tuple[int, int]]:
    """Bring a source in to its end, yielding (rows done, all rows) after each slice."""
    batch_id = import_begin(actor=actor, source=source, is_dry=is_dry, now=now)
    more = True
    while more:
        more = import_step(actor=actor, batch_id=batch_id, source=source, now=now)
        facts = queries.import_batch(batch_id=batch_id, agency_id=actor.agency_id)
        yield facts.done, facts.total


def import_upload(*, actor: Actor, name: str, data: bytes, is_dry: bool, now: datetime) -> int:
    """Keep an uploaded ZIP and have the worker bring it in; return the batch.

    Raises Refusal when it is no ZIP, too large, or holds no sheet.
    """
    require(may(actor, "document.manage"))
    source = archive_source(name, io.BytesIO(data))
    with transaction.atomic():
        stored = store_archive(
            data=data, name=name, agency_id=actor.agency_id, actor_id=actor.person_id, at=now
        )
        batch_id = import_begin(
            actor=actor, source=source, is_dry=is_dry, now=now, archive_file_id=stored.pk
        )
        _enqueue(actor, batch_id, now)
    return batch_id


def import_again(*, actor: Actor, batch_id: int, now: datetime) -> int:
    """Bring in for real what a dry run has judged; return the new batch."""
    require(may(actor, "document.manage"))
    facts = queries.import_batch(batch_id=batch_id, agency_id=actor.agency_id)
    if facts.archive_file_id is None or not facts.is_done:
        raise Refusal("import_not_ready", "Lần chạy thử này chưa xong hoặc không còn tệp.")
    source = archive_source(facts.source, io.BytesIO(files.read(facts.archive_file_id)))
    with transaction.atomic():
        new_id = import_begin(
            actor=actor, source=source, is_dry=False, now=now,
            archive_file_id=facts.archive_file_id,
        )  # fmt: skip
        _enqueue(actor, new_id, now)
    return new_id


def _enqueue(actor: Actor, batch_id: int, now: datetime) -> None:
    enqueue(
        IMPORT_JOB,
        {"batch_id": batch_id, "agency_id": actor.agency_id, "user_id": actor.user_id},
        at=now,
        agency_id=actor.agency_id,
        urgent=True,
    )


def import_go_on(*, actor: Actor, batch_id: int, now: datetime) -> None:
    """Do the next rows of an uploaded batch and ask the worker for the rest.

    Each slice is a transaction, the last one with the request: a worker that dies goes on behind
    the slices that are done.
    """
    facts = queries.import_batch(batch_id=batch_id, agency_id=actor.agency_id)
    if facts.archive_file_id is None:
        raise Refusal("import_not_ready", "Lần nhập này không có tệp tải lên.")
    source = archive_source(facts.source, io.BytesIO(files.read(facts.archive_file_id)))
    for _slice in range(SLICES_A_JOB - 1):
        if not import_step(actor=actor, batch_id=batch_id, source=source, now=now):
            return
    with transaction.atomic():
        if import_step(actor=actor, batch_id=batch_id, source=source, now=now):
            _enqueue(actor, batch_id, now)
