"""Tính hạn và giải thích cách tính. Không có --agency thì dùng lịch chung, không cần cơ sở dữ liệu."""

import argparse
import importlib
import json
from decimal import Decimal, InvalidOperation

from nep.config.commands.reading import moment
from nep.worktime import UNITS, deadline_report, parse_pause


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text.replace(",", "."))
    except InvalidOperation as error:
        raise argparse.ArgumentTypeError("phải là một số, ví dụ 5 hoặc 0,5") from error
    if not amount.is_finite() or amount <= 0:
        raise argparse.ArgumentTypeError("phải lớn hơn 0")
    return amount


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's parameters."""
    parser.add_argument("--received", required=True, type=moment, metavar="T")
    parser.add_argument("--amount", required=True, type=_amount, metavar="N")
    parser.add_argument("--unit", required=True, choices=UNITS)
    parser.add_argument("--agency", metavar="MÃ", help="dùng lịch của cơ quan có mã này")
    parser.add_argument(
        "--pause", action="append", default=[], type=parse_pause, metavar="TỪ/ĐẾN",
        help="khoảng tạm dừng, có thể ghi nhiều lần",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")


def run(options: argparse.Namespace) -> int:
    """Print the due moment, its explanation and its ledger."""
    source = "nep.config.commands.deadline_agency" if options.agency else "nep.config.reference"
    calendar = importlib.import_module(source).calendar_of(options.agency)
    report = deadline_report(
        calendar=calendar,
        received_at=options.received,
        amount=options.amount,
        unit=options.unit,
        pauses=tuple(options.pause),
    )
    if options.json:
        print(json.dumps(report, ensure_ascii=False, indent=1, default=str))
    else:
        print(report["due_at"])
        print(report["explanation"])
        for row in report["ledger"]:
            print("  -", " · ".join(str(value) for value in row.values() if value))
    return 0
