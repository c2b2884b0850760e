"""Nhập đơn vị, người, chức vụ và bổ nhiệm từ Excel; nhập lại chỉ đổi chỗ khác."""

import argparse
import json
from datetime import datetime
from pathlib import Path

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from nep.apps.organization.queries import agency_by_code
from nep.apps.organization.rules import setup_actor
from nep.apps.organization.services import PeopleReport, people_import
from nep.config.commands.acting import actor_in
from nep.config.commands.reading import read_file
from nep.kernel.vietnamese import VN


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's parameters."""
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--agency", required=True, metavar="MÃ")
    parser.add_argument("--dry-run", action="store_true", help="chỉ kiểm tra và báo, không ghi gì")
    parser.add_argument(
        "--as", dest="login", default="", metavar="TÀI KHOẢN", help="ghi thay ai; mặc định cài đặt"
    )
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")


def run(options: argparse.Namespace) -> int:
    """Import and print the report; 1 when a row was refused."""
    now = datetime.now(VN)
    agency_id = agency_by_code(options.agency).id
    actor = (
        actor_in(agency_code=options.agency, login=options.login, role="agency_admin", now=now)
        if options.login
        else setup_actor(agency_id=agency_id)
    )
    report = people_import(
        actor=actor, agency_id=agency_id, name=options.file.name, data=read_file(options.file),
        is_dry=options.dry_run, now=now,
    )  # fmt: skip
    if options.json:
        print(json.dumps(_facts(report), ensure_ascii=False, indent=1))
    else:
        _print(report)
    return 1 if report.count("refused") else 0


def _facts(report: PeopleReport) -> dict:
    return {
        "read": len(report.rows),
        **{name: report.count(name) for name in ("created", "changed", "unchanged")},
        "refused": [
            {"sheet": row.sheet, "row": row.row, "name": row.name, "code": row.code,
             "reason": row.reason}
            for row in report.rows
            if row.outcome == "refused"
        ],
        "not_mentioned": list(report.not_mentioned),
        "dry_run": report.is_dry,
    }  # fmt: skip


def _print(report: PeopleReport) -> None:
    verb = "sẽ" if report.is_dry else "đã"
    print(
        f"{len(report.rows)} dòng: {verb} thêm {report.count('created')}, {verb} đổi "
        f"{report.count('changed')}, không đổi {report.count('unchanged')}, không nhận "
        f"{report.count('refused')}"
    )
    for row in report.rows:
        if row.outcome != "unchanged":
            print(
                f"  {row.sheet} dòng {row.row} {row.name}: {row.reason or row.what or row.outcome}"
            )
    if report.not_mentioned:
        print(f"  không có trong tệp, giữ nguyên: {', '.join(report.not_mentioned)}")
