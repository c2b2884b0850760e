"""Nhập hồ sơ của hệ thống một cửa từ CSV hoặc Excel; cùng một tệp nhập hai lần không đổi gì."""

import argparse
import json
from datetime import datetime
from pathlib import Path

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from nep.apps.cases.services.fed import import_cases
from nep.config.commands.acting import actor_in
from nep.config.commands.reading import read_file
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import VN


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's parameters."""
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--agency", required=True, metavar="MÃ")
    parser.add_argument("--tthc", default="", metavar="MÃ", help="mọi dòng thuộc thủ tục này")
    parser.add_argument(
        "--procedure", default="", metavar="MÃ",
        help="mã hoặc trường hợp của quy trình, khi thủ tục có nhiều quy trình đang áp dụng",
    )  # fmt: skip
    parser.add_argument(
        "--mapping", type=Path, metavar="FILE.json", help='{"case": "Mã hồ sơ", "step": "Tên bước"}'
    )
    parser.add_argument(
        "--as", dest="login", default="", metavar="TÀI KHOẢN", help="ghi thay ai; mặc định một cửa"
    )
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")


def run(options: argparse.Namespace) -> int:
    """Import and print one tally per file; 1 when a row was refused."""
    now = datetime.now(VN)
    actor = actor_in(agency_code=options.agency, login=options.login, role="reception", now=now)
    tallies = import_cases(
        actor=actor,
        now=now,
        files=[(path.name, read_file(path)) for path in options.files],
        tthc_code=options.tthc,
        variant=options.procedure,
        named=_mapping(options.mapping) if options.mapping else None,
    )
    if options.json:
        print(json.dumps(tallies, ensure_ascii=False, indent=1, default=str))
    else:
        for tally in tallies:
            _print(tally)
    return 1 if any(tally["refused"] for tally in tallies) else 0


def _mapping(path: Path) -> dict[str, str]:
    try:
        content = json.loads(read_file(path).decode("utf-8-sig"))
        return {str(field): str(head) for field, head in content.items()}
    except (ValueError, AttributeError) as error:
        raise Refusal("mapping_unreadable", f"Không đọc được bảng ghép cột {path}.") from error


def _print(tally: dict) -> None:
    print(
        f"{tally['file']}: {tally['cases']} hồ sơ, {tally['events']} dòng, "
        f"{tally['matched']} khớp bước, {tally['unmatched']} chưa khớp, "
        f"{tally['unchanged']} không đổi, {len(tally['refused'])} bị từ chối"
    )
    for refused in tally["refused"][:20]:
        print(f"  dòng {refused['row']}: {refused['reason']}")
