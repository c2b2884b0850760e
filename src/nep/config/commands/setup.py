"""Lập cơ quan, giờ làm việc và người quản trị đầu tiên, như trang thiết lập lần đầu."""

import argparse
import getpass
import sys
from datetime import datetime, time

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from nep.apps.organization.rules import KIND_NAMES
from nep.config.setup import first_setup
from nep.kernel.vietnamese import VN


def span(text: str) -> tuple[time, time]:
    """Read "07:30-11:30". Raises ValueError."""
    start, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
    if start >= end:
        raise ValueError("giờ kết thúc phải sau giờ bắt đầu")
    return start, end


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's parameters; the password is asked or read from standard input."""
    parser.add_argument("--agency-name", required=True)
    parser.add_argument("--agency-code", required=True)
    parser.add_argument("--agency-kind", choices=sorted(KIND_NAMES), default="xa")
    parser.add_argument("--province", required=True)
    parser.add_argument("--reception-name", default="Bộ phận Một cửa")
    parser.add_argument("--morning", type=span, default=span("07:30-11:30"))
    parser.add_argument("--afternoon", type=span, default=span("13:30-17:30"))
    parser.add_argument("--saturday-morning", action="store_true")
    parser.add_argument("--admin-name", required=True)
    parser.add_argument("--username", required=True)


def run(options: argparse.Namespace) -> int:
    """Set up and say what was made."""
    interactive = sys.stdin.isatty()
    password = getpass.getpass("Mật khẩu: ") if interactive else sys.stdin.readline().rstrip("\n")
    values = vars(options) | {"password": password, "now": datetime.now(VN)}
    done = first_setup(**values)
    print(f"Đã lập cơ quan {options.agency_name} (số {done.agency_id}).")
    print(f"Người quản trị: {options.username}. Lần đăng nhập đầu sẽ lập mã xác thực hai lớp.")
    return 0
