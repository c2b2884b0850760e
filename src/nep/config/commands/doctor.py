"""Khám hệ thống: an toàn của cơ sở dữ liệu, nhật ký, tệp, phông chữ, hàng đợi, bất biến của dữ liệu."""

import argparse
import json
from collections.abc import Iterator
from datetime import datetime

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from nep.apps.cases import queries as _cases  # noqa: F401  # every part registers what must hold
from nep.apps.documents import queries as _documents  # noqa: F401
from nep.apps.procedures import queries as _procedures  # noqa: F401
from nep.apps.work import queries as _work  # noqa: F401
from nep.foundation.db.doctor import Finding, examine
from nep.foundation.db.safety import check_database
from nep.foundation.files.queries import damaged_files
from nep.foundation.journal.queries import verify
from nep.foundation.outbox.queries import failures, queue_state
from nep.foundation.printing.fonts import missing_fonts
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import VN


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's parameters."""
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")


def run(options: argparse.Namespace) -> int:
    """Print every check with what it found; 1 when anything is wrong."""
    results = list(_examinations())
    bad = sum(len(found) for _, found in results)
    if options.json:
        rows = [
            {"check": title, "code": f.code, "record": f.record, "message": f.message}
            for title, found in results
            for f in found
        ]
        print(json.dumps({"checks": len(results), "findings": rows}, ensure_ascii=False, indent=1))
    else:
        for title, found in results:
            print(f"{'!' if found else '✓'} {title}")
            for finding in found:
                print(f"    {finding.record}: {finding.message}")
        print("Hệ thống lành." if not bad else f"Có {bad} điều phải xem.")
    return 1 if bad else 0


def _examinations() -> Iterator[tuple[str, list[Finding]]]:
    yield "Cơ sở dữ liệu ghi bền (WAL/FULL hoặc fsync)", list(_database())
    yield "Cấu trúc dữ liệu đúng phiên bản", list(_migrations())
    yield (
        "Nhật ký nguyên vẹn, chuỗi liền, khớp niêm phong",
        [Finding(fault.code, f"nhật ký {fault.entry_id}", fault.message) for fault in verify()],
    )
    yield (
        "Tệp đúng với mã băm",
        [
            Finding("file_damaged", f"tệp {name} ({file_id})", "nội dung mất hoặc khác mã băm")
            for file_id, name in damaged_files()
        ],
    )
    yield (
        "Phông chữ của bản in đầy đủ",
        [Finding("font_missing", name, "thiếu tệp phông") for name in missing_fonts()],
    )
    yield "Hàng đợi việc nền chạy đều", list(_queue())
    yield from examine()


def _database() -> Iterator[Finding]:
    try:
        check_database(connection)
    except Refusal as refusal:
        yield Finding(refusal.code, "cơ sở dữ liệu", refusal.message)


def _migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield Finding("migration_waiting", str(migration), "chưa chạy; hãy chạy nep migrate")


def _queue() -> Iterator[Finding]:
    state = queue_state(now=datetime.now(VN))
    for row_id, name, error in failures():
        last = error.strip().splitlines()[-1] if error.strip() else "không rõ lỗi"
        yield Finding("job_failed", f"việc {name} ({row_id})", last)
    if state.oldest_at and (datetime.now(VN) - state.oldest_at).total_seconds() > 900:
        yield Finding("queue_stuck", "hàng đợi", f"{state.waiting} việc chờ quá 15 phút")
