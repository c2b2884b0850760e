"""Nhập tài liệu từ thư mục hoặc tệp ZIP kèm bảng dữ liệu; nhập hai lần không đổi gì, ngắt thì làm tiếp."""

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from nep.apps.documents import queries
from nep.apps.documents.services import (
    ImportSource,
    archive_source,
    folder_source,
    import_lines,
    import_run,
)
from nep.config.commands.acting import actor_in
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import VN


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's parameters."""
    parser.add_argument("source", type=Path, metavar="THƯ_MỤC|ZIP")
    parser.add_argument("--agency", required=True, metavar="MÃ")
    parser.add_argument("--dry-run", action="store_true", help="chỉ kiểm tra và báo, không ghi gì")
    parser.add_argument(
        "--as",
        dest="login",
        default="",
        metavar="TÀI KHOẢN",
        help="ghi thay ai; mặc định thư ký ISO",
    )
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")


def run(options: argparse.Namespace) -> int:
    """Import and print the report; 1 when a file was refused."""
    now = datetime.now(VN)
    actor = actor_in(agency_code=options.agency, login=options.login, role="iso_secretary", now=now)
    path: Path = options.source
    if path.is_dir():
        report = _import(actor, folder_source(path), options, now)
    else:
        try:
            with path.open("rb") as opened:
                report = _import(actor, archive_source(path.name, opened), options, now)
        except OSError as error:
            raise Refusal("file_missing", f"Không đọc được {path}: {error.strerror}.") from error
    if options.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _print(report)
    return 1 if report["refused"] else 0


def _import(actor, source: ImportSource, options: argparse.Namespace, now: datetime) -> dict:
    for done, total in import_run(actor=actor, source=source, is_dry=options.dry_run, now=now):
        if not options.json and sys.stderr.isatty():
            print(f"\r{done}/{total}", end="", file=sys.stderr, flush=True)
    facts = queries.latest_batch(
        agency_id=actor.agency_id, source_key=source.key, is_dry=options.dry_run
    )
    rows = {key: row.row for key, row in import_lines(source) if row is not None}
    refused = [
        {"path": one.path, "row": rows.get(one.path), "code": one.code, "reason": one.reason}
        for one in queries.refused_rows(batch_id=facts.id)
    ]
    return {
        "read": facts.done,
        "created": facts.created,
        "changed": facts.changed,
        "unchanged": facts.unchanged,
        "refused": refused,
        "dry_run": facts.is_dry,
    }


def _print(report: dict) -> None:
    verb = "sẽ" if report["dry_run"] else "đã"
    print(
        f"{report['read']} tệp: {verb} tạo {report['created']}, {verb} đổi {report['changed']}, "
        f"không đổi {report['unchanged']}, từ chối {len(report['refused'])}"
    )
    for one in report["refused"][:50]:
        where = f" (dòng {one['row']})" if one["row"] else ""
        print(f"  {one['path']}{where}: {one['reason']}")
    if len(report["refused"]) > 50:
        print(f"  … và {len(report['refused']) - 50} tệp nữa; --json cho biết tất cả")
