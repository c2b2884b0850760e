"""Kiểm tra mô hình BPMN: có thuộc tập con được chạy không, có vững không. Không cần cơ sở dữ liệu."""

import argparse
import json
from pathlib import Path
from typing import Any

from nep.bpmn import check_model
from nep.config.commands.reading import read_file

_USES = {
    "executable": "chạy được",
    "structure": "chỉ giữ cấu trúc (tệp ghi là không để chạy)",
    "refused": "không được nhận",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's parameters."""
    parser.add_argument("files", type=Path, metavar="FILE.bpmn", nargs="+")
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")


def run(options: argparse.Namespace) -> int:
    """Print the verdicts; 0 all accepted, 1 one refused."""
    verdicts = [check_model(read_file(path), file=path.name) for path in options.files]
    if options.json:
        shown = verdicts if len(verdicts) > 1 else verdicts[0]
        print(json.dumps(shown, ensure_ascii=False, indent=1))
    else:
        _print(verdicts)
    return 0 if all(verdict["accepted"] for verdict in verdicts) else 1


def _print(verdicts: list[dict[str, Any]]) -> None:
    wide = max(len(verdict["file"]) for verdict in verdicts)
    for verdict in verdicts:
        states = f"{verdict['states']} trạng thái" if verdict["states"] else ""
        line = f"{verdict['file']:<{wide}}  {_USES[verdict['use']]:<16}  {states}"
        print(line.rstrip())
        for reason in verdict["reasons"]:
            print(f"  - {reason['message']}{_place(reason)}")
        if verdict["path"]:
            print("  Đường đi tới lỗi: " + " → ".join(verdict["path"]))
        for warning in verdict["warnings"] if len(verdicts) == 1 else ():
            print(f"  · {warning['message']}{_place(warning)}")


def _place(reason: dict[str, Any]) -> str:
    found = [f"dòng {reason['line']}"] if reason["line"] else []
    found += [reason["element"]] if reason["element"] else []
    return f" ({', '.join(found)})" if found else ""
