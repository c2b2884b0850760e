"""Dựng lại chỉ mục tìm kiếm từ tài liệu và văn bản đang có."""

import argparse

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from nep.foundation.search.following import rebuild


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command takes no parameters."""


def run(options: argparse.Namespace) -> int:
    """Empty the index and fill it again; the worker keeps it afterwards."""
    print(f"Đã dựng lại chỉ mục: {rebuild()} mục tìm được.")
    return 0
