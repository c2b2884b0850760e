"""Nhập danh mục thủ tục hành chính từ Excel của Cổng Dịch vụ công hoặc JSON từng dòng."""

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from nep.apps.catalogue.queries import tally
from nep.apps.catalogue.services import ImportWish, import_files
from nep.apps.organization.rules import setup_actor
from nep.config.commands.reading import read_file
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import VN, parse_date

SHOWN = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's parameters."""
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument(
        "--kind", choices=["current", "coming", "abolished"], default="current",
        help="danh sách đang áp dụng, chưa có hiệu lực, hoặc bãi bỏ",
    )  # fmt: skip
    parser.add_argument(
        "--decision", default="", metavar="SỐ", help="cho dòng không ghi quyết định"
    )
    parser.add_argument(
        "--on", default="", metavar="NGÀY", help="cho dòng không ghi ngày: dd/mm/yyyy"
    )
    parser.add_argument(
        "--overwrite", action="store_true",
        help="nhận cả dòng mà mã đang là thủ tục khác tên hoặc đã bãi bỏ",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")


def run(options: argparse.Namespace) -> int:
    """Import and print one tally of all files; 1 when a row or file was refused."""
    day = parse_date(options.on) if options.on else None
    if options.on and day is None:
        raise Refusal("day_unread", f"Ngày “{options.on}” không đọc được; hãy ghi dd/mm/yyyy.")
    wish = ImportWish(options.kind, options.decision, day, options.overwrite)
    files = [(path.name, read_file(path)) for path in options.files]
    ids: dict[int, None] = {}
    now = datetime.now(VN)
    for import_id, done, total in import_files(
        actor=setup_actor(), files=files, wish=wish, now=now
    ):
        ids[import_id] = None
        if not options.json and sys.stderr.isatty():
            print(f"\r{done}/{total} dòng", end="", file=sys.stderr, flush=True)
    report = tally(tuple(ids))
    if options.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _print(report)
    return 1 if report["refused"] else 0


def _print(report: dict) -> None:
    print(
        f"{report['read']} dòng: {report['imported']} thêm mới, {report['changed']} đổi, "
        f"{report['unchanged']} không đổi, {len(report['refused'])} không nhận"
    )
    for one in report["refused"][:SHOWN]:
        where = f" dòng {one['row']}" if one["row"] else ""
        print(f"  {one['file']}{where}: {one['reason']}")
    if len(report["refused"]) > SHOWN:
        print(f"  … và {len(report['refused']) - SHOWN} dòng nữa; --json cho biết tất cả")
