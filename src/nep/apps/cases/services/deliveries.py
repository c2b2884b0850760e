"""What another system sends by itself: taken with a receipt, brought in by the worker."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Sum

from nep.apps.cases.models import FedImport, FedSource
from nep.apps.cases.rules import fed_columns
from nep.apps.cases.services._fed_reading import as_csv, columns_of, heads_of, read_any
from nep.apps.cases.services.fed import FED_JOB
from nep.apps.cases.services.sources import key_opens
from nep.foundation.journal import services as journal
from nep.foundation.outbox import services as outbox
from nep.kernel.errors import Conflict, NotFound, Refusal, TooMany

ROWS_PER_SECOND = 1_000
LEAST_WAIT, LONGEST_WAIT = 5, 600
_NOBODY = "0" * 64


class KeyRefused(Refusal):
    """The key opens nothing."""

    status = 401


class QueueFull(TooMany):
    """So much waits to be brought in that the sender has to wait `retry_after` seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__("queue_full", message)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Receipt:
    """One delivery: `state` is waiting, running, done or failed; `report` the tally so far.

    `is_new` is False where the same delivery was taken before.
    """

    receipt: str
    name: str
    state: str
    rows: int
    rows_done: int
    received_at: datetime
    finished_at: datetime | None
    report: dict[str, Any]
    is_new: bool = False


def source_opened(*, key_id: str, secret: str) -> int:
    """Return the source that a key opens. Raises KeyRefused, alike for every reason."""
    row = FedSource.objects.filter(key_id=key_id, way="api", closed_at=None).first()
    known = row or FedSource(key_hash=_NOBODY)
    if not key_opens(known, secret) or row is None or not key_id:
        raise KeyRefused("key_refused", "Khóa không đúng, đã đổi hoặc nguồn đã tắt.")
    return row.pk


def delivery_take(
    *, source_id: int, now: datetime, name: str, data: bytes, idempotency_key: str
) -> Receipt:
    """Take what a source sends and hand it to the worker; the same key again answers as before.

    Raises Conflict("key_reused") for the same key with another content; QueueFull; Refusal for
    what cannot be read.
    """
    source = FedSource.objects.get(pk=source_id)
    digest = hashlib.sha256(data).hexdigest()
    if known := _known(source, idempotency_key, digest):
        return known
    _check_queue(source)
    read = read_any(data, name=name)
    heads = heads_of(read.table)
    named = source.columns if not read.is_ours else None
    columns = columns_of(agency_id=source.agency_id, heads=heads, named=named)
    if missing := fed_columns.missing_fields(columns):
        raise Refusal("columns_missing", f"Không tìm thấy: {', '.join(missing)}.")
    header = fed_columns.find_header(read.table)
    row = FedImport(
        agency_id=source.agency_id, source=source, way=source.way, shape=read.shape,
        name=name[:200], inline=as_csv(read.table), sha256=digest, size=len(data),
        receipt=secrets.token_hex(16), idempotency_key=idempotency_key[:200], columns=columns,
        tthc_id=source.tthc_id, variant=source.variant, state="waiting",
        rows=len(read.table) - 1 - header, created_at=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            journal.record(
                actor_id=None, agency_id=source.agency_id, action="fed_import.delivered",
                object_type="fed_import", object_id=row.pk, at=now,
                new={"source": source.name, "rows": row.rows, "sha256": digest},
            )  # fmt: skip
            outbox.enqueue(
                FED_JOB, {"id": row.pk}, at=now, key=str(row.pk), agency_id=source.agency_id
            )
    except IntegrityError:
        known = _known(source, idempotency_key, digest)
        if known is None:
            raise
        return known
    return _receipt(row, is_new=True)


def delivery_receipt(*, source_id: int, receipt: str) -> Receipt:
    """Return how far a delivery of a source is. Raises NotFound."""
    row = FedImport.objects.filter(source_id=source_id, receipt=receipt).first()
    if row is None or not receipt:
        raise NotFound("receipt_unknown", "Không có lần gửi nào mang mã này.")
    return _receipt(row)


def _known(source: FedSource, key: str, digest: str) -> Receipt | None:
    row = (
        FedImport.objects.filter(source=source, idempotency_key=key[:200]).first() if key else None
    )
    if row is None:
        return None
    if row.sha256 != digest:
        raise Conflict(
            "key_reused", "Idempotency-Key này đã dùng cho một nội dung khác. Hãy đặt khóa mới."
        )
    return _receipt(row)


def _check_queue(source: FedSource) -> None:
    open_ = FedImport.objects.filter(
        agency_id=source.agency_id, state__in=["waiting", "running"]
    ).aggregate(rows=Sum(F("rows") - F("rows_done")))
    waiting = open_["rows"] or 0
    if waiting >= settings.NEP.intake_queue_rows:
        wait = min(LONGEST_WAIT, max(LEAST_WAIT, waiting // ROWS_PER_SECOND))
        raise QueueFull(
            f"Còn {waiting} dòng chờ nhập. Hãy gửi lại sau {wait} giây.", retry_after=wait
        )


def _receipt(row: FedImport, *, is_new: bool = False) -> Receipt:
    report = {name: value for name, value in row.report.items() if name != "taken"}
    return Receipt(
        receipt=row.receipt, name=row.name, state=row.state, rows=row.rows,
        rows_done=row.rows_done, received_at=row.created_at, finished_at=row.finished_at,
        report=report, is_new=is_new,
    )  # fmt: skip
