"""Kiểm tra một mô hình BPMN: có thuộc tập con được chạy không, có vững không. Không cần cơ sở dữ liệu."""

import argparse
import json
from pathlib import Path

from nep.bpmn import check_model
from nep.config.commands.reading import read_file


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's parameters."""
    parser.add_argument("file", type=Path, metavar="FILE.bpmn")
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")


def run(options: argparse.Namespace) -> int:
    """Print the verdict; 0 accepted, 1 refused."""
    verdict = check_model(read_file(options.file), file=options.file.name)
    if options.json:
        print(json.dumps(verdict, ensure_ascii=False, indent=1))
    else:
        _print(verdict)
    return 0 if verdict["accepted"] else 1


def _print(verdict: dict) -> None:
    words = {True: "có", False: "không", None: "chưa xét"}
    print(f"{verdict['file']}: {'được nhận' if verdict['accepted'] else 'không được nhận'}")
    print(f"  thuộc tập con: {words[verdict['subset']]}; vững: {words[verdict['sound']]}")
    for reason in verdict["reasons"]:
        place = f" (dòng {reason['line']}, {reason['element']})" if reason.get("line") else ""
        print(f"  - {reason['message']}{place}")
    if verdict.get("path"):
        print("  Đường đi tới lỗi: " + " → ".join(verdict["path"]))
