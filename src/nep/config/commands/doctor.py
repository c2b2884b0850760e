"""Khám hệ thống: an toàn của cơ sở dữ liệu, nhật ký, tệp, phông chữ, hàng đợi, bất biến của dữ liệu."""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from nep.apps.cases import queries as _cases  # noqa: F401  # every part registers what must hold
from nep.apps.documents import queries as _documents  # noqa: F401
from nep.apps.organization import queries as _organization  # noqa: F401
from nep.apps.oversight import queries as _oversight  # noqa: F401
from nep.apps.procedures import queries as _procedures  # noqa: F401
from nep.apps.work import queries as _work  # noqa: F401
from nep.apps.workcal import queries as _workcal  # noqa: F401
from nep.foundation.db.archive import restored_at
from nep.foundation.db.doctor import Finding, examine
from nep.foundation.db.safety import check_database
from nep.foundation.files.queries import damaged_files, unnamed_files
from nep.foundation.journal.queries import verify
from nep.foundation.outbox.queries import failures, queue_state
from nep.foundation.printing.fonts import missing_fonts
from nep.foundation.printing.office import missing_office_fonts
from nep.foundation.signing.signers import root_faults
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import VN, number_text

STUCK = timedelta(minutes=15)
WIDTH = 78  # signs of a line that no terminal breaks
UPLOAD = timedelta(hours=1)  # bytes lie there before their row is committed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's parameters."""
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")


def run(options: argparse.Namespace) -> int:
    """Print every check with what it found as soon as it is known; 1 when anything is wrong."""
    rows, checks = [], 0
    for title, found in _examinations():
        checks += 1
        rows += [
            {"check": title, "code": f.code, "record": f.record, "message": f.message}
            for f in found
        ]
        _progress("")
        if not options.json:
            print(f"{'!' if found else '✓'} {title}", flush=True)
            for finding in found:
                print(f"    {finding.record}: {finding.message}")
    if options.json:
        print(json.dumps({"checks": checks, "findings": rows}, ensure_ascii=False, indent=1))
    else:
        print("Hệ thống lành." if not rows else f"Có {len(rows)} điều phải xem.")
    return 1 if rows else 0


def _progress(title: str, seen: int = 0) -> None:
    """Show on a terminal what is being looked at, and how many records of it were; "" clears it."""
    if sys.stderr.isatty():
        told = f"… {title}{f': {number_text(seen)}' if seen else ''}" if title else ""
        sys.stderr.write(f"\r\x1b[K{told[:WIDTH]}")
        sys.stderr.flush()


def _examinations() -> Iterator[tuple[str, list[Finding]]]:
    yield "Cơ sở dữ liệu ghi bền (WAL/FULL hoặc fsync)", list(_database())
    waiting = list(_migrations())
    yield "Cấu trúc dữ liệu đúng phiên bản", waiting
    if waiting:  # nothing else can be asked of tables that are not yet as they must be
        return
    _progress("Nhật ký nguyên vẹn")
    yield (
        "Nhật ký nguyên vẹn, chuỗi liền, khớp niêm phong",
        [Finding(fault.code, f"nhật ký {fault.entry_id}", fault.message) for fault in verify()],
    )
    _progress("Tệp đúng với mã băm")
    yield "Tệp đúng với mã băm, đủ nội dung, không tệp vô chủ", list(_files())
    yield (
        "Phông chữ của bản in đầy đủ",
        [
            *(Finding("font_missing", name, "thiếu tệp phông") for name in missing_fonts()),
            *(
                Finding(
                    "office_font_missing",
                    name,
                    "LibreOffice thiếu phông này nên chữ trong PDF có thể sai; cài fonts-liberation2",
                )
                for name in missing_office_fonts()
            ),
        ],
    )
    yield "Chứng thư gốc của chữ ký số đọc được, còn hạn", list(_signing())
    yield "Hàng đợi việc nền chạy đều", list(_queue())
    yield from examine(tell=_progress)


def _database() -> Iterator[Finding]:
    try:
        check_database(connection)
    except Refusal as refusal:
        yield Finding(refusal.code, "cơ sở dữ liệu", refusal.message)


def _migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield Finding(
            "migration_waiting", str(migration), "chưa chạy; hãy chạy nep migrate rồi khám lại"
        )


def _files() -> Iterator[Finding]:
    """Find rows without their bytes, and bytes without a row that are older than an upload."""
    for file_id, name, is_missing in damaged_files():
        if is_missing:
            yield Finding("file_missing", f"tệp {name} ({file_id})", "không còn nội dung trên đĩa")
        else:
            yield Finding("file_damaged", f"tệp {name} ({file_id})", "nội dung khác mã băm")
    for place, size in unnamed_files(before=datetime.now(VN) - UPLOAD):
        yield Finding(
            "file_orphan",
            f"tệp {place}",
            f"{size} byte không dòng nào nhắc đến; sau khi sao lưu có thể xóa",
        )


def _signing() -> Iterator[Finding]:
    """Find roots and revocation lists that cannot be used, where the administrator has set them."""
    folder = settings.NEP.sign_roots
    if folder is None:
        return
    try:
        for name, said in root_faults(folder, at=datetime.now(VN)):
            yield Finding("sign_roots", f"tệp {name}", said)
    except Refusal as refusal:
        yield Finding(refusal.code, "chữ ký số", refusal.message)


def _queue() -> Iterator[Finding]:
    """Find jobs that gave up, and a queue that stands still longer than the worker had to move it.

    After a restore the queue is as old as the archive, and the worker has only just been allowed
    to begin: its time counts from the restore.
    """
    now = datetime.now(VN)
    state = queue_state(now=now)
    for job in failures():
        yield Finding(
            "job_failed",
            f"việc {job.name} ({job.id})",
            f"{job.error}; nep queue cho thử lại hoặc bỏ việc này",
        )
    if state.oldest_at is None:
        return
    since = max(filter(None, (state.oldest_at, restored_at(settings.NEP.data_folder))))
    if now - since > STUCK:
        yield Finding("queue_stuck", "hàng đợi", f"{state.waiting} việc chờ quá 15 phút")
