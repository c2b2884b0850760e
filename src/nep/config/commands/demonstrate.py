"""Dựng tỉnh mẫu Lam Sơn: cơ quan, người, quy trình và một năm hồ sơ. Chạy lại thì làm tiếp phần còn thiếu."""

import argparse

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from nep.demonstration.build import build_year, prepare_demonstration


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command takes no parameters."""


def run(options: argparse.Namespace) -> int:
    """Prepare the agencies when they are missing, then fill the year, saying how far it is."""
    prepare_demonstration()
    build_year(tell=lambda text: print(text, flush=True))
    return 0
