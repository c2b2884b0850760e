"""Đọc quy trình từ tệp Word, PDF có lớp chữ hoặc XML của phần mềm một cửa cũ. Không có --agency thì chỉ đọc và báo, không ghi gì, không cần cơ sở dữ liệu."""

import argparse
import importlib
import json
from pathlib import Path

from nep.apps.procedures.rules.word import (
    ImportedFile,
    Reason,
    looks_like_flow,
    read_flow,
    read_pages,
    read_procedures,
    to_json,
)
from nep.config.commands.reading import read_file


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's parameters."""
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--agency", metavar="MÃ", help="ghi bản thảo vào cơ quan có mã này")
    parser.add_argument(
        "--as",
        dest="login",
        default="",
        metavar="TÀI KHOẢN",
        help="ghi thay ai; mặc định thư ký ISO",
    )
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")


def run(options: argparse.Namespace) -> int:
    """Print one report per file; 1 when a file was refused."""
    readings = []
    for path in options.files:
        data = read_file(path)
        readings.append((path, data, _read(data, path.name)))
    reports = [to_json(reading) for _, _, reading in readings]
    if options.agency:
        writer = importlib.import_module("nep.config.commands.import_procedures_write")
        for report, (path, data, reading) in zip(reports, readings, strict=True):
            report["drafts"] = writer.write_drafts(
                agency_code=options.agency,
                login=options.login,
                file=path.name,
                data=data,
                reading=reading,
            )
    if options.json:
        print(json.dumps(reports, ensure_ascii=False, indent=1))
    else:
        for report in reports:
            _print(report)
    return 0 if all(report["accepted"] for report in reports) else 1


def _read(data: bytes, name: str) -> ImportedFile:
    """Read one file; a PDF is opened by a program of its own, bounded in time and memory."""
    if data[:5] == b"%PDF-":
        texts = importlib.import_module("nep.foundation.printing.texts")
        try:
            return read_pages(texts.page_marks(data), file=name)
        except texts.NotMade as reason:
            return ImportedFile(name, False, (Reason(reason.code, reason.message),))
    if looks_like_flow(data):
        return read_flow(data, file=name)
    return read_procedures(data, file=name)


def _print(report: dict) -> None:
    if not report["accepted"]:
        print(f"{report['file']}: không nhận")
        for reason in report["reasons"]:
            print(f"  - {reason['message']}")
        return
    print(f"{report['file']}: {len(report['procedures'])} quy trình")
    for procedure in report["procedures"]:
        variant = f" ({procedure['variant']})" if procedure["variant"] else ""
        code = procedure["tthc_code"] or "chưa có mã"
        print(f"  {code} {procedure['name']}{variant}: {len(procedure['steps'])} bước")
    for warning in report["warnings"]:
        place = warning["procedure"]
        where = f"[quy trình {place + 1}] " if place is not None else ""
        print(f"  ! {where}{warning['message']}")
    for draft in report.get("drafts", ()):
        told = draft["reason"] or "đã lập bản thảo"
        print(f"  → {draft['code']} {draft['name']}: {told}")
