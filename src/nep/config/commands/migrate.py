"""Tạo hoặc nâng cấp cơ sở dữ liệu, rồi nạp dữ liệu tham chiếu (lịch nghỉ, thiết lập)."""

import argparse

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from django.core.management import call_command

from nep.config.reference import load_reference


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's parameters."""
    parser.add_argument("--quiet", action="store_true", help="không in từng bước")


def run(options: argparse.Namespace) -> int:
    """Migrate and load; both may be repeated."""
    call_command("migrate", interactive=False, verbosity=0 if options.quiet else 1)
    load_reference()
    if not options.quiet:
        print("Cơ sở dữ liệu đã sẵn sàng.")
    return 0
